"""Reads an inventory of shared data row by row: identifiers, and what the columns say. No database."""

import csv
import datetime as dt
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from districts.models import Basis, DataElement, SharedElement

from .report import Problems

#: The column that names the data, by the first of these headers that the file has.
IDENTIFIER_COLUMNS = ("element_id", "identifier", "code", "element")
#: Columns that say something of a line; all others are left alone.
LINE_COLUMNS = (
    "basis",
    "purpose",
    "source",
    "recipients",
    "kept",
    "kept_days",
    "kept_until",
    "detail",
    "prohibited_reason",
)
#: Columns that describe an element the catalogue does not know.
ABOUT_COLUMNS = ("label", "subject")
RECIPIENT_SEPARATORS = ";|"
DAYS = re.compile(r"[0-9]{1,6}")
CLOSE_ENOUGH = 0.85
LONGEST = 200
LONGEST_NAME = 120
DAYS_ARE_COUNTED_FROM = {
    SharedElement.Kept.AFTER_AGREEMENT,
    SharedElement.Kept.AFTER_LEAVING,
    SharedElement.Kept.AFTER_COLLECTION,
}


@dataclass(frozen=True)
class Row:
    """One line of the file: what it names, and the values of a SharedElement it states."""

    line: int
    identifier: str
    basis: str
    purpose: str
    detail: str
    values: Mapping[str, Any]
    label: str = ""
    subject: str = DataElement.Subject.STUDENT


def read_rows(path: Path, defaults: Mapping[str, str], problems: Problems) -> Iterator[Row]:
    """Yield the rows of a CSV file; an empty cell takes its value from the defaults.

    What cannot be read is noted in `problems` with its line and column, and left out.
    """
    end_of_last = 0  # a record begins on the next line; its cells may go over several
    try:
        with path.open("rb") as file:
            reader = csv.reader(_decoded(file, problems), strict=True)
            names: list[str] = []
            for cells in reader:
                number, end_of_last = end_of_last + 1, reader.line_num
                if not any(cells):
                    continue
                if not names:
                    names = [cell.strip().lower() for cell in cells]
                    if not _header_is_clear(names, problems):
                        return
                    identifier = next(name for name in IDENTIFIER_COLUMNS if name in names)
                elif len(cells) != len(names):
                    problems.add(number, "row", "another number of cells", f"{len(names)} cells")
                else:
                    said = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
                    row = _row(number, said[identifier], said, defaults, problems)
                    if row:
                        yield row
            if not names and not problems.total:
                problems.add(1, "header", "nothing", f"a column {', '.join(IDENTIFIER_COLUMNS[:3])}")
    except csv.Error as error:
        problems.add(end_of_last + 1, "row", str(error), "comma-separated values")
    except OSError as error:
        problems.add(0, "file", error.strerror or "nothing", "a file that can be read")


def _decoded(file: IO[bytes], problems: Problems) -> Iterator[str]:
    """Return the lines as text, so that a wrong byte has a line number; reading ends there."""
    for number, raw in enumerate(file, start=1):
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            problems.add(number, "file", f"byte {raw[error.start]:#x}", "text in UTF-8")
            return


def _header_is_clear(names: list[str], problems: Problems) -> bool:
    """Return whether a header says which column is which; note what it leaves open.

    Other columns are welcome, but one named nearly like ours would be dropped without a word, and with it
    what the district says in it.
    """
    before = problems.total
    if not any(name in IDENTIFIER_COLUMNS for name in names):
        problems.add(1, "header", ", ".join(names), f"a column {', '.join(IDENTIFIER_COLUMNS[:3])}")
    for ours in (*IDENTIFIER_COLUMNS, *LINE_COLUMNS, *ABOUT_COLUMNS):
        if names.count(ours) > 1:
            problems.add(1, ours, "two columns of this name", "one")
    for name in names:
        if name in LINE_COLUMNS:
            continue
        near = difflib.get_close_matches(
            re.sub(r"[^a-z]+", "_", name), LINE_COLUMNS, n=1, cutoff=CLOSE_ENOUGH
        )
        if near and near[0] not in names:
            problems.add(1, name, name, f"the header {near[0]}")
    return problems.total == before


def _row(
    line: int, identifier: str, cells: Mapping[str, str], defaults: Mapping[str, str], problems: Problems
) -> Row | None:
    """Return what a record says, or None if it is blank or something in it cannot be."""
    if not any(cells.values()):
        return None
    said = {name: cells.get(name) or defaults.get(name, "") for name in LINE_COLUMNS}
    before = problems.total
    if not identifier:
        problems.add(line, "identifier", "nothing", "an identifier")
    if said["basis"] not in Basis.values:
        problems.add(line, "basis", said["basis"] or "nothing", f"one of {', '.join(Basis.values)}")
    values: dict[str, Any] = {}
    if said["source"]:
        if said["source"] not in SharedElement.Source.values:
            expected = f"one of {', '.join(SharedElement.Source.values)}"
            problems.add(line, "source", said["source"], expected)
        values["source"] = said["source"]
    if said["recipients"]:
        values["recipients"] = _names(said["recipients"])
    if said["prohibited_reason"]:
        values["prohibited_reason"] = said["prohibited_reason"]
    values |= _kept(line, said, problems)
    texts = [("identifier", identifier, LONGEST), ("detail", said["detail"], LONGEST)]
    texts += [("recipients", name, LONGEST_NAME) for name in values.get("recipients", [])]
    for column, text, longest in texts:
        if len(text) > longest:
            problems.add(line, column, text, f"at most {longest} characters")
    for column, text in cells.items():
        if "\0" in text:
            problems.add(line, column, text.replace("\0", "\\0"), "text without NUL")
    if problems.total > before:
        return None
    subject = cells.get("subject", "").lower()
    return Row(
        line=line,
        identifier=identifier,
        basis=said["basis"],
        purpose=said["purpose"],
        detail=said["detail"],
        values=values,
        label=cells.get("label", ""),
        subject=_SUBJECTS.get(subject, DataElement.Subject.STUDENT),
    )


def _kept(line: int, said: Mapping[str, str], problems: Problems) -> dict[str, Any]:
    """Return the retention rule with its days or date; nothing if the row and the defaults state none."""
    rule = said["kept"]
    if not rule:
        return {}
    if rule not in SharedElement.Kept.values:
        problems.add(line, "kept", rule, f"one of {', '.join(SharedElement.Kept.values)}")
        return {}
    days, until = None, None
    if rule in DAYS_ARE_COUNTED_FROM:
        if DAYS.fullmatch(said["kept_days"]):
            days = int(said["kept_days"])
        else:
            problems.add(line, "kept_days", said["kept_days"] or "nothing", "a number of days")
    if rule == SharedElement.Kept.DATE:
        try:
            until = dt.date.fromisoformat(said["kept_until"])
        except ValueError:
            problems.add(line, "kept_until", said["kept_until"] or "nothing", "a date like 2026-06-30")
    return {"kept": rule, "kept_days": days, "kept_until": until}


def _names(cell: str) -> list[str]:
    for separator in RECIPIENT_SEPARATORS[1:]:
        cell = cell.replace(separator, RECIPIENT_SEPARATORS[0])
    names = (" ".join(name.split()) for name in cell.split(RECIPIENT_SEPARATORS[0]))
    return sorted({name for name in names if name})


_SUBJECTS = {
    "student": DataElement.Subject.STUDENT,
    "parent": DataElement.Subject.FAMILY,
    "guardian": DataElement.Subject.FAMILY,
    "family": DataElement.Subject.FAMILY,
    "staff": DataElement.Subject.STAFF,
    "teacher": DataElement.Subject.STAFF,
}
