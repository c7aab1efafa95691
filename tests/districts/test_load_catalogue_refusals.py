"""A wrong catalogue file is refused with its file, line, column, what was found and what was expected."""

from collections.abc import Callable
from pathlib import Path

import pytest

from districts.importers.catalogue import load_catalogue
from districts.importers.catalogue_files import CatalogueRefused, Problem
from districts.importers.catalogue_report import LoadReport
from districts.models import DataCategory, DataElement, Purpose
from tests.districts.small_catalogue import (
    ALLERGY,
    CROSSWALK,
    ELEMENTS,
    EMAIL,
    PHONE,
    PROHIBITIONS,
    PURPOSES,
    Folder,
)
from tests.factories import NOW, make_agreement, make_district, make_draft


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def load(folder: Folder) -> Callable[..., LoadReport]:
    return lambda **options: load_catalogue(now=NOW, folder=folder.path, **options)


@pytest.fixture
def refusal(folder: Folder, load: Callable[..., LoadReport]) -> Callable[[], Problem]:
    """Load, expect the one problem there is, and nothing in the database."""

    def refused() -> Problem:
        with pytest.raises(CatalogueRefused) as raised:
            load()
        assert not DataElement.objects.exists()
        [problem] = raised.value.problems
        return problem

    return refused


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "old", "new", "where"),
    [
        ("elements/contact.csv", "Where mail goes.", "", ("elements/contact.csv", 2, "definition_en", "")),
        ("elements/contact.csv", "Un número.", "  ", ("elements/contact.csv", 3, "definition_es", "  ")),
        (
            "elements/contact.csv",
            "email,student",
            "email,pupil",
            ("elements/contact.csv", 2, "subject", "pupil"),
        ),
        (
            "elements/health.csv",
            "high,health",
            "huge,health",
            ("elements/health.csv", 2, "sensitivity", "huge"),
        ),
        (
            "elements/health.csv",
            "high,health",
            "high,luck",
            ("elements/health.csv", 2, "sensitive_kind", "luck"),
        ),
        (
            "elements/health.csv",
            "Salud.,",
            "Salud.,nobody",
            ("elements/health.csv", 2, "same_meaning_as", "nobody"),
        ),
        (
            "elements/health.csv",
            "Salud.,",
            "Salud.,allergy",
            ("elements/health.csv", 2, "same_meaning_as", "allergy"),
        ),
        ("categories.csv", "contact,10", "contact,ten", ("categories.csv", 2, "position", "ten")),
        ("purposes.csv", "teach-class", "Teach Class", ("purposes.csv", 2, "code", "Teach Class")),
        ("purposes.csv", "Dar clase", "a" * 121, ("purposes.csv", 2, "label_es", "a" * 121)),
        ("crosswalk.csv", "ndpa,ndpa.1", "nasa,ndpa.1", ("crosswalk.csv", 4, "scheme", "nasa")),
        ("crosswalk.csv", "ndpa.1,phone", "ndpa.1,fax", ("crosswalk.csv", 4, "element", "fax")),
        ("prohibitions.csv", "Utah Code 1", "", ("prohibitions.csv", 2, "citation", "")),
        ("prohibitions.csv", "allergy,", "fax,", ("prohibitions.csv", 2, "element", "fax")),
        ("elements/health.csv", ",Salud.,", "", ("elements/health.csv", 2, "row", "another number of cells")),
    ],
)
def test_a_wrong_cell_is_named_with_file_line_and_column(folder, refusal, name, old, new, where):
    folder.replace(name, old, new)
    problem = refusal()
    assert (problem.file, problem.line, problem.column, problem.found) == where
    assert problem.expected


@pytest.mark.django_db
def test_one_code_in_two_files_is_refused_with_both_places(folder, refusal):
    folder.write("elements/health.csv", [ELEMENTS, ALLERGY, PHONE])
    problem = refusal()
    assert (problem.file, problem.line, problem.found) == ("elements/health.csv", 3, "phone")
    assert problem.expected == "each once; it is also in elements/contact.csv, line 3"


@pytest.mark.django_db
def test_an_identifier_that_means_two_elements_is_refused(folder, refusal):
    folder.write("crosswalk.csv", [*CROSSWALK, "ndpa,ndpa.1,email"])
    problem = refusal()
    assert (problem.line, problem.column, problem.found) == (5, "scheme and identifier", "ndpa ndpa.1")


@pytest.mark.django_db
def test_a_missing_column_is_refused_by_its_header(folder, refusal):
    folder.replace("purposes.csv", ",explanation_es", "")
    problem = refusal()
    assert (problem.file, problem.line, problem.column) == ("purposes.csv", 1, "header")


@pytest.mark.django_db
def test_a_category_without_a_file_of_elements_is_refused(folder, load):
    (folder.path / "elements" / "health.csv").unlink()
    with pytest.raises(CatalogueRefused, match=r"elements/health\.csv, line 0, file: found “nothing”"):
        load()


@pytest.mark.django_db
def test_a_file_of_elements_without_a_category_is_refused(folder, refusal):
    folder.write("elements/pets.csv", [ELEMENTS, EMAIL.replace("email,", "dog,")])
    problem = refusal()
    assert (problem.file, problem.found) == ("elements/pets.csv", "pets")


@pytest.mark.django_db
def test_a_category_without_elements_is_refused(folder, refusal):
    folder.write("elements/health.csv", [ELEMENTS])
    folder.write("prohibitions.csv", [PROHIBITIONS[0]])
    assert refusal().column == "rows"


@pytest.mark.django_db
def test_a_file_that_is_not_utf_8_is_refused(folder, load):
    (folder.path / "purposes.csv").write_bytes("\n".join(PURPOSES).encode("utf-16"))
    with pytest.raises(CatalogueRefused, match=r"purposes\.csv, line 0, file: .* expected UTF-8"):
        load()


@pytest.mark.django_db
def test_all_problems_are_told_at_once(folder, load):
    folder.replace("elements/health.csv", "high,health", "huge,luck")
    folder.replace("categories.csv", "Contacto", "")
    with pytest.raises(CatalogueRefused) as raised:
        load()
    assert [problem.column for problem in raised.value.problems] == [
        "label_es",
        "sensitivity",
        "sensitive_kind",
    ]


@pytest.mark.django_db
def test_a_code_that_an_agency_already_uses_is_refused(folder, load):
    category = DataCategory.objects.create(code="contact")
    DataElement.objects.create(
        code="phone",
        category=category,
        subject="student",
        sensitivity="low",
        agency=make_district("Lakeside"),
    )
    with pytest.raises(CatalogueRefused) as raised:
        load()
    assert str(raised.value) == (
        "elements/contact.csv, line 3, code: found “phone”, expected a code that Lakeside does not use"
    )
    assert DataElement.objects.count() == 1


@pytest.mark.django_db
def test_another_group_for_what_a_published_version_shares_is_refused(folder, load):
    load()
    draft = make_draft(make_agreement(make_district()), lines=[])
    draft.shared_elements.create(
        element=DataElement.objects.get(code="phone"), purpose=Purpose.objects.get(), basis="consent"
    )
    draft.published_at = NOW
    draft.save(update_fields=["published_at"])
    folder.write("elements/contact.csv", [ELEMENTS, EMAIL])
    folder.write("elements/health.csv", [ELEMENTS, ALLERGY, PHONE])
    with pytest.raises(CatalogueRefused, match=r"elements/health\.csv, line 3, code: found “phone”"):
        load()
    assert DataElement.objects.get(code="phone").category.code == "contact"
