"""Reads the files of OneRoster 1.1 and 1.2: orgs, users, roles, enrollments, demographics.

1.1 keeps the role in users.csv, 1.2 in roles.csv; both are read where they stand. Microsoft SDS 2.1 uses
the same names with fewer columns, see sds.py for what is its own.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from . import cells
from .addresses import read_address
from .context import Reading
from .reading import Table

MANIFEST = "manifest.csv"
ORGS = "orgs.csv"
USERS = "users.csv"
ROLES = "roles.csv"
ENROLLMENTS = "enrollments.csv"
DEMOGRAPHICS = "demographics.csv"

LONGEST_NAME = 120
LONGEST_GRADE = 8
OLDEST = dt.date(1900, 1, 1)

STUDENT = "student"
GUARDIAN_ROLES = frozenset({"parent", "guardian", "relative"})

USER_OTHERS = frozenset(
    [
        "dateLastModified",
        "enabledUser",
        "username",
        "userIds",
        "middleName",
        "identifier",
        "sms",
        "phone",
        "password",
        "userMasterIdentifier",
        "resourceSourcedIds",
        "preferredMiddleName",
        "preferredFamilyName",
        "preferredLastName",
        "primaryOrgSourcedId",
        "pronouns",
        "activeDirectoryMatchId",
    ]
)


class Org(NamedTuple):
    """A state, district or school of orgs.csv."""

    line: int
    id: str
    gone: bool
    name: str
    kind: str
    identifier: str
    parent: str


class UserRow(NamedTuple):
    """A person of users.csv; roles, orgs and links as they stand there."""

    line: int
    id: str
    gone: bool
    given_name: str
    family_name: str
    shown_name: str
    email: str | None
    email_problem: str
    grade: str
    roles: list[str]
    orgs: list[str]
    agents: list[str]


class RoleRow(NamedTuple):
    """One role of one person, at one school."""

    line: int
    user: str
    role: str
    org: str
    grade: str


class EnrollmentRow(NamedTuple):
    """A student in a class of a school."""

    line: int
    user: str
    school: str


class BirthRow(NamedTuple):
    """A birth date."""

    line: int
    id: str
    day: dt.date


def refuse_changes_only(reading: Reading) -> None:
    """Refuse an export of changes: read as a full one it would end everybody who did not change."""
    if MANIFEST not in reading.source:
        return
    read_here = {f"file.{name.removesuffix('.csv')}" for name in (ORGS, USERS, ROLES, ENROLLMENTS)}
    for line, (name, value) in reading.rows(Table(MANIFEST, ("propertyName", "value"))):
        if name in read_here and (value or "").lower() == "delta":
            reading.refusals.stop(MANIFEST, line, "value", value or "", _("bulk: a full export"))


def read_orgs(reading: Reading) -> Iterator[Org]:
    """Return the organisations."""
    optional = ("identifier", "parentSourcedId", "status")
    others = frozenset({"dateLastModified"})
    for line, row in reading.rows(Table(ORGS, ("sourcedId", "name", "type"), optional, others)):
        id_, name, kind, identifier, parent, status = row
        if not reading.check_id(ORGS, line, "sourcedId", id_):
            continue
        if not name:
            reading.refuse(ORGS, line, "name", "", _("a name"))
        gone = reading.is_gone(ORGS, line, status)
        yield Org(line, id_ or "", gone, name or "", (kind or "").lower(), identifier or "", parent or "")


def users_table(*, roles_elsewhere: bool, is_sds: bool) -> Table:
    """Return the columns users.csv must and may have in the format at hand."""
    links = ("email", "agentSourcedIds", "grades")
    placed = ("role", "orgSourcedIds")
    required = ["sourcedId", "givenName", "familyName"]
    optional = ["status", "preferredGivenName", "preferredFirstName"]
    optional += ["identifier", "username", "userIds", "userMasterIdentifier"]
    (optional if roles_elsewhere else required).extend(placed)
    (optional if is_sds else required).extend(links)
    return Table(USERS, tuple(required), tuple(optional), USER_OTHERS)


def read_users(reading: Reading, table: Table) -> Iterator[UserRow]:
    """Return the people. Looks at all their ids for Social Security numbers, keeps only sourcedId."""
    for line, row in reading.rows(table):
        cell = dict(zip(table.columns, row, strict=True))
        id_ = cell["sourcedId"]
        if not reading.check_id(USERS, line, "sourcedId", id_):
            continue
        for column in ("identifier", "username", "userMasterIdentifier"):
            reading.look_at_id(USERS, line, column, cell[column])
        for part in cells.read_list((cell["userIds"] or "").strip("{}"), ",;{}"):
            reading.look_at_id(USERS, line, "userIds", part.rpartition(":")[2].strip())
        agents = cells.read_list(cell["agentSourcedIds"])
        for agent in agents:
            reading.look_at_id(USERS, line, "agentSourcedIds", agent)

        given, family = cell["givenName"] or "", cell["familyName"] or ""
        shown = cell["preferredGivenName"] or cell["preferredFirstName"] or given or family
        for column, name in (("givenName", given), ("familyName", family), ("givenName", shown)):
            reading.check_length(USERS, line, column, name, LONGEST_NAME)
        if not shown:
            reading.refuse(USERS, line, "givenName", "", _("a name"))
        grades = cells.read_list(cell["grades"])
        grade = grades[0] if grades else ""
        reading.check_length(USERS, line, "grades", grade, LONGEST_GRADE)
        email, problem = (None, "") if cell["email"] is None else read_address(cell["email"])
        yield UserRow(
            line,
            id_ or "",
            reading.is_gone(USERS, line, cell["status"]),
            given,
            family,
            shown,
            email,
            problem,
            grade,
            [cell["role"].lower()] if cell["role"] else [],
            cells.read_list(cell["orgSourcedIds"]),
            agents,
        )


def read_roles(reading: Reading) -> Iterator[RoleRow]:
    """Return the roles that hold on the day of the load."""
    others = frozenset(
        ["sourcedId", "dateLastModified", "roleType", "userProfileSourcedId", "sessionSourcedId", "isPrimary"]
    )
    dates = ("beginDate", "endDate", "roleStartDate", "roleEndDate")
    table = Table(ROLES, ("userSourcedId", "role", "orgSourcedId"), ("status", "grade", *dates), others)
    for line, row in reading.rows(table):
        user, role, org, status, grade, *days = row
        begin = reading.date(ROLES, line, "beginDate", days[0] or days[2])
        end = reading.date(ROLES, line, "endDate", days[1] or days[3])
        reading.check_length(ROLES, line, "grade", grade or "", LONGEST_GRADE)
        if not reading.check_id(ROLES, line, "userSourcedId", user):
            continue
        if not reading.is_gone(ROLES, line, status) and reading.holds(begin, end):
            yield RoleRow(line, user or "", (role or "").lower(), org or "", grade or "")


def read_enrollments(reading: Reading) -> Iterator[EnrollmentRow]:
    """Return the students' places in classes on the day of the load."""
    others = frozenset(["sourcedId", "dateLastModified", "classSourcedId", "primary"])
    required = ("schoolSourcedId", "userSourcedId", "role")
    table = Table(ENROLLMENTS, required, ("status", "beginDate", "endDate"), others)
    for line, row in reading.rows(table):
        school, user, role, status, begins, ends = row
        if (role or "").lower() != STUDENT:
            continue
        begin = reading.date(ENROLLMENTS, line, "beginDate", begins)
        end = reading.date(ENROLLMENTS, line, "endDate", ends)
        if not reading.check_id(ENROLLMENTS, line, "userSourcedId", user):
            continue
        if not reading.is_gone(ENROLLMENTS, line, status) and reading.holds(begin, end):
            yield EnrollmentRow(line, user or "", school or "")


def read_demographics(reading: Reading) -> Iterator[BirthRow]:
    """Return the birth dates, and nothing else of demographics.csv."""
    key = "userSourcedId" if reading.is_sds else "sourcedId"
    others = frozenset(
        [
            "dateLastModified",
            "sex",
            "hispanicOrLatinoEthnicity",
            "americanIndianOrAlaskaNative",
            "asian",
            "white",
            "blackOrAfricanAmerican",
            "nativeHawaiianOrOtherPacificIslander",
            "demographicRaceTwoOrMoreRaces",
            "countryOfBirthCode",
            "stateOfBirthAbbreviation",
            "cityOfBirth",
            "publicSchoolResidenceStatus",
            "birthCity",
            "birthState",
            "birthCountry",
            "ethnicityCodes",
            "raceCodes",
        ]
    )
    table = Table(DEMOGRAPHICS, (key, "birthDate"), ("status",), others)
    for line, (id_, birth, status) in reading.rows(table):
        if not reading.check_id(DEMOGRAPHICS, line, key, id_):
            continue
        day = reading.date(DEMOGRAPHICS, line, "birthDate", birth)
        if day is None or reading.is_gone(DEMOGRAPHICS, line, status):
            continue
        if OLDEST <= day <= reading.as_of:
            yield BirthRow(line, id_ or "", day)
        else:
            reading.refuse(
                DEMOGRAPHICS, line, "birthDate", birth or "", _("a day between 1900 and the day of the load")
            )
