"""The roster filter passes on permitted children and columns, and what it leaves out tells no reason."""

import csv
import datetime as dt
import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from consent.filtering.report import FilterRefused, FilterReport
from consent.models import Guardian, Guardianship, Student
from consent.roster.load import Options, load_roster
from consent.roster_filter import filter_roster
from districts.models import Basis, Crosswalk, DataElement
from tests import factories as f
from tests import needs
from tests.consent.answering import answer, freeze
from tests.consent.test_permitted import World

pytestmark = pytest.mark.django_db

CROSSWALK = Path(__file__).parents[2] / "districts" / "catalogue" / "crosswalk.csv"
DAYBREAK = needs.REAL_INPUTS / "oneroster" / "inbloom_il_daybreak"

NUMBER = ("student-local-id", "catalogue", Basis.SCHOOL_OFFICIAL)
NAME = ("student-name", "catalogue", Basis.SCHOOL_OFFICIAL)
EMAIL = ("student-email", "catalogue", Basis.CONSENT)
BIRTH = ("student-birth-date", "catalogue", Basis.CONSENT)
SCHEDULE = ("student-schedule", "catalogue", Basis.SCHOOL_OFFICIAL)
PARENT_NUMBER = ("guardian-id", "catalogue", Basis.SCHOOL_OFFICIAL)
PARENT_EMAIL = ("guardian-email", "catalogue", Basis.SCHOOL_OFFICIAL)

USERS = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
    "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,shoeSize"
)


@pytest.fixture(autouse=True)
def columns_of_the_standard():
    """Load what the catalogue says of OneRoster columns."""
    for row in csv.DictReader(CROSSWALK.open(encoding="utf-8")):
        if row["scheme"] == "oneroster":
            subject = {"student": "student", "guardian": "family", "staff": "staff"}
            element, _ = DataElement.objects.get_or_create(
                code=row["element"],
                defaults={
                    "category": f.make_category("catalogue"),
                    "subject": subject[row["element"].split("-")[0]],
                    "sensitivity": "low",
                },
            )
            Crosswalk.objects.create(scheme="oneroster", identifier=row["identifier"], element=element)


def user(sourced_id: str, role: str = "student", agents: str = "", name: str = "") -> str:
    name = name or sourced_id
    return (
        f"{sourced_id},active,,true,S1,{role},{name}.user,,{name},Family,,{sourced_id},{name}@example.org,,,"
        f'"{agents}",03,hunter2,38'
    )


def make_zip(folder: Path, files: dict[str, list[str]], name: str = "in.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w") as made:
        for file, lines in files.items():
            made.writestr(file, "\n".join(lines) + "\n")
    return path


def read(path: Path) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(path) as made:
        return {name: list(csv.DictReader(io.StringIO(made.read(name).decode()))) for name in made.namelist()}


class Roster(World):
    """A district with Sam and Tia, their mother Alice and Sam's father Bob, whose ids stand in a file."""

    def __init__(self, *lines) -> None:
        super().__init__(*lines)
        self.tia = f.make_student(self.district, "Tia", school=self.school)
        Guardianship.objects.create(
            guardian=self.alice, student=self.tia, relation="mother", rights="decides"
        )
        for person, code in ((self.sam, "sam"), (self.tia, "tia"), (self.alice, "alice"), (self.bob, "bob")):
            type(person).objects.filter(pk=person.pk).update(roster_id=code)

    def say(self, student: Student, given: str, lines=EMAIL, decider: Guardian | None = None) -> None:
        answer(student, self.question(lines[1], lines[2]), decider or self.alice, given)

    def filter(
        self, folder: Path, files: dict[str, list[str]] | None = None, today: dt.date = f.TODAY
    ) -> tuple[dict[str, list[dict[str, str]]], FilterReport]:
        report = filter_roster(
            make_zip(folder, files or {"users.csv": FILE}),
            folder / "out.zip",
            agreement=self.agreement,
            agency=self.district,
            today=today,
            report_to=folder / "report.csv",
        )
        return read(folder / "out.zip"), report


FILE = [
    USERS,
    user("sam", agents="alice,bob,mr-t"),
    user("tia", agents="alice"),
    user("alice", "parent", agents="sam,tia"),
    user("bob", "parent", agents="sam"),
    user("stranger", agents="alice"),
    user("mr-t", "teacher", agents="sam"),
]


def why(folder: Path) -> set[tuple[str, str, str]]:
    rows = csv.DictReader((folder / "report.csv").open(encoding="utf-8", newline=""))
    return {(row["id"], row["column"], row["reason"]) for row in rows}


def test_only_permitted_children_and_columns_go_on(tmp_path):
    roster = Roster(NUMBER, NAME, EMAIL)
    roster.say(roster.tia, "yes")
    files, report = roster.filter(tmp_path)
    users = {row["sourcedId"]: row for row in files["users.csv"]}
    assert set(users) == {"sam", "tia"}
    assert list(users["sam"]) == [
        "sourcedId", "status", "dateLastModified", "role", "givenName", "familyName", "identifier", "email",
    ]  # fmt: skip
    assert (users["sam"]["givenName"], users["sam"]["email"]) == ("sam", "")
    assert users["tia"]["email"] == "tia@example.org"
    assert report.kept["users"] == 2


def test_the_district_learns_per_child_what_was_withheld_and_why(tmp_path):
    roster = Roster(NUMBER, NAME, EMAIL)
    roster.say(roster.tia, "no")
    roster.sam.enrollments.update(ended_on=f.TODAY)
    _, report = roster.filter(tmp_path)
    assert why(tmp_path) == {
        ("tia", "email", "no"),
        ("sam", "(whole record)", "out_of_scope"),
        ("stranger", "(whole record)", "unknown"),
        ("alice", "(whole record)", "not_a_decider"),
        ("bob", "(whole record)", "not_a_decider"),
        ("mr-t", "(whole record)", "not_in_agreement"),
    }
    assert report.unknown_columns == {"users": ["password", "shoeSize"]}
    assert "phone" in report.columns_removed["users"]
    words = "\n".join(report.as_words())
    assert "Sharing starts on" in words
    assert "shoeSize" in words


def test_a_column_nobody_may_have_is_gone_and_a_value_one_child_may_not_have_is_empty(tmp_path):
    roster = Roster(NUMBER, EMAIL)
    files, _ = roster.filter(tmp_path)
    assert "email" not in files["users.csv"][0]
    roster.say(roster.sam, "yes")
    files, _ = roster.filter(tmp_path)
    assert [row["email"] for row in files["users.csv"]] == ["sam@example.org", ""]


def test_passwords_are_never_passed_on_even_if_an_agreement_lists_them(tmp_path):
    roster = Roster(NUMBER, ("student-password", "catalogue", Basis.SCHOOL_OFFICIAL))
    roster.filter(tmp_path)
    assert b"hunter2" not in _contents(tmp_path / "out.zip")


def _contents(path: Path) -> bytes:
    with zipfile.ZipFile(path) as made:
        return b"".join(made.read(name) for name in made.namelist())


def test_without_the_students_number_in_the_agreement_no_child_goes_on(tmp_path):
    roster = Roster(NAME)
    files, _ = roster.filter(tmp_path)
    assert files["users.csv"] == []
    assert ("sam", "(whole record)", "not_in_agreement") in why(tmp_path)


def test_guardians_go_on_only_with_family_data_and_only_for_children_in_the_file(tmp_path):
    roster = Roster(NUMBER, PARENT_NUMBER, PARENT_EMAIL)
    files, _ = roster.filter(tmp_path)
    users = {row["sourcedId"]: row for row in files["users.csv"]}
    assert set(users) == {"sam", "tia", "alice", "bob"}
    assert users["alice"]["email"] == "alice@example.org"
    assert users["sam"]["email"] == ""  # the child's own address is not in the agreement
    assert users["sam"]["agentSourcedIds"] == "alice,bob"
    assert users["alice"]["agentSourcedIds"] == "sam,tia"
    roster.sam.enrollments.update(ended_on=f.TODAY)
    files, _ = roster.filter(tmp_path)
    users = {row["sourcedId"]: row for row in files["users.csv"]}
    assert set(users) == {"tia", "alice"}
    assert users["alice"]["agentSourcedIds"] == "tia"


def test_a_barred_adult_is_never_in_it_nor_linked(tmp_path):
    roster = Roster(NUMBER, PARENT_NUMBER, PARENT_EMAIL)
    f.make_hold(roster.bob, roster.sam)
    roster.filter(tmp_path)
    assert b"bob" not in _contents(tmp_path / "out.zip")


def test_an_adult_who_waits_for_review_is_not_in_it(tmp_path):
    roster = Roster(NUMBER, PARENT_NUMBER, PARENT_EMAIL)
    Guardianship.objects.filter(guardian=roster.bob).update(rights="review")
    roster.filter(tmp_path)
    assert b"bob" not in _contents(tmp_path / "out.zip")


def the_companys_bytes(folder: Path, what_happened: str) -> bytes:
    asked = ("student-local-id", "catalogue", Basis.CONSENT)
    roster = Roster(asked, NAME, EMAIL, PARENT_NUMBER)
    roster.say(roster.tia, "yes", asked)
    if what_happened == "no":
        roster.say(roster.sam, "no", asked)
    elif what_happened == "barred":
        roster.say(roster.sam, "yes", asked, roster.bob)
        f.make_hold(roster.bob, roster.sam)
    elif what_happened == "out of scope":
        roster.sam.enrollments.update(ended_on=f.TODAY)
    elif what_happened == "unknown":
        Student.objects.filter(pk=roster.sam.pk).update(roster_id="somebody else")
    roster.filter(folder)
    return (folder / "out.zip").read_bytes()


@pytest.mark.parametrize("what_happened", ["no", "barred", "out of scope", "unknown"])
def test_the_companys_file_is_the_same_bytes_whatever_the_reason(tmp_path, what_happened):
    with transaction.atomic():  # the yardstick: nobody answered about Sam
        silent = the_companys_bytes(tmp_path, "silent")
        transaction.set_rollback(True)
    assert the_companys_bytes(tmp_path, what_happened) == silent
    assert b"tia" in _contents(tmp_path / "out.zip")


ENROLLMENTS = "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary"
SHARED = {
    "orgs.csv": ["sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId,budget",
                 "S1,,,Cedar,school,,D1,9"],
    "classes.csv": ["sourcedId,title,classCode", "C1,Reading,R1"],
    "courses.csv": ["sourcedId,title", "K1,Reading"],
    "academicSessions.csv": ["sourcedId,title", "T1,Fall"],
}  # fmt: skip


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
    then = dt.date(2013, 11, 21)
    load_roster(
        path=DAYBREAK,
        agency_code="IL-DAYBREAK",
        now=f.NOW,
        options=Options(as_of=then, create=True, demographics="demographics_min.csv"),
    )
    district = Student.objects.first().agency
    agreement = f.make_agreement(district, begins_on=then, ends_on=None)
    draft = f.make_draft(agreement, lines=[NUMBER, NAME, PARENT_NUMBER, PARENT_EMAIL], effective_from=then)
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
