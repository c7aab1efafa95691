"""Streams the rows of one CSV file, only the columns asked for, and says where a file is broken.

A column that is not asked for is dropped here: no password, telephone number or race goes further.
"""

import csv
import difflib
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from django.utils.translation import gettext as _

from .opening import Source
from .report import Refusals
from .ssn import SsnWatch

LONGEST_LINE = 1024 * 1024  # bytes
CLOSE_ENOUGH = 0.85

# A row: the line it begins on, then one cell per column asked for; None where the file has no such column.
Row = tuple[int, list[str | None]]


@dataclass(frozen=True)
class Table:
    """The columns to read of one file, in the order the rows will have them.

    `others` are names that also belong to the format: they are never taken for a misspelling.
    """

    file: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    others: frozenset[str] = field(default_factory=frozenset)

    @property
    def columns(self) -> tuple[str, ...]:
        return self.required + self.optional


def read_table(source: Source, table: Table, watch: SsnWatch, refusals: Refusals) -> Iterator[Row]:
    """Return the rows of one file. Raises RosterRefused where the file can not be read any further."""
    with source.open(table.file) as stream:
        reader = csv.reader(_lines(stream, table.file, refusals), strict=True)
        header: list[str] | None = None
        places: list[int | None] = []
        end_of_last = 0
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                refusals.stop(
                    table.file, end_of_last + 1, "", str(error), _("well-formed CSV"), is_cell=False
                )
            if cells is None:
                break
            line, end_of_last = end_of_last + 1, reader.line_num
            if not any(cells):
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
                watch.look_at_header(table.file, header)
                places = _places(table, header, refusals)
            elif len(cells) != len(header):
                refusals.add(
                    table.file,
                    line,
                    "",
                    _("%d cells") % len(cells),
                    _("%d, as in the header") % len(header),
                    is_cell=False,
                )
            else:
                yield line, [None if place is None else cells[place].strip() for place in places]
        if header is None:
            refusals.stop(table.file, 1, "", _("an empty file"), _("a line of headers"), is_cell=False)


def read_header(source: Source, name: str, refusals: Refusals) -> list[str]:
    """Return the names of one file's columns."""
    with source.open(name) as stream:
        first = next(_lines(stream, name, refusals), "")
    try:
        return [cell.strip() for cell in next(csv.reader([first]), [])]
    except csv.Error:
        return first.split(",")


def look_at_headers(source: Source, watch: SsnWatch, refusals: Refusals) -> None:
    """Look for Social Security numbers in the headers of every file there, read or not."""
    for name in source.members:
        watch.look_at_header(name, read_header(source, name, refusals))


def _lines(stream: IO[bytes], file: str, refusals: Refusals) -> Iterator[str]:
    """Decode line by line, so that a wrong byte has a line number and no line fills the memory."""
    number = 0
    while True:
        number += 1
        try:
            raw = stream.readline(LONGEST_LINE + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
            refusals.stop(file, number, "", _("a damaged zip"), _("a whole one"), is_cell=False)
        if not raw:
            return
        if number == 1:
            if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
                refusals.stop(file, 1, "", "UTF-16", "UTF-8", is_cell=False)
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if len(raw) > LONGEST_LINE:
            refusals.stop(
                file,
                number,
                "",
                _("a line that does not end"),
                _("at most %d bytes") % LONGEST_LINE,
                is_cell=False,
            )
        if b"\0" in raw:
            refusals.stop(file, number, "", _("a NUL byte"), _("text"), is_cell=False)
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError as error:
            byte = f"{raw[error.start]:#04x}"
            refusals.stop(file, number, "", _("the byte %s") % byte, _("text in UTF-8"), is_cell=False)


def _places(table: Table, header: list[str], refusals: Refusals) -> list[int | None]:
    """Return where each column asked for stands; names are case-sensitive.

    A missing required column is refused with the closest name found. So is an optional one that is there
    under a slightly other name: reading on would drop what the district sends.
    """
    asked = set(table.columns)
    strange = [
        name
        for name in header
        if name not in asked and name not in table.others and not name.lower().startswith("metadata.")
    ]
    places: list[int | None] = []
    for name in table.columns:
        if header.count(name) > 1:
            refusals.add(table.file, 1, name, _("two columns of this name"), _("one"), is_cell=False)
        if name in header:
            places.append(header.index(name))
            continue
        places.append(None)
        near = _closest(name, strange, CLOSE_ENOUGH if name in table.optional else 0.6)
        if near or name in table.required:
            refusals.add(table.file, 1, near or name, near, _("the header “%s”") % name)
    refusals.raise_if_any()
    return places


def _closest(name: str, candidates: list[str], cutoff: float) -> str:
    """Return the candidate most like a column's name, "" if none is."""
    by_letters = {_letters(candidate): candidate for candidate in reversed(candidates)}
    near = difflib.get_close_matches(_letters(name), by_letters, n=1, cutoff=cutoff)
    return by_letters[near[0]] if near else ""


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
