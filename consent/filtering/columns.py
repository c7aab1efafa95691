"""Which columns of a roster export there are, whom they are about, and which data each one is. Pure.

The crosswalk of the catalogue says which element a column is. A column it does not name is passed on only if
it is structure (ids of rows, dates of change); everything else unknown stays with the district.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

SCHEME = "oneroster"


class Kind(StrEnum):
    """Whom a row is about; the words of the crosswalk, as in `users[student].email`."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    STAFF = "staff"


# File name without ending -> the column that holds the person's id, and whom the rows can be about.
PERSON_FILES: dict[str, tuple[str, tuple[Kind, ...]]] = {
    "users": ("sourcedId", (Kind.STUDENT, Kind.GUARDIAN, Kind.STAFF)),
    "demographics": ("sourcedId", (Kind.STUDENT,)),
    "enrollments": ("userSourcedId", (Kind.STUDENT, Kind.STAFF)),
    "roles": ("userSourcedId", (Kind.STUDENT, Kind.GUARDIAN, Kind.STAFF)),
    "userProfiles": ("userSourcedId", (Kind.STUDENT, Kind.GUARDIAN, Kind.STAFF)),
    "results": ("studentSourcedId", (Kind.STUDENT,)),
    "assessmentResults": ("studentSourcedId", (Kind.STUDENT,)),
}

# A row without one of these says nothing: it is left out where the column may not be shared.
NEEDED = {
    "enrollments": "classSourcedId",
    "roles": "orgSourcedId",
    "userProfiles": "username",
    "results": "lineItemSourcedId",
    "assessmentResults": "assessmentLineItemSourcedId",
}

# Files about no person, with the columns the standard knows (1EdTech OneRoster 1.1 and 1.2).
_ROW = ("sourcedId", "status", "dateLastModified")
SHARED_FILES: dict[str, tuple[str, ...]] = {
    "orgs": (*_ROW, "name", "type", "identifier", "parentSourcedId"),
    "academicSessions": (
        *_ROW, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear",
    ),
    "courses": (
        *_ROW, "schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects",
        "subjectCodes",
    ),
    "classes": (
        *_ROW, "title", "grades", "courseSourcedId", "classCode", "classType", "location",
        "schoolSourcedId", "termSourcedIds", "subjects", "subjectCodes", "periods",
    ),
}  # fmt: skip

STRUCTURE = frozenset(_ROW)
STRUCTURE_OF = {"users": frozenset({"role"}), "roles": frozenset({"role", "roleType"})}
LINKS = "agentSourcedIds"

_GUARDIAN_ROLES = frozenset({"parent", "guardian", "relative"})
_STAFF_ROLES = frozenset(
    {
        "administrator", "aide", "counselor", "districtadministrator", "principal", "proctor",
        "siteadministrator", "systemadministrator", "teacher",
    }
)  # fmt: skip


def kind_of_role(role: str) -> Kind | None:
    """Return whom a role of the standard stands for; None for one that is not known."""
    role = role.strip().lower()
    if role == "student":
        return Kind.STUDENT
    if role in _GUARDIAN_ROLES:
        return Kind.GUARDIAN
    return Kind.STAFF if role in _STAFF_ROLES else None


def is_password(column: str) -> bool:
    """Tell whether a column holds a password; those are never read on."""
    return "password" in column.lower()


@dataclass(frozen=True)
class Layout:
    """What the columns of one person file mean: structure, or an element per kind of person."""

    file: str
    header: tuple[str, ...]
    id_at: int
    structure: frozenset[int]
    element_at: Mapping[Kind, Mapping[int, int]]  # kind -> position -> meaning of the element
    unknown: tuple[str, ...]

    def required(self, kind: Kind) -> list[int | None]:
        """Return the elements without which a record has no place in the file; None is never permitted.

        First the person's id, then what the record is about (of an enrollment, the class).
        """
        positions = [self.id_at]
        if NEEDED.get(self.file) in self.header:
            positions.append(self.header.index(NEEDED[self.file]))
        return [self.element_at[kind].get(at) for at in positions]

    def others(self, kind: Kind) -> list[int]:
        """Return the elements of the other columns."""
        return [element for at, element in self.element_at[kind].items() if at != self.id_at]


def layout_of(file: str, header: Collection[str], crosswalk: Mapping[str, int]) -> Layout:
    """Return what the columns of a person file mean; `crosswalk` maps identifiers to meanings.

    Raises KeyError if the column with the person's id is missing.
    """
    id_column, kinds = PERSON_FILES[file]
    header = tuple(header)
    if id_column not in header:
        raise KeyError(id_column)
    readable = [(at, column) for at, column in enumerate(header) if not is_password(column)]
    element_at = {}
    for kind in kinds:
        found = {}
        for at, column in readable:
            meaning = crosswalk.get(f"{file}[{kind}].{column}", crosswalk.get(f"{file}.{column}"))
            if meaning is not None:
                found[at] = meaning
        element_at[kind] = found
    mapped = {at for found in element_at.values() for at in found}
    structure = {at for at, column in readable if column in STRUCTURE | STRUCTURE_OF.get(file, frozenset())}
    return Layout(
        file=file,
        header=header,
        id_at=header.index(id_column),
        structure=frozenset(structure),
        element_at=element_at,
        unknown=tuple(column for at, column in enumerate(header) if at not in mapped | structure),
    )
