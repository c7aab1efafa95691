"""What was opened, announced, asked and answered in public, as entries of a feed.

An entry says that something was asked, never its words: they may have to come down, and a reader's program
keeps what it has read.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from . import published
from .addresses import page
from .asked_in_public import anchor_of, answered_sentence, asked_sentence
from .being_discussed import (
    announced_sentence,
    cancelled_sentence,
    moved_sentence,
    opened_sentence,
    to_open_sentence,
)
from .models import (
    Agreement,
    CommentWindow,
    CommentWindowChange,
    Hearing,
    HearingCancellation,
    OpenAnswer,
    OpenQuestion,
)


@dataclass(frozen=True)
class Said:
    """One thing that was said in public of an agreement; `row` is what says it, `at` when it was entered."""

    agreement: Agreement
    row: Any
    at: dt.datetime
    tag: str
    sentence: str
    place: str = ""

    @property
    def id(self) -> str:
        """Return an id made of the agreement's and of the row's number: the same in every feed, for good."""
        return f"urn:uuid:{uuid.uuid5(self.agreement.public_id, f'{self.tag}:{self.row.pk}')}"

    @property
    def url(self) -> str:
        """Return its place on the page of the discussion."""
        return page("discussion", self.agreement.public_id) + self.place

    @property
    def title(self) -> str:
        """Return the sentence, and of which company's agreement it is said."""
        return f"{self.agreement.vendor.name}: {self.sentence}"

    @property
    def sentences(self) -> list[str]:
        """Return what the entry says."""
        return [self.title]


def discussed(agreements: QuerySet[Agreement], most: int) -> list[Said]:
    """Return what was said in public of those agreements that are public, the newest first: six queries."""
    found = chain(
        *(
            map(tell, _newest(rows, way, agreements, most))
            for rows, way, tell in (
                (CommentWindow.objects.all(), "agreement", _window),
                (CommentWindowChange.objects.all(), "window__agreement", _moved),
                (Hearing.objects.all(), "agreement", _hearing),
                (HearingCancellation.objects.all(), "hearing__agreement", _cancelled),
                (OpenQuestion.objects.all(), "agreement", _question),
                (OpenAnswer.objects.all(), "question__agreement", _answer),
            )
        )
    )
    return sorted(found, key=lambda each: each.at, reverse=True)[:most]


def _newest(rows: QuerySet[Any], way: str, agreements: QuerySet[Agreement], most: int) -> Iterator[Any]:
    public = published.agreements().filter(pk__in=agreements.values("pk"))
    related = (f"{way}__vendor", f"{way}__agency")
    yield from rows.filter(**{f"{way}__in": public}).select_related(*related).order_by("-pk")[:most]


def _window(window: CommentWindow) -> Said:
    entered = window.agreement.agency.today(window.recorded_at)
    if window.opens_on > entered:
        said = to_open_sentence(window.opens_on, window.closes_on)
    else:
        said = opened_sentence(window.closes_on)
    return Said(window.agreement, window, window.recorded_at, "comments", said)


def _moved(change: CommentWindowChange) -> Said:
    said = f"{moved_sentence(change.closes_on)} {change.reason}"
    return Said(change.window.agreement, change, change.recorded_at, "comments_moved", said)


def _hearing(hearing: Hearing) -> Said:
    day = hearing.agreement.agency.today(hearing.starts_at)
    said = f"{announced_sentence(day)} {hearing.place}".strip()
    return Said(hearing.agreement, hearing, hearing.recorded_at, "hearing", said)


def _cancelled(cancellation: HearingCancellation) -> Said:
    hearing = cancellation.hearing
    day = hearing.agreement.agency.today(hearing.starts_at)
    said = f"{cancelled_sentence(day)} {cancellation.reason}"
    return Said(hearing.agreement, cancellation, cancellation.recorded_at, "hearing_cancelled", said)


def _question(question: OpenQuestion) -> Said:
    said = asked_sentence(question)
    return Said(question.agreement, question, question.published_at, question.kind, said, _place(question))


def _answer(answer: OpenAnswer) -> Said:
    question, said = answer.question, answered_sentence()
    return Said(question.agreement, answer, answer.recorded_at, "answer", said, _place(question))


def _place(question: OpenQuestion) -> str:
    return f"#{anchor_of(question)}"
