"""`manage.py import_inventory`: a draft is filled from identifiers, all or nothing, the same file once."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from districts.importers.inventory import InventoryReport, Options, load_inventory
from districts.importers.report import LISTED_PROBLEMS, ImportRefused
from districts.models import AgreementVersion, Basis, Crosswalk, DataElement
from districts.publish import NotADraft, publish_version, refusals
from tests import needs
from tests.factories import (
    NOW,
    TODAY,
    make_agreement,
    make_category,
    make_district,
    make_draft,
    make_element,
    make_purpose,
)

pytestmark = pytest.mark.django_db

DEFAULTS = {"basis": "school_official", "purpose": "teach", "kept": "after_agreement", "kept_days": "60"}


@pytest.fixture
def draft() -> AgreementVersion:
    """A draft without lines, and a catalogue of two kinds of data with their identifiers."""
    email, phone = make_element("email"), make_element("phone")
    for identifier, element in (
        ("inbloom:student.mail", email),
        ("inbloom:student.mailKind", email),
        ("ndpa.03.01", phone),
    ):
        Crosswalk.objects.create(
            scheme=identifier.split(".")[0].split(":")[0], identifier=identifier, element=element
        )
    make_purpose("teach")
    make_category("other-data")
    return make_draft(make_agreement(make_district()), [])


@pytest.fixture
def file(tmp_path: Path):
    def write(*lines: str, name: str = "inventory.csv") -> Path:
        path = tmp_path / name
        path.write_bytes("\r\n".join(lines).encode())
        return path

    return write


def load(draft: AgreementVersion, path: Path, **options: object) -> InventoryReport:
    chosen = Options(**{"defaults": DEFAULTS, **options})
    return load_inventory(path=path, version_id=draft.pk, options=chosen)


def counts(report: InventoryReport) -> tuple[int, int, int, int]:
    return report.created, report.changed, report.unchanged, report.ended


def refused(draft: AgreementVersion, path: Path, **options: object) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRefused) as error:
        load(draft, path, **options)
    assert not draft.shared_elements.exists()
    return [(problem.line, problem.column, problem.found) for problem in error.value.problems]


def test_identifiers_of_one_element_become_one_line_that_keeps_them_all(draft, file):
    path = file("element_id", "inbloom:student.mailKind", "inbloom:student.mail", "ndpa.03.01")
    report = load(draft, path)
    assert counts(report) == (2, 0, 0, 0)
    assert report.identifiers == 3
    email = draft.shared_elements.get(element__code="email")
    assert email.reported_as == ["inbloom:student.mail", "inbloom:student.mailKind"]
    assert (email.basis, email.purpose.code, email.kept, email.kept_days) == (
        "school_official",
        "teach",
        "after_agreement",
        60,
    )
    assert email.source == "not_filled_in"


def test_the_same_file_twice_changes_nothing(draft, file):
    path = file("element_id", "inbloom:student.mail", "ndpa.03.01")
    load(draft, path)
    assert counts(load(draft, path)) == (0, 0, 2, 0)


def test_columns_win_over_defaults_row_by_row(draft, file):
    path = file(
        "\ufeffcode,Basis,source,recipients,kept,kept_until,detail",
        'email,consent,family,"Clearwave; Sender | Clearwave",date,2027-06-30,as listed in exhibit B',
        "phone,,,,,,",
    )
    load(draft, path)
    email = draft.shared_elements.get(element__code="email")
    assert (email.basis, email.source, email.recipients) == ("consent", "family", ["Clearwave", "Sender"])
    assert (email.kept, str(email.kept_until), email.kept_days) == ("date", "2027-06-30", None)
    assert email.detail == "as listed in exhibit B"
    assert email.reported_as == ["email"]
    assert draft.shared_elements.get(element__code="phone").basis == "school_official"


def test_a_corrected_file_changes_the_lines_and_leaves_what_it_does_not_say(draft, file):
    load(draft, file("element_id", "ndpa.03.01"))
    draft.shared_elements.update(source="student", prohibited_reason="A court ordered it.")
    assert counts(load(draft, file("element_id,kept_days", "ndpa.03.01,30"))) == (0, 1, 0, 0)
    line = draft.shared_elements.get()
    assert (line.kept_days, line.source, line.prohibited_reason) == (30, "student", "A court ordered it.")


def test_lines_that_are_not_in_the_file_stay_unless_it_replaces_them(draft, file):
    load(draft, file("element_id", "ndpa.03.01"))
    path = file("element_id", "inbloom:student.mail")
    assert counts(load(draft, path)) == (1, 0, 0, 0)
    assert counts(load(draft, path, replace=True)) == (0, 0, 1, 1)
    assert draft.shared_elements.get().element.code == "email"


def test_unknown_identifiers_refuse_the_whole_file_with_their_places(draft, file):
    path = file("element_id", "ndpa.03.01", "inbloom:student.shoeSize", "", "ndpa.99.99")
    assert refused(draft, path) == [
        (3, "identifier", "inbloom:student.shoeSize"),
        (5, "identifier", "ndpa.99.99"),
    ]


BAD_CELLS = [
    ("basis", "because", "one of consent"),
    ("purpose", "fun", "one of teach"),
    ("source", "thin air", "one of school_record"),
    ("kept", "forever", "one of not_filled_in"),
    ("kept_days", "many", "a number of days"),
    ("kept_days", "-3", "a number of days"),
    ("kept_days", "٣", "a number of days"),
    ("detail", "x" * 201, "at most 200 characters"),
    ("recipients", "x" * 121, "at most 120 characters"),
    ("label", "a\0b", "text without NUL"),
]


@pytest.mark.parametrize(("column", "cell", "expected"), BAD_CELLS)
def test_a_cell_that_cannot_be_is_named_with_what_was_expected(draft, file, column, cell, expected):
    path = file(f"element_id,{column}", f"ndpa.03.01,{cell}", "inbloom:student.mail,")
    with pytest.raises(ImportRefused) as error:
        load(draft, path)
    (problem,) = error.value.problems
    assert (problem.file, problem.line, problem.column) == ("inventory.csv", 2, column)
    assert problem.found in cell.replace("\0", "\\0") or problem.found.startswith("x" * 50)
    assert problem.expected.startswith(expected)
    assert not draft.shared_elements.exists()


def test_a_date_needs_a_date(draft, file):
    assert refused(draft, file("element_id,kept,kept_until", "ndpa.03.01,date,June")) == [
        (2, "kept_until", "June")
    ]


def test_without_a_legal_basis_nothing_is_taken_in(draft, file):
    assert refused(draft, file("element_id", "ndpa.03.01"), defaults={}) == [(2, "basis", "nothing")]


BAD_FILES = [
    (b"name,basis\nEmail,consent\n", (1, "header")),
    (b"", (1, "header")),
    (b"element_id\n", (1, "file")),
    (b"element_id,basis\nndpa.03.01\n", (2, "row")),
    (b"element_id\nndpa.03.01\ncaf\xe9\n", (3, "file")),
    (b'element_id\n"ndpa.03.01\n', (2, "row")),
    (b'element_id,detail\nndpa.03.01,"a\nb"\nnobody,"c\nd"\n', (4, "identifier")),
    (b"element_id,recipient\nndpa.03.01,PrintCo\n", (1, "recipient")),
    (b"element_id,Kept until\nndpa.03.01,2030-01-01\n", (1, "kept until")),
    (b"element_id,basis,Basis\nndpa.03.01,consent,audit\n", (1, "basis")),
]


@pytest.mark.parametrize(("content", "place"), BAD_FILES)
def test_a_file_that_is_no_inventory_is_refused(draft, tmp_path, content, place):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    ((line, column, _found),) = refused(draft, path)
    assert (line, column) == place


def test_a_file_that_is_not_there_is_refused(draft, tmp_path):
    assert refused(draft, tmp_path / "none.csv") == [(0, "file", "No such file or directory")]


def test_rows_of_one_line_must_not_contradict_each_other(draft, file):
    path = file(
        "element_id,source,recipients", "inbloom:student.mail,family,A", "inbloom:student.mailKind,student,B"
    )
    assert refused(draft, path) == [(3, "source", "student")]


def test_only_the_first_refusals_are_listed_and_all_are_counted(draft, file):
    path = file("element_id", *(f"unknown.{n}" for n in range(2500)))
    with pytest.raises(ImportRefused) as error:
        load(draft, path)
    assert (len(error.value.problems), error.value.total) == (LISTED_PROBLEMS, 2500)
    assert error.value.lines()[-1] == "and 2400 more"


def test_add_makes_elements_of_the_agency_that_wait_for_an_explanation(draft, file):
    path = file("element_id,label,subject", "acme:shoe.size,Shoe size,student", "acme:x,,parent")
    report = load(draft, path, add=True)
    assert len(report.added) == 2
    shoe = draft.shared_elements.get(reported_as=["acme:shoe.size"]).element
    assert (shoe.agency, shoe.explained, shoe.category.code) == (draft.agreement.agency, False, "other-data")
    assert shoe.texts.get().label == "Shoe size"
    assert DataElement.objects.get(shared_in__reported_as=["acme:x"]).subject == "family"
    assert "not_explained" in {refusal.code for refusal in refusals(draft.pk, today=TODAY)}
    again = load(draft, path)
    assert (counts(again), again.added) == ((0, 0, 2, 0), [])


def test_another_agencys_own_elements_are_unknown(draft, file):
    other = make_district()
    make_element("shoe-size", agency=other)
    assert refused(draft, file("element_id", "shoe-size")) == [(2, "identifier", "shoe-size")]
    DataElement.objects.filter(code="shoe-size").update(agency=draft.agreement.agency)
    assert load(draft, file("element_id", "shoe-size")).created == 1


def test_add_needs_a_group_of_the_catalogue(draft, file):
    found = refused(draft, file("element_id", "acme:x"), add=True, category="nothing-like-it")
    assert (0, "--category", "nothing-like-it") in found


def test_a_dry_run_tells_and_keeps_nothing(draft, file):
    report = load(draft, file("element_id", "ndpa.03.01", "acme:x"), add=True, dry_run=True)
    assert (counts(report), len(report.added)) == ((2, 0, 0, 0), 1)
    assert not draft.shared_elements.exists()
    assert not DataElement.objects.filter(explained=False).exists()


def test_a_published_version_takes_nothing_in(draft, file):
    path = file("element_id", "ndpa.03.01")
    load(draft, path)
    publish_version(version_id=draft.pk, now=NOW)
    with pytest.raises(NotADraft):
        load(draft, path)
    assert draft.shared_elements.get().reported_as == ["ndpa.03.01"]


# The command


def command(draft: AgreementVersion, path: Path, **options: object) -> None:
    call_command("import_inventory", str(path), version=draft.pk, **{**DEFAULTS, **options})


def test_the_command_takes_version_as_the_draft(draft, file, capsys):
    path = file("element_id", "ndpa.03.01")
    arguments = [
        str(path),
        f"--version={draft.pk}",
        "--basis=consent",
        "--kept=after_leaving",
        "--kept-days=9",
    ]
    call_command("import_inventory", *arguments)
    assert "1 created, 0 changed, 0 unchanged, 0 ended" in capsys.readouterr().out
    assert draft.shared_elements.get().basis == Basis.CONSENT


def test_the_command_prints_json_for_a_load_and_for_a_refusal(draft, file, capsys):
    command(draft, file("element_id", "ndpa.03.01"), json=True, dry_run=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["created"], told["refused"], told["dry_run"]) == (1, 0, True)
    with pytest.raises(CommandError, match="line 2, identifier: found “x”"):
        command(draft, file("element_id", "x"), json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["created"], told["refused"], told["refusals"][0]["found"]) == (0, 1, "x")


@pytest.mark.real_inputs
def test_all_384_data_points_of_inbloom_and_all_rows_of_the_ndpa_find_their_element(draft):
    call_command("load_catalogue", verbosity=0)
    inbloom = load(draft, needs.REAL_INPUTS / "inbloom_inventory_384.csv", defaults=DEFAULTS)
    assert inbloom.identifiers == 384
    assert inbloom.created == draft.shared_elements.count() > 200
    ndpa = load(draft, needs.REAL_INPUTS / "samples" / "ndpa_exhibit_b_checklist.csv", replace=True)
    assert ndpa.identifiers == 61
    assert sum(len(line.reported_as) for line in draft.shared_elements.all()) == 61
