"""Opens a register sheet, CSV or Excel, and yields its rows as text; its content says what it is."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ..report import ImportRefused, Problems
from .sheet import LONGEST_CELL, Row, Sheet

LONGEST_LINE = 1024 * 1024  # letters
DELIMITERS = ",;\t"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OTHERS = {
    b"%PDF": "a PDF",
    b"{\\rtf": "a text document (RTF)",
    b"<": "a web page",
    b"\x89PNG": "a picture",
}
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def sheets_of(path: Path, problems: Problems, *, encoding: str = "utf-8") -> list[Sheet]:
    """Return the sheets of a file. Raises ImportRefused where it is not what its name says, or unsafe."""
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        _refuse(problems, kind or "no ending", "a name that ends in .csv or .xlsx")
    try:
        with path.open("rb") as file:
            begin = file.read(1024)
    except OSError as error:
        _refuse(problems, error.strerror or "nothing", "a file that can be read")
    if begin.startswith(_OLE):
        _refuse(problems, "an old or locked Excel file", "one saved as .xlsx without a password, or .csv")
    for mark, words in _OTHERS.items():
        if begin.lstrip(codecs.BOM_UTF8 + b" \r\n\t").startswith(mark):
            _refuse(problems, words, "a register sheet")
    if begin.startswith(_ZIP) != (kind == ".xlsx"):
        found = "an Excel file or a zip" if begin.startswith(_ZIP) else "no Excel file"
        _refuse(problems, f"{found} named {kind}", "a file that is what its name says")
    if kind == ".xlsx":
        from .excel import excel_sheets  # openpyxl is big, and most sheets are CSV

        return excel_sheets(path, problems)
    if not begin.strip():
        _refuse(problems, "an empty file", "a line of headers")
    coding = "utf-16" if begin.startswith(UTF_16) else encoding
    return [Sheet(path.name, lambda: _csv_rows(path, coding, problems), is_padded=False)]


def _csv_rows(path: Path, encoding: str, problems: Problems) -> Iterator[Row]:
    coding = "utf-8-sig" if encoding.lower().replace("-", "") == "utf8" else encoding
    csv.field_size_limit(LONGEST_CELL)
    end_of_last = 0
    try:
        with path.open(encoding=coding, newline="") as file:
            delimiter = _delimiter(file)
            reader = csv.reader(_lines(file, problems), strict=True, delimiter=delimiter)
            for cells in reader:
                yield Row(end_of_last + 1, [" ".join(cell.split(" ")).strip() for cell in cells])
                end_of_last = reader.line_num
    except UnicodeDecodeError as error:
        byte = f"the byte {error.object[error.start]:#04x}"
        line = _line_of_byte(path, encoding)
        problems.add(line, "file", byte, f"text in {encoding} (see --encoding, e.g. cp1252)")
        problems.refuse_if_any()
    except csv.Error as error:
        problems.add(end_of_last + 1, "row", str(error), "comma-separated values")
        problems.refuse_if_any()


def _lines(file: IO[str], problems: Problems) -> Iterator[str]:
    """Yield line by line, so that no line fills the memory."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            problems.add(number, "row", "a line that does not end", f"at most {LONGEST_LINE} letters")
            problems.refuse_if_any()
        if "\0" in line:
            problems.add(number, "row", "a NUL byte", "text")
            problems.refuse_if_any()
        yield line


def _delimiter(file: IO[str]) -> str:
    """Return what parts the cells: the sign that is there most often before the first data."""
    begin = [file.readline(LONGEST_LINE) for _ in range(5)]
    file.seek(0)
    return max(DELIMITERS, key=lambda sign: max(line.count(sign) for line in begin))


def _line_of_byte(path: Path, encoding: str) -> int:
    """Return the first line that is no text in this encoding."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                return number
    return 0


def _refuse(problems: Problems, found: str, expected: str) -> None:
    problems.add(0, "file", found, expected)
    raise ImportRefused(problems)
