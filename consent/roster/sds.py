"""Reads relationships.csv of Microsoft School Data Sync 2.1: who is whose parent, guardian, relative.

Contacts often have no row in roles.csv: what stands here is then their role. `userSourcedId` is the
student by the book; rows that run the other way (role `child`) are turned when they are worked out.
"""

from collections.abc import Iterator
from typing import NamedTuple

from .context import Reading
from .oneroster import GUARDIAN_ROLES
from .reading import Table
from .relations import read_relation

RELATIONSHIPS = "relationships.csv"


class RelationshipRow(NamedTuple):
    """One tie between two people; `role` is filled in only if it makes the other person a guardian."""

    line: int
    user: str
    other: str
    relation: str
    role: str


def read_relationships(reading: Reading) -> Iterator[RelationshipRow]:
    """Return the ties."""
    table = Table(
        RELATIONSHIPS, ("userSourcedId", "relationshipUserSourcedId", "relationshipRole"), ("status",)
    )
    for line, (user, other, word, status) in reading.rows(table):
        if not reading.check_id(RELATIONSHIPS, line, "userSourcedId", user):
            continue
        if not reading.check_id(RELATIONSHIPS, line, "relationshipUserSourcedId", other):
            continue
        if reading.is_gone(RELATIONSHIPS, line, status):
            continue
        role = (word or "").lower()
        relation = "" if role == "child" else read_relation(word or "")
        yield RelationshipRow(line, user or "", other or "", relation, role if role in GUARDIAN_ROLES else "")
