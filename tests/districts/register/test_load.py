"""What a register sheet does to the register, the first time and every time after."""

import datetime as dt

import pytest

from districts.models import (
    Agency,
    Agreement,
    AgreementEvent,
    Basis,
    Participation,
    RegisterReview,
    Vendor,
)
from districts.publish import PublishRefused, publish_version
from districts.register_reviews import NoSuchMeaning, settle
from tests.districts.register.sheets import csv_file, listed, load, make_words, refused
from tests.factories import NOW, TODAY, make_agreement, make_district, make_draft, make_staff, make_vendor

pytestmark = pytest.mark.django_db

SHEET = (
    "Vendor,Product,Status,Date approved,Start date,End date,Data,Grades",
    'Lumino,Lumino Reader,Approved,8/1/2026,8/15/2026,6/30/2028,"name, glorp",K-5',
    "Skyhost,Skylark,Pending,,approximately 2027,,grade level,",
    "Clearwave,,Declined,,,,name,",
    "Oldtown,Chalk,Approved,7/1/2020,7/1/2020,6/30/2023,email,",
    "Strange,Thing,Caution,,,,none,",
)


@pytest.fixture
def district():
    return make_words()


@pytest.fixture
def sheet(tmp_path):
    return csv_file(tmp_path, *SHEET)


def agreement(title: str) -> Agreement:
    return Agreement.objects.get(title=title)


def counts(report) -> dict[str, tuple[int, int, int, int]]:
    return {
        kind: (found.created, found.changed, found.unchanged, found.ended)
        for kind, found in report.counts.items()
    }


def test_a_known_status_makes_the_agreement_what_it_is(district, sheet):
    report = load(district, sheet)
    lumino, skylark, chalk = agreement("Lumino Reader"), agreement("Skylark"), agreement("Chalk")
    assert (lumino.state, lumino.begins_on, lumino.ends_on) == (
        "signed",
        dt.date(2026, 8, 15),
        dt.date(2028, 6, 30),
    )
    event = lumino.events.get()
    assert (event.kind, event.happened_on) == ("executed", dt.date(2026, 8, 1))
    assert "Grades: K-5" in event.note
    part = lumino.participations.get()
    assert (part.agency, part.kind, part.from_on) == (district, "own", dt.date(2026, 8, 15))
    assert (skylark.state, skylark.term_note) == ("proposed", "Start date: approximately 2027")
    assert not skylark.participations.exists()
    # Its last day has passed: it is over, so that the daily sweep makes no news of it.
    assert (chalk.state, [event.kind for event in chalk.events.all()]) == ("ended", ["executed", "ended"])
    # A word nobody knows: only proposed, and staff are asked.
    assert agreement("Thing").state == "proposed"
    assert RegisterReview.objects.get(kind="status").words == "Caution"
    assert report.notes["without_status"] == 1


def test_each_agreement_has_a_draft_with_its_lines_and_promises_not_entered_yet(district, sheet):
    load(district, sheet)
    draft = agreement("Lumino Reader").versions.get()
    assert draft.published_at is None
    line = draft.shared_elements.get()
    assert (line.element.code, line.reported_as, line.source, line.kept) == (
        "student-name",
        ["name"],
        "not_filled_in",
        "not_filled_in",
    )
    assert {promise.answer for promise in draft.promises.all()} == {"not_entered"}
    assert draft.promises.count() == 13


def test_the_same_sheet_twice_changes_nothing(district, sheet):
    load(district, sheet)
    report = load(district, sheet)
    assert {found[:2] + found[3:] for found in counts(report).values()} == {(0, 0, 0)}
    assert counts(report)["agreements"] == (0, 0, 5, 0)
    assert AgreementEvent.objects.count() == 6


def test_a_dry_run_tells_the_same_and_keeps_nothing(district, sheet):
    dry = load(district, sheet, dry_run=True)
    assert not Agreement.objects.exists()
    assert not Vendor.objects.exists()
    assert not RegisterReview.objects.exists()
    real = load(district, sheet)
    assert (dry.fingerprint, counts(dry)) == (real.fingerprint, counts(real))
    assert load(district, sheet).fingerprint != real.fingerprint


def test_a_corrected_sheet_changes_what_is_not_published(district, tmp_path, sheet):
    load(district, sheet)
    path = csv_file(
        tmp_path,
        "Vendor,Product,Status,Start date,End date,Data",
        "Skyhost,Skylark,Approved,9/1/2026,6/30/2027,email",
    )
    report = load(district, path)
    assert counts(report)["agreements"] == (0, 1, 0, 0)
    skylark = agreement("Skylark")
    assert (skylark.state, skylark.begins_on) == ("signed", dt.date(2026, 9, 1))
    assert skylark.participations.get().from_on == dt.date(2026, 9, 1)
    # A line the sheet no longer lists stays: staff take it out.
    assert listed(district)["Skylark"] == ["student-email", "student-grade-level"]
    ended = csv_file(tmp_path, "Vendor,Product,Status", "Skyhost,Skylark,Expired")
    assert counts(load(district, ended))["agreements"] == (0, 0, 0, 1)


def test_what_is_published_is_left_alone_and_staff_are_asked(district, tmp_path):
    vendor = make_vendor("Lumino")
    known = make_agreement(district, vendor, title="Lumino Reader", ends_on=dt.date(2028, 6, 30))
    publish_version(version_id=make_draft(known).pk, now=NOW)
    path = csv_file(
        tmp_path, "Vendor,Product,Status,End date,Data", "Lumino,Lumino Reader,Expired,6/30/2027,email"
    )
    report = load(district, path)
    known.refresh_from_db()
    assert (known.state, known.ends_on) == ("signed", dt.date(2028, 6, 30))
    asked = RegisterReview.objects.filter(agreement=known).exclude(kind="basis")
    assert {row.kind: row.words for row in asked} == {
        "status": "signed > ended",
        "term": "ends_on: 2028-06-30 > 2027-06-30",
    }
    # Its new data goes into a draft, a copy of what was published.
    assert [version.number for version in known.versions.drafts()] == [2]
    assert listed(district)["Lumino Reader"] == ["home-address", "student-email"]
    assert counts(report)["agreements"] == (0, 0, 1, 0)
    again = load(district, path)
    assert counts(again)["review"][0] == counts(again)["lines"][0] == 0


def test_an_agreement_entered_by_hand_is_found_by_its_product(district, tmp_path):
    vendor = make_vendor("Lumino")
    known = make_agreement(district, vendor, title="Our reading contract")
    load(district, csv_file(tmp_path, "Vendor,Product,Data", "LUMINO Inc.,Lumino Reader,email"))
    assert Agreement.objects.get() == known
    assert [product.name for product in known.products.all()] == ["Lumino Reader"]


def test_the_same_company_twice_in_a_sheet_is_one_agreement_per_product(district, tmp_path):
    path = csv_file(
        tmp_path,
        "Vendor,Product,Status,Data",
        "Lumino,Reader,Approved,name",
        "Lumino,Math,Pending,name",
        "lumino,Reader,Approved,email",
        "Lumino,Math,Approved,",
    )
    load(district, path)
    assert listed(district) == {"Math": ["student-name"], "Reader": ["student-email", "student-name"]}
    # Rows that contradict each other decide nothing.
    assert agreement("Math").state == "proposed"
    assert RegisterReview.objects.get(kind="status").words == "line 3: proposed; line 5: signed"


def test_what_staff_filled_in_since_is_not_doubled(district, sheet):
    load(district, sheet)
    line = agreement("Lumino Reader").versions.get().shared_elements.get()
    type(line).objects.filter(pk=line.pk).update(basis=Basis.CONSENT, kept="school_year")
    load(district, sheet)
    assert agreement("Lumino Reader").versions.get().shared_elements.get().basis == "consent"


def test_guardian_release_is_a_parents_yes(district, tmp_path):
    path = csv_file(
        tmp_path,
        "Vendor,Status,Data",
        "Lumino,Approved w/ Guardian Release,name",
        "Sky,Approved/No Data Collected,",
    )
    load(district, path)
    assert agreement("Lumino").versions.get().shared_elements.get().basis == "consent"
    assert listed(district)["Sky"] == ["no-student-data"]


# By which agency


def test_a_states_sheet_goes_to_its_districts_by_their_column(district, tmp_path):
    state = district.state
    other = make_district("Elm Grove", state, nces_id="0612345")
    lines = (
        "District name,NCES ID,Vendor,Data",
        f"{district.name},,Lumino,name",
        "Elm Grove Unified,612345,Lumino,email",
        ",,Skyhost,name",
        "Nowhere,1799999,Lumino,name",
    )
    assert refused(state, csv_file(tmp_path, *lines)) == [(5, "district", "Nowhere")]
    report = load(state, csv_file(tmp_path, *lines), create_agencies=True)
    assert report.created_agencies == ["Nowhere"]
    made = Agency.objects.get(name="Nowhere")
    assert (made.kind, made.state, made.nces_id, made.law_profile) == ("district", state, "1799999", "us-il")
    assert listed(district) == {"Lumino": ["student-name"]}
    assert listed(other) == {"Lumino": ["student-email"], "Skyhost": ["student-name"]}
    assert Vendor.objects.filter(name="Lumino").count() == 1
    again = load(state, csv_file(tmp_path, *lines), create_agencies=True)
    assert counts(again)["agencies"] == (0, 0, 0, 0)
    assert counts(again)["agreements"][0] == 0


def test_a_districts_own_load_leaves_out_the_rows_of_others(district, tmp_path):
    path = csv_file(
        tmp_path, "District,Vendor,Data", f"{district.name},Lumino,name", "Elm Grove,Skyhost,name"
    )
    report = load(district, path)
    assert report.other_agencies == {"Elm Grove": 1}
    assert listed(district) == {"Lumino": ["student-name"]}
    assert not Vendor.objects.filter(name="Skyhost").exists()
    alien = csv_file(tmp_path, "District,Vendor,Data", "Elm Grove,Skyhost,name")
    with pytest.raises(Exception, match="no rows"):
        load(district, alien)


# The words that wait


def test_words_that_wait_stop_publishing_until_staff_have_said_what_they_mean(district, sheet):
    load(district, sheet, basis="school_official")
    lumino = agreement("Lumino Reader")
    draft = lumino.versions.get()
    with pytest.raises(PublishRefused) as error:
        publish_version(version_id=draft.pk, now=NOW)
    assert "words_wait" in {refusal.code for refusal in error.value.refusals}
    asked = RegisterReview.objects.get(kind="element")
    dana = make_staff(district)
    settle(review_id=asked.pk, outcome="means", meaning="student-phone", by=dana, now=NOW)
    assert listed(district)["Lumino Reader"] == ["student-name", "student-phone"]
    assert not RegisterReview.objects.stop_publishing().filter(agreement=lumino).exists()
    asked.refresh_from_db()
    assert (asked.outcome, asked.settled_by, asked.settled_at) == ("means", dana, NOW)
    # The next sheet knows the word.
    report = load(district, sheet, basis="school_official")
    assert report.notes["data_words_unread"] == 0
    assert counts(report)["lines"][:2] == (0, 0)


def test_words_are_settled_everywhere_at_once_and_only_in_ones_own_agency(district, tmp_path):
    other = make_district("Elm Grove", district.state)
    path = csv_file(tmp_path, "Vendor,Data", "Lumino,glorp", "Skyhost,glorp")
    load(district, path, basis="school_official")
    load(other, path, basis="school_official")
    asked = RegisterReview.objects.filter(agency=district, kind="element").first()
    assert len(settle(review_id=asked.pk, outcome="other", by=None, now=NOW)) == 2
    line = agreement_of(district, "Lumino").versions.get().shared_elements.get()
    assert (line.element.code, line.detail) == ("student-other-data", "glorp")
    assert RegisterReview.objects.waiting().filter(agency=other, kind="element").count() == 2
    assert settle(review_id=asked.pk, outcome="dismissed", by=None, now=NOW) == []


def agreement_of(agency: Agency, title: str) -> Agreement:
    return Agreement.objects.get(agency=agency, title=title)


def test_a_legal_ground_that_nobody_named_is_asked_for_once(district, sheet):
    load(district, sheet)
    asked = RegisterReview.objects.filter(kind="basis")
    assert len(set(asked.values_list("words", flat=True))) == 1
    settle(review_id=asked.first().pk, outcome="means", meaning="directory", by=None, now=NOW)
    bases = {
        line.basis for found in Agreement.objects.all() for line in found.versions.get().shared_elements.all()
    }
    assert bases == {"directory"}


def test_a_meaning_that_is_none_is_refused(district, tmp_path):
    load(district, csv_file(tmp_path, "Vendor,Data", "Lumino,glorp"))
    asked = RegisterReview.objects.get(kind="element")
    for outcome, meaning in (("means", "no-such-element"), ("means", ""), ("other-thing", "")):
        with pytest.raises(NoSuchMeaning):
            settle(review_id=asked.pk, outcome=outcome, meaning=meaning, by=None, now=NOW)
    assert RegisterReview.objects.waiting().filter(pk=asked.pk).exists()


def test_a_participation_begins_today_where_no_first_day_is_known(district, tmp_path):
    load(district, csv_file(tmp_path, "Vendor,Status", "Lumino,Approved"))
    assert Participation.objects.get().from_on == TODAY
