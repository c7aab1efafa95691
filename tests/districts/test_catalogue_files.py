"""The catalogue's files: complete, plain, in both languages, and nothing said twice. Needs no database."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import textstat

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "districts" / "catalogue"
SHARED_DATA = ROOT.parent / "shared" / "data"

INBLOOM_IDENTIFIERS = 384
NDPA_ROWS = 61
FEWEST_ELEMENTS = 200
MOST_IDENTIFIERS_WITHOUT_A_REASON = 8
HARDEST_GRADE = 8.0  # Flesch-Kincaid, English
HARDEST_SPANISH = 60.0  # Fernández-Huerta; lower is harder
LONGEST_SENTENCE = 20  # words, English; Spanish needs more articles
LONGEST_SPANISH_SENTENCE = 25
LONGEST_LABEL = 120  # characters, the width of the database column

SENSITIVE_KINDS = {"disability", "health", "discipline", "housing", "language", "income", "migration"}
TEXTS = ("label", "definition", "sensitivity_reason", "usual_source")
ELEMENT_COLUMNS = [
    "code",
    "subject",
    "sensitivity",
    "sensitive_kind",
    *[f"{text}_en" for text in TEXTS],
    *[f"{text}_es" for text in TEXTS],
    "same_meaning_as",
]

Row = dict[str, str]


def read(name: str) -> list[Row]:
    with (CATALOGUE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


CATEGORIES = read("categories.csv")
BY_CATEGORY = {path.stem: read(f"elements/{path.name}") for path in sorted(CATALOGUE.glob("elements/*.csv"))}
ELEMENTS = [row for rows in BY_CATEGORY.values() for row in rows]
CODES = {row["code"] for row in ELEMENTS}
CROSSWALK = read("crosswalk.csv")
PURPOSES = read("purposes.csv")
PROHIBITIONS = read("prohibitions.csv")
SHARED_REASONS = read("shared_reasons.csv")


def identifiers(scheme: str) -> list[str]:
    return [row["identifier"] for row in CROSSWALK if row["scheme"] == scheme]


def repeated(values: list[str]) -> list[str]:
    return sorted(value for value, times in Counter(values).items() if times > 1)


def originals(name: str, column: str) -> list[str]:
    """Return a column of a real input, or leave the test out by name where it is absent."""
    path = SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"left out: the real input {name} is not here")
    with path.open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


# Whole


def test_every_data_point_of_the_inbloom_store_means_exactly_one_element():
    found = identifiers("inbloom")
    assert len(found) == len(set(found)) == INBLOOM_IDENTIFIERS


def test_every_row_of_ndpa_exhibit_b_means_exactly_one_element():
    found = identifiers("ndpa")
    assert len(found) == len(set(found)) == NDPA_ROWS


@pytest.mark.parametrize(
    ("scheme", "file", "column"),
    [
        ("inbloom", "inbloom_inventory_384.csv", "element_id"),
        ("ndpa", "samples/ndpa_exhibit_b_checklist.csv", "code"),
    ],
)
def test_the_crosswalk_names_the_identifiers_of_the_real_inventories(scheme: str, file: str, column: str):
    assert sorted(identifiers(scheme)) == sorted(originals(file, column))


def test_no_identifier_of_any_scheme_means_two_elements():
    assert repeated([f"{row['scheme']} {row['identifier']}" for row in CROSSWALK]) == []


def test_the_crosswalk_names_only_known_schemes_and_elements():
    assert {row["scheme"] for row in CROSSWALK} <= {"inbloom", "ndpa", "oneroster", "ceds", "dpv"}
    assert {row["element"] for row in CROSSWALK} - CODES == set()


def test_there_are_at_least_two_hundred_elements():
    assert len(ELEMENTS) >= FEWEST_ELEMENTS
    assert repeated([row["code"] for row in ELEMENTS]) == []


def test_an_element_with_many_data_points_has_a_written_reason():
    counts = Counter(row["element"] for row in CROSSWALK if row["scheme"] == "inbloom")
    explained = {row["element"] for row in SHARED_REASONS if row["reason"].strip()}
    unexplained = {e for e, n in counts.items() if n > MOST_IDENTIFIERS_WITHOUT_A_REASON} - explained
    assert unexplained == set()
    assert {row["element"] for row in SHARED_REASONS} - CODES == set()


def test_data_points_of_students_families_and_staff_are_kept_apart():
    subject_of = {row["code"]: row["subject"] for row in ELEMENTS}
    owners = {"parent": "family", "studentParentAssociation": "family"}
    for row in CROSSWALK:
        if row["scheme"] == "inbloom":
            entity = row["identifier"].removeprefix("inbloom:").split(".")[0]
            is_staff = entity.startswith(("staff", "teacher"))
            expected = owners.get(entity, "staff" if is_staff else "student")
            assert subject_of[row["element"]] == expected, row


@pytest.mark.parametrize("person", ["student", "guardian", "staff"])
def test_the_roster_columns_of_one_kind_of_person_lead_to_elements_of_that_kind(person: str):
    subjects = {"student": "student", "guardian": "family", "staff": "staff"}
    subject_of = {row["code"]: row["subject"] for row in ELEMENTS}
    links_to_parents = {"users[student].agentSourcedIds"}
    rows = [row for row in CROSSWALK if row["scheme"] == "oneroster" and f"[{person}]" in row["identifier"]]
    assert rows
    for row in rows:
        if row["identifier"] not in links_to_parents:
            assert subject_of[row["element"]] == subjects[person], row


@pytest.mark.parametrize(
    "column",
    [
        "users[student].givenName",
        "users[student].familyName",
        "users[student].email",
        "users[student].phone",
        "users[student].password",
        "users[student].agentSourcedIds",
        "users[student].grades",
        "users[guardian].givenName",
        "users[guardian].email",
        "users[guardian].sms",
        "demographics.birthDate",
        "demographics.hispanicOrLatinoEthnicity",
        "demographics.countryOfBirthCode",
        "enrollments[student].classSourcedId",
        "results.score",
    ],
)
def test_the_columns_a_roster_filter_leaves_out_are_known(column: str):
    assert column in identifiers("oneroster")


@pytest.mark.parametrize(
    "code",
    [
        "student-name",
        "student-middle-name",
        "student-birth-date",
        "student-home-address",
        "student-ssn",
        "student-password",
        "student-voice-recording",
        "student-photo",
        "student-video",
        "student-location",
        "student-fingerprint",
        "student-face-scan",
        "student-ip-address",
        "student-cookies",
        "student-device-id",
        "student-time-in-app",
        "student-survey-answers",
        "student-lunch-balance",
        "student-bus-stop",
        "guardian-home-address",
        "guardian-email",
        "staff-birth-date",
        "no-student-data",
    ],
)
def test_what_parents_ask_about_has_an_element(code: str):
    assert code in CODES


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


# Known values


def test_subject_sensitivity_and_sensitive_kind_are_known_words():
    assert {row["subject"] for row in ELEMENTS} == {"student", "family", "staff"}
    assert {row["sensitivity"] for row in ELEMENTS} == {"low", "medium", "high"}
    assert {row["sensitive_kind"] for row in ELEMENTS} - {""} == SENSITIVE_KINDS


@pytest.mark.parametrize(
    ("category", "kinds"),
    [
        ("student-health", {"health"}),
        ("student-disability", {"disability"}),
        ("student-language", {"language"}),
    ],
)
def test_messages_about_a_sensitive_category_are_always_general(category: str, kinds: set[str]):
    assert {row["sensitive_kind"] for row in BY_CATEGORY[category]} == kinds


def test_every_element_of_behavior_and_discipline_makes_messages_general():
    assert [row["code"] for row in BY_CATEGORY["student-conduct"] if not row["sensitive_kind"]] == []


def test_an_element_may_stand_only_for_another_known_element():
    for row in ELEMENTS:
        if row["same_meaning_as"]:
            assert row["same_meaning_as"] in CODES - {row["code"]}


def test_a_prohibited_element_names_its_law():
    assert {row["element"] for row in PROHIBITIONS} - CODES == set()
    assert repeated([f"{row['element']} {row['law_profile']}" for row in PROHIBITIONS]) == []
    for row in PROHIBITIONS:
        assert re.fullmatch(r"us-[a-z]{2}", row["law_profile"])
        assert re.search(r"\d", row["citation"]), "a citation names a section"


def test_utah_bars_social_security_numbers_and_criminal_records():
    barred = {row["element"] for row in PROHIBITIONS if row["law_profile"] == "us-ut"}
    assert barred == {"student-ssn", "student-criminal-record"}


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
