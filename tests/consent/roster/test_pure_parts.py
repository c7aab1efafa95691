"""Addresses, dates, relations, restrictions, Social Security numbers: tables a clerk could check."""

import datetime as dt

import pytest

from consent.models import Guardian, Guardianship
from consent.roster import addresses, cells, relations, ssn
from consent.roster.report import Refusals, RosterRefused, masked


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("ARchie_Forker@Example.org", "archie_forker@example.org"),
        ("  t@example.org ", "t@example.org"),
        ("a.b+c@mail.k12.il.us", "a.b+c@mail.k12.il.us"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("", ""),
    ],
)
def test_an_address_is_kept_in_lower_case(cell, address):
    assert addresses.read_address(cell) == (address, "")


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("alice@example.org.", "trailing_dot"),
        ("alice smith@example.org", "space_inside"),
        ("alice@exam\tple.org", "space_inside"),
        ("alice@", "no_domain"),
        ("@example.org", "nothing_before_at"),
        ("alice", "no_at_sign"),
        ("alice@home@example.org", "two_at_signs"),
        ("alice@example.org;bob@example.org", "two_addresses"),
        ("alice@localhost", "no_dot_in_domain"),
        (".alice@example.org", "misplaced_dot"),
        ("al..ice@example.org", "misplaced_dot"),
        ("alicia.peña@example.org", "not_ascii"),
        ("<alice@example.org>", "bad_character"),
        ("alice@exam_ple.org", "bad_domain"),
        ("alice@example..org", "bad_domain"),
        ("alice@10.0.0.1", "bad_domain"),
        ("a" * 65 + "@example.org", "too_long"),
        ("a@" + "b" * 60 + ("." + "c" * 60) * 4, "too_long"),
    ],
)
def test_an_address_no_mail_server_would_take_counts_as_none(cell, problem):
    assert addresses.read_address(cell) == ("", problem)
    longest = Guardian._meta.get_field("email_problem").max_length
    assert problem in addresses.PROBLEMS
    assert len(problem) <= longest


@pytest.mark.parametrize("cell", ["2013-11-21", "20131121", "2013-11-21T08:00:00Z", "2013-11-21 00:00:00"])
def test_iso_dates_are_read(cell):
    assert cells.read_date(cell) == dt.date(2013, 11, 21)


@pytest.mark.parametrize(
    "cell", ["1/05/2023", "5/23/2007", "2013-13-01", "21.11.2013", "Nov 21, 2013", "2013"]
)
def test_a_date_that_is_not_certain_is_refused(cell):
    with pytest.raises(cells.NotUnderstood):
        cells.read_date(cell)


def test_a_declared_order_of_month_and_day_makes_slashes_certain():
    assert cells.read_date("1/05/2023", month_first=True) == dt.date(2023, 1, 5)
    with pytest.raises(cells.NotUnderstood):
        cells.read_date("23/05/2007", month_first=True)


@pytest.mark.parametrize(("status", "gone"), [("", False), ("active", False), ("ToBeDeleted", True)])
def test_a_status_ends_a_row_or_not(status, gone):
    assert cells.is_gone(status) is gone


@pytest.mark.parametrize(
    ("word", "relation"),
    [
        ("Mother", "mother"),
        ("FATHER", "father"),
        ("Father, foster", "foster_parent"),
        ("Step-Mother", "stepparent"),
        ("Legal Guardian", "guardian"),
        ("Grandparent", "grandparent"),
        ("Tía", "relative"),
        ("Agency representative", "other"),
        ("Minister or priest", "other"),
        ("", ""),
    ],
)
def test_relation_words_are_mapped(word, relation):
    assert relations.read_relation(word) == relation


def test_every_mapped_relation_is_one_of_the_model():
    assert set(relations.RELATIONS.values()) <= set(Guardianship.Relation.values) - {"self"}


@pytest.mark.parametrize("text", ["", "None", "no", "N/A", "No restrictions.", "-", "sin restricciones"])
def test_words_that_say_there_is_no_restriction_are_harmless(text):
    assert relations.read_restriction(text) == ""


@pytest.mark.parametrize(
    "text", ["NO CONTACT ALLOWED", "no contact", "Yes", "see office", "NO CONTAC", "court order 12-D-99"]
)
def test_everything_else_in_that_column_is_a_restriction(text):
    assert relations.read_restriction(text) == text


@pytest.mark.parametrize(
    "header",
    [
        *("SSN", "ssn", "studentSSN", "ssn_last4", "SSNumber", "metadata.ssn", "Social Security No."),
        *("socSecNum", "SS#", "SS #", "Student SS Number", "studentSSNumber", "student_ss_no"),
    ],
)
def test_a_header_that_says_social_security_number_is_seen(header):
    assert ssn.header_says_so(header)


@pytest.mark.parametrize(
    "header",
    ["passName", "businessNumber", "classNumber", "sessionSourcedId", "lessons", "SS", "SS grade", "class #"],
)
def test_a_header_that_only_holds_the_letters_is_not(header):
    assert not ssn.header_says_so(header)


@pytest.mark.parametrize("digits", ["000121234", "666121234", "912121234", "123001234", "123120000"])
def test_numbers_never_issued_are_no_social_security_numbers(digits):
    assert not ssn.possible(digits)
    assert ssn.possible("123121234")


def watched(ids: list[str], declared: str = "") -> str:
    """Return the refusal of a column of ids, "" if it passes."""
    watch = ssn.SsnWatch(Refusals(), declared)
    try:
        for line, value in enumerate(ids, start=2):
            watch.look_at("users.csv", line, "sourcedId", value)
        watch.refuse_possible_numbers()
    except RosterRefused as refused:
        return str(refused.refusals[0])
    return ""


IMPOSSIBLE = [f"9000000{n:02}" for n in range(60)]
POSSIBLE = ["123121234", "123121235", "123121236"]


@pytest.mark.parametrize(
    ("ids", "refused"),
    [
        (IMPOSSIBLE, False),
        (IMPOSSIBLE[:40] + POSSIBLE, True),  # 3 of 43
        (IMPOSSIBLE[:57] + POSSIBLE, True),  # 3 of 60: 5 %
        (IMPOSSIBLE[:58] + POSSIBLE, False),  # 3 of 61
        (POSSIBLE[:2], False),  # fewer than three
        (["12312123", "1231212345", "S23121234"] * 3, False),  # not nine digits
        (["123-12-1234"], True),  # one with dashes is enough
    ],
)
def test_a_column_of_possible_social_security_numbers_refuses_the_file(ids, refused):
    assert bool(watched(ids)) is refused


def test_the_refusal_never_repeats_the_number():
    for ids in (["123-12-1234"], POSSIBLE):
        assert not any(value in watched(ids) for value in ids)
    assert masked("id 123-12-1234 or 123121234") == "id ***-**-**** or *********"


def test_a_declared_id_format_excuses_undashed_ids_that_match_it_and_nothing_else():
    assert watched(POSSIBLE, declared=r"\d{9}") == ""
    assert watched(POSSIBLE, declared=r"7\d{8}")
    assert watched(["123-12-1234"], declared=r"[\d-]+")
