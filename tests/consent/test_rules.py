"""The table of answers: who decides, which answer wins, what silence means, what an answer covers."""

import datetime as dt

import pytest

from consent import rules
from consent.rules import (
    Answer,
    Control,
    Effective,
    Given,
    Outcome,
    Rule,
    Tie,
    differs_from_silence,
    effective,
    lines_to_ask,
    may_decide,
    reaches,
)
from districts import law
from districts.models import Agency

ALICE, BOB, ELLIS = 1, 2, 3
TODAY = dt.date(2026, 11, 24)
EVE = dt.date(2026, 11, 23)
TOMORROW = dt.date(2026, 11, 25)


def yes(number: int = 1) -> Given:
    return Given(Answer.YES, number)


def no(number: int = 1) -> Given:
    return Given(Answer.NO, number)


SAID_NO = Effective(Outcome.NO)
CONTESTED = Effective(Outcome.NO, is_contested=True)
SILENT = Effective(Outcome.SILENT)


def covers(number: int) -> Effective:
    return Effective(Outcome.YES, covers=number)


def test_the_words_are_those_of_the_register():
    assert {c.value for c in Control} == {c.value for c in law.Control}
    assert {r.value for r in Rule} == set(Agency.DecisionRule.values)


@pytest.mark.parametrize(
    ("tie", "eligible_on", "may"),
    [
        # a parent of a minor
        (Tie(decides=True), None, True),
        (Tie(decides=True), TOMORROW, True),
        # the day of the birthday: only the student
        (Tie(decides=True), TODAY, False),
        (Tie(decides=True), EVE, False),
        (Tie(decides=True, is_self=True), TOMORROW, False),
        (Tie(decides=True, is_self=True), TODAY, True),
        (Tie(decides=True, is_self=True), None, False),
        # no rights, waiting for review, gone
        (Tie(decides=False), None, False),
        (Tie(decides=True, ended_on=TOMORROW), None, True),
        (Tie(decides=True, ended_on=TODAY), None, False),
        # a hold bars, even the student's own tie
        (Tie(decides=True, is_barred=True), None, False),
        (Tie(decides=True, is_self=True, is_barred=True), TODAY, False),
    ],
)
def test_who_may_decide_is_a_question_of_today(tie: Tie, eligible_on: dt.date | None, may: bool):
    assert may_decide(tie, eligible_on=eligible_on, today=TODAY) is may


@pytest.mark.parametrize(
    ("answers", "most_protective", "all_must_agree"),
    [
        ({}, SILENT, SILENT),
        ({ALICE: None}, SILENT, SILENT),
        ({ALICE: None, BOB: None}, SILENT, SILENT),
        ({ALICE: yes()}, covers(1), covers(1)),
        ({ALICE: no()}, SAID_NO, SAID_NO),
        # a silent co-guardian does not block a Yes, unless all must agree; nor does it weaken a No
        ({ALICE: yes(), BOB: None}, covers(1), SILENT),
        ({ALICE: no(), BOB: None}, SAID_NO, SAID_NO),
        # any No wins, and the disagreement is kept visible
        ({ALICE: yes(), BOB: no()}, CONTESTED, CONTESTED),
        ({ALICE: no(1), BOB: yes(2)}, CONTESTED, CONTESTED),
        ({ALICE: yes(2), BOB: no(1), ELLIS: None}, CONTESTED, CONTESTED),
        # two Yes to different versions: the newer reaches further, unless all must agree
        ({ALICE: yes(1), BOB: yes(2)}, covers(2), covers(1)),
        ({ALICE: yes(3), BOB: yes(3)}, covers(3), covers(3)),
    ],
)
def test_which_answer_wins(
    answers: dict[int, Given | None], most_protective: Effective, all_must_agree: Effective
):
    assert effective(Control.OPT_IN, Rule.MOST_PROTECTIVE, answers) == most_protective
    assert effective(Control.OPT_IN, Rule.ALL_MUST_AGREE, answers) == all_must_agree
    assert effective(Control.OPT_OUT, Rule.MOST_PROTECTIVE, answers) == most_protective
    assert effective(Control.OPT_OUT, Rule.ALL_MUST_AGREE, answers) == all_must_agree


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("given", [yes(), no(), None])
def test_an_answer_to_what_leaves_no_choice_has_no_effect(rule: Rule, given: Given | None):
    assert effective(Control.INFORM, rule, {ALICE: given}) == SILENT


@pytest.mark.parametrize(
    ("student", "parents", "expected"),
    [
        # until the student answers, old answers stand
        (None, {ALICE: no()}, SAID_NO),
        (None, {ALICE: yes(1)}, covers(1)),
        (None, {ALICE: yes(1), BOB: no()}, CONTESTED),
        (None, {ALICE: None}, SILENT),
        # then the student's own answer is the only one
        (yes(2), {ALICE: no()}, covers(2)),
        (no(2), {ALICE: yes(1)}, SAID_NO),
        (yes(2), {ALICE: yes(1), BOB: no()}, covers(2)),
    ],
)
def test_at_eighteen_the_old_answers_stand_until_the_student_decides(
    student: Given | None, parents: dict[int, Given | None], expected: Effective
):
    assert (
        effective(Control.OPT_IN, Rule.MOST_PROTECTIVE, {ELLIS: student}, before_eligible=parents) == expected
    )


def test_at_eighteen_an_old_yes_stops_for_new_lines():
    old = effective(
        Control.OPT_IN, Rule.MOST_PROTECTIVE, {ELLIS: None}, before_eligible={ALICE: yes(1), BOB: None}
    )
    assert old == covers(1)  # version 2 was published after the birthday: only the student may answer it


def test_all_parents_must_have_agreed_for_their_old_yes_to_stand_where_all_must_agree():
    parents = {ALICE: yes(1), BOB: None}
    assert effective(Control.OPT_IN, Rule.ALL_MUST_AGREE, {ELLIS: None}, before_eligible=parents) == SILENT


@pytest.mark.parametrize(
    ("rule", "given_to", "reached"),
    [
        (Rule.MOST_PROTECTIVE, [{"a", "b"}, {"a"}], True),
        (Rule.ALL_MUST_AGREE, [{"a", "b"}, {"a"}], False),
        (Rule.ALL_MUST_AGREE, [{"a", "b"}, {"b", "c"}], True),
        (Rule.MOST_PROTECTIVE, [{"a"}], False),
        (Rule.MOST_PROTECTIVE, [], False),
        (Rule.ALL_MUST_AGREE, [], False),
    ],
)
def test_a_yes_reaches_only_lines_it_was_given_to(rule: Rule, given_to: list[set[str]], reached: bool):
    assert reaches(rule, given_to, "b") is reached


@pytest.mark.parametrize(
    ("control", "amount", "stored"),
    [
        (Control.OPT_IN, covers(1), True),
        (Control.OPT_IN, SAID_NO, False),
        (Control.OPT_IN, SILENT, False),
        (Control.OPT_OUT, covers(1), True),
        (Control.OPT_OUT, SAID_NO, True),
        (Control.OPT_OUT, SILENT, False),
        (Control.INFORM, SILENT, False),
    ],
)
def test_a_state_is_stored_only_where_it_differs_from_silence(
    control: Control, amount: Effective, stored: bool
):
    assert differs_from_silence(control, amount) is stored


@pytest.mark.parametrize(
    ("given", "answered", "latest", "asked"),
    [
        (None, set(), {"a", "b"}, {"a", "b"}),
        (Answer.YES, {"a"}, {"a"}, set()),
        (Answer.YES, {"a"}, {"a", "b"}, {"b"}),  # a new line after Yes
        (Answer.NO, {"a"}, {"a", "b"}, set()),  # No covers the new lines too
        (Answer.YES, {"a", "b"}, {"a"}, set()),  # less data re-opens nothing
        (Answer.YES, {"a"}, {"a", "b", "c"}, {"b", "c"}),
        (Answer.YES, {"b"}, {"a", "b"}, {"a"}),  # an old line that came back was not in what was answered
        (Answer.YES, {"a"}, set(), set()),  # the category went, or leaves no choice any more
        (None, set(), set(), set()),
    ],
)
def test_only_what_an_answer_does_not_cover_is_asked(
    given: Answer | None, answered: set[str], latest: set[str], asked: set[str]
):
    assert lines_to_ask(given, answered, latest) == asked


def test_the_rules_read_no_clock_and_no_database():
    assert not any(name in vars(rules) for name in ("models", "timezone", "connection"))
