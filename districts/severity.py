"""How loudly families hear of a change. Pure: one table, made to be read by a lawyer.

    answer needed   families get a message now, and a question of theirs is open
    tell now        families get a message now; there is nothing to answer
    digest          families read it in the message of the day
    public only     it stands on the public pages and in the feed; nobody gets a message

The three columns are what a family may do about the line concerned *after* the change; that follows from
the legal ground (law.py). Where no line is concerned (a promise, an owner) the last column counts.
"""

from collections.abc import Iterable
from enum import StrEnum

from .contents import Line, Promise, is_kept_no_longer
from .diff import Difference, Kind
from .law import Control


class Severity(StrEnum):
    """The words of Change.Severity, loudest first."""

    ANSWER_NEEDED = "answer_needed"
    TELL_NOW = "tell_now"
    DIGEST = "digest"
    PUBLIC_ONLY = "public_only"


class Case(StrEnum):
    """What happened, in the words of the table."""

    NEW = "new data, a new purpose, or somebody new who sees it"
    MOVED = "the legal ground moved to this one"
    WIDENED = "more children are covered"
    LONGER = "kept longer, or by a rule that cannot be compared"
    PROMISE_WORSE = "a promise was taken back or weakened"
    NEW_COMPANY = "the company passes data to one more company"
    NEW_OWNER = "the company has a new owner"
    INCIDENT = "a breach was reported"
    LESS = "data, a purpose, a recipient, a group or some children ended"
    SHORTER = "kept shorter, or a length is stated for the first time"
    PROMISE_BETTER = "a promise was made or strengthened"
    OTHER_SOURCE = "the data comes from somewhere else"
    ENDED = "the agreement ended or ran out, or the district left it"
    EXTENDED = "the agreement runs longer"
    BASELINE = "it was in use before this site opened"
    GAP_FILLED = "the district filled in, or emptied, what promises nothing"
    NOT_IN_USE = "the agreement is only proposed, or is history"


ANSWER, NOW, DIGEST, PUBLIC = Severity

# fmt: off
TABLE: dict[Case, tuple[Severity, Severity, Severity]] = {
    #                     opt in, opt out, inform only
    # Nobody's data is shared on an answer that did not cover it (34 CFR 99.30), and a right to refuse needs
    # to be known in time (34 CFR 99.37(a), 20 U.S.C. 1232h(c)(2)). Without a choice families are told.
    Case.NEW:            (ANSWER, ANSWER, NOW),
    # To a ground with a choice: asked (again). To one without: all who refused are told that their answer
    # has no effect any more.
    Case.MOVED:          (ANSWER, ANSWER, NOW),
    # A family that comes under it has not been asked, and where silence is Yes it must hear so.
    Case.WIDENED:        (ANSWER, ANSWER, NOW),
    Case.LONGER:         (NOW,    NOW,    NOW),
    Case.PROMISE_WORSE:  (NOW,    NOW,    NOW),
    Case.NEW_COMPANY:    (NOW,    NOW,    NOW),
    Case.NEW_OWNER:      (NOW,    NOW,    NOW),
    # Illinois: within 30 days of learning of it (105 ILCS 85/27(d)); a breach never waits for a digest.
    Case.INCIDENT:       (NOW,    NOW,    NOW),
    # Less for the company: no answer re-opens, nothing is urgent.
    Case.LESS:           (DIGEST, DIGEST, DIGEST),
    Case.SHORTER:        (DIGEST, DIGEST, DIGEST),
    Case.PROMISE_BETTER: (DIGEST, DIGEST, DIGEST),
    Case.OTHER_SOURCE:   (DIGEST, DIGEST, DIGEST),
    Case.ENDED:          (DIGEST, DIGEST, DIGEST),
    # The same data on the same terms for longer.
    Case.EXTENDED:       (DIGEST, DIGEST, DIGEST),
    # One list of everything that was in use, not one message for each agreement.
    Case.BASELINE:       (DIGEST, DIGEST, DIGEST),
    Case.GAP_FILLED:     (PUBLIC, PUBLIC, PUBLIC),
    # Nothing is shared under a plan, and nothing under what is over.
    Case.NOT_IN_USE:     (PUBLIC, PUBLIC, PUBLIC),
}
# fmt: on

#: What brings data to somebody who did not have it: families need notice in time, and time to answer.
SHARING_BEGINS = {Case.NEW, Case.MOVED, Case.WIDENED, Case.NEW_COMPANY}

COLUMN = {Control.OPT_IN: 0, Control.OPT_OUT: 1, Control.INFORM: 2}

#: How much a promise protects a child; "not entered yet" promises nothing and takes nothing back.
PROMISE_WORTH = {"yes": 3, "unclear": 2, "not_stated": 1, "no": 0}


def severity_of(case: Case, controls: frozenset[Control] = frozenset()) -> Severity:
    """Return the loudest severity the table gives a case for any of the controls concerned."""
    row = TABLE[case]
    columns = [COLUMN[control] for control in controls] or [COLUMN[Control.INFORM]]
    return loudest(row[column] for column in columns)


def severity(difference: Difference) -> Severity:
    """Return how loudly families hear of one difference between two versions."""
    return severity_of(case_of(difference), difference.controls)


def loudest(severities: Iterable[Severity]) -> Severity:
    """Return the loudest of some severities; public only where there are none."""
    return min(severities, key=list(Severity).index, default=Severity.PUBLIC_ONLY)


def begins_sharing(differences: Iterable[Difference]) -> bool:
    """Return whether any of the differences brings data to somebody who did not have it."""
    return any(case_of(difference) in SHARING_BEGINS for difference in differences)


def case_of(difference: Difference) -> Case:
    """Return the row of the table that a difference belongs to."""
    kind, before, after = difference.kind, difference.before, difference.after
    if kind in ONE_CASE:
        return ONE_CASE[kind]
    if after is None and kind != Kind.PROMISE_CHANGED:
        return Case.LESS
    if kind == Kind.PURPOSE_CHANGED:
        return Case.NEW
    if kind == Kind.BASIS_CHANGED:
        return Case.MOVED
    if kind == Kind.PROMISE_CHANGED:
        return _promise(before, after)
    assert isinstance(before, Line)
    assert isinstance(after, Line)
    if kind == Kind.SOURCE_CHANGED:
        return Case.GAP_FILLED if before.source == "not_filled_in" else Case.OTHER_SOURCE
    return Case.SHORTER if is_kept_no_longer(before.kept, after.kept) else Case.LONGER


ONE_CASE = {
    Kind.AGREEMENT_NEW: Case.NEW,
    Kind.CATEGORY_ADDED: Case.NEW,
    Kind.ELEMENT_ADDED: Case.NEW,
    Kind.RECIPIENT_ADDED: Case.NEW,
    Kind.SUBCONTRACTOR_ADDED: Case.NEW_COMPANY,
    Kind.SCOPE_WIDENED: Case.WIDENED,
    Kind.RECIPIENT_ENDED: Case.LESS,
    Kind.SUBCONTRACTOR_ENDED: Case.LESS,
    Kind.SCOPE_NARROWED: Case.LESS,
    Kind.ELEMENT_ENDED: Case.LESS,
    Kind.CATEGORY_ENDED: Case.LESS,
}


def _promise(before: object, after: object) -> Case:
    """Return whether a promise got better or worse; with more days it is worse."""
    if not isinstance(before, Promise):
        return (
            Case.PROMISE_BETTER if isinstance(after, Promise) and after.answer == "yes" else Case.GAP_FILLED
        )
    worth_before = PROMISE_WORTH[before.answer]
    if not isinstance(after, Promise):
        return Case.PROMISE_WORSE if worth_before > PROMISE_WORTH["not_stated"] else Case.GAP_FILLED
    worth_after = PROMISE_WORTH[after.answer]
    if worth_after != worth_before:
        return Case.PROMISE_BETTER if worth_after > worth_before else Case.PROMISE_WORSE
    if after.days is not None and (before.days is None or after.days <= before.days):
        return Case.PROMISE_BETTER
    return Case.PROMISE_WORSE
