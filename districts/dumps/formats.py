"""Writes the three files of a dump, record by record: none of them is ever held in memory."""

import csv
import gzip
import hashlib
import json
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Protocol

from .cells import written
from .tables import Column, Row, Table

READ_ONLY = 0o444
#: SQLite's own types for our kinds; a day, a moment and JSON are texts there.
_SQLITE = {"number": "INTEGER", "yes_no": "INTEGER"}
DICTIONARY = ("table", "column", "kind", "may_be_null", "meaning")
PIECE = 1024 * 1024  # bytes read at once


class Writer(Protocol):
    """One of the formats. `add` takes a record as the API writes it and the rows it amounts to."""

    name: str
    media_type: str

    def add(self, resource: str, record: bytes, rows: list[tuple[str, Row]]) -> None:
        """Write one record."""

    def finish(self, end: Mapping[str, Any]) -> None:
        """Write the end, by which a whole file is known, and close the file."""


def dictionary_of(columns: list[tuple[str, Column]]) -> list[tuple[str, ...]]:
    """Return the data dictionary: one row for each column of each table."""
    return [
        (table, each.name, each.kind, "yes" if each.may_be_null else "no", each.meaning)
        for table, each in columns
    ]


class CsvZip:
    """CSV files in a zip, one for each table; `end.json` is the last, with the rows and hash of each."""

    name, media_type = "register.csv.zip", "application/zip"

    def __init__(self, folder: Path, tables: list[Table]) -> None:
        self.path = folder / self.name
        self.parts = folder / "parts"
        self.parts.mkdir()
        self.tables = {table.name: table for table in tables}
        self.counts: Counter[str] = Counter(dict.fromkeys(self.tables, 0))
        self.files: dict[str, IO[str]] = {}
        self.writers: dict[str, Any] = {}
        for name, table in self.tables.items():
            self._begin(name, [column.name for column in table.columns])
        self._begin("dictionary", list(DICTIONARY))
        for line in dictionary_of([(t.name, c) for t in tables for c in t.columns]):
            self.writers["dictionary"].writerow(line)

    def _begin(self, name: str, columns: list[str]) -> None:
        self.files[name] = (self.parts / f"{name}.csv").open("w", encoding="utf-8", newline="")
        self.writers[name] = csv.writer(self.files[name])
        self.writers[name].writerow(columns)

    def add(self, resource: str, record: bytes, rows: list[tuple[str, Row]]) -> None:
        """Write one record."""
        for name, row in rows:
            columns = self.tables[name].columns
            self.writers[name].writerow(map(written, columns, row))
            self.counts[name] += 1

    def finish(self, end: Mapping[str, Any]) -> None:
        """Pack the tables, the dictionary first, and write `end.json` behind them."""
        files = []
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED) as packed:
            for name in ("dictionary", *self.tables):
                self.files[name].close()
                part = self.parts / f"{name}.csv"
                packed.write(part, part.name)
                files.append({"name": part.name, "rows": self.counts.get(name), "sha256": sha256_of(part)})
                part.unlink()
            packed.writestr("end.json", json.dumps({**end, "files": files[1:], "dictionary": files[0]}))
        self.parts.rmdir()


class JsonLines:
    """One record in each line, as the API writes it; the last line is the end."""

    name, media_type = "register.jsonl.gz", "application/gzip"

    def __init__(self, folder: Path, tables: list[Table]) -> None:
        self.file = gzip.GzipFile(folder / self.name, "wb", compresslevel=6, mtime=0)

    def add(self, resource: str, record: bytes, rows: list[tuple[str, Row]]) -> None:
        """Write one record."""
        self.file.write(b'{"resource":"%s","record":%s}\n' % (resource.encode(), record))

    def finish(self, end: Mapping[str, Any]) -> None:
        """Write the last line."""
        self.file.write(json.dumps({"end": end}).encode() + b"\n")
        self.file.close()


class SqliteFile:
    """A database to read, with a table for each table; `about` holds the end, `dictionary` the meanings."""

    name, media_type = "register.sqlite", "application/vnd.sqlite3"

    def __init__(self, folder: Path, tables: list[Table]) -> None:
        self.path = folder / self.name
        # A new file that nobody else sees: if the machine stops, the whole folder is thrown away.
        self.to = sqlite3.connect(self.path, isolation_level=None)
        self.to.execute("PRAGMA journal_mode = OFF")
        self.to.execute("PRAGMA synchronous = OFF")
        self.to.execute("BEGIN")
        self.inserts = {table.name: self._create(table) for table in tables}
        self._create_plain("dictionary", DICTIONARY)
        lines = dictionary_of([(t.name, c) for t in tables for c in t.columns])
        self.to.executemany("INSERT INTO dictionary VALUES (?, ?, ?, ?, ?)", lines)

    def _create(self, table: Table) -> str:
        columns = ", ".join(
            f'"{each.name}" {_SQLITE.get(each.kind, "TEXT")}{"" if each.may_be_null else " NOT NULL"}'
            for each in table.columns
        )
        key = ", ".join(f'"{each.name}"' for each in table.keys) or '"id"'
        self.to.execute(f'CREATE TABLE "{table.name}" ({columns}, PRIMARY KEY ({key}))')
        # Names of tables and columns come from the API's document, values never.
        marks = ", ".join("?" for _ in table.columns)
        return f'INSERT INTO "{table.name}" VALUES ({marks})'  # noqa: S608

    def _create_plain(self, name: str, columns: tuple[str, ...]) -> None:
        said = ", ".join(f'"{column}" TEXT NOT NULL' for column in columns)
        self.to.execute(f'CREATE TABLE "{name}" ({said})')

    def add(self, resource: str, record: bytes, rows: list[tuple[str, Row]]) -> None:
        """Write one record."""
        for name, row in rows:
            self.to.execute(self.inserts[name], row)

    def finish(self, end: Mapping[str, Any]) -> None:
        """Write what the file is, commit, and let nobody write to it."""
        self._create_plain("about", ("end",))
        self.to.execute("INSERT INTO about VALUES (?)", (json.dumps(end),))
        self.to.execute("COMMIT")
        self.to.close()
        self.path.chmod(READ_ONLY)


FORMATS: tuple[type[CsvZip] | type[JsonLines] | type[SqliteFile], ...] = (CsvZip, JsonLines, SqliteFile)
FILES = tuple(each.name for each in FORMATS)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
