"""The public pages: found by anybody, honest about choices and gaps, read by the public role alone."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from consent.models import Student
from districts.models import AgreementVersion, Basis, Change, Incident, Publication
from districts.public_room import public_page
from tests import factories as f

pytestmark = pytest.mark.django_db


def publish(version: AgreementVersion, **fields: object) -> Publication:
    """Publish a draft as the database knows it, with one change."""
    version.published_at = timezone.now()
    version.save()
    made = Publication.objects.create(
        kind="version", agreement=version.agreement, version=version, day=dt.date(2026, 9, 1), **fields
    )
    line = version.shared_elements.first()
    Change.objects.create(
        publication=made,
        position=1,
        kind="element_added",
        severity="answer_needed",
        element=line.element,
        sentences={"en": "Lumino Reading adds home address.", "es": "Lumino Reading agrega la dirección."},
    )
    return made


@pytest.fixture
def published():
    """One agreement of Cedar Valley with one line that leaves a choice."""
    district = f.make_district(
        "Cedar Valley Schools", slug="cedar-valley", city="Cedar Valley", zip_code="61301"
    )
    agreement = f.make_agreement(district, begins_on=dt.date(2020, 1, 1), ends_on=dt.date(2099, 1, 1))
    version = f.make_draft(agreement, effective_from=dt.date(2020, 1, 1))
    return publish(version)


def every_public_address(publication: Publication) -> list[str]:
    agreement = publication.agreement
    return [
        "/",
        "/search/?q=cedar",
        f"/d/{agreement.agency.slug}/",
        "/companies/",
        f"/companies/{agreement.vendor.slug}/",
        f"/agreements/{agreement.public_id}/v1/",
        f"/agreements/{agreement.public_id}/discussion/",
        "/data/",
        "/data/home-address/",
        f"/changes/{publication.public_id}/",
    ]


def test_every_page_opens_in_both_languages_without_a_session(client, published):
    for address in every_public_address(published):
        for prefix in ("", "/es"):
            response = client.get(prefix + address)
            assert response.status_code == 200, address
            assert not response.cookies, address


def test_a_district_says_honestly_of_how_many_agreements_one_can_say_no_to_parts(client, published):
    district = published.agreement.agency
    inform_only = f.make_draft(
        f.make_agreement(district, begins_on=dt.date(2020, 1, 1), ends_on=dt.date(2099, 1, 1)),
        [("grade", "school", Basis.SCHOOL_OFFICIAL)],
        effective_from=dt.date(2020, 1, 1),
    )
    publish(inform_only)
    page = client.get("/d/cedar-valley/").content.decode()
    assert "Of 2 agreements in use, you can say no to parts of 1." in page


def test_a_line_without_a_choice_shows_no_way_to_say_no(client):
    district = f.make_district()
    made = publish(f.make_draft(f.make_agreement(district), [("grade", "school", Basis.SCHOOL_OFFICIAL)]))
    page = client.get(f"/companies/{made.agreement.vendor.slug}/").content.decode()
    assert "You cannot say no to this." in page
    assert "Sign in to choose" not in page


def words_of(client, path: str) -> str:
    """Return the words of a page's main part, tags taken out."""
    html = client.get(path).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(strip_tags(main.replace("<", " <")).split())


def test_a_version_that_takes_effect_later_says_which_one_counts_until_then(client, published):
    later = timezone.localdate() + dt.timedelta(days=20)
    agreement = published.agreement
    publish(f.make_draft(agreement, effective_from=later))
    day = f"{later:%b} {later.day}, {later.year}"
    coming = f"Version 2 counts from {day}. Until then version 1 counts."
    assert coming in words_of(client, f"/companies/{agreement.vendor.slug}/")
    assert coming in words_of(client, f"/agreements/{agreement.public_id}/v2/")
    assert "counts." not in words_of(client, f"/agreements/{agreement.public_id}/v1/")


def test_a_version_that_was_replaced_says_so(client, published):
    agreement = published.agreement
    publish(f.make_draft(agreement, effective_from=dt.date(2021, 1, 1)))
    page = words_of(client, f"/agreements/{agreement.public_id}/v1/")
    assert "Version 1 no longer counts. Version 2 does." in page
    assert "no longer counts" not in words_of(client, f"/agreements/{agreement.public_id}/v2/")


def test_what_is_only_proposed_or_over_asks_nobody_to_sign_in_and_choose(client, published):
    agreement = published.agreement
    path = f"/companies/{agreement.vendor.slug}/"
    assert "Sign in to choose" in words_of(client, path)
    for state, said in (
        ("proposed", "Nothing is shared under it today."),
        ("ended", "This agreement is over."),
    ):
        type(agreement).objects.filter(pk=agreement.pk).update(state=state)
        page = words_of(client, path)
        assert said in page
        assert "Sign in to choose" not in page


def test_a_company_page_names_whom_the_company_passes_data_to(client):
    version = f.make_draft(f.make_agreement(f.make_district()), subcontractors_answer="listed")
    other = f.make_vendor("Clearwave Speech")
    publish(f.make_draft(f.make_agreement(version.agreement.agency, other)))
    for name in ("Clearwave Speech", "Northrack Hosting"):
        version.subcontractors.create(name=name, role=f"What {name} does.")
    page = client.get(f"/companies/{publish(version).agreement.vendor.slug}/").content.decode()
    assert f'<a href="/companies/{other.slug}/">' in page
    assert "What Northrack Hosting does." in page


def test_a_company_that_stands_only_in_a_draft_has_no_page_and_no_link(client):
    version = f.make_draft(f.make_agreement(f.make_district()), subcontractors_answer="listed")
    other = f.make_vendor("Clearwave Speech")
    f.make_draft(f.make_agreement(version.agreement.agency, other))
    version.subcontractors.create(name="Clearwave Speech", role="What it does.")
    page = client.get(f"/companies/{publish(version).agreement.vendor.slug}/").content.decode()
    assert "Clearwave Speech" in page
    assert other.slug not in page
    assert client.get(f"/companies/{other.slug}/").status_code == 404


def test_who_has_not_said_whom_data_goes_to_is_not_said_to_name_nobody(client):
    version = f.make_draft(f.make_agreement(f.make_district()), subcontractors_answer="not_filled_in")
    page = words_of(client, f"/companies/{publish(version).agreement.vendor.slug}/")
    assert "Others who may see some Not filled in" in page
    assert "None named" not in page


def test_history_stands_with_the_newest_day_first_and_with_what_needs_an_answer(client, published):
    agreement = published.agreement
    Change.objects.create(
        publication=published,
        position=0,
        kind="promise_changed",
        severity="public_only",
        sentences={"en": "A small thing."},
    )
    older = Publication.objects.create(kind="extended", agreement=agreement, day=dt.date(2026, 3, 1))
    Change.objects.create(
        publication=older, position=0, kind="extended", severity="digest", sentences={"en": "It runs on."}
    )
    page = words_of(client, f"/companies/{agreement.vendor.slug}/")
    assert page.index("Lumino Reading adds home address. And 1 more change.") < page.index("It runs on.")


def test_hundreds_of_changes_are_folded_and_all_there(client):
    lines = [(f"kind-{n}", "contact", Basis.SCHOOL_OFFICIAL) for n in range(25)]
    made = publish(f.make_draft(f.make_agreement(f.make_district()), lines))
    for n in range(25):
        Change.objects.create(
            publication=made,
            position=n + 2,
            kind="scope_widened",
            severity="digest",
            sentences={"en": f"No. {n}."},
        )
    page = words_of(client, f"/changes/{made.public_id}/")
    assert "Show 6 more changes" in page
    assert all(f"No. {n}." in page for n in range(25))


def test_a_gap_is_shown_as_a_gap(client, published):
    page = client.get(f"/agreements/{published.agreement.public_id}/v1/").content.decode()
    assert "The district has not filled this in yet." in page


def test_a_suppressed_count_is_printed_nowhere(client, published):
    Incident.objects.create(
        agency=published.agreement.agency,
        vendor=published.agreement.vendor,
        learned_on=dt.date(2026, 9, 1),
        students_affected=4213,
        count_is_suppressed=True,
        description="A lost laptop.",
    )
    for address in every_public_address(published):
        assert "4213" not in client.get(address).content.decode().replace(",", "")


def test_a_draft_is_on_no_page(client, published):
    f.make_draft(published.agreement, [("fingerprint", "body", Basis.CONSENT)])
    for address in every_public_address(published):
        assert "fingerprint" not in client.get(address).content.decode().split("/data/fingerprint/")[0]
    assert client.get(f"/agreements/{published.agreement.public_id}/v2/").status_code == 404


def test_a_public_page_that_reads_a_family_table_is_refused(rf):
    @public_page
    def curious(request):
        return list(Student.objects.all())

    with pytest.raises(Exception, match="permission denied"):
        curious(rf.get("/"))


def count(address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("which", ["district", "companies", "home", "data", "element", "change"])
def test_a_page_with_ten_rows_asks_no_more_than_one_with_one(published, which):
    district = published.agreement.agency
    address = {
        "district": "/d/cedar-valley/",
        "companies": "/companies/",
        "home": "/",
        "data": "/data/",
        "element": "/data/home-address/",
        "change": f"/changes/{published.public_id}/",
    }[which]
    count(address)
    one = count(address)
    for n in range(9):
        vendor = f.make_vendor(f"Company {n}")
        agreement = f.make_agreement(
            district, vendor, begins_on=dt.date(2020, 1, 1), ends_on=dt.date(2099, 1, 1)
        )
        publish(f.make_draft(agreement, effective_from=dt.date(2020, 1, 1)))
        f.make_element(f"thing-{n}", f"group-{n}")
        f.make_district(f"District {n}")
        Change.objects.create(
            publication=published,
            position=n + 2,
            kind="element_added",
            severity="digest",
            element=f.make_element(f"thing-{n}"),
            sentences={"en": "x"},
        )
    assert count(address) == one


def test_an_agencys_own_kind_of_data_has_a_page_once_it_is_published(client, published):
    own = f.make_element("own-thing", agency=published.agreement.agency)
    draft = f.make_draft(published.agreement, lines=[])
    draft.shared_elements.create(element=own, basis=Basis.CONSENT)
    assert client.get("/data/own-thing/").status_code == 404
    publish(draft)
    assert client.get("/data/own-thing/").status_code == 200
