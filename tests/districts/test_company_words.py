"""What courts decided, what districts report and what others say, on a company's page; nothing is erased."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from districts.incidents import report_incident
from districts.models import AgreementVersion, Incident, Publication, Remark, Ruling, Vendor
from tests import factories as f
from tests.breaking import refused_by
from tests.districts.company_cast import agree
from tests.districts.test_company_page import PAGE_OF_LUMINO, html_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> AgreementVersion:
    return agree(f.make_vendor("Lumino", slug="lumino"), "Cedar Valley")


@pytest.fixture
def lumino(version: AgreementVersion) -> Vendor:
    return version.agreement.vendor


def ruling(vendor: Vendor, **fields: object) -> Ruling:
    values = {
        "kind": "order",
        "body": "Trade Office",
        "decided_on": dt.date(2025, 11, 4),
        "summary": "It must delete old voices.",
        "source_url": "https://office.example/17",
        **fields,
    }
    return Ruling.objects.create(vendor=vendor, **values)


def breach(version: AgreementVersion, **fields: object) -> Incident:
    values = {"learned_on": f.TODAY, "description": "A laptop was lost.", **fields}
    made = Incident.objects.create(agency=version.agreement.agency, agreement=version.agreement, **values)
    made.elements.add(f.make_element("grade", "school"))
    report_incident(incident_id=made.pk, now=f.NOW)
    return made


def remark(version: AgreementVersion, text: str, party: str = "company", **fields: object) -> Remark:
    return Remark.objects.create(
        agreement=version.agreement, party=party, text=text, said_on=f.TODAY, **fields
    )


# Courts and public offices


def test_a_ruling_stands_with_who_decided_when_and_where_to_read_it(lumino):
    assert "That does not mean there is none." in words_of(PAGE_OF_LUMINO)
    ruling(lumino)
    page = words_of(PAGE_OF_LUMINO)
    assert "Order of a regulator , Trade Office It must delete old voices. Nov 4, 2025 . Source" in page
    assert 'href="https://office.example/17"' in html_of(PAGE_OF_LUMINO)


def test_a_corrected_ruling_is_replaced_and_one_taken_back_leaves_its_reason(lumino):
    ruling(lumino, summary="Too strong.", replaces=None)
    ruling(lumino, summary="As it was.", replaces=Ruling.objects.get())
    page = words_of(PAGE_OF_LUMINO)
    assert "Too strong." not in page
    assert "As it was. Nov 4, 2025 . Source · Corrects an earlier entry." in page
    ruling(lumino, kind="taken_back", summary="Another company.", replaces=Ruling.objects.latest("pk"))
    page = words_of(PAGE_OF_LUMINO)
    assert "As it was." not in page
    assert "Entry taken back Another company." in page


def test_a_ruling_replaces_only_one_of_its_own_company_and_each_once(lumino):
    first = ruling(lumino)
    with pytest.raises(IntegrityError, match="same company"), transaction.atomic():
        ruling(f.make_vendor("Other"), replaces=first)
    ruling(lumino, replaces=first)
    with pytest.raises(IntegrityError, match="replaces_id"), transaction.atomic():
        ruling(lumino, replaces=first)
    assert refused_by("UPDATE districts_ruling SET summary = 'x'") == "history_is_for_good"


# Breaches


def test_with_nothing_entered_it_says_since_when(version):
    day = Publication.objects.create(
        kind="extended", agreement=version.agreement, day=dt.date(2026, 2, 3)
    ).day
    assert f"The district has reported none here since {day:%b} {day.day}, {day.year} ." in words_of(
        PAGE_OF_LUMINO
    )
    agree(version.agreement.vendor, "Elm Grove")
    assert "No district has reported one here since Feb 3, 2026 ." in words_of(PAGE_OF_LUMINO)


def test_a_breach_names_the_district_the_data_and_how_many_of_how_many(version):
    breach(version, students_affected=421, enrollment=4210)  # a tenth: it must be posted
    page = words_of(PAGE_OF_LUMINO)
    assert "Cedar Valley The day is not known. A laptop was lost. grade" in page
    assert "421 of 4,210 students were affected." in page or "421 of 4210 students were affected." in page
    assert "reported none" not in page


def test_a_count_the_law_suppresses_is_said_to_be_and_not_printed(version):
    breach(version, students_affected=1421, enrollment=4210, count_is_suppressed=True)
    page = html_of(PAGE_OF_LUMINO)
    assert "The law does not let us print how many students." in page
    assert not re.search(r"1,?421|4,?210", page)


def test_a_breach_nobody_was_told_of_yet_is_not_on_the_page(version):
    Incident.objects.create(
        agency=version.agreement.agency,
        agreement=version.agreement,
        learned_on=f.TODAY,
        description="Not told yet.",
    )
    assert "Not told yet." not in words_of(PAGE_OF_LUMINO)


def test_one_breach_in_many_districts_does_not_fill_the_page(version, lumino):
    for n in range(12):
        breach(agree(lumino, f"District {n}"), description=f"Loss {n}.")
    page = html_of(PAGE_OF_LUMINO)
    assert page.count("A laptop") == 0
    assert len(re.findall(r"Loss \d+\.", page)) == 10
    assert f'href="/api/v1/incidents?vendor={lumino.pk}"' in page


# What others say


def test_a_reply_stands_beside_the_districts_text_with_the_answer_or_the_gap(version):
    reply = remark(version, "We delete after 30 days.")
    page = words_of(PAGE_OF_LUMINO)
    assert "The company says We delete after 30 days. Sep 1, 2026 The district has not answered yet." in page
    remark(version, "The paper says 60.", "district", answers_to=reply)
    remark(version, "The date is wrong.", "reader")
    page = words_of(PAGE_OF_LUMINO)
    assert "We delete after 30 days. Sep 1, 2026 The district answers The paper says 60." in page
    assert "Somebody wrote that this is wrong The date is wrong." in page


def test_words_that_came_down_leave_who_spoke_and_why_they_are_gone(version):
    named = remark(version, "My son Sam is in it.", "reader")
    answer = remark(version, "We wrote to Sam's mother.", "district", answers_to=named)
    remark(version, "A child was named.", "district", answers_to=named, takes_down=True)
    remark(version, "Here as well.", "district", answers_to=answer, takes_down=True)
    for path in (PAGE_OF_LUMINO, f"/api/v1/agreements/{version.agreement.public_id}"):
        said = Client().get(path).content.decode()
        assert "Sam" not in said
        assert "A child was named." in said
        assert "Here as well." in said
    assert "These words were taken down." in words_of(PAGE_OF_LUMINO)


def test_an_answer_is_about_the_same_agreement_and_ends_there(version, lumino):
    reply = remark(version, "No.")
    other = agree(lumino, "Elm Grove")
    with pytest.raises(IntegrityError, match="same agreement"), transaction.atomic():
        remark(other, "Yes.", "district", answers_to=reply)
    answer = remark(version, "Yes.", "district", answers_to=reply)
    with pytest.raises(IntegrityError, match="same agreement"), transaction.atomic():
        remark(version, "Indeed.", "district", answers_to=answer)


def test_replies_stand_on_the_page_where_the_agreements_are_too_many_to_show_whole(version, lumino):
    remark(version, "We delete after 30 days.")
    for n in range(4):
        agree(lumino, f"District {n}")
    page = words_of(PAGE_OF_LUMINO)
    assert "Cedar Valley The company says We delete after 30 days." in page
    assert "Type its name above to see how to write to it." in page


def test_whoever_finds_something_wrong_is_told_whom_to_write_to_and_there_is_no_form(version):
    agency = version.agreement.agency
    assert "The district has not said how to reach it." in words_of(PAGE_OF_LUMINO)
    agency.contact_email = "data@cedar.example"
    agency.save()
    page = html_of(PAGE_OF_LUMINO)
    assert 'href="mailto:data@cedar.example?subject=This%20is%20wrong%3A%20Cedar%20Valley%20terms"' in page
    assert 'method="post"' not in page
