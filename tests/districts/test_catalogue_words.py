"""The catalogue's words: plain, in both languages, nothing empty, nothing said twice. Needs no database."""

import re
from collections import defaultdict

import pytest
import textstat

from tests.districts.catalogue_rows import (
    BY_CATEGORY,
    CATEGORIES,
    CODES,
    ELEMENTS,
    PURPOSES,
    TEXTS,
    Row,
    read,
    repeated,
)

HARDEST_GRADE = 8.0  # Flesch-Kincaid, English
HARDEST_SPANISH = 60.0  # Fernández-Huerta; lower is harder
LONGEST_SENTENCE = 20  # words, English; Spanish needs more articles
LONGEST_SPANISH_SENTENCE = 25
LONGEST_LABEL = 120  # characters, the width of the database column

ELEMENT_COLUMNS = [
    "code",
    "subject",
    "sensitivity",
    "sensitive_kind",
    *[f"{text}_en" for text in TEXTS],
    *[f"{text}_es" for text in TEXTS],
    "same_meaning_as",
]


# Nothing empty, nothing twice


@pytest.mark.parametrize("category", sorted(BY_CATEGORY))
def test_elements_have_the_columns_of_the_catalogue_and_no_blank_cell(category: str):
    for row in BY_CATEGORY[category]:
        assert list(row) == ELEMENT_COLUMNS
        may_be_blank = {"sensitive_kind", "same_meaning_as"}
        assert [c for c in row if not row[c].strip() and c not in may_be_blank] == [], row["code"]
        assert [c for c in row if row[c] != row[c].strip()] == [], row["code"]


@pytest.mark.parametrize(
    "name", ["categories.csv", "purposes.csv", "prohibitions.csv", "crosswalk.csv", "shared_reasons.csv"]
)
def test_other_files_have_no_blank_cell(name: str):
    rows = read(name)
    assert rows
    for row in rows:
        assert all(value is not None and value.strip() for value in row.values()), row


def test_every_category_has_a_file_of_elements_and_every_file_a_category():
    codes = [row["code"] for row in CATEGORIES]
    assert repeated(codes) == []
    assert set(codes) == set(BY_CATEGORY)
    assert repeated([row["position"] for row in CATEGORIES]) == []


def test_codes_are_lower_case_words_with_hyphens():
    coded = [*CODES, *[row["code"] for row in CATEGORIES], *[row["code"] for row in PURPOSES]]
    assert [code for code in coded if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_two_elements_about_the_same_people_have_the_same_label(language: str):
    labels = [f"{row['subject']} {row[f'label_{language}'].casefold()}" for row in ELEMENTS]
    assert repeated(labels) == []
    assert [row["code"] for row in ELEMENTS if len(row[f"label_{language}"]) > LONGEST_LABEL] == []


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("text", ["definition", "sensitivity_reason"])
def test_no_two_elements_say_the_same(text: str, language: str):
    assert repeated([row[f"{text}_{language}"].casefold() for row in ELEMENTS]) == []


def test_the_spanish_words_are_not_the_english_ones():
    same_word_in_both = {"Cookies"}
    for row in ELEMENTS:
        for text in TEXTS:
            if row[f"{text}_en"] not in same_word_in_both:
                assert row[f"{text}_en"] != row[f"{text}_es"], row["code"]


def test_categories_and_purposes_have_labels_of_their_own():
    for rows in (CATEGORIES, PURPOSES):
        for column in (c for c in rows[0] if c != "position"):
            assert repeated([row[column].casefold() for row in rows]) == []


# Plain words


def sentences(rows: list[Row], text: str, language: str) -> str:
    return " ".join(row[f"{text}_{language}"] for row in rows)


@pytest.mark.parametrize("text", ["definition", "sensitivity_reason"])
@pytest.mark.parametrize("category", sorted(BY_CATEGORY))
def test_a_category_reads_at_grade_eight_or_lower(category: str, text: str):
    textstat.set_lang("en_US")
    assert textstat.flesch_kincaid_grade(sentences(BY_CATEGORY[category], text, "en")) <= HARDEST_GRADE


@pytest.mark.parametrize("text", ["definition", "sensitivity_reason"])
@pytest.mark.parametrize("category", sorted(BY_CATEGORY))
def test_a_category_is_easy_to_read_in_spanish(category: str, text: str):
    textstat.set_lang("es")
    assert textstat.fernandez_huerta(sentences(BY_CATEGORY[category], text, "es")) >= HARDEST_SPANISH


def test_categories_and_purposes_are_plain_too():
    textstat.set_lang("en_US")
    assert textstat.flesch_kincaid_grade(sentences(CATEGORIES, "definition", "en")) <= HARDEST_GRADE
    assert textstat.flesch_kincaid_grade(sentences(PURPOSES, "explanation", "en")) <= HARDEST_GRADE
    textstat.set_lang("es")
    assert textstat.fernandez_huerta(sentences(CATEGORIES, "definition", "es")) >= HARDEST_SPANISH
    assert textstat.fernandez_huerta(sentences(PURPOSES, "explanation", "es")) >= HARDEST_SPANISH


@pytest.mark.parametrize(
    ("language", "longest"), [("en", LONGEST_SENTENCE), ("es", LONGEST_SPANISH_SENTENCE)]
)
def test_definitions_and_reasons_are_one_short_sentence(language: str, longest: int):
    wrong = defaultdict(list)
    for row in ELEMENTS:
        for text in ("definition", "sensitivity_reason"):
            words = row[f"{text}_{language}"]
            if not re.fullmatch(r"[^.!?]+\.", words):
                wrong["not one sentence"].append(row["code"])
            if len(words.split()) > longest:
                wrong["too long"].append(row["code"])
    assert dict(wrong) == {}
