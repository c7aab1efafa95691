"""Reads what a request asks for: ids, filters, how many. What it does not know is an error, by name."""

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.exceptions import NotFound, ParseError

from .resource import Resource

DEFAULT_LIMIT = 100
MOST = 500
CURSOR = r"^(0|[1-9][0-9]{0,17})-(0|[1-9][0-9]{0,17})$"


def known_only(asked: QueryDict, names: set[str]) -> None:
    """Raise ParseError for a parameter not known (a misspelled filter filters nothing) or given twice."""
    for name, values in asked.lists():
        if name not in names:
            raise ParseError(f"{name}: no such parameter; known are {', '.join(sorted(names)) or 'none'}.")
        if len(values) > 1:
            raise ParseError(f"{name}: given {len(values)} times; give it once.")


def limit_of(asked: Mapping[str, str]) -> int:
    """Return how many records a page shall have. Raises ParseError."""
    text = asked.get("limit", str(DEFAULT_LIMIT))
    if not re.fullmatch(r"[1-9][0-9]{0,2}", text) or int(text) > MOST:
        raise ParseError(f"limit: found “{text}”, expected a whole number from 1 to {MOST}.")
    return int(text)


def cursor_of(asked: Mapping[str, str]) -> tuple[int, int]:
    """Return the register's version and the stamp a client has seen; (0, 0) for one that begins."""
    text = asked.get("since", "0-0")
    if not re.fullmatch(CURSOR, text):
        raise ParseError(f"since: found “{text}”, expected the “next” of an earlier answer, such as 12-345.")
    version, _dash, stamp = text.partition("-")
    return int(version), int(stamp)


def filtered(resource: Resource, rows: QuerySet[Any], asked: Mapping[str, str]) -> QuerySet[Any]:
    """Return the rows that the filters leave. Raises ParseError."""
    for name, wanted in resource.filters.items():
        if name in asked:
            try:
                rows = rows.filter(**{wanted.column: wanted.kind.read(asked[name])})
            except ValueError:
                raise ParseError(f"{name}: found “{asked[name]}”, expected {wanted.kind.looks}.") from None
    return rows


def page_of(
    resource: Resource, rows: QuerySet[Any], asked: Mapping[str, str]
) -> tuple[list[Any], str | None]:
    """Return one page of rows, and the id after which the next one begins, None after the last page.

    By key, never by number: a page costs the same wherever it is, and what is written meanwhile neither
    repeats nor hides a row. Raises ParseError; NotFound where `after` names a publication that is not here.
    """
    limit = limit_of(asked)
    column, direction = ("pk", "lt") if resource.newest_first else (resource.key, "gt")
    if "after" in asked:
        rows = rows.filter(**{f"{column}__{direction}": _place(resource, asked["after"])})
    found = list(rows.order_by(f"-{column}" if resource.newest_first else column)[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return found, str(getattr(found[-1], resource.key)) if more else None


def _place(resource: Resource, after: str) -> Any:
    try:
        known = resource.kind.read(after)
    except ValueError:
        raise ParseError(f"after: found “{after}”, expected {resource.kind.looks}.") from None
    if not resource.newest_first:
        return known
    place = resource.rows().filter(**{resource.key: known}).values_list("pk", flat=True).first()
    if place is None:
        raise NotFound(f"after: there is no {resource.one} {after}.")
    return place


def one_of(resource: Resource, key: str) -> Any:
    """Return the object with an id. Raises NotFound."""
    try:
        found = resource.rows().filter(**{resource.key: resource.kind.read(key)}).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound(f"There is no {resource.one} {key}.")
    return found
