"""What a list of the API is made of: its ids, its filters, and how its records are read and written."""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from .record import Record

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class IdKind:
    """A kind of id: how it looks, for people and in JSON Schema, and how it is read."""

    looks: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]


def _number(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,18}", text) or int(text) > LARGEST_ID:
        raise ValueError
    return int(text)


def _uuid(text: str) -> uuid.UUID:
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        raise ValueError
    return uuid.UUID(text)


def _code(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,80}", text):
        raise ValueError
    return text


NUMBER = IdKind("a number", {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}, _number)
UUID = IdKind("a UUID", {"type": "string", "format": "uuid"}, _uuid)
CODE = IdKind(
    "a code of letters, digits, - and _", {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,80}$"}, _code
)


@dataclass(frozen=True)
class Filter:
    """A filter of a list: the column it compares, and the kind of id it takes."""

    column: str
    kind: IdKind
    about: str


@dataclass(frozen=True)
class Resource:
    """One list of the API and its records."""

    name: str
    one: str
    about: str
    rows: Callable[[], QuerySet[Any]]
    serializer: type[Record]
    kind: IdKind = NUMBER
    key: str = "pk"
    filters: Mapping[str, Filter] = field(default_factory=dict)
    newest_first: bool = False
