"""Loading the catalogue: once is enough, words only grow, and what agencies added is left alone."""

import csv
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from districts.importers.catalogue import load_catalogue
from districts.importers.catalogue_report import LoadReport, lines
from districts.models import (
    CategoryText,
    Crosswalk,
    DataCategory,
    DataElement,
    ElementText,
    Prohibition,
    Purpose,
    PurposeText,
)
from tests.districts.small_catalogue import CROSSWALK, ELEMENTS, EMAIL, PHONE, Folder
from tests.factories import NOW, make_district
from tests.needs import REAL_INPUTS


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def load(folder: Folder) -> Callable[..., LoadReport]:
    return lambda **options: load_catalogue(now=NOW, folder=folder.path, **options)


def outcome(report: LoadReport) -> dict[str, int]:
    total = report.total
    return {"created": total.created, "changed": total.changed, "ended": total.ended}


NOTHING = {"created": 0, "changed": 0, "ended": 0}


# What is loaded


@pytest.mark.django_db
def test_the_files_become_categories_elements_purposes_and_their_words(load):
    report = load()
    assert list(DataCategory.objects.values_list("code", flat=True)) == ["contact", "health"]
    allergy = DataElement.objects.get(code="allergy")
    assert (allergy.category.code, allergy.sensitivity, allergy.sensitive_kind) == (
        "health",
        "high",
        "health",
    )
    spanish = allergy.texts.get(language="es")
    assert (spanish.label, spanish.revision, spanish.sensitivity_reason) == ("Alergia", 1, "Lo usan.")
    assert PurposeText.objects.get(language="en").definition == "Teachers use it."
    assert Prohibition.objects.get().element == allergy
    assert (report.data_points, report.data_point_kinds) == (2, 1)


@pytest.mark.django_db
def test_words_count_as_not_reviewed_until_a_person_says_so(load):
    load()
    assert not ElementText.objects.filter(reviewed=True).exists()


@pytest.mark.django_db
def test_the_same_files_twice_change_nothing(load):
    load()
    before = list(ElementText.objects.values_list("pk", "recorded_at"))
    again = load()
    assert outcome(again) == NOTHING
    assert again.total.unchanged == load().total.unchanged > 0
    assert list(ElementText.objects.values_list("pk", "recorded_at")) == before


@pytest.mark.django_db
def test_a_changed_text_is_a_new_revision_and_the_old_one_stays(folder, load):
    load()
    folder.replace("elements/contact.csv", "Where mail goes.", "Where letters go.")
    assert outcome(load()) == {"created": 0, "changed": 1, "ended": 0}
    texts = ElementText.objects.filter(element__code="email", language="en").order_by("revision")
    assert [(text.revision, text.definition) for text in texts] == [
        (1, "Where mail goes."),
        (2, "Where letters go."),
    ]
    assert ElementText.objects.current("en").get(element__code="email").revision == 2
    assert ElementText.objects.filter(element__code="email", language="es").count() == 1


@pytest.mark.django_db
def test_words_that_go_back_to_what_they_were_are_a_third_revision(folder, load):
    load()
    folder.replace("categories.csv", "About the body.", "About the body and mind.")
    load()
    folder.replace("categories.csv", "About the body and mind.", "About the body.")
    load()
    texts = CategoryText.objects.filter(category__code="health", language="en").order_by("revision")
    assert [text.definition for text in texts] == [
        "About the body.",
        "About the body and mind.",
        "About the body.",
    ]


@pytest.mark.django_db
def test_loaded_words_cannot_be_rewritten(load):
    load()
    with pytest.raises(IntegrityError), transaction.atomic():
        ElementText.objects.filter(element__code="email").update(label="Nothing to see")


@pytest.mark.django_db
def test_a_changed_sensitivity_category_or_position_is_updated_in_place(folder, load):
    load()
    folder.replace("elements/contact.csv", "phone,student,medium,", "phone,student,high,")
    folder.replace("categories.csv", "health,20", "health,5")
    assert outcome(load()) == {"created": 0, "changed": 2, "ended": 0}
    assert DataElement.objects.get(code="phone").sensitivity == "high"
    assert DataCategory.objects.first().code == "health"


@pytest.mark.django_db
def test_an_element_that_is_replaced_points_at_its_successor(folder, load):
    load()
    folder.write("elements/contact.csv", [ELEMENTS, EMAIL + "phone", PHONE])
    assert outcome(load()) == {"created": 0, "changed": 1, "ended": 0}
    assert DataElement.objects.get(code="email").same_meaning_as.code == "phone"
    folder.write("elements/contact.csv", [ELEMENTS, EMAIL, PHONE])
    load()
    assert DataElement.objects.get(code="email").same_meaning_as is None


@pytest.mark.django_db
def test_a_code_in_no_file_any_more_is_named_and_left_alone(folder, load):
    load()
    folder.write("elements/contact.csv", [ELEMENTS, EMAIL])
    folder.replace("crosswalk.csv", "ndpa.1,phone", "ndpa.1,email")
    report = load()
    assert report.in_no_file == ["phone"]
    assert DataElement.objects.filter(code="phone").exists()


@pytest.mark.django_db
def test_an_identifier_may_move_to_another_element_or_end(folder, load):
    load()
    folder.write("crosswalk.csv", [CROSSWALK[0], "inbloom,inbloom:student.mail,phone", CROSSWALK[3]])
    report = load()
    assert outcome(report) == {"created": 0, "changed": 1, "ended": 1}
    assert Crosswalk.objects.get(identifier="inbloom:student.mail").element.code == "phone"
    assert not Crosswalk.objects.filter(identifier="inbloom:student.mailKind").exists()
    assert (report.data_points, report.data_point_kinds) == (1, 1)


@pytest.mark.django_db
def test_what_an_agency_added_is_not_touched(folder, load):
    load()
    own = DataElement.objects.create(
        code="locker", category=DataCategory.objects.first(), subject="student", sensitivity="low",
        agency=make_district(), explained=False,
    )  # fmt: skip
    Crosswalk.objects.create(scheme="inbloom", identifier="locker", element=own)
    report = load()
    assert outcome(report) == NOTHING
    assert report.in_no_file == []
    assert Crosswalk.objects.filter(element=own).exists()


@pytest.mark.django_db
def test_a_dry_run_says_what_would_change_and_keeps_nothing(load):
    report = load(dry_run=True)
    assert report.total.created > 0
    assert (report.data_points, report.data_point_kinds) == (2, 1)
    assert not DataElement.objects.exists()
    assert not Purpose.objects.exists()


@pytest.mark.django_db
def test_more_elements_need_no_more_queries(folder, load, django_assert_num_queries):
    load()
    folder.replace("elements/contact.csv", "Where mail goes.", "Where letters go.")
    with connection.execute_wrapper(count := _Counter()):
        load()
    rows = [EMAIL.replace("email,", f"email-{n},") for n in range(40)]
    folder.write("elements/contact.csv", [ELEMENTS, EMAIL, PHONE, *rows])
    with django_assert_num_queries(count.queries + 1):  # elements are inserted, too
        load()


class _Counter:
    queries = 0

    def __call__(self, execute, sql, params, many, context):
        self.queries += 1
        return execute(sql, params, many, context)


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_take_turns(folder, load):
    load()
    folder.replace("elements/contact.csv", "Where mail goes.", "Where letters go.")
    reports, errors = [], []

    def one() -> None:
        try:
            reports.append(load())
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(report.total.changed for report in reports) == [0, 0, 0, 1]


# The project's own catalogue


@pytest.mark.django_db
def test_the_catalogue_of_the_project_loads_once_and_for_all():
    first = load_catalogue(now=NOW)
    assert first.data_points == 384
    assert first.data_point_kinds >= 200
    assert first.kinds["element texts"].created == 2 * DataElement.objects.count()
    assert outcome(load_catalogue(now=NOW)) == NOTHING
    assert list(lines(first))[-1] == "384 data points, of 230 kinds"


@pytest.mark.django_db
@pytest.mark.real_inputs
def test_every_real_identifier_leads_to_words_in_both_languages(real_identifiers):
    load_catalogue(now=NOW)
    for scheme, identifiers in real_identifiers.items():
        rows = Crosswalk.objects.filter(scheme=scheme, identifier__in=identifiers)
        assert rows.count() == len(identifiers)
        for language in ("en", "es"):
            told = ElementText.objects.current(language).filter(element__crosswalks__in=rows)
            assert set(told.values_list("element_id", flat=True)) == set(
                rows.values_list("element_id", flat=True)
            )


@pytest.fixture
def real_identifiers() -> dict[str, list[str]]:
    found = {}
    for scheme, name, column in (
        ("inbloom", "inbloom_inventory_384.csv", "element_id"),
        ("ndpa", "samples/ndpa_exhibit_b_checklist.csv", "code"),
    ):
        with (REAL_INPUTS / name).open(encoding="utf-8", newline="") as file:
            found[scheme] = [row[column] for row in csv.DictReader(file)]
    return found
