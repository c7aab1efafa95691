"""Reads a dump as a stranger would: each format back into the records of the API."""

import csv
import gzip
import io
import json
import sqlite3
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from districts.dumps.cells import read
from districts.dumps.tables import Row, Table, tables

RECORDS = dict[tuple[str, Any], Any]
ROWS = dict[str, list[Row]]


def every_table() -> list[Table]:
    return [table for first in tables().values() for table in first.all()]


def csv_rows(folder: Path) -> ROWS:
    """Read the tables out of the zip, values as in SQLite."""
    with zipfile.ZipFile(folder / "register.csv.zip") as packed:
        return {table.name: list(_cells(table, packed.read(f"{table.name}.csv"))) for table in every_table()}


def _cells(table: Table, content: bytes) -> Any:
    lines = csv.reader(io.StringIO(content.decode(), newline=""))
    assert next(lines) == [column.name for column in table.columns]
    for line in lines:
        yield tuple(read(column, cell) for column, cell in zip(table.columns, line, strict=True))


def sqlite_rows(folder: Path) -> ROWS:
    found = sqlite3.connect(f"file:{folder / 'register.sqlite'}?mode=ro&immutable=1", uri=True)
    try:
        return {
            table.name: found.execute(f'SELECT * FROM "{table.name}" ORDER BY rowid').fetchall()
            for table in every_table()
        }
    finally:
        found.close()


def json_records(folder: Path) -> RECORDS:
    lines = json_lines(folder)
    assert set(lines[-1]) == {"end"}
    return {(line["resource"], line["record"]["id"]): line["record"] for line in lines[:-1]}


def json_lines(folder: Path) -> list[dict[str, Any]]:
    with gzip.open(folder / "register.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def records_of(rows: ROWS) -> RECORDS:
    """Put the records together again from the rows of all tables."""
    found: RECORDS = {}
    for resource, table in tables().items():
        for record in _together(table, rows, ()):
            found[resource, record["id"]] = record
    return found


def _together(table: Table, rows: ROWS, _keys: Row) -> list[dict[str, Any]]:
    made = []
    below = {name: _by_owner(part, rows) for name, part in table.lists}
    for row in rows[table.name]:
        keys = row[: len(table.keys)]
        record: dict[str, Any] = {}
        for column, value in zip(table.values, row[len(table.keys) :], strict=True):
            _put(record, column.path, _value(column.kind, value))
        for name, _part in table.lists:
            record[name] = [part for _k, part in below[name][keys or (record["id"],)]]
        for name in {"withdrawn", "cancelled"} & record.keys():
            if set(record[name].values()) == {None}:
                record[name] = None
        made.append(record)
    return made


def _by_owner(table: Table, rows: ROWS) -> dict[Row, list[tuple[Row, dict[str, Any]]]]:
    of: dict[Row, list[tuple[Row, dict[str, Any]]]] = defaultdict(list)
    for row, record in zip(rows[table.name], _together(table, rows, ()), strict=True):
        keys = row[: len(table.keys)]
        of[keys[:-1]].append((keys, record))
    for parts in of.values():
        parts.sort(key=lambda part: part[0])
    return of


def _put(record: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        record = record.setdefault(name, {})
    record[path[-1]] = value


def _value(kind: str, value: Any) -> Any:
    if value is None:
        return None
    return bool(value) if kind == "yes_no" else json.loads(value) if kind == "json" else value
