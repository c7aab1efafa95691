"""What the forms of state law say of an agreement: gaps are gaps; what the law keeps back is not there."""

import datetime as dt

import pytest
from django.utils import timezone

from districts.clause_readings import Found, record_readings
from districts.law import Basis
from districts.models import DocumentWithdrawal, Incident, Participation
from districts.state_forms.utah import justification
from districts.withdrawals import withdraw_text
from tests import factories as f
from tests.districts.state_forms.agreements import BEGAN, CODES, GAP, agreement, bare, district, full, rows_of
from tests.districts.test_pages import publish

pytestmark = pytest.mark.django_db


def test_utahs_list_has_a_row_for_each_recipient_and_kind_of_data(settings) -> None:
    version = full(district("us-ut"))
    page = f"{settings.SITE_URL}/agreements/{version.agreement.public_id}/v1/"
    common = {
        "district": "Cedar Valley Schools",
        "element": "voice",
        "element_code": "voice",
        "about": "About the student",
        "purpose": "teach",
        "justification": "The district decides (local directive)",
        "permitted_by": "Needed to run the school (34 CFR 99.31(a)(1))",
        "agreement": page,
        "gaps": "0",
    }
    assert rows_of(version.agreement.agency) == [
        {"recipient": "Lumino Reading, Inc.", "recipient_kind": "The company", **common},
        {"recipient": "Clearwave", "recipient_kind": "Gets it from the company", **common},
    ]


def test_utahs_list_does_not_say_which_law_asks_where_the_register_does_not_know() -> None:
    of = district("us-ut")
    bare(of, passes_on_to="Northrack Hosting")
    line, other = rows_of(of)
    assert (line["purpose"], line["justification"], line["gaps"]) == (GAP, GAP, "2")
    assert (other["recipient"], other["element"], other["permitted_by"]) == ("Northrack Hosting", GAP, GAP)
    assert {basis for basis in Basis.values if not justification(basis)} == {
        "required_by_law",
        "audit",
        "law_enforcement",
        "transfer",
    }


def test_illinois_list_holds_what_the_law_wants_posted(settings) -> None:
    version = full(district("us-il", rights_text="Write to us."))
    of = version.agreement.agency
    paper = version.documents.get()
    posted = version.published_at.astimezone(timezone.get_default_timezone()).date()
    (row,) = rows_of(of)
    assert row.pop("posted_on") in {str(posted), str(posted - dt.timedelta(days=1))}
    assert row == {
        "operator": "Lumino Reading, Inc.",
        "business_address": "12 Oak Street Peoria, IL 61602",
        "products": "Reader",
        "elements": "voice",
        "use": "teach",
        "disclosed_to": "Clearwave",
        "subcontractors": "Clearwave: Hears the reading",
        "agreement_copy": f"{settings.SITE_URL}/documents/{paper.public_id}/",
        "redacted": "Prices",
        "signed_on": "2019-12-01",
        "signer_title": "Superintendent",
        "rights": f"{settings.SITE_URL}/d/{of.slug}/#rights",
        "breaches": "The district has reported none here.",
        "checked_on": "2026-01-05",
        "page": f"{settings.SITE_URL}/agreements/{version.agreement.public_id}/v1/",
        "gaps": "0",
    }


def test_what_is_not_filled_in_is_said_and_counted_and_no_cell_is_blank() -> None:
    for profile, gaps in (("us-il", 11), ("us-ny", 7)):
        of = district(profile)
        bare(of)
        (row,) = rows_of(of)
        assert all(row.values())
        assert sum(1 for value in row.values() if value == GAP) == int(row["gaps"]) == gaps


def test_a_withdrawn_paper_and_a_number_the_law_keeps_back_are_in_no_form() -> None:
    version = full(district("us-il"))
    of = version.agreement.agency
    paper = version.documents.get()
    DocumentWithdrawal.objects.create(document=paper, reason="A name stood in it.")
    for n, fields in enumerate(({"count_is_suppressed": True}, {}, {"students_affected": 12})):
        publication = Incident.objects.create(
            agency=of,
            vendor=version.agreement.vendor,
            learned_on=dt.date(2026, 3, n + 1),
            began_on=dt.date(2026, 2, n + 1),
            date_kind="exact",
            description="Lost.",
            **{"students_affected": 4213 if n == 0 else None, **fields},
        )
        version.agreement.publications.create(kind="incident", incident=publication, day=f.TODAY)
    (row,) = rows_of(of)
    assert (row["agreement_copy"], row["redacted"]) == ("Taken down", "Taken down")
    assert "Prices" not in str(row)
    assert row["breaches"] == (
        "2026-02-03 Students: 12; 2026-02-02 The district does not know yet how many students.; "
        "2026-02-01 The law does not let us print how many students."
    )


def test_new_yorks_sheet_has_its_six_heads() -> None:
    version = full(district("us-ny", rights_text="Write to us."))
    (row,) = rows_of(version.agreement.agency)
    row.pop("page")
    assert row == {
        "company": "Lumino Reading, Inc.",
        "exclusive_purposes": "teach",
        "subcontractors": "Clearwave: Hears the reading",
        "subcontractors_bound": GAP,
        "begins_on": "2020-01-01",
        "ends_on": "2099-01-01",
        "data_at_the_end": "Must the company delete it? Yes, in 60 days. Section 4.2",
        "challenge": "Write to us.",
        "stored_where": GAP,
        "encryption": "Yes. Section 4.2",
        "gaps": "2",
    }


def read(version, **found: Found) -> None:
    record_readings(
        version_id=version.pk,
        found={code.replace("_", "-"): each for code, each in found.items()},
        reader="Privacy officer",
        read_on=dt.date(2026, 1, 5),
    )


def test_what_somebody_read_for_fills_new_yorks_sheet_and_what_nobody_read_for_stays_a_gap() -> None:
    of = district("us-ny")
    version = bare(of)
    before = int(rows_of(of)[0]["gaps"])
    read(version, ny_subcontractors=Found("yes", "5, page 2"), ny_where=Found("no"), ny_end=Found("unclear"))
    (row,) = rows_of(of)
    by = "Read by Privacy officer on Jan 5, 2026"
    assert row["subcontractors_bound"] == f"It is there. Section 5, page 2. {by}"
    assert row["stored_where"] == f"It is not there. {by}"
    assert row["data_at_the_end"] == f"The agreement is not clear. {by}"
    assert (row["challenge"], row["encryption"], row["exclusive_purposes"]) == (GAP, GAP, GAP)
    assert int(row["gaps"]) == before - 3
    assert rows_of(of, "/es")[0]["stored_where"].startswith("No está")


def test_what_is_entered_stands_before_what_was_read() -> None:
    version = full(district("us-ny", rights_text="Write to us."))
    read(version, ny_end=Found("no"), ny_accuracy=Found("no"), ny_encryption=Found("no"))
    (row,) = rows_of(version.agreement.agency)
    assert row["data_at_the_end"] == "Must the company delete it? Yes, in 60 days. Section 4.2"
    assert (row["challenge"], row["encryption"]) == ("Write to us.", "Yes. Section 4.2")


def test_a_correction_keeps_what_was_read_and_a_renewal_does_not() -> None:
    of = district("us-ny")
    version = bare(of)
    read(version, ny_where=Found("yes", "6"))
    for is_correction, kept in ((True, True), (False, False)):
        publish(f.make_draft(version.agreement, effective_from=BEGAN, is_correction=is_correction))
        assert rows_of(of)[0]["stored_where"].startswith("It is there. Section 6") is kept


def test_illinois_names_where_the_product_stands_and_a_text_that_came_down_is_no_gap() -> None:
    of = district("us-il")
    version = bare(of)
    read(version, il_product=Found("no"))
    assert rows_of(of)[0]["products"] == GAP
    read(version, il_product=Found("yes", "1, page 1"))
    assert rows_of(of)[0]["products"].startswith("It is there. Section 1, page 1.")
    signed = full(district("us-il", "Other District"))
    withdraw_text(version_id=signed.pk, field="signer_title", reason="A name stood in it.")
    assert rows_of(signed.agreement.agency)[0]["signer_title"] == "Taken down"


def test_utah_says_what_somebody_does_who_is_named_without_a_line() -> None:
    of = district("us-ut")
    version = bare(of, passes_on_to="Northrack Hosting")
    assert rows_of(of)[1]["purpose"] == GAP
    other = f.make_draft(version.agreement, effective_from=BEGAN)
    other.subcontractors.create(name="Northrack Hosting", role="Stores the data")
    publish(other)
    named = [row for row in rows_of(of) if row["recipient"] == "Northrack Hosting"]
    assert [(row["purpose"], row["element"]) for row in named] == [("Stores the data", GAP)]


@pytest.mark.parametrize("profile", CODES)
def test_a_form_lists_the_districts_own_agreements_in_use_and_those_it_takes_part_in(profile) -> None:
    of, other = district(profile), district(profile, "Other District")
    bare(of)
    full(other)
    for state in ("proposed", "ended"):
        over = f.make_draft(agreement(of, f"{state} Company", state=state), effective_from=BEGAN)
        publish(over)
    f.make_draft(agreement(of, "Draft Company"))
    joined = full(of.state)
    left = f.make_draft(agreement(of.state, "Left Company"), effective_from=BEGAN)
    publish(left)
    for version, until in ((joined, None), (left, dt.date(2021, 1, 1))):
        Participation.objects.create(
            agreement=version.agreement, agency=of, kind="joined", from_on=BEGAN, until_on=until
        )
    first = {"us-ut": "recipient", "us-il": "operator", "us-ny": "company"}[profile]
    companies = {row[first] for row in rows_of(of)} - {"Clearwave"}
    assert companies == {"Bare Company", "Lumino Reading, Inc."}
