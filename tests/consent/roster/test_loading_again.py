"""The same file changes nothing; whoever is missing is ended and may come back; all or nothing."""

import datetime as dt

import pytest
from django.db import connection

from consent.models import Enrollment, Guardian, Guardianship, RosterLoad, Student
from consent.roster.report import RosterRefused
from districts.models import School
from tests import factories as f
from tests.consent.roster import files as r

pytestmark = pytest.mark.django_db

LATER = f.TODAY + dt.timedelta(days=30)
TABLES = (
    "districts_school",
    "consent_student",
    "consent_guardian",
    "consent_guardianship",
    "consent_enrollment",
    "consent_hold",
)


@pytest.fixture(autouse=True)
def district():
    return r.cedar_valley()


def family(*others: r.Row, **sam: str) -> list[r.Row]:
    return [r.student(**sam), r.student("tia"), r.adult("alice", of="sam,tia"), *others]


def rows() -> dict[str, set[tuple[object, ...]]]:
    """Return every row's place in the table: a row that is rewritten moves."""
    places = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT id, ctid::text, xmin::text FROM {table}")
            places[table] = set(cursor.fetchall())
    return places


def test_the_same_file_twice_rewrites_no_row(tmp_path):
    path = r.write_roster(
        tmp_path,
        [*family(r.student("ellis", email="e@example.org")), r.adult("bob", email="no address")],
        births={"ellis": "2008-01-02", "sam": "2017-05-04"},
        extras=[
            r.extra("sam", "bob", "Father", contactRestrictions="no contact", language="es", programs="ell"),
            r.extra("sam", "alice", "Mother", postalAddress="1 Main St", safeAddress="true"),
        ],
        extra_columns=["language", "postalAddress", "safeAddress", "programs"],
    )
    first = r.load(path)
    before = rows()
    second = r.load(path)
    assert rows() == before
    assert second.total("unchanged") == first.total("created") > 10
    assert (second.total("created"), second.total("changed"), second.total("ended")) == (0, 0, 0)


def test_someone_missing_is_ended_and_never_deleted(tmp_path):
    r.load(r.write_roster(tmp_path, family(r.adult("bob", of="sam"))))
    report = r.load(r.write_roster(tmp_path, [r.student(), r.adult("alice")]), as_of=LATER)
    assert Student.objects.get(roster_id="tia").ended_on == LATER
    assert Guardian.objects.get(roster_id="bob").ended_on == LATER
    assert r.tie("alice", "tia").ended_on == r.tie("bob", "sam").ended_on == LATER
    assert r.seat("tia").ended_on == LATER
    assert r.tie("alice", "sam").ended_on is None
    ended = {kind: tally.ended for kind, tally in report.counts.items() if tally.ended}
    assert ended == {"students": 1, "guardians": 1, "guardianships": 2, "enrollments": 1}


def test_the_status_tobedeleted_ends_too(tmp_path):
    r.load(r.write_roster(tmp_path, family()))
    people = [r.student(status="tobedeleted"), r.student("tia"), r.adult("alice", of="sam,tia")]
    r.load(r.write_roster(tmp_path, people), as_of=LATER)
    assert (r.tie("alice", "sam").ended_on, r.tie("alice", "tia").ended_on) == (LATER, None)


def test_the_same_id_coming_back_opens_the_same_rows_and_enters_anew(tmp_path):
    everybody = r.write_roster(tmp_path / "all", family())
    r.load(everybody)
    entered, seated = r.tie("alice").entered_at, r.seat("sam").entered_at
    keys = set(Guardianship.objects.values_list("pk", flat=True))
    r.load(r.write_roster(tmp_path / "one", [r.student("tia"), r.adult("alice", of="tia")]), as_of=LATER)
    report = r.load(everybody, as_of=LATER + dt.timedelta(days=1))
    assert (Student.objects.get(roster_id="sam").ended_on, r.tie("alice").ended_on) == (None, None)
    assert set(Guardianship.objects.values_list("pk", flat=True)) == keys
    assert r.tie("alice").entered_at > entered
    assert r.seat("sam").entered_at > seated
    assert report.counts["students"].changed == 1


def test_an_older_file_does_not_bring_back_whoever_ended_after_its_day(tmp_path):
    r.load(r.write_roster(tmp_path / "all", family()))
    r.load(r.write_roster(tmp_path / "one", [r.student("tia"), r.adult("alice", of="tia")]), as_of=LATER)
    r.load(r.write_roster(tmp_path / "all", family()), as_of=LATER - dt.timedelta(days=1))
    assert Student.objects.get(roster_id="sam").ended_on == LATER


def test_another_grade_or_program_enters_anew_and_another_name_does_not(tmp_path):
    program = {"extra_columns": ["programs"]}
    r.load(r.write_roster(tmp_path, family()))
    first = r.seat("sam").entered_at
    r.load(r.write_roster(tmp_path, family(givenName="Samuel")))
    assert Student.objects.get(roster_id="sam").shown_name == "Samuel"
    assert r.seat("sam").entered_at == first
    r.load(r.write_roster(tmp_path, family(grades="04")))
    second = r.seat("sam").entered_at
    assert second > first
    r.load(r.write_roster(tmp_path, family(grades="04"), extras=[r.extra(programs="ell;iep")], **program))
    assert r.seat("sam").programs == ["ell", "iep"]
    assert r.seat("sam").entered_at > second
    assert r.seat("tia").entered_at < second


def test_programs_stay_without_their_column_and_are_complete_with_it(tmp_path):
    program = {"extra_columns": ["programs"]}
    r.load(r.write_roster(tmp_path, family(), extras=[r.extra(programs="ell")], **program))
    r.load(r.write_roster(tmp_path, family(), extras=[r.extra()]))
    assert r.seat("sam").programs == ["ell"]
    r.load(r.write_roster(tmp_path, family(), extras=[r.extra("tia")], **program))
    assert r.seat("sam").programs == []


def test_rights_that_begin_later_enter_anew(tmp_path):
    people = [r.student(), r.adult("gran")]
    r.load(r.write_roster(tmp_path, people, extras=[r.extra(adult="gran", relation="Grandmother")]))
    waiting = r.tie("gran").entered_at
    extras = [r.extra(adult="gran", relation="Grandmother", primaryContact="yes")]
    r.load(r.write_roster(tmp_path, people, extras=extras))
    assert r.tie("gran").rights == "decides"
    assert r.tie("gran").entered_at > waiting


def test_a_moved_student_ends_at_one_school_and_begins_at_the_other(tmp_path):
    orgs = r.district_orgs("S1", "S2")
    r.load(r.write_roster(tmp_path, family(), orgs))
    r.load(r.write_roster(tmp_path, family(orgSourcedIds="S2"), orgs), as_of=LATER)
    assert (r.seat("sam", "S1").ended_on, r.seat("sam", "S2").ended_on) == (LATER, None)


def test_a_school_missing_from_the_file_is_ended_and_comes_back(tmp_path):
    two = r.write_roster(tmp_path / "two", family(), r.district_orgs("S1", "S2"))
    r.load(two)
    r.load(r.write_roster(tmp_path / "one", family()))
    assert School.objects.get(roster_id="S2").ended_on == f.TODAY
    r.load(two)
    assert School.objects.get(roster_id="S2").ended_on is None


def test_another_districts_families_are_not_touched(tmp_path):
    carols = f.make_district("Carol's")
    carl = f.make_student(carols, "Carl", roster_id="carl")
    carol = f.make_guardian(carols, "Carol", of=[carl], roster_id="carol")
    r.load(r.write_roster(tmp_path, family()))
    for row in (carl, carol, *carol.guardianships.all()):
        row.refresh_from_db()
        assert row.ended_on is None
    assert Enrollment.objects.get(student=carl).ended_on is None


def test_a_dry_run_counts_everything_and_keeps_nothing(tmp_path):
    path = r.write_roster(tmp_path, family())
    dry = r.load(path, dry_run=True)
    assert not Student.objects.exists()
    assert not RosterLoad.objects.exists()
    assert dry.as_json()["counts"] == r.load(path).as_json()["counts"]


def test_a_load_leaves_a_record_of_file_day_and_counts(tmp_path, district):
    r.load(r.write_roster(tmp_path, family()))
    r.load(tmp_path)
    last, first = RosterLoad.objects.all()
    assert (first.agency, first.as_of) == (district, f.TODAY)
    assert first.counts["students"] == {"created": 2, "changed": 0, "unchanged": 0, "ended": 0}
    assert last.counts["students"] == {"created": 0, "changed": 0, "unchanged": 2, "ended": 0}
    assert len(first.file_sha256) == 64
    assert first.file_sha256 == last.file_sha256


def test_a_load_has_newcomers_looked_for_once_it_is_committed(
    tmp_path, monkeypatch, django_capture_on_commit_callbacks
):
    nudged = []
    monkeypatch.setattr("consent.tasks.catch_up_newcomers.delay", lambda: nudged.append(True))
    path = r.write_roster(tmp_path, family())
    with django_capture_on_commit_callbacks(execute=True):
        r.load(path, dry_run=True)
    assert nudged == []
    with django_capture_on_commit_callbacks(execute=True):
        r.load(path)
        assert nudged == []
    assert nudged == [True]


def test_one_wrong_row_refuses_all(tmp_path):
    path = r.write_roster(tmp_path, [*family(), r.student("", givenName="Nobody")])
    assert "users.csv, line 5, column sourcedId: found nothing, expected an id" in r.refusal_of(path)


def test_an_export_cut_short_does_not_end_half_the_district(tmp_path):
    children = [r.student(f"c{n}") for n in range(24)]
    r.load(r.write_roster(tmp_path, children))
    cut = r.write_roster(tmp_path, children[:11])
    with pytest.raises(RosterRefused, match="13 of 24 students missing"):
        r.load(cut)
    assert not Student.objects.exclude(ended_on=None).exists()
    r.load(cut, many_endings=True)
    assert Student.objects.exclude(ended_on=None).count() == 13


def test_an_export_without_its_parents_does_not_end_them_all(tmp_path):
    families = [r.student(f"c{n}") for n in range(24)] + [r.adult(f"p{n}", of=f"c{n}") for n in range(24)]
    r.load(r.write_roster(tmp_path, families))
    links_lost = r.write_roster(tmp_path, [{**row, "agentSourcedIds": ""} for row in families])
    with pytest.raises(RosterRefused, match="24 of 24 parents and guardians missing"):
        r.load(links_lost)
    assert not Guardian.objects.exclude(ended_on=None).exists()
    assert r.load(links_lost, many_endings=True).counts["guardians"].ended == 24


def test_an_export_without_its_addresses_does_not_take_them_all(tmp_path):
    families = [r.student(f"c{n}") for n in range(24)] + [r.adult(f"p{n}", of=f"c{n}") for n in range(24)]
    r.load(r.write_roster(tmp_path, families))
    blank = r.write_roster(tmp_path, [{**row, "email": ""} for row in families])
    with pytest.raises(RosterRefused, match="24 of 24 e-mail addresses missing"):
        r.load(blank)
    assert not Guardian.objects.filter(email="").exists()
    r.load(blank, many_endings=True)
    assert not Guardian.objects.exclude(email="").exists()


def test_half_of_the_parents_may_leave_without_a_question(tmp_path):
    families = [r.student(f"c{n}") for n in range(24)] + [r.adult(f"p{n}", of=f"c{n}") for n in range(24)]
    r.load(r.write_roster(tmp_path, families))
    assert r.load(r.write_roster(tmp_path, families[:36])).counts["guardians"].ended == 12


def test_an_export_of_changes_is_refused(tmp_path):
    path = r.write_roster(tmp_path, family())
    r.write(path, "manifest.csv", [{"propertyName": "file.users", "value": "delta"}])
    assert "manifest.csv, line 2, column value: found “delta”" in r.refusal_of(path)
