"""Staff let their district leave an agreement, and enter a company's new owner: families are told."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from districts.models import Agreement, Participation, Publication, Vendor, VendorOwnership
from districts.owners import OwnerRefused, enter_new_owner
from districts.participation import join
from districts.publish import publish_version
from portal.models import User
from tests import factories
from tests.factories import NOW, TODAY
from tests.portal.staff_cast import Side, make_side, signed_in

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _the_day_is_the_tests_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def ours() -> Side:
    return make_side("Cedar", factories.make_state())


@pytest.fixture
def dana(ours: Side) -> Client:
    return signed_in(ours.staff)


@pytest.fixture
def offered(ours: Side) -> Agreement:
    """An agreement of the state in which Dana's district takes part."""
    found = factories.make_agreement(ours.district.state, title="Statewide")
    publish_version(version_id=factories.make_draft(found).pk, now=NOW)
    join(agreement_id=found.pk, agency_id=ours.district.pk, kind="joined", from_on=TODAY, now=NOW)
    return found


def words(page: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def address(agreement: Agreement, name: str) -> str:
    return reverse("staff:verb", args=[agreement.public_id, name])


def do(client: Client, agreement: Agreement, name: str, **fields: str) -> Any:
    return client.post(address(agreement, name), fields)


def test_a_district_leaves_what_another_agency_holds_once(
    offered: Agreement, ours: Side, dana: Client
) -> None:
    page = words(dana.get(reverse("staff:agreement", args=[offered.public_id])))
    assert "Leave this agreement" in page
    asked = words(dana.get(address(offered, "leave")))
    assert "Its families are told. This cannot be taken back." in asked
    part = Participation.objects.get(agreement=offered, agency=ours.district)
    assert part.until_on is None  # to look at the page leaves nothing
    assert do(dana, offered, "leave", until_on=str(TODAY + 30 * DAY)).status_code == 302
    part.refresh_from_db()
    assert part.until_on == TODAY + 30 * DAY
    assert Publication.objects.get(participation=part, kind="left").published_by == ours.staff
    assert do(dana, offered, "leave", until_on=str(TODAY + 60 * DAY)).status_code == 404
    assert "Leave this" not in words(dana.get(reverse("staff:agreement", args=[offered.public_id])))


def test_nobody_leaves_before_they_came_without_a_day_or_their_own_agreement(
    offered: Agreement, ours: Side, dana: Client
) -> None:
    early = do(dana, offered, "leave", until_on=str(TODAY - DAY))
    assert early.status_code == 422
    assert "That does not fit this agreement and its dates." in words(early)
    assert do(dana, offered, "leave", until_on="").status_code == 422
    assert do(dana, ours.draft.agreement, "leave", until_on=str(TODAY)).status_code == 404
    assert not Publication.objects.filter(kind="left").exists()


def test_another_district_does_not_leave_for_us(offered: Agreement, ours: Side) -> None:
    carol = signed_in(make_side("Far", ours.district.state).staff)
    assert do(carol, offered, "leave", until_on=str(TODAY + DAY)).status_code == 404
    assert Participation.objects.get(agreement=offered, agency=ours.district).until_on is None


@pytest.fixture
def signed(ours: Side) -> Agreement:
    found = factories.make_agreement(ours.district, factories.make_vendor("Skylark Inc"), title="Skylark")
    publish_version(version_id=factories.make_draft(found).pk, now=NOW)
    return found


def test_a_new_owner_is_entered_once_and_told(signed: Agreement, ours: Side, dana: Client) -> None:
    assert "for each signed agreement" in words(dana.get(address(signed, "owner")))
    given = {"owner": "Big Media", "since": str(TODAY - DAY), "source_url": "https://news.example/1"}
    assert do(dana, signed, "owner", **given).status_code == 302
    link = VendorOwnership.objects.get(vendor=signed.vendor)
    assert (link.owner.name, link.owner.slug, link.since) == ("Big Media", "big-media", TODAY - DAY)
    told = Publication.objects.get(agreement=signed, kind="owner_changed")
    assert told.changes.get().sentences["en"] == "Big Media is the new owner of Skylark Inc."
    again = do(dana, signed, "owner", **given | {"owner": "BIG media"})
    assert again.status_code == 422
    assert VendorOwnership.objects.count() == 1
    assert do(dana, signed, "owner", owner=" ").status_code == 422


def test_an_owner_the_register_knows_is_taken_and_one_like_its_address_gets_another(
    signed: Agreement, dana: Client
) -> None:
    known = factories.make_vendor("Known Holding", slug="known")
    do(dana, signed, "owner", owner="known holding")
    assert VendorOwnership.objects.get().owner == known
    factories.make_vendor("Another", slug="big-media")
    do(dana, signed, "owner", owner="Big Media")
    assert Vendor.objects.get(name="Big Media").slug == "big-media-2"


@pytest.mark.parametrize(
    "given", [{"owner": "Skylark Inc"}, {"owner": "Big Media", "since": TODAY + 2 * DAY}]
)
def test_no_company_owns_itself_or_has_an_owner_to_come(signed: Agreement, given: dict[str, Any]) -> None:
    with pytest.raises(OwnerRefused):
        enter_new_owner(vendor_id=signed.vendor_id, now=NOW, **given)
    assert not VendorOwnership.objects.exists()


def test_who_shares_a_company_with_another_agency_does_not_speak_for_it(
    signed: Agreement, ours: Side, dana: Client
) -> None:
    factories.make_agreement(factories.make_district("Far Away"), signed.vendor)
    assert dana.get(address(signed, "owner")).status_code == 404
    assert do(dana, signed, "owner", owner="Big Media").status_code == 404
    runs = signed_in(User.objects.create_superuser("runs@example.org", "correct horse battery"))
    runs.post(reverse("staff:agency"), {"agency": ours.district.pk})
    assert do(runs, signed, "owner", owner="Big Media").status_code == 302
    assert VendorOwnership.objects.count() == 1
