"""Small register sheets of one's own, and the register they are loaded into."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from districts.importers.register.load import Options, load_register
from districts.importers.register.report import RegisterReport
from districts.importers.report import ImportRefused
from districts.models import Agency, Agreement
from tests.factories import NOW, make_district, make_element, make_purpose

CODES = {
    "student-name": ("student-name", "student"),
    "student-email": ("student-contact", "student"),
    "student-phone": ("student-contact", "student"),
    "student-grade-level": ("student-enrollment", "student"),
    "guardian-name": ("family-contact", "family"),
    "guardian-email": ("family-contact", "family"),
    "no-student-data": ("other-data", "student"),
    "student-other-data": ("other-data", "student"),
}


def make_words() -> Agency:
    """Make the few elements the sheets name, a purpose, and the district whose sheets they are."""
    for code, (category, subject) in CODES.items():
        make_element(code, category, subject=subject)
    make_purpose("teach")
    return make_district(time_zone="America/Chicago")


def csv_file(folder: Path, *lines: str, name: str = "register.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def xlsx_file(
    folder: Path, rows: Sequence[Sequence[Any]], name: str = "register.xlsx", **sheets: Any
) -> Path:
    """Write a workbook; further sheets by name."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for title, more in sheets.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(list(row))
    book.save(folder / name)
    return folder / name


def load(agency: Agency, path: Path, now: dt.datetime = NOW, **options: Any) -> RegisterReport:
    return load_register(path=path, agency_id=agency.pk, now=now, options=Options(**options))


def refused(agency: Agency, path: Path, **options: Any) -> list[tuple[int, str, str]]:
    """Return the problems a sheet is refused with; nothing was kept."""
    with pytest.raises(ImportRefused) as error:
        load(agency, path, **options)
    assert not Agreement.objects.exists()
    return [(problem.line, problem.column, problem.found) for problem in error.value.problems]


def listed(agency: Agency) -> dict[str, list[str]]:
    """Return the codes in each agreement's newest version, by title."""
    found = {}
    for agreement in Agreement.objects.filter(agency=agency).order_by("title"):
        version = agreement.versions.order_by("-number").first()
        lines = version.shared_elements.order_by("element__code") if version else []
        found[agreement.title] = [line.element.code for line in lines]
    return found
