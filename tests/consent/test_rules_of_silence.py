"""The table of silence: until when to answer, and why a line may be shared or not."""

import datetime as dt

import pytest

from consent.rules import PERMITTED, Control, Outcome, Why, last_day, starts, unbroken, why

LAST_DAY = dt.date(2026, 11, 24)
BEFORE, AFTER = dt.date(2026, 11, 23), dt.date(2026, 11, 25)
EARLIER = LAST_DAY - dt.timedelta(days=21)  # told in time


@pytest.mark.parametrize(
    ("control", "outcome", "covered", "told", "today", "expected"),
    [
        # no choice: permitted whatever was once answered
        (Control.INFORM, Outcome.SILENT, False, False, BEFORE, Why.INFORM),
        # opt in: silence is No; the last day changes nothing
        (Control.OPT_IN, Outcome.SILENT, False, True, AFTER, Why.UNANSWERED),
        (Control.OPT_IN, Outcome.YES, True, False, BEFORE, Why.YES),
        (Control.OPT_IN, Outcome.YES, False, True, AFTER, Why.NEW_LINE),
        (Control.OPT_IN, Outcome.NO, False, True, AFTER, Why.NO),
        # opt out: not before the last day, nor on it; after it only with evidence of telling
        (Control.OPT_OUT, Outcome.SILENT, False, True, BEFORE, Why.BEFORE_LAST_DAY),
        (Control.OPT_OUT, Outcome.SILENT, False, True, LAST_DAY, Why.BEFORE_LAST_DAY),
        (Control.OPT_OUT, Outcome.SILENT, False, True, AFTER, Why.SILENCE),
        (Control.OPT_OUT, Outcome.SILENT, False, False, AFTER, Why.NOT_TOLD),
        (Control.OPT_OUT, Outcome.NO, False, True, AFTER, Why.NO),
        (Control.OPT_OUT, Outcome.YES, True, False, BEFORE, Why.YES),
        # new lines after Yes: as first asked
        (Control.OPT_OUT, Outcome.YES, False, True, BEFORE, Why.BEFORE_LAST_DAY),
        (Control.OPT_OUT, Outcome.YES, False, True, AFTER, Why.SILENCE),
        (Control.OPT_OUT, Outcome.YES, False, False, AFTER, Why.NOT_TOLD),
    ],
)
def test_what_an_answer_and_silence_mean_for_a_line(
    control: Control, outcome: Outcome, covered: bool, told: bool, today: dt.date, expected: Why
):
    told_on = EARLIER if told else None
    result = why(
        control, outcome, is_covered=covered, answer_by=LAST_DAY, told_on=told_on, window=14, today=today
    )
    assert result == expected
    assert (result in PERMITTED) is (expected in {Why.INFORM, Why.YES, Why.SILENCE})


def test_without_a_last_day_silence_never_becomes_yes():
    told = {"told_on": EARLIER, "window": 14}
    assert why(Control.OPT_OUT, Outcome.SILENT, is_covered=False, today=AFTER, **told) == Why.NO_LAST_DAY


def test_who_is_told_late_has_the_whole_window_before_silence_is_yes():
    late = {"is_covered": False, "answer_by": LAST_DAY, "told_on": AFTER, "window": 14}
    ends = AFTER + dt.timedelta(days=14)
    assert why(Control.OPT_OUT, Outcome.SILENT, today=ends, **late) == Why.BEFORE_LAST_DAY
    assert why(Control.OPT_OUT, Outcome.SILENT, today=ends + dt.timedelta(days=1), **late) == Why.SILENCE


@pytest.mark.parametrize(
    ("told", "window", "opt_out", "opt_in"),
    [  # days from the day that was named
        (None, 14, 0, 0),  # nobody was told: the day that was named, and no silence is Yes
        (-21, 14, 0, 0),  # told in time: the day that was named
        (-14, 14, 0, 0),
        (-13, 14, 1, 0),  # told later than the window before it
        (0, 14, 14, 0),
        (1, 14, 15, 15),  # told after it had passed
        (60, 14, 74, 74),
        (60, 30, 90, 90),
        (-5, 0, 0, 0),
    ],
)
def test_the_last_day_is_the_named_one_or_the_window_after_the_telling(
    told: int | None, window: int, opt_out: int, opt_in: int
):
    def day(after: int) -> dt.date:
        return LAST_DAY + dt.timedelta(days=after)

    told_on = None if told is None else day(told)
    assert last_day(Control.OPT_OUT, LAST_DAY, told_on=told_on, window=window) == day(opt_out)
    assert last_day(Control.OPT_IN, LAST_DAY, told_on=told_on, window=window) == day(opt_in)
    assert last_day(Control.OPT_OUT, None, told_on=told_on, window=window) is None


@pytest.mark.parametrize(
    ("covers", "standing", "asked"),
    [
        (["a"], 0, range(1)),
        (["a", "ab", "a"], 1, range(3)),
        (["a", "b", "a"], 2, range(2, 3)),  # taken out and added again: as for the first time
        (["a", "b", "a"], 0, range(1)),
        (["a", "b"], 1, range(0)),
        (["b", "ab", "ab", "b", "a"], 2, range(1, 3)),
        ([], -1, range(0)),
        (["a"], -1, range(0)),
    ],
)
def test_a_line_is_asked_anew_when_it_was_gone(covers: list[str], standing: int, asked: range):
    assert unbroken(covers, "a", standing) == asked


@pytest.mark.parametrize(
    ("control", "outcome", "covered", "expected"),
    [
        # asked first, then an opt-out: the old No still holds, until a Yes to the line itself
        (Control.OPT_OUT, Outcome.SILENT, False, Why.NO),
        (Control.OPT_OUT, Outcome.YES, False, Why.NO),
        (Control.OPT_OUT, Outcome.YES, True, Why.YES),
        # an opt-out, then asked first: No either way
        (Control.OPT_IN, Outcome.SILENT, False, Why.NO),
        # moved to inform only: kept, without effect
        (Control.INFORM, Outcome.SILENT, False, Why.INFORM),
    ],
)
def test_a_no_outlives_a_change_of_the_legal_ground(
    control: Control, outcome: Outcome, covered: bool, expected: Why
):
    result = why(
        control,
        outcome,
        is_covered=covered,
        refused_before_move=True,
        answer_by=LAST_DAY,
        told_on=EARLIER,
        window=14,
        today=AFTER,
    )
    assert result == expected


def test_an_optout_moved_to_opt_in_turns_silence_into_no_at_once():
    told = {"answer_by": LAST_DAY, "told_on": EARLIER, "window": 14}
    now = {"is_covered": False, "today": AFTER, **told}
    assert why(Control.OPT_OUT, Outcome.SILENT, **now) in PERMITTED
    assert why(Control.OPT_IN, Outcome.SILENT, **now) not in PERMITTED


@pytest.mark.parametrize(
    ("versions", "day"),
    [  # (takes effect, sharing starts) in days
        ([(0, 30)], 30),
        ([(0, 0), (10, 40)], 0),  # long shared: a later version's day is about what is new in it
        ([(0, 30), (30, 60)], 30),
        ([(0, 30), (10, 40)], 40),  # put off before it started
        ([(0, 30), (10, 20)], 30),  # families were told the later day
    ],
)
def test_sharing_of_a_line_starts_on_the_day_families_were_told(versions, day):
    def at(days: int) -> dt.date:
        return LAST_DAY + dt.timedelta(days=days)

    assert starts([(at(since), at(on)) for since, on in versions]) == at(day)


@pytest.mark.parametrize("control", Control)
@pytest.mark.parametrize("outcome", Outcome)
def test_nothing_is_shared_before_sharing_starts(control: Control, outcome: Outcome):
    later = {"is_covered": True, "starts_on": AFTER}
    assert why(control, outcome, today=LAST_DAY, **later) == Why.NOT_STARTED
    assert why(control, outcome, today=AFTER, **later) != Why.NOT_STARTED
    assert Why.NOT_STARTED not in PERMITTED
