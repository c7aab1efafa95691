"""What answers amount to: who may decide, whose answer counts, what silence means. Pure.

Nothing here knows Django, the database or the clock. A lawyer should be able to read this file and its
tables of tests (tests/consent/test_rules.py and test_rules_of_silence.py). effective.py and permitted.py say
the same in SQL for a whole district at once; a test holds the two against each other.

The words: a *line* is one element for one purpose, for the company or one other recipient. A *question
version* covers a set of lines and has a number. An *answer* is Yes or No to one question version.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum


class Control(StrEnum):
    """What a family may do about one line; the same words as districts.law.Control."""

    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"
    INFORM = "inform"


class Rule(StrEnum):
    """How a district settles the answers of several deciders; the words of Agency.DecisionRule."""

    MOST_PROTECTIVE = "most_protective"
    ALL_MUST_AGREE = "all_must_agree"


class Answer(StrEnum):
    """What a decider may answer."""

    YES = "yes"
    NO = "no"


class Outcome(StrEnum):
    """What all answers together amount to."""

    YES = "yes"
    NO = "no"
    SILENT = "silent"


@dataclass(frozen=True)
class Tie:
    """What ties one adult (or the student: `is_self`) to one child. `ended_on` is the first day outside."""

    decides: bool
    is_self: bool = False
    is_barred: bool = False
    ended_on: dt.date | None = None


@dataclass(frozen=True)
class Given:
    """One decider's current answer and the number of the question version it answered."""

    answer: Answer
    number: int


@dataclass(frozen=True)
class Effective:
    """What the answers amount to. `covers`: the number of the newest question version a Yes reaches."""

    outcome: Outcome
    covers: int | None = None
    is_contested: bool = False


SILENT = Effective(Outcome.SILENT)


class Why(StrEnum):
    """Why a line may or may not be shared about a child. Never told to a company."""

    INFORM = "inform"  # permitted: the law leaves no choice
    YES = "yes"  # permitted: an answer covers it
    SILENCE = "silence"  # permitted: told, the last day passed, nobody said No
    NOT_STARTED = "not_started"  # the day on which sharing of the line starts is still to come
    NO = "no"
    UNANSWERED = "unanswered"  # opt in, and nobody answered
    NEW_LINE = "new_line"  # opt in, and the Yes was given before this line came
    NO_LAST_DAY = "no_last_day"  # opt out without a last day to answer: silence never becomes Yes
    BEFORE_LAST_DAY = "before_last_day"
    NOT_TOLD = "not_told"  # the last day passed, but no message is known to have arrived


PERMITTED = frozenset({Why.INFORM, Why.YES, Why.SILENCE})


def may_decide(tie: Tie, *, eligible_on: dt.date | None, today: dt.date) -> bool:
    """Tell whether a tie lets its person decide today.

    A parent decides until the eve of the day the student becomes eligible, from that day only the student
    (34 CFR 99.3, 99.5(a)). A hold bars, whatever else is true.
    """
    if tie.is_barred or not tie.decides or (tie.ended_on is not None and tie.ended_on <= today):
        return False
    is_eligible = eligible_on is not None and eligible_on <= today
    return tie.is_self == is_eligible


def effective(
    control: Control,
    rule: Rule,
    answers: Mapping[int, Given | None],
    *,
    before_eligible: Mapping[int, Given | None] | None = None,
) -> Effective:
    """Return what the answers of all of today's deciders amount to (34 CFR 99.4).

    `answers` has one entry for each of today's deciders; None is silence. An answer of anybody else is not
    given here and so counts for nothing: entitlement is today's.
    `before_eligible` holds the answers of those whose right ended when the student became eligible. Until
    the student answers, their No holds and their Yes reaches as far as it did; then only the student counts.
    Any No wins under both rules. Under the most protective rule a silent co-guardian blocks nothing; where
    all must agree, one silent decider leaves the whole silent.
    """
    if control == Control.INFORM:
        return SILENT  # answers given while there was a choice are kept, without effect
    if before_eligible and all(given is None for given in answers.values()):
        answers = before_eligible
    said_no = [given for given in answers.values() if given is not None and given.answer == Answer.NO]
    yes = [given.number for given in answers.values() if given is not None and given.answer == Answer.YES]
    if said_no:
        return Effective(Outcome.NO, is_contested=bool(yes))
    if not yes:
        return SILENT
    if rule == Rule.ALL_MUST_AGREE:
        return SILENT if len(yes) < len(answers) else Effective(Outcome.YES, covers=min(yes))
    return Effective(Outcome.YES, covers=max(yes))


def reaches(rule: Rule, yes: Sequence[Set[str]], line: str) -> bool:
    """Tell whether an effective Yes reaches a line; `yes` holds the lines each Yes was given to.

    Where the most protective rule stands, one Yes to the line is enough (a No was counted before); where all
    must agree, each of them must have seen the line.
    """
    if rule == Rule.ALL_MUST_AGREE:
        return bool(yes) and all(line in lines for lines in yes)
    return any(line in lines for lines in yes)


def differs_from_silence(control: Control, amount: Effective) -> bool:
    """Tell whether an outcome must be stored: silence is No where a family opts in."""
    if control == Control.INFORM or amount.outcome == Outcome.SILENT:
        return False
    return control == Control.OPT_OUT or amount.outcome == Outcome.YES


def unbroken(covers: Sequence[Collection[str]], line: str, standing: int) -> range:
    """Return the forms of a question, around the standing one, that ask about a line without a break.

    `covers` holds the lines of each question version, oldest first; `standing` is the place of the one that
    stands. A line that was taken out and comes back is asked as for the first time. Empty: it is not asked.
    """
    if not 0 <= standing < len(covers) or line not in covers[standing]:
        return range(0)
    first = last = standing
    while first > 0 and line in covers[first - 1]:
        first -= 1
    while last + 1 < len(covers) and line in covers[last + 1]:
        last += 1
    return range(first, last + 1)


def starts(versions: Sequence[tuple[dt.date, dt.date]]) -> dt.date:
    """Return the day on which sharing of a line starts, given the versions that list it without a break.

    Each is (the day it takes effect, the day on which it says that sharing starts), oldest first. What was
    shared when a version took over goes on; what had not started yet starts on the later day.
    """
    day = versions[0][1]
    for effective_from, starts_on in versions[1:]:
        if day > effective_from:
            day = max(day, starts_on)
    return day


def last_day(
    control: Control, answer_by: dt.date | None, *, told_on: dt.date | None, window: int
) -> dt.date | None:
    """Return the last day to answer about one child; None where the question never named one.

    `told_on` is the day somebody who decides for the child was first told of it: a message was accepted and
    did not bounce, or a letter was handed over or posted. `answer_by` is the day named by the question
    version that stood then. `window` is the district's notice window in days.
    Where silence is Yes a family has the whole window, however late it was told (34 CFR 99.37(a)(3)). Where
    silence is No nothing follows from the day, so it moves only where it had passed already.
    """
    if answer_by is None or told_on is None:
        return answer_by
    window_ends = told_on + dt.timedelta(days=window)
    if control == Control.OPT_OUT:
        return max(answer_by, window_ends)
    return answer_by if answer_by >= told_on else window_ends


def why(
    control: Control,
    outcome: Outcome,
    *,
    is_covered: bool,
    refused_before_move: bool = False,
    answer_by: dt.date | None = None,
    told_on: dt.date | None = None,
    window: int = 0,
    starts_on: dt.date | None = None,
    today: dt.date,
) -> Why:
    """Return why one line may or may not be shared about a child (in PERMITTED: it may).

    `is_covered`: the Yes reaches the line, see `reaches`. `refused_before_move`: a No stands
    to the same line from when it had another legal ground; a No outlives the change of ground.
    `answer_by`, `told_on` and `window` as in `last_day`; `told_on` is None while nobody was told.
    `starts_on` is the day on which sharing of the line starts, see `starts`.
    """
    if starts_on is not None and today < starts_on:
        return Why.NOT_STARTED
    if control == Control.INFORM:
        return Why.INFORM
    if outcome == Outcome.NO:
        return Why.NO
    if outcome == Outcome.YES and is_covered:
        return Why.YES
    if refused_before_move:
        return Why.NO
    if control == Control.OPT_IN:
        return Why.NEW_LINE if outcome == Outcome.YES else Why.UNANSWERED
    last = last_day(control, answer_by, told_on=told_on, window=window)
    if last is None:
        return Why.NO_LAST_DAY
    if today <= last:
        return Why.BEFORE_LAST_DAY
    return Why.NOT_TOLD if told_on is None else Why.SILENCE


def lines_to_ask(given: Answer | None, answered: Set[str], latest: Set[str]) -> frozenset[str]:
    """Return the lines one decider still has to answer; empty means the question is closed for them.

    `answered` are the lines of the question version they answered, `latest` those of the newest one.
    Without an answer every line is asked. No covers new lines too. After Yes only the lines it does not
    cover are asked; fewer lines ask nothing again.
    """
    if given is None:
        return frozenset(latest)
    if given == Answer.NO:
        return frozenset()
    return frozenset(latest - answered)
