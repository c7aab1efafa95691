"""The hard questions as promises: one by one for one agreement, or grouped by answer beside other agreements.

The five answers are kept apart: yes, no, unclear, read but not stated, not entered yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from .label import VersionParts
from .models import Promise
from .saying import promise_row, said_once

_CODES = Promise.Code.values


def hard_questions(parts: VersionParts) -> list[dict[str, Any]]:
    """Return all questions in their order, each with who read the agreement for it and when."""
    return [_question(code, parts.promises.get(code)) for code in _CODES]


def _question(code: str, promise: Promise | None) -> dict[str, Any]:
    row = promise_row(code, promise)
    if promise is None or not row["answer"] or not promise.reader or promise.read_on is None:
        return row
    day = formats.date_format(promise.read_on, "DATE_FORMAT")
    return row | {"read": _("Read by %(who)s on %(day)s.") % {"who": promise.reader, "day": day}}


@dataclass(frozen=True)
class Answered:
    """One of the five answers, with the `n` promises that have it, by name unless they are not entered."""

    answer: str
    words: str
    promises: tuple[str, ...]
    n: int


def grouped(promises: Iterable[tuple[str, str]]) -> tuple[Answered, ...]:
    """Return the five answers, each with the promises that have it; those that nobody has are left out.

    `promises` are codes with their answers.

    What is not entered is counted, not listed: below “What the company promises” a list reads like promises.
    Empty where nothing at all is entered.
    """
    return _grouped(tuple(sorted(promises)))


@said_once
def _grouped(answered: tuple[tuple[str, str], ...]) -> tuple[Answered, ...]:
    given = dict(answered)
    answers = Promise.Answer
    groups: dict[str, list[str]] = {answer: [] for answer in answers.values}
    for code in _CODES:
        groups[given.get(code, answers.NOT_ENTERED)].append(str(Promise.Code(code).label))
    gaps = groups[answers.NOT_ENTERED]
    if len(gaps) == len(_CODES):
        return ()
    return tuple(
        Answered(answer, _answer_words(answer), () if those is gaps else tuple(those), len(those))
        for answer, those in groups.items()
        if those
    )


def _answer_words(answer: str) -> str:
    return {
        "yes": _("Promised"),
        "no": _("Not promised"),
        "unclear": _("Not clear"),
        "not_stated": _("The agreement does not say"),
        "not_entered": _("Not filled in"),
    }[answer]
