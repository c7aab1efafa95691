"""Reads Excel files row by row: values, not formulas; and refuses those made to fill a machine."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

import openpyxl
from openpyxl.utils import get_column_letter

from ..report import ImportRefused, Problems
from .sheet import LONGEST_CELL, WIDEST, Row, Sheet

LARGEST = 512 * 1024**2  # bytes unpacked; a register of 100,000 rows has some 60 million
LARGEST_WORDS = 96 * 1024**2  # the words of all cells, which are held in memory together
PACKED_RATIO = 200
RATIO_COUNTS_FROM = 16 * 1024**2
MANY_MEMBERS = 2000
CHUNK = 1024 * 1024
_WORDS = "xl/sharedStrings.xml"
_FORMULA = re.compile(rb"<f[ />]")
_ERRORS = {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}


def excel_sheets(path: Path, problems: Problems) -> list[Sheet]:
    """Return the visible sheets of a workbook. Raises ImportRefused where it is none, or unsafe."""
    has_formulas = _look_inside(path, problems)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        names = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
        book.close()
    except Exception:  # openpyxl lets many kinds through; whatever it is, the file is broken
        _refuse(problems, "a damaged Excel file", "a whole one")
    return [
        Sheet(name, lambda name=name: _rows(path, name, has_formulas, problems), is_padded=True)  # type: ignore[misc]
        for name in names
    ]


def _look_inside(path: Path, problems: Problems) -> bool:
    """Refuse what is no workbook or would not fit; return whether any sheet has formulas."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if "xl/workbook.xml" not in {info.filename for info in infos}:
                _refuse(problems, "a zip without a workbook", "an Excel file")
            unpacked = sum(info.file_size for info in infos)
            packed = max(sum(info.compress_size for info in infos), 1)
            words = sum(info.file_size for info in infos if info.filename == _WORDS)
            too_dense = unpacked > RATIO_COUNTS_FROM and unpacked > PACKED_RATIO * packed
            if too_dense or unpacked > LARGEST or words > LARGEST_WORDS or len(infos) > MANY_MEMBERS:
                _refuse(problems, f"{unpacked // 10**6} million bytes inside", "an ordinary Excel file")
            has_formulas = False
            for info in infos:
                if info.flag_bits & 0x1:
                    _refuse(problems, "a file with a password", "one without")
                if info.filename.endswith((".xml", ".rels")):
                    with archive.open(info) as part:
                        has_formulas |= _scan(part, problems)
            return has_formulas
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError):
        _refuse(problems, "a damaged Excel file", "a whole one")


def _scan(part: IO[bytes], problems: Problems) -> bool:
    """Return whether a part has formulas; refuse one that defines entities, as no program writes it."""
    has_formulas = False
    tail = b""
    while chunk := part.read(CHUNK):
        if b"<!DOCTYPE" in tail + chunk or b"<!ENTITY" in tail + chunk:
            _refuse(problems, "a file with entities", "an Excel file as a program saves it")
        has_formulas = has_formulas or bool(_FORMULA.search(tail + chunk))
        tail = chunk[-16:]
    return has_formulas


def _rows(path: Path, name: str, has_formulas: bool, problems: Problems) -> Iterator[Row]:
    try:
        values = _raw(path, name, data_only=True)
        formulas = _raw(path, name, data_only=False) if has_formulas else None
        for line, cells in enumerate(values, start=1):
            written = next(formulas, ()) if formulas else ()
            texts = [_text(value) for value in cells]
            while texts and not texts[-1] and not _is_formula(written, len(texts) - 1):
                texts.pop()
            for place, text in enumerate(texts):
                column = get_column_letter(place + 1)
                if text in _ERRORS:
                    problems.add(line, f"column {column}", text, "a value without an error")
                elif not text and _is_formula(written, place):
                    problems.add(
                        line, f"column {column}", "a formula without a value", "a file saved by Excel"
                    )
                elif len(text) > LONGEST_CELL or "\0" in text:
                    problems.add(line, f"column {column}", text[:50], f"at most {LONGEST_CELL} letters")
            if len(texts) > WIDEST:
                problems.add(line, "row", f"{len(texts)} columns", f"at most {WIDEST}")
                problems.refuse_if_any()
            yield Row(line, texts)
    except ImportRefused:
        raise
    except Exception:
        _refuse(problems, "a damaged Excel file", "a whole one")


def _raw(path: Path, name: str, *, data_only: bool) -> Iterator[tuple[Any, ...]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=data_only, keep_links=False)
    try:
        sheet = book[name]
        sheet.reset_dimensions()  # what the file says of its size is often wrong
        yield from sheet.iter_rows(values_only=True)
    finally:
        book.close()


def _is_formula(cells: tuple[Any, ...], place: int) -> bool:
    value = cells[place] if place < len(cells) else None
    return value is not None and not isinstance(value, int | float | bool | dt.date | dt.time)


def _text(value: Any) -> str:
    """Return a cell as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _refuse(problems: Problems, found: str, expected: str) -> NoReturn:
    problems.add(0, "file", found, expected)
    raise ImportRefused(problems)
