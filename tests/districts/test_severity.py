"""How loudly families hear of a change: the table of severity.py, read line by line."""

import pytest

from districts.contents import Line, Promise, VersionFacts, is_kept_no_longer
from districts.diff import compare
from districts.law import BASES_WITH_A_CHOICE, OPT_IN_BASES, Basis
from districts.models import Change
from districts.severity import TABLE, Case, Severity, loudest, severity


def line(**fields: object) -> Line:
    values = {"element_code": "address", "category": "contact", "purpose": "teach", "kept": "school_year"}
    return Line(meaning=1, **{**values, **fields})


def loudness(old: VersionFacts | None, new: VersionFacts) -> str:
    return loudest(severity(difference) for difference in compare(old, new)).value


def of_lines(old: list[Line], new: list[Line]) -> str:
    return loudness(VersionFacts(lines=old), VersionFacts(lines=new))


def of_promises(old: list[Promise], new: list[Promise]) -> str:
    return loudness(VersionFacts(promises=frozenset(old)), VersionFacts(promises=frozenset(new)))


def test_the_words_are_those_of_the_changes():
    assert [s.value for s in Severity] == Change.Severity.values


def test_every_case_has_a_row():
    assert set(TABLE) == set(Case)


@pytest.mark.parametrize("basis", Basis.values)
def test_a_new_line_asks_where_the_basis_leaves_a_choice_and_tells_where_it_does_not(basis):
    expected = "answer_needed" if basis in BASES_WITH_A_CHOICE else "tell_now"
    one = line(basis=basis)
    assert of_lines([], [one]) == expected
    assert loudness(None, VersionFacts(lines=[one])) == expected
    assert of_lines([one], [one, line(basis=basis, purpose="report")]) == expected
    assert of_lines([one], [line(basis=basis, recipients=frozenset({"Clearwave"}))]) == expected
    assert of_lines([one], [one, line(basis=basis, detail="spoken")]) == expected


@pytest.mark.parametrize("basis", OPT_IN_BASES)
def test_a_line_that_moves_to_opt_in_needs_an_answer(basis):
    assert of_lines([line(basis="school_official")], [line(basis=basis)]) == "answer_needed"


@pytest.mark.parametrize("basis", [b for b in Basis.values if b not in BASES_WITH_A_CHOICE])
def test_a_line_that_moves_to_inform_only_is_told_now(basis):
    assert of_lines([line(basis="consent")], [line(basis=basis)]) == "tell_now"


def test_less_data_waits_for_the_digest():
    two = [line(recipients=frozenset({"Clearwave"})), line(purpose="report", basis="consent")]
    assert of_lines(two, []) == "digest"
    assert of_lines(two, two[:1]) == "digest"
    assert of_lines(two, [line(), two[1]]) == "digest"


RETENTION = [
    ("after_agreement:60", "after_agreement:30", "digest"),
    ("after_agreement:30", "after_agreement:60", "tell_now"),
    ("after_agreement:9", "after_agreement:60", "tell_now"),
    ("date:2027-06-30", "date:2026-06-30", "digest"),
    ("date:2026-06-30", "date:2027-06-30", "tell_now"),
    ("after_agreement:60", "after_leaving:30", "tell_now"),
    ("school_year", "not_stated", "tell_now"),
    ("not_stated", "after_agreement:60", "digest"),
]


@pytest.mark.parametrize(("was", "now", "expected"), RETENTION)
def test_data_kept_shorter_waits_and_kept_longer_is_told_now(was, now, expected):
    assert of_lines([line(kept=was)], [line(kept=now)]) == expected
    assert is_kept_no_longer(was, now) is (expected == "digest")


PROMISES = [
    ([Promise("no_sale", "yes")], [Promise("no_sale", "unclear")], "tell_now"),
    ([Promise("no_sale", "yes")], [], "tell_now"),
    ([Promise("deletion", "yes", 30)], [Promise("deletion", "yes", 60)], "tell_now"),
    ([Promise("deletion", "yes", 30)], [Promise("deletion", "yes")], "tell_now"),
    ([Promise("deletion", "yes", 60)], [Promise("deletion", "yes", 30)], "digest"),
    ([Promise("no_sale", "no")], [Promise("no_sale", "yes")], "digest"),
    ([], [Promise("no_sale", "yes")], "digest"),
    ([], [Promise("no_sale", "no")], "public_only"),
    ([Promise("no_sale", "no")], [], "public_only"),
]


@pytest.mark.parametrize(("was", "now", "expected"), PROMISES)
def test_a_weaker_promise_is_told_now_and_a_better_one_waits(was, now, expected):
    assert of_promises(was, now) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"grades": frozenset({"03", "04"})}, "tell_now"),
        ({"grades": frozenset()}, "tell_now"),
        ({"subcontractors": frozenset({"Clearwave"})}, "tell_now"),
        ({"grades": frozenset({"03"}), "programs": frozenset({"band"})}, "digest"),
    ],
)
def test_more_children_or_companies_are_told_now_fewer_children_wait(fields, expected):
    old = VersionFacts(lines=[line()], grades=frozenset({"03"}))
    new = VersionFacts(lines=[line()], **{"grades": frozenset({"03"}), **fields})
    assert loudness(old, new) == expected


@pytest.mark.parametrize("basis", Basis.values)
def test_more_children_are_asked_where_the_basis_leaves_a_choice(basis):
    old = VersionFacts(lines=[line(basis=basis)], grades=frozenset({"03"}))
    new = VersionFacts(lines=[line(basis=basis)], grades=frozenset({"03", "04"}))
    assert loudness(old, new) == ("answer_needed" if basis in BASES_WITH_A_CHOICE else "tell_now")


def test_a_source_filled_in_later_is_for_the_public_page_and_another_source_waits():
    assert of_lines([line(source="not_filled_in")], [line(source="family")]) == "public_only"
    assert of_lines([line(source="school_record")], [line(source="other_company")]) == "digest"


def test_of_several_severities_the_loudest_counts():
    assert loudest([Severity.DIGEST, Severity.ANSWER_NEEDED, Severity.TELL_NOW]) == "answer_needed"
    assert loudest([]) == "public_only"
