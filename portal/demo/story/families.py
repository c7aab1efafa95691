"""Invented families, written as a district's roster export, so that the demo uses the real importer."""

import csv
import datetime as dt
import itertools
from dataclasses import dataclass, field
from pathlib import Path

SCHOOLS = {
    "cedar-valley": [
        ("CR", "Cedar Ridge School"),
        ("CM", "Cedar Valley Middle School"),
        ("CH", "Cedar Valley High School"),
    ],
    "millbrook": [("MB", "Millbrook School")],
}


@dataclass(frozen=True)
class Child:
    roster_id: str
    given: str
    family: str
    school: str
    grade: str
    years_old: int
    email: str = ""
    programs: str = ""


@dataclass(frozen=True)
class Adult:
    roster_id: str
    given: str
    family: str
    email: str = ""
    language: str = "en"
    postal: str = ""
    ties: tuple[tuple[str, str, str], ...] = field(default=())  # child id, relation, restriction


CHILDREN = (
    Child("1001", "Mateo", "Moreno", "CR", "03", 8),
    Child("1002", "Lucía", "Moreno", "CM", "07", 12),
    Child("1003", "Noah", "Hale", "CR", "04", 9),
    Child("1004", "Ellis", "Carter", "CH", "12", 18, email="ellis@example.org"),
    Child("1005", "Pablo", "Jimenez", "CR", "02", 7),
    Child("1006", "Amina", "Diallo", "CM", "06", 11),
    Child("1007", "Kofi", "Mensah", "CH", "11", 16),
)
ADULTS = (
    Adult(
        "2001",
        "Alice",
        "Moreno",
        "alice@example.org",
        "en",
        ties=(("1001", "Mother", ""), ("1002", "Mother", "")),
    ),
    Adult(
        "2002",
        "Bob",
        "Moreno",
        "bob@example.org",
        "es",
        ties=(("1001", "Father", ""), ("1002", "Father", "")),
    ),
    Adult("2003", "Grace", "Hale", "grace@example.org", "en", ties=(("1003", "Mother", ""),)),
    Adult(
        "2004", "Victor", "Hale", "victor@example.org", "en", ties=(("1003", "Father", "NO CONTACT ALLOWED"),)
    ),
    Adult(
        "2005",
        "Rosa",
        "Jimenez",
        "",
        "es",
        "31 River Street, Cedar Valley, IL 61301",
        ties=(("1005", "Mother", ""),),
    ),
    Adult("2006", "Fatou", "Diallo", "fatou@example.org", "en", ties=(("1006", "Mother", ""),)),
    Adult("2007", "Nana", "Mensah", "nana@example.org", "en", ties=(("1007", "Grandparent", ""),)),
)
MILLBROOK_CHILDREN = (
    Child("5001", "Tia", "Brooks", "MB", "02", 7, programs="speech"),
    Child("5002", "Omar", "Brooks", "MB", "05", 10),
)
MILLBROOK_ADULTS = (
    Adult(
        "6001",
        "Carol",
        "Brooks",
        "carol@example.org",
        "en",
        ties=(("5001", "Mother", ""), ("5002", "Mother", "")),
    ),
)

_GIVEN = [
    "Ava",
    "Liam",
    "Zoe",
    "Ethan",
    "Mia",
    "Owen",
    "Ruth",
    "Ivan",
    "Leila",
    "Samuel",
    "Nora",
    "Hugo",
    "Ines",
    "Theo",
]
_FAMILY = [
    "Abbott",
    "Baker",
    "Castillo",
    "Dunn",
    "Evans",
    "Flores",
    "Grant",
    "Huang",
    "Ibrahim",
    "Jensen",
    "Kim",
]


def neighbours() -> tuple[list[Child], list[Adult]]:
    """Return the other families of Cedar Valley: 66 children, so that the figures look like a district's."""
    children, adults = [], []
    pairs = itertools.islice(itertools.product(_FAMILY, range(6)), 66)
    for n, (family, k) in enumerate(pairs):
        grade = n % 12 + 1
        school = "CR" if grade <= 5 else "CM" if grade <= 8 else "CH"
        child = Child(f"11{n:02d}", _GIVEN[n % len(_GIVEN)], family, school, f"{grade:02d}", grade + 5)
        children.append(child)
        if k == 5:
            continue  # a child with nobody to tell
        mail = "" if n % 11 == 0 else f"parent{n}@example.org"
        language = "es" if n % 4 == 0 else "en"
        adults.append(
            Adult(f"21{n:02d}", "Sam", family, mail, language, ties=((child.roster_id, "Parent", ""),))
        )
    return children, adults


def write_roster(folder: Path, agency: str, today: dt.date) -> None:
    """Write the OneRoster 1.1 files of an agency, with the documented supplement, into a folder."""
    if agency == "millbrook":
        children, adults = list(MILLBROOK_CHILDREN), list(MILLBROOK_ADULTS)
    else:
        others = neighbours()
        children, adults = [*CHILDREN, *others[0]], [*ADULTS, *others[1]]
    _write(
        folder / "orgs.csv",
        ["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"],
        [[agency, "", "", agency, "district", agency, ""]]
        + [[code, "", "", name, "school", code, agency] for code, name in SCHOOLS[agency]],
    )
    _write(
        folder / "users.csv",
        [
            "sourcedId",
            "status",
            "dateLastModified",
            "enabledUser",
            "orgSourcedIds",
            "role",
            "username",
            "userIds",
            "givenName",
            "familyName",
            "middleName",
            "identifier",
            "email",
            "sms",
            "phone",
            "agentSourcedIds",
            "grades",
            "password",
        ],
        [_user(c.roster_id, "student", c.given, c.family, c.school, c.email, c.grade) for c in children]
        + [
            _user(a.roster_id, "parent", a.given, a.family, _school_of(a, children), a.email, "")
            for a in adults
        ],
    )
    _write(
        folder / "demographics.csv",
        ["sourcedId", "status", "dateLastModified", "birthDate", "sex"],
        [[c.roster_id, "", "", _birthday(c, today).isoformat(), ""] for c in children],
    )
    programs = {c.roster_id: c.programs for c in children}
    _write(
        folder / "relations_extra.csv",
        [
            "studentSourcedId",
            "parentSourcedId",
            "relation",
            "primaryContact",
            "livesWith",
            "contactRestrictions",
            "language",
            "postalAddress",
            "programs",
        ],
        [
            [child, a.roster_id, relation, "", "", restriction, a.language, a.postal, programs[child]]
            for a in adults
            for child, relation, restriction in a.ties
        ],
    )


def _user(
    roster_id: str, role: str, given: str, family: str, school: str, email: str, grade: str
) -> list[str]:
    return [
        roster_id,
        "",
        "",
        "true",
        school,
        role,
        "",
        "",
        given,
        family,
        "",
        roster_id,
        email,
        "",
        "",
        "",
        grade,
        "",
    ]


def _school_of(adult: Adult, children: list[Child]) -> str:
    tied = {child for child, _relation, _restriction in adult.ties}
    return ",".join(sorted({c.school for c in children if c.roster_id in tied}))


def _birthday(child: Child, today: dt.date) -> dt.date:
    """Return a birth date that makes the child as old as the story says, some months ago."""
    return dt.date(today.year - child.years_old, 1, 1 + int(child.roster_id) % 28)


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(rows)
