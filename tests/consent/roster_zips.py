"""Small OneRoster zips, a district whose people stand in them, and what the filter made of them."""

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path

from consent.filtering.report import FilterReport
from consent.models import Guardian, Guardianship, Student
from consent.roster_filter import filter_roster
from districts.models import Basis, Crosswalk, DataElement
from tests import factories as f
from tests import needs
from tests.consent.answering import answer
from tests.consent.worlds import World

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


def load_columns_of_the_standard() -> None:
    """Load what the catalogue says of OneRoster columns, once a test."""
    if Crosswalk.objects.exists():
        return
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
        load_columns_of_the_standard()
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


def contents(path: Path) -> bytes:
    with zipfile.ZipFile(path) as made:
        return b"".join(made.read(name) for name in made.namelist())


ENROLLMENTS = "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary"
SHARED = {
    "orgs.csv": ["sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId,budget",
                 "S1,,,Cedar,school,,D1,9"],
    "classes.csv": ["sourcedId,title,classCode", "C1,Reading,R1"],
    "courses.csv": ["sourcedId,title", "K1,Reading"],
    "academicSessions.csv": ["sourcedId,title", "T1,Fall"],
}  # fmt: skip
