"""The shapes register sheets come in, each read into the same register."""

import pytest

from districts.models import Agreement, Product, RegisterReview, Vendor
from tests.districts.register.sheets import csv_file, listed, load, make_words, xlsx_file

pytestmark = pytest.mark.django_db

BOTH = {"Lumino Reader": ["student-email", "student-name"], "Skylark": ["student-grade-level"]}


@pytest.fixture
def district():
    return make_words()


CELLS = [
    ["Vendor,Product,Data elements", 'Lumino,Lumino Reader,"name, email"', "Skyhost,Skylark,grade level"],
    ["Company;Tool;Data collected", "Lumino;Lumino Reader;name|email", "Skyhost;Skylark;grade level"],
    ["Operator Name\tApp\tPII", "Lumino\tLumino Reader\tname and email", "Skyhost\tSkylark\tGrade level"],
    ["Vendor,Product,Data,Notes", "Lumino,Lumino Reader,name,x", ",,email,", "Skyhost,Skylark,grade level,"],
    [
        "Our companies,,",
        ",,",
        "Vendor,Product,Data",
        'Lumino,Lumino Reader,"name, email"',
        "Skyhost,Skylark,grade level",
    ],
]


@pytest.mark.parametrize("lines", CELLS, ids=["commas", "pipes", "prose", "blank is above", "title above"])
def test_elements_in_one_cell(district, tmp_path, lines):
    load(district, csv_file(tmp_path, *lines))
    assert listed(district) == BOTH
    assert set(Vendor.objects.values_list("name", flat=True)) == {"Lumino", "Skyhost"}


MATRIX = [
    [
        "Vendor,Product,Student name,Student email,Grade level",
        "Lumino,Lumino Reader,X,x,",
        "Skyhost,Skylark,,,✓",
    ],
    [
        ",,Student Name,Student Contact Information,,Enrollment",
        "Vendor,Product,First and/or last,Email,Phone,Grade level",
        "Lumino,Lumino Reader,Yes,Yes,No,No",
        "Skyhost,Skylark,No,No,No,Yes",
    ],
    [
        "Vendor,Product,Student Name,Student Contact Information,,Enrollment",
        ",,First and/or last,Email,Phone,Grade level",
        "Lumino,Lumino Reader,1,1,0,0",
        "Skyhost,Skylark,0,0,0,1",
    ],
]


@pytest.mark.parametrize("lines", MATRIX, ids=["one header", "groups above", "names over both"])
def test_a_matrix_of_marks(district, tmp_path, lines):
    load(district, csv_file(tmp_path, *lines))
    assert listed(district) == BOTH


def test_a_matrix_with_merged_header_cells_in_excel(district, tmp_path):
    rows = [
        ["Vendor", "Product", "Student Contact Information", None, "Enrollment"],
        [None, None, "Email", "Phone", "Grade level"],
        ["Lumino", "Lumino Reader", "X", "X", None],
        [None, "Lumino Math", None, None, "X"],
    ]
    load(district, xlsx_file(tmp_path, rows))
    assert listed(district) == {
        "Lumino Math": ["student-grade-level"],
        "Lumino Reader": ["student-email", "student-phone"],
    }
    assert Vendor.objects.get().name == "Lumino"


def test_a_mark_that_is_none_and_a_column_nobody_knows_wait_for_staff(district, tmp_path):
    path = csv_file(
        tmp_path,
        "Vendor,Student name,Student email,Glorp",
        "Lumino,X,only teachers,X",
        "Skyhost,X,X,",
        "Clearwave,,X,",
    )
    load(district, path)
    waiting = RegisterReview.objects.filter(agreement__title="Lumino").exclude(kind="basis")
    assert {(row.kind, row.words) for row in waiting} == {
        ("mark", "Student email: only teachers"),
        ("element", "Glorp"),
    }
    assert listed(district)["Lumino"] == ["student-name"]


def test_a_column_of_addresses_is_no_column_of_marks(district, tmp_path):
    path = csv_file(tmp_path, "Vendor,Data,Email", "Lumino,name,help@lumino.example")
    report = load(district, path)
    assert listed(district) == {"Lumino": ["student-name"]}
    assert report.unread_columns == ["Email"]


def test_blocks_of_columns_repeated_per_category(district, tmp_path):
    path = csv_file(
        tmp_path,
        "Vendor,Category,Elements,Purpose,Category,Elements,Purpose",
        "Lumino,Student name,First and last,Teach,Parent/Guardian Contact Information,Email,Teach",
    )
    load(district, path)
    assert listed(district) == {"Lumino": ["guardian-email", "student-name"]}
    purposes = Agreement.objects.get().versions.get().shared_elements.values_list("purpose__code", flat=True)
    assert list(purposes) == ["teach", "teach"]


def test_blocks_of_rows_under_headings_with_the_header_repeated(district, tmp_path):
    path = csv_file(
        tmp_path,
        "Math apps,",
        "Tool,Data",
        "Skylark,grade level",
        "Reading apps,",
        "Tool,Data",
        'Lumino Reader,"name, email"',
    )
    load(district, path)
    assert listed(district) == BOTH


def test_one_row_per_category_blank_meaning_as_above(district, tmp_path):
    path = csv_file(
        tmp_path,
        "Vendor,Product,Category,Data elements",
        "Lumino,Lumino Reader,Student name,First and last",
        ",,Student Contact Information,Email",
        "Skyhost,Skylark,Enrollment,Grade level",
    )
    load(district, path)
    assert listed(district) == BOTH


def test_a_list_without_companies_is_what_the_agency_itself_holds(district, tmp_path):
    path = csv_file(
        tmp_path,
        "Category,Specific Data,Can this be limited?",
        'Student name,"Last name, first name",NO',
        "Parent/Guardian Contact Information,Email,YES",
        ",Glorp,",
    )
    load(district, path)
    office = Vendor.objects.get()
    assert (office.name, office.kind) == (district.name, "public_office")
    assert listed(district) == {district.name: ["guardian-email", "student-name"]}
    waiting = {(row.kind, row.words): row.about for row in RegisterReview.objects.exclude(kind="basis")}
    assert waiting == {
        ("choice", "Can this be limited?: YES"): ["guardian-email"],
        ("element", "Glorp"): [],
    }
    load(district, path, vendor="Clearwave")
    assert Vendor.objects.filter(name="Clearwave", kind="unknown").exists()


NAMES = [
    ("Kahoot! / Blooket", {"Kahoot!": ["Kahoot!"], "Blooket": ["Blooket"]}),
    ("GoGuardian (Liminex, Inc.)", {"Liminex, Inc.": ["GoGuardian"]}),
    ("Clever / Clever Badges", {"Clever": ["Clever", "Clever Badges"]}),
    ("Wayground (formerly Quizizz)", {"Wayground": ["Wayground"]}),
    ("IXL Learning, Diagnostics, and Analytics", {"IXL Learning, Diagnostics, and Analytics": None}),
]


@pytest.mark.parametrize(("cell", "companies"), NAMES)
def test_several_products_in_one_name(district, tmp_path, cell, companies):
    load(district, csv_file(tmp_path, "Resource,Grades", f'"{cell}",K-5'))
    found = {
        vendor.name: sorted(vendor.products.values_list("name", flat=True)) for vendor in Vendor.objects.all()
    }
    assert found.keys() == companies.keys()
    assert all(names is None or found[vendor] == sorted(names) for vendor, names in companies.items())
    assert RegisterReview.objects.filter(kind="name").exists() == (
        None in companies.values() or cell == "Kahoot! / Blooket"
    )


def test_several_companies_in_one_cell(district, tmp_path):
    load(district, csv_file(tmp_path, "Company,Data", "Kahoot! / Blooket,name", '"Lumino, Inc.",email'))
    assert listed(district) == {
        "Blooket": ["student-name"],
        "Kahoot!": ["student-name"],
        "Lumino, Inc.": ["student-email"],
    }
    assert not Product.objects.exists()


def test_a_list_with_commas_is_several_where_its_parts_stand_alone_elsewhere(district, tmp_path):
    path = csv_file(tmp_path, "Resource,Grades", '"Kahoot!, Blooket and Seesaw",K', "Kahoot!,K", "Blooket,K")
    load(district, path)
    assert set(Vendor.objects.values_list("name", flat=True)) == {"Kahoot!", "Blooket", "Seesaw"}


def test_a_row_that_names_no_company_waits_for_staff(district, tmp_path):
    load(district, csv_file(tmp_path, "Resource,Grades", "Content filter (vendor unnamed),K", "Skylark,K"))
    assert Vendor.objects.get().name == "Skylark"
    waiting = RegisterReview.objects.get()
    assert (waiting.agreement, waiting.kind, waiting.line) == (None, "name", 2)


def test_a_product_is_its_companys_wherever_the_sheet_says_so(district, tmp_path):
    path = csv_file(
        tmp_path,
        "Resource,Grades",
        "Naviance,K",
        "SchoolMessenger (PowerSchool Group),K",
        "Naviance (PowerSchool Group),K",
    )
    load(district, path)
    assert Vendor.objects.get().name == "PowerSchool Group"
    assert Product.objects.count() == 2
    assert Agreement.objects.count() == 2
