"""Plain functions that write small roster exports, as a district's student information system would."""

import csv
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from consent.models import Enrollment, Guardianship, Student
from consent.roster.load import Options, load_roster
from consent.roster.report import RosterRefused, RosterReport
from districts.models import Agency
from tests import factories as f

Row = dict[str, str]

ORGS_1_1 = ["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"]
_BEGIN = ["sourcedId", "status", "dateLastModified", "enabledUser"]
_NAMES = ["username", "userIds", "givenName", "familyName", "middleName", "identifier"]
_REST = ["email", "sms", "phone", "agentSourcedIds", "grades", "password"]
USERS_1_1 = [*_BEGIN, "orgSourcedIds", "role", *_NAMES, *_REST]
_PREFERRED = ["preferredGivenName", "preferredMiddleName", "preferredFamilyName"]
_LAST = ["userMasterIdentifier", "resourceSourcedIds", *_PREFERRED, "primaryOrgSourcedId", "pronouns"]
USERS_1_2 = [*_BEGIN, *_NAMES, *_REST, *_LAST]
_ROW = ["sourcedId", "status", "dateLastModified"]
_ROLE = ["userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId"]
ROLES_1_2 = [*_ROW, *_ROLE, "userProfileSourcedId"]
_SEAT = ["classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"]
ENROLLMENTS = [*_ROW, *_SEAT]
DEMOGRAPHICS = [*_ROW, "birthDate", "sex"]
_RIGHTS = ["relation", "primaryContact", "livesWith", "contactRestrictions"]
EXTRA = ["studentSourcedId", "parentSourcedId", *_RIGHTS]

PASSWORD = "Tr0ub4dor-and-3"


def write(
    folder: Path, name: str, rows: Iterable[Row], header: Sequence[str] = (), bom: bool = False
) -> Path:
    """Write one CSV file; the header is that of the rows unless given."""
    rows = list(rows)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    with path.open("w", newline="", encoding="utf-8-sig" if bom else "utf-8") as stream:
        writer = csv.DictWriter(stream, list(header) or list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def org(id: str = "S1", type: str = "school", **cells: str) -> Row:
    return {"sourcedId": id, "name": f"{type.title()} {id}", "type": type, **cells}


def district_orgs(*schools: str) -> list[Row]:
    """Return a state, a district and its schools."""
    return [
        org("IL", "state", name="Illinois State Board", identifier="IL"),
        org("CV", "district", name="Cedar Valley Schools", identifier="1700001", parentSourcedId="IL"),
        *[org(school, parentSourcedId="CV") for school in schools or ("S1",)],
    ]


def person(id: str, role: str, name: str = "", **cells: str) -> Row:
    """Return a row of users.csv; everybody has a password, as in bad exports."""
    return {
        "sourcedId": id,
        "role": role,
        "enabledUser": "true",
        "username": f"user-{id}",
        "givenName": name or id.title(),
        "familyName": "Doe",
        "password": PASSWORD,
        **cells,
    }


def student(id: str = "sam", school: str = "S1", grades: str = "03", **cells: str) -> Row:
    return person(id, "student", **{"orgSourcedIds": school, "grades": grades, **cells})


def adult(id: str, of: str = "sam", role: str = "parent", **cells: str) -> Row:
    return person(id, role, **{"agentSourcedIds": of, "email": f"{id}@example.org", **cells})


def extra(student: str = "sam", adult: str = "alice", relation: str = "", **cells: str) -> Row:
    return {"studentSourcedId": student, "parentSourcedId": adult, "relation": relation, **cells}


def write_roster(
    folder: Path,
    users: Iterable[Row],
    orgs: Iterable[Row] = (),
    extras: Iterable[Row] = (),
    births: dict[str, str] | None = None,
    enrollments: Iterable[Row] = (),
    extra_columns: Sequence[str] = (),
) -> Path:
    """Write a OneRoster 1.1 folder; files without rows are left out."""
    write(folder, "orgs.csv", list(orgs) or district_orgs(), ORGS_1_1)
    write(folder, "users.csv", users, USERS_1_1)
    if extras := list(extras):
        write(folder, "relations_extra.csv", extras, [*EXTRA, *extra_columns])
    if births:
        rows = [{"sourcedId": id, "birthDate": day, "sex": "female"} for id, day in births.items()]
        write(folder, "demographics.csv", rows, DEMOGRAPHICS)
    if enrollments := list(enrollments):
        write(folder, "enrollments.csv", enrollments, ENROLLMENTS)
    return folder


def zipped(folder: Path, inside: str = "") -> Path:
    """Return a zip of a folder's files, put into a folder inside the zip if wished."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"{inside}{file.name}")
    return path


def cedar_valley(**fields: object) -> Agency:
    """Make the district the small files are about."""
    return f.make_district("Cedar Valley Schools", slug="cedar-valley", **{"nces_id": "1700001", **fields})


def load(path: Path, agency: Agency | None = None, **options: object) -> RosterReport:
    """Load a roster as of the tests' day, unless told otherwise."""
    code = agency.slug if agency else "cedar-valley"
    choices = Options(**{"as_of": f.TODAY, **options})
    return load_roster(path=path, agency_code=code, now=f.NOW, options=choices)


def refusal_of(path: Path, **options: object) -> str:
    """Load a roster that must be refused and return the words of the first refusal."""
    try:
        load(path, **options)
    except RosterRefused as refused:
        assert not Student.objects.exists(), "a refused file leaves nothing behind"
        return str(refused.refusals[0])
    raise AssertionError("the roster was not refused")


def tie(guardian: str, of: str = "sam") -> Guardianship:
    return Guardianship.objects.get(guardian__roster_id=guardian, student__roster_id=of)


def seat(of: str = "sam", school: str = "S1") -> Enrollment:
    return Enrollment.objects.get(student__roster_id=of, school__roster_id=school)
