"""Words for data: which element they mean, and that nothing is guessed and nothing lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districts.importers.catalogue_files import read_catalogue
from districts.importers.register.reading import OTHERS, Unread, read_cell
from districts.importers.register.splitting import split_elements
from districts.importers.register.statuses import is_marked, read_status
from districts.importers.register.wordlists import category_words, element_words, rows_of
from tests.districts.register.words import read, vocabulary

SPLIT = [
    ("Name, email; grade", ["Name", "email", "grade"]),
    ("Name | email\ngrade", ["Name", "email", "grade"]),
    ("- Name\n- email\n3. grade", ["Name", "email", "grade"]),
    ("IP address,", ["IP address"]),
    ("Name, email, and grade", ["Name", "email", "grade"]),
    ("Names, addresses, etc.", ["Names", "addresses"]),
    ("Living situation (homeless, foster care), age", ["Living situation (homeless, foster care)", "age"]),
    ("Messages, including email and chat", ["Messages, including email and chat"]),
    ("a (b, c", ["a (b", "c"]),
    (" , ;", []),
]


@pytest.mark.parametrize(("cell", "parts"), SPLIT)
def test_a_cell_is_taken_apart(cell, parts):
    assert [part.words for part in split_elements(cell)] == parts


# Without a y: between two kinds of data it is a Spanish “and”, which is dropped.
SIGNS = st.text("abc XVZ,;|/()\n\"'-.&é", max_size=60)


@given(SIGNS)
def test_no_word_of_a_cell_is_lost(cell):
    said = " ".join(part.words for part in split_elements(cell))
    kept = re.findall(r"\w+", said)
    assert kept == re.findall(r"\w+", cell)


READ = [
    ("Student name", "", ["student-name"]),
    ("First Name, Last Name", "", ["student-name", "student-name"]),
    ("ndpa.07.01", "", ["student-birth-date"]),
    ("student-email", "", ["student-email"]),
    ("Correo electrónico", "", ["student-email"]),
    ("DOB; E-MAIL ADDRESS; grade level", "", ["student-birth-date", "student-email", "student-grade-level"]),
    ("Physical/Mailing Address", "Student Contact Information", ["student-home-address"] * 2),
    ("Email address", "Parent/Guardian Contact Information", ["guardian-email"]),
    ("Date of birth", "Parent/Guardian Demographic Information", ["guardian-birth-date"]),
    ("student app username and password", "", ["student-username", "student-password"]),
    ("Student and parent email addresses", "", ["student-email", "guardian-email"]),
    ("parent/guardian names and phone numbers", "", ["guardian-name", "guardian-phone"]),
    ("Teacher names", "Schedule", ["student-teachers"]),
    ("Teacher names", "Staff data", ["staff-name"]),
    (
        "Living situation (homeless or foster care)",
        "",
        ["student-living-situation [homeless or foster care]"],
    ),
    ("Student work: essays and art", "", ["student-work [essays and art]"]),
    ("Messages, including chat", "", ["student-messages [including chat]"]),
    ("PII: name, gender", "", ["student-name", "student-sex"]),
    ("Demographics (gender, race)", "", ["student-sex", "student-race-ethnicity"]),
    ("optional phone number", "", ["student-phone [optional phone number]"]),
    ("anonymous usage", "", ["student-masked-data [anonymous usage]"]),
    ("aggregated test scores", "", ["student-group-totals [aggregated test scores]"]),
    ("Other enrollment data", "", ["student-other-enrollment [Other enrollment data]"]),
    ("web beacons", "", ["student-other-technical [web beacons]"]),
    ("None", "", ["no-student-data"]),
    ("no student data collected", "", ["no-student-data"]),
    ("Social Security number", "", ["student-ssn"]),
]


@pytest.mark.parametrize(("cell", "group", "meant"), READ)
def test_words_mean_one_element(cell, group, meant):
    assert read(cell, group) == meant


NOT_READ = [
    ("glorp", ["?glorp"]),
    ("email?", ["?email?"]),
    ("Grades", ["?Grades"]),
    ("name and glorp", ["?name and glorp"]),
    ("we collect what you tell us", ["?we collect what you tell us"]),
    # Whose e-mail? The words before are about the parent, these about nobody.
    ("Parent name, email", ["guardian-name", "?email"]),
    # A denial may reach every word after it.
    ("We do not collect name, email", ["?We do not collect name, email"]),
    ("name except nicknames", ["?name except nicknames"]),
    ("x" * 500, ["?" + "x" * 500]),
]


@pytest.mark.parametrize(("cell", "meant"), NOT_READ)
def test_what_nobody_can_say_is_not_guessed(cell, meant):
    assert read(cell) == meant


def test_what_is_unread_comes_with_what_it_may_be():
    (unread,) = read_cell("standardzied tests scroes", vocabulary())
    assert isinstance(unread, Unread)
    assert "student-test-score" in unread.might_be
    (_name, email) = read_cell("Parent name, email", vocabulary())
    assert email.might_be == ("guardian-email", "student-email")


@given(st.text("abcdefgh nameil,;()/&", max_size=50))
def test_every_part_of_a_cell_is_either_read_or_handed_to_staff(cell):
    said = " ".join(each.words for each in read_cell(cell, vocabulary()))
    for part in split_elements(cell):
        assert part.words in said


def test_the_lists_of_words_name_only_what_there_is_and_each_word_means_one_thing():
    files = read_catalogue()
    groups = {category for category, _row in files.all_elements()}
    codes = {row["code"]: row["subject"] for _category, row in files.all_elements()}
    assert {code for _words, code, _only in element_words()} <= codes.keys()
    assert {only for _words, _code, only in element_words()} <= groups | {""}
    assert {code for _words, _subject, found in category_words() for code in found} <= groups
    assert set(OTHERS) <= groups
    assert set(OTHERS.values()) <= codes.keys()
    for words, senses in vocabulary().senses.items():
        told = [(codes[sense.code], sense.only_in) for sense in senses]
        assert len(told) == len(set(told)), words


STATUSES = [
    ("Approved", "signed"),
    ("approved w/ Guardian Release", "signed"),
    ("SOPPA Compliant", "signed"),
    ("Pending", "proposed"),
    ("EXPIRED", "ended"),
    ("Reviewed & Denied", "none"),
    ("Not SOPPA Compliant", "none"),
]


@pytest.mark.parametrize(("words", "state"), STATUSES)
def test_known_status_words(words, state):
    status = read_status(words)
    assert status is not None
    assert status.state == state


@pytest.mark.parametrize("words", ["Caution", "Renewal Pending", "Approved?", "not", ""])
def test_other_status_words_are_not_guessed(words):
    assert read_status(words) is None


def test_every_status_is_of_a_known_state():
    assert {state for _words, state, _means in rows_of("statuses")} == {"signed", "proposed", "ended", "none"}


@pytest.mark.parametrize(
    ("cell", "marked"),
    [("X", True), ("✓", True), ("Yes", True), ("", False), ("no", False), ("see note", None)],
)
def test_marks(cell, marked):
    assert is_marked(cell) is marked
