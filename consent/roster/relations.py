"""Reads the supplement relations_extra.csv: relation, who is contacted first, who may have no contact.

    studentSourcedId,parentSourcedId,relation,primaryContact,livesWith,contactRestrictions
    and, where a district has them: language, postalAddress, safeAddress, programs

One row per child and adult. An empty parentSourcedId means the student: a row for the programs of a child
without adults, or for the address and language of an adult student. `programs` is a list by semicolon or
comma and complete where the column exists. An empty language or postalAddress says nothing and keeps what is
there; `safeAddress` true (the family's address is protected) is only taken back by an explicit false.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from . import cells
from .context import Reading
from .reading import Table

SUPPLEMENT = "relations_extra.csv"
LONGEST_LANGUAGE = 8
LONGEST_PROGRAM = 60
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,4})?")

# Words of rosters (OneRoster, Ed-Fi and SIS exports, English and Spanish) -> Guardianship.Relation.
# What is not here is "other" and waits for review; staff see the words.
RELATIONS: dict[str, str] = {
    word: relation
    for relation, words in {
        "mother": "mother|mom|birth mother|biological mother|natural mother|adoptive mother|mother adoptive"
        "|mother natural adoptive|madre|mama|mamá",
        "father": "father|dad|birth father|biological father|natural father|adoptive father|father adoptive"
        "|father natural adoptive|padre|papa|papá",
        "parent": "parent|birth parent|biological parent|natural parent|adoptive parent|custodial parent",
        "guardian": "guardian|legal guardian|court appointed guardian|permanent guardian|tutor legal"
        "|tutora legal|guardián|guardian legal",
        "foster_parent": "foster parent|foster mother|foster father|mother foster|father foster"
        "|parent foster|madre de crianza|padre de crianza|madre de acogida|padre de acogida",
        "stepparent": "stepparent|step parent|stepmother|step mother|stepmom|stepfather|step father|stepdad"
        "|mother step|father step|madrastra|padrastro",
        "grandparent": "grandparent|grand parent|grandmother|grandma|grandfather|grandpa|great grandparent"
        "|great grandmother|great grandfather|abuela|abuelo",
        "relative": "relative|other relative|aunt|uncle|great aunt|great uncle|brother|sister|sibling"
        "|half brother|half sister|stepbrother|stepsister|cousin|niece|nephew|family member"
        "|tia|tía|tio|tío|hermano|hermana|primo|prima|familiar|pariente",
        "other": "other|otro|otra",
    }.items()
    for word in words.split("|")
}

# What people write into a column for restrictions when there is none. Everything else in it is a bar
# (design: a barred adult learns nothing): a word too many on hold costs staff a look, one too few a child.
HARMLESS = frozenset(
    [
        "none",
        "no",
        "n",
        "na",
        "n/a",
        "n.a.",
        "nil",
        "null",
        "false",
        "0",
        "-",
        "--",
        ".",
        "ok",
        "unrestricted",
        "no restriction",
        "no restrictions",
        "no contact restriction",
        "no contact restrictions",
        "none on file",
        "none known",
        "not restricted",
        "contact allowed",
        "full contact",
        "may contact",
        "can contact",
        "ninguna",
        "ninguno",
        "sin restricciones",
        "sin restricción",
    ]
)


class ExtraRow(NamedTuple):
    """One row of the supplement; None where the file says nothing."""

    line: int
    student: str
    person: str
    relation: str
    word: str
    is_primary: bool
    restriction: str
    language: str
    postal_address: str
    safe_address: bool | None
    programs: list[str]


def read_relation(word: str) -> str:
    """Return the relation a roster's word names, "other" for an unknown one, "" for none."""
    plain = _plain(word)
    return RELATIONS.get(plain, "other") if plain else ""


def is_known_relation(word: str) -> bool:
    """Return whether the table has a word."""
    return _plain(word) in RELATIONS


def read_restriction(text: str) -> str:
    """Return the text of a contact restriction, "" if it says that there is none.

    "NO CONTACT ALLOWED", "Yes", "see court order" and words nobody foresaw are restrictions.
    """
    tidy = " ".join(text.split())
    return "" if tidy.lower().rstrip(".!") in HARMLESS or tidy.lower() in HARMLESS else tidy


def read_extras(reading: Reading) -> Iterator[ExtraRow]:
    """Return the rows of the supplement."""
    table = Table(
        SUPPLEMENT,
        ("studentSourcedId", "parentSourcedId", "relation", "primaryContact", "contactRestrictions"),
        ("language", "postalAddress", "safeAddress", "programs"),
        frozenset({"livesWith"}),
    )
    for line, row in reading.rows(table):
        student, person, word, primary, restriction, language, address, safe, programs = (
            cell or "" for cell in row
        )
        if not reading.check_id(SUPPLEMENT, line, "studentSourcedId", student):
            continue
        restriction = read_restriction(restriction)
        if person:
            reading.check_id(SUPPLEMENT, line, "parentSourcedId", person)
        elif restriction:
            reading.refuse(SUPPLEMENT, line, "parentSourcedId", "", _("the id of the restricted adult"))
        listed = sorted(cells.read_list(programs, ";,"))
        for program in listed:
            reading.check_length(SUPPLEMENT, line, "programs", program, LONGEST_PROGRAM)
        yield ExtraRow(
            line,
            student,
            person,
            read_relation(word),
            word if word and not is_known_relation(word) else "",
            bool(reading.yes(SUPPLEMENT, line, "primaryContact", primary)),
            restriction,
            _read_language(reading, line, language),
            address,
            reading.yes(SUPPLEMENT, line, "safeAddress", safe),
            listed,
        )


def _read_language(reading: Reading, line: int, cell: str) -> str:
    """Return a language tag in lower case ("es", "pt-br")."""
    tag = cell.lower().replace("_", "-")
    if tag and not (LANGUAGE.fullmatch(tag) and len(tag) <= LONGEST_LANGUAGE):
        reading.refuse(SUPPLEMENT, line, "language", cell, _("a language code such as en or es"))
        return ""
    return tag


def _plain(word: str) -> str:
    """Return a word in lower case, with single spaces for hyphens, commas, slashes, brackets."""
    return " ".join(re.sub(r"[-_,/()\[\].]", " ", word.lower()).split())
