"""Files that are no register sheet, or not safe, are refused with their place; others are read."""

import datetime as dt
import tracemalloc
import zipfile

import openpyxl
import pytest

from districts.models import Agreement, Vendor
from tests.districts.register.sheets import csv_file, listed, load, make_words, refused, xlsx_file
from tests.factories import make_district

pytestmark = pytest.mark.django_db

HEADER = "Vendor,Product,Data"


@pytest.fixture
def district():
    return make_words()


BAD = [
    ("r.csv", b"", (0, "file", "an empty file")),
    ("r.csv", b"PK\x03\x04rest", (0, "file", "an Excel file or a zip named .csv")),
    ("r.xlsx", b"Vendor,Data\nLumino,name\n", (0, "file", "no Excel file named .xlsx")),
    ("r.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1", (0, "file", "an old or locked Excel file")),
    ("r.csv", b"%PDF-1.7", (0, "file", "a PDF")),
    ("r.csv", b"<html><table>", (0, "file", "a web page")),
    ("r.doc", b"Vendor", (0, "file", ".doc")),
    ("r.csv", b"Name of it,Color\nLumino,red\n", (0, "header", "none that is known")),
    ("r.csv", b"Vendor,Data\n", (1, "file", "no rows")),
    ("r.csv", b"Vendor,Data,Status\nLumino,name\n", (2, "row", "2 cells")),
    ("r.csv", b"Vendor,Data\nLumino,name,more\n", (2, "row", "3 cells")),
    ("r.csv", b"Vendor,Data\n,name\n", (2, "Vendor", "nothing")),
    ("r.csv", b"Vendor,Data\nLumino,caf\xe9\n", (2, "file", "the byte 0xe9")),
    ("r.csv", b'Vendor,Data\nLumino,"name\n', (2, "row", "unexpected end of data")),
    ("r.csv", b"Vendor,Data\nLumino,a\0b\n", (2, "row", "a NUL byte")),
    ("r.csv", b"Vendor,Data\n" + b"x" * 300 + b",name\n", (2, "Vendor", "x" * 59 + "…")),
]


@pytest.mark.parametrize(("name", "content", "problem"), BAD, ids=[str(bad[2][2])[:30] for bad in BAD])
def test_a_file_that_cannot_be_is_refused_with_its_place(district, tmp_path, name, content, problem):
    (tmp_path / name).write_bytes(content)
    assert refused(district, tmp_path / name) == [problem]


def test_every_bad_row_is_told_at_once(district, tmp_path):
    path = csv_file(tmp_path, HEADER, "Lumino,Reader,name,4", "Skyhost,Skylark,name", "a,b")
    assert [line for line, _column, _found in refused(district, path)] == [2, 4]


def test_bom_windows_and_utf_16_are_read(district, tmp_path):
    lines = ("Vendor,Data", "Académie,name")
    load(district, csv_file(tmp_path, *lines, encoding="utf-8-sig"))
    load(district, csv_file(tmp_path, *lines, encoding="cp1252"), encoding="cp1252")
    load(district, csv_file(tmp_path, *lines, encoding="utf-16"))
    assert [vendor.name for vendor in Vendor.objects.all()] == ["Académie"]


def test_excel_days_numbers_and_formulas_are_read_as_values(district, tmp_path):
    rows = [
        ["Vendor", "Product", "Status", "Start date", "Data", "Student email"],
        ["Lumino", 123, "Approved", dt.datetime.fromisoformat("2026-08-15"), "name", True],
    ]
    load(district, xlsx_file(tmp_path, rows))
    found = Agreement.objects.get()
    assert (found.title, found.begins_on) == ("123", dt.date(2026, 8, 15))
    assert listed(district) == {"123": ["student-email", "student-name"]}


def test_a_formula_without_a_saved_value_and_an_error_are_refused(district, tmp_path):
    rows = [["Vendor", "Data"], ["Lumino", '="na"&"me"'], ["Skyhost", "#REF!"]]
    found = refused(district, xlsx_file(tmp_path, rows))
    assert found == [(2, "column B", "a formula without a value"), (3, "column B", "#REF!")]


def test_the_first_sheet_with_a_header_is_read_or_the_one_asked_for(district, tmp_path):
    more = [["Vendor", "Data"], ["Skyhost", "email"]]
    path = xlsx_file(tmp_path, [["Read me"]], Apps=[["Vendor", "Data"], ["Lumino", "name"]], Old=more)
    report = load(district, path)
    assert (report.sheet, report.unread_sheets) == ("Apps", ["Sheet", "Old"])
    load(district, path, sheet="Old")
    assert listed(district) == {"Lumino": ["student-name"], "Skyhost": ["student-email"]}


def test_a_sheet_that_is_not_there_is_refused(district, tmp_path):
    path = xlsx_file(tmp_path, [["Vendor", "Data"], ["Lumino", "name"]])
    assert refused(district, path, sheet="Nope") == [(0, "header", "Nope")]


def test_a_workbook_made_to_grow_is_refused(district, tmp_path):
    path = xlsx_file(tmp_path, [["Vendor", "Data"], ["Lumino", "name"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/big.bin", b"\0" * 40_000_000)
    [(line, column, found)] = refused(district, path)
    assert (line, column) == (0, "file")
    assert found.endswith("million bytes inside")


def test_a_workbook_with_entities_and_a_zip_without_workbook_are_refused(district, tmp_path):
    evil = tmp_path / "evil.xlsx"
    book = openpyxl.Workbook()
    book.save(evil)
    with zipfile.ZipFile(evil, "a") as archive:
        archive.writestr("xl/evil.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert refused(district, evil) == [(0, "file", "a file with entities")]
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refused(district, other) == [(0, "file", "a zip without a workbook")]


def test_memory_does_not_grow_with_the_rows(district, tmp_path):
    """Three times the rows about the same companies: the peak stays (it grows with companies, not rows)."""
    names = [make_district(f"District {n}", district.state).name for n in range(30)]

    def peak(districts: int) -> int:
        rows = [f"{name},Company {n},name" for name in names[:districts] for n in range(50)]
        path = csv_file(tmp_path, "District,Vendor,Data", *rows, name=f"{districts}.csv")
        del rows
        tracemalloc.start()
        try:
            assert load(district.state, path, dry_run=True).counts["agreements"].created == districts * 50
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)  # what is loaded once
    small, large = peak(10), peak(30)
    assert large < small * 1.3
