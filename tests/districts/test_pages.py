"""The public pages: found by anybody, honest about choices and gaps, read by the public role alone."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

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
    assert "You can not say no to this." in page
    assert "Sign in to choose" not in page


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
