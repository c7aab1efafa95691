"""A temporary table that holds the rows of one sheet: memory stays flat, and rows of one agreement meet."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection

from .entries import Entry
from .names import name_key

BATCH = 500
Party = tuple[int, int | None, list[Entry]]
# One stated company, or one name of a product that stands for its company, is one key.
_TABLES = {
    "register_entry": "agency_id bigint, vendor_key text, line int, place int, body jsonb",
    "register_vendor": "vendor_key text, vendor_id bigint",
}


def vendor_key(entry: Entry) -> str:
    """Return under which key the company of an entry is known; "!" marks one that the sheet states."""
    if not entry.vendor:
        return ""
    is_stated = entry.products != (entry.vendor,)
    return ("!" if is_stated else "") + name_key(entry.vendor)


def stage(entries: Iterable[tuple[int, Entry]]) -> None:
    """Stream entries, with the agency each is about, into the table."""
    with connection.cursor() as cursor:
        for name, columns in _TABLES.items():
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
            cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP")
        numbered = enumerate(entries)
        # Read first, then copied: whoever makes the entries may ask the database too.
        while batch := list(islice(numbered, BATCH)):
            with cursor.copy("COPY register_entry FROM STDIN") as copy:
                for place, (agency_id, entry) in batch:
                    body = json.dumps(entry.as_json(), ensure_ascii=False)
                    copy.write_row((agency_id, vendor_key(entry), entry.line, place, body))
        cursor.execute("ANALYZE register_entry")


def companies() -> Iterator[list[tuple[str, str]]]:
    """Yield batches of (key, name as first written); stated companies come first."""
    query = (
        "SELECT DISTINCT ON (vendor_key) vendor_key, body ->> 'vendor' FROM register_entry"
        " WHERE vendor_key <> '' ORDER BY vendor_key, place"
    )
    yield from _batches("register_companies", query)


def stated_products() -> Iterator[list[tuple[str, str]]]:
    """Yield batches of (key of the company, name of the product)."""
    query = (
        "SELECT DISTINCT vendor_key, jsonb_array_elements_text(body -> 'products')"
        " FROM register_entry WHERE vendor_key <> '' ORDER BY 1, 2"
    )
    yield from _batches("register_products", query)


def keep_vendors(found: Iterable[tuple[str, int]]) -> None:
    """Write down which company each key means."""
    with connection.cursor() as cursor, cursor.copy("COPY register_vendor FROM STDIN") as copy:
        for row in found:
            copy.write_row(row)


def parties() -> Iterator[Party]:
    """Yield agency, company and all entries about the two, in the order of the sheet."""
    query = (
        "SELECT e.agency_id, v.vendor_id, e.body FROM register_entry e"
        " LEFT JOIN register_vendor v USING (vendor_key)"
        " ORDER BY e.agency_id, v.vendor_id NULLS FIRST, e.place"
    )
    party: tuple[int, int | None] | None = None
    entries: list[Entry] = []
    for batch in _batches("register_parties", query):
        for agency_id, vendor_id, body in batch:
            if party not in (None, (agency_id, vendor_id)):
                yield (*party, entries)
                entries = []
            party = (agency_id, vendor_id)
            entries.append(Entry.from_json(json.loads(body) if isinstance(body, str) else body))
    if party:
        yield *party, entries


def _batches(name: str, query: str) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a query in batches, which the server holds meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(f"DECLARE {name} NO SCROLL CURSOR FOR {query}")
        while True:
            cursor.execute(f"FETCH {BATCH} FROM {name}")
            batch = cursor.fetchall()
            if not batch:
                break
            yield batch
        cursor.execute(f"CLOSE {name}")
