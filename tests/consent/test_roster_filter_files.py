"""The files of a roster zip: classes, enrollments, OneRoster 1.2, broken ones, big ones, a real one."""

import csv
import datetime as dt
import io
import tracemalloc
import zipfile

import pytest
from django.core.management import CommandError, call_command

from consent.filtering.report import FilterRefused
from consent.models import Guardianship, Student
from consent.roster.load import Options, load_roster
from consent.roster_filter import filter_roster
from districts.models import Basis
from tests import factories as f
from tests.consent.answering import freeze
from tests.consent.roster_zips import (
    BIRTH,
    DAYBREAK,
    ENROLLMENTS,
    FILE,
    NAME,
    NUMBER,
    PARENT_EMAIL,
    PARENT_NUMBER,
    SCHEDULE,
    SHARED,
    USERS,
    Roster,
    load_columns_of_the_standard,
    make_zip,
    read,
    user,
    why,
)

pytestmark = pytest.mark.django_db


def test_schools_and_classes_go_on_whole_and_enrollments_follow_their_children(tmp_path):
    roster = Roster(NUMBER, SCHEDULE)
    roster.sam.enrollments.update(ended_on=f.TODAY)
    enrollments = [
        ENROLLMENTS,
        "E1,,,C1,S1,sam,student,",
        "E2,,,C1,S1,tia,student,",
        "E3,,,C1,S1,mr-t,teacher,true",
        "E4,,,C1,S1,stranger,student,",
    ]
    files, report = roster.filter(
        tmp_path, {"users.csv": FILE, "enrollments.csv": enrollments, "notes.csv": ["x", "secret"], **SHARED}
    )
    assert [row["sourcedId"] for row in files["enrollments.csv"]] == ["E2"]
    assert files["enrollments.csv"][0]["classSourcedId"] == "C1"
    assert files["classes.csv"] == [{"sourcedId": "C1", "title": "Reading", "classCode": "R1"}]
    assert "budget" not in files["orgs.csv"][0]
    assert report.unknown_columns["orgs"] == ["budget"]
    assert report.files_removed == ["notes.csv"]
    assert set(files) == {"users.csv", "enrollments.csv", *SHARED}


def test_enrollments_stay_where_the_agreement_does_not_list_classes(tmp_path):
    roster = Roster(NUMBER)
    files, report = roster.filter(
        tmp_path, {"users.csv": FILE, "enrollments.csv": [ENROLLMENTS, "E1,,,C1,S1,sam,student,"]}
    )
    assert "enrollments.csv" not in files
    assert report.files_removed == ["enrollments.csv"]


def test_teachers_go_on_with_what_the_agreement_lists_about_staff(tmp_path):
    roster = Roster(
        NUMBER, SCHEDULE,
        ("staff-local-id", "catalogue", Basis.SCHOOL_OFFICIAL),
        ("staff-name", "catalogue", Basis.SCHOOL_OFFICIAL),
        ("staff-class-dates", "catalogue", Basis.SCHOOL_OFFICIAL),
    )  # fmt: skip
    enrollments = [ENROLLMENTS, "E3,,,C1,S1,mr-t,teacher,true"]
    files, _ = roster.filter(tmp_path, {"users.csv": FILE, "enrollments.csv": enrollments})
    teacher = files["users.csv"][-1]
    assert (teacher["sourcedId"], teacher["givenName"]) == ("mr-t", "mr-t")
    assert teacher.get("agentSourcedIds", "") == ""
    assert teacher.get("email", "") == ""
    assert [row["sourcedId"] for row in files["enrollments.csv"]] == ["E3"]


def test_birth_dates_go_on_only_for_whom_they_are_permitted(tmp_path):
    roster = Roster(NUMBER, BIRTH)
    roster.say(roster.sam, "yes", BIRTH)
    demographics = ["sourcedId,birthDate,sex", "sam,2017-05-04,male", "tia,2018-01-01,female"]
    files, _ = roster.filter(tmp_path, {"users.csv": FILE, "demographics.csv": demographics})
    assert files["demographics.csv"] == [{"sourcedId": "sam", "birthDate": "2017-05-04"}]
    assert ("tia", "(whole record)", "unanswered") in why(tmp_path)


def test_oneroster_1_2_keeps_roles_in_a_file_of_their_own(tmp_path):
    roster = Roster(
        NUMBER, NAME, ("student-school", "catalogue", Basis.SCHOOL_OFFICIAL),
        PARENT_NUMBER, ("guardian-school", "catalogue", Basis.SCHOOL_OFFICIAL),
    )  # fmt: skip
    users = ["sourcedId,enabledUser,username,givenName,familyName,agentSourcedIds"]
    users += [f"{one},true,{one}.user,{one},Family,alice" for one in ("sam", "alice", "bob", "mr-t", "x")]
    roles = ["sourcedId,userSourcedId,roleType,role,orgSourcedId"]
    roles += ["R1,sam,primary,student,S1", "R2,alice,primary,parent,S1", "R3,mr-t,primary,teacher,S1"]
    manifest = ["propertyName,value", "oneroster.version,1.2", "file.users,bulk", "file.roles,bulk",
                "file.demographics,bulk", "file.lineItems,absent", "x.secret,1"]  # fmt: skip
    profiles = ["sourcedId,userSourcedId,username,password", "P1,sam,sam.user,hunter2"]
    files, report = roster.filter(
        tmp_path,
        {"users.csv": users, "roles.csv": roles, "userProfiles.csv": profiles, "manifest.csv": manifest},
    )
    assert [row["sourcedId"] for row in files["users.csv"]] == ["sam", "alice", "bob"]
    assert [row["sourcedId"] for row in files["roles.csv"]] == ["R1", "R2"]
    assert {row["propertyName"]: row["value"] for row in files["manifest.csv"]} == {
        "oneroster.version": "1.2",
        "file.users": "bulk",
        "file.roles": "bulk",
        "file.demographics": "absent",
        "file.lineItems": "absent",
    }
    assert report.files_removed == ["userProfiles.csv"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"orgs.csv": ["sourcedId"]}, "no users.csv"),
        ({"users.csv": ["givenName", "x"]}, "sourcedId"),
        ({"users.csv": [USERS, "sam,too,short"]}, "users.csv, line 2: 3 values, expected 19"),
        ({"users.csv": ["sourcedId,sourcedId", "a,b"]}, "twice"),
        ({"users.csv": [USERS, '"sam']}, "not readable"),
    ],
)
def test_a_broken_file_is_refused_with_its_line_and_nothing_is_written(tmp_path, files, words):
    roster = Roster(NUMBER)
    with pytest.raises(FilterRefused, match=words):
        roster.filter(tmp_path, files)
    assert {path.name for path in tmp_path.iterdir()} == {"in.zip"}


def test_an_agreement_not_in_force_and_a_file_that_is_no_zip_are_refused(tmp_path):
    roster = Roster(NUMBER)
    with pytest.raises(FilterRefused, match="no version"):
        roster.filter(tmp_path, today=f.TODAY - dt.timedelta(days=1))
    (tmp_path / "x.zip").write_text("no zip")
    with pytest.raises(FilterRefused, match="no zip file"):
        filter_roster(
            tmp_path / "x.zip",
            tmp_path / "out.zip",
            agreement=roster.agreement,
            agency=roster.district,
            today=f.TODAY,
        )
    assert not (tmp_path / "out.zip").exists()


def test_an_older_output_stays_when_a_new_run_is_refused(tmp_path):
    roster = Roster(NUMBER)
    (tmp_path / "out.zip").write_text("yesterday's")
    with pytest.raises(FilterRefused):
        roster.filter(tmp_path, {"users.csv": [USERS, user("sam"), "broken"]})
    assert (tmp_path / "out.zip").read_text() == "yesterday's"


def test_the_command_prints_the_totals_for_the_district(tmp_path):
    roster = Roster(NUMBER)
    err = io.StringIO()
    source, target = make_zip(tmp_path, {"users.csv": FILE}), tmp_path / "out.zip"
    call_command(
        "filter_roster", source, target, agreement=str(roster.agreement.public_id), as_of=f.TODAY, stderr=err
    )
    assert "users.csv: 2 rows kept, 4 left out" in err.getvalue()
    assert target.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("filter_roster", tmp_path / "no.zip", target, agreement=str(roster.agreement.public_id))


def test_a_state_agreement_needs_the_district_named(tmp_path):
    agreement = f.make_agreement(f.make_state())
    with pytest.raises(CommandError, match="--agency"):
        call_command("filter_roster", "x.zip", "y.zip", agreement=str(agreement.public_id))


def test_memory_does_not_grow_with_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr("consent.roster_filter.BATCH", 100)
    roster = Roster(NUMBER)
    peaks = []
    for number in (300, 6_000):
        files = {"users.csv": [USERS, *(user(f"n{n}") for n in range(number))]}
        path = make_zip(tmp_path, files)
        del files
        tracemalloc.start()
        filter_roster(
            path, tmp_path / "out.zip", agreement=roster.agreement, agency=roster.district, today=f.TODAY
        )
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 200_000  # bytes


@pytest.mark.real_inputs
def test_the_real_daybreak_export_keeps_who_and_what_is_permitted(tmp_path):
    load_columns_of_the_standard()
    then = dt.date(2013, 11, 21)
    load_roster(
        path=DAYBREAK,
        agency_code="IL-DAYBREAK",
        now=f.NOW,
        options=Options(as_of=then, create=True, demographics="demographics_min.csv"),
    )
    district = Student.objects.first().agency
    agreement = f.make_agreement(district, begins_on=then, ends_on=None)
    draft = f.make_draft(
        agreement,
        lines=[NUMBER, NAME, PARENT_NUMBER, PARENT_EMAIL],
        effective_from=then,
        sharing_starts_on=then,
    )
    freeze(draft)
    source = tmp_path / "daybreak.zip"
    with zipfile.ZipFile(source, "w") as made:
        for name in ("users.csv", "orgs.csv", "demographics_min.csv", "relations_extra.csv"):
            made.write(DAYBREAK / name, name)
    report = filter_roster(source, tmp_path / "out.zip", agreement=agreement, agency=district, today=then)
    files = read(tmp_path / "out.zip")
    users = {row["sourcedId"]: row for row in files["users.csv"]}
    original = {
        row["sourcedId"]: row for row in csv.DictReader((DAYBREAK / "users.csv").open(encoding="utf-8-sig"))
    }
    students = {key for key in users if original[key]["role"] == "student"}
    adults = set(users) - students
    assert len(students) == Student.objects.count() == 78
    entitled = set(
        Guardianship.objects.filter(rights="decides", holds=None, student__eligible_on__gt=then)
        .exclude(relation="self")
        .values_list("guardian__roster_id", flat=True)
    )
    assert adults == entitled
    assert set(files) == {"users.csv", "orgs.csv"}
    assert report.files_removed == ["demographics_min.csv", "relations_extra.csv"]
    assert {"password", "phone", "sms"}.isdisjoint(files["users.csv"][0])
    assert all(users[key]["familyName"] == original[key]["familyName"] for key in students)
    assert all(users[key]["familyName"] == "" for key in adults)
