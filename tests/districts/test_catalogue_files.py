"""The catalogue's files: every identifier means one element, every word is a known one. Needs no database."""

import csv
import re
from collections import Counter

import pytest

from tests.districts.catalogue_rows import (
    BY_CATEGORY,
    CODES,
    CROSSWALK,
    ELEMENTS,
    PROHIBITIONS,
    SHARED_REASONS,
    identifiers,
    repeated,
)
from tests.needs import REAL_INPUTS

INBLOOM_IDENTIFIERS = 384
NDPA_ROWS = 61
FEWEST_ELEMENTS = 200
MOST_IDENTIFIERS_WITHOUT_A_REASON = 8

SENSITIVE_KINDS = {"disability", "health", "discipline", "housing", "language", "income", "migration"}


def originals(name: str, column: str) -> list[str]:
    """Return a column of a real input."""
    with (REAL_INPUTS / name).open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


# Whole


def test_every_data_point_of_the_inbloom_store_means_exactly_one_element():
    found = identifiers("inbloom")
    assert len(found) == len(set(found)) == INBLOOM_IDENTIFIERS


def test_every_row_of_ndpa_exhibit_b_means_exactly_one_element():
    found = identifiers("ndpa")
    assert len(found) == len(set(found)) == NDPA_ROWS


@pytest.mark.real_inputs
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
