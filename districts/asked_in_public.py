"""What was asked in public about an agreement, as its pages show it: when, due when, answered or not."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .blacking_out import pieces
from .models import Agreement, OpenAnswer, OpenQuestion, OpenRefusal

#: So many of the newest stand in the history on an agreement's page; all on the page of the discussion.
NEWEST = 20


@dataclass(frozen=True)
class Asked:
    """One question or letter; name and text are the pieces between the black bars."""

    anchor: str
    title: str
    name: list[str]
    text: list[str]
    asked_on: dt.date
    due_on: dt.date
    answers: list[OpenAnswer]
    unanswered: str
    is_late: bool
    is_blacked_out: bool
    withdrawn: str


def questions_of(agreement: Agreement) -> QuerySet[OpenQuestion]:
    """Return what was asked about an agreement, the newest first, with its answers: two queries."""
    rows = agreement.open_questions.order_by("-asked_on", "-pk")
    return rows.select_related("withdrawal").prefetch_related("answers")


def asked_rows(questions: Iterable[OpenQuestion], today: dt.date) -> list[Asked]:
    """Return questions as `_asked.html` shows them. No query per row."""
    return [_asked(each, today) for each in questions]


def counted(agreement: Agreement) -> tuple[int, int]:
    """Return how many questions of an agreement are public, and how many of them nobody answered."""
    unanswered = ~Exists(OpenAnswer.objects.filter(question=OuterRef("pk")))
    rows = agreement.open_questions
    return rows.count(), rows.filter(unanswered, is_withdrawn=False).count()


def not_shown(agreement: Agreement) -> tuple[int, list[tuple[str, int]]]:
    """Return how much that was asked is not shown, and how much of it for which published reason."""
    tally = dict(agreement.open_refusals.order_by().values_list("reason").annotate(n=Count("pk")))
    words = refusal_words()
    return sum(tally.values()), [(words[reason], tally[reason]) for reason in words if reason in tally]


def refusal_words() -> dict[str, str]:
    """Return the published reasons for which something is not shown, in their order."""
    reason = OpenRefusal.Reason
    return {
        str(reason.PRIVATE): _("It tells private things about a child or a family"),
        str(reason.INSULT): _("It insults somebody"),
        str(reason.OFF_TOPIC): _("It is not about this agreement"),
        str(reason.ADVERTISING): _("It is advertising"),
        str(reason.REPEATED): _("The same was asked already"),
    }


def said_so_far(questions: Iterable[OpenQuestion], url: str) -> list[dict[str, Any]]:
    """Return questions and answers as rows of history, `_history.html`; `url` is the discussion's page."""
    rows: list[dict[str, Any]] = []
    for each in questions:
        link = {"url": f"{url}#{anchor_of(each)}", "url_text": _("Read it")}
        rows.append({"date": each.asked_on, "text": asked_sentence(each), **link})
        rows.extend(
            {"date": answer.answered_on, "text": answered_sentence(), **link} for answer in each.answers.all()
        )
    return rows


def asked_sentence(question: OpenQuestion) -> str:
    """Return that something was asked; never its words, which may have to come down."""
    if question.kind == OpenQuestion.Kind.LETTER:
        return _("An open letter to the district.")
    return _("A question to the district.")


def answered_sentence() -> str:
    """Return that the district answered."""
    return _("The district answered in public.")


def page_url(agreement: Agreement) -> str:
    """Return the path of the page on which all of it stands."""
    return reverse("districts:discussion", args=[agreement.public_id])


def anchor_of(question: OpenQuestion) -> str:
    """Return the fragment of a question's place on the page of the discussion."""
    return f"q-{question.public_id}"


def _asked(question: OpenQuestion, today: dt.date) -> Asked:
    answers = list(question.answers.all())
    withdrawal = getattr(question, "withdrawal", None)
    days = (today - question.asked_on).days
    for_days = ngettext("Not answered for %(n)s day", "Not answered for %(n)s days", days) % {"n": days}
    unanswered = for_days if days else _("Not answered yet")
    is_letter = question.kind == OpenQuestion.Kind.LETTER
    return Asked(
        anchor=anchor_of(question),
        title=_("Open letter") if is_letter else _("Question"),
        name=pieces(question.shown_name),
        text=pieces(question.text),
        asked_on=question.asked_on,
        due_on=question.due_on,
        answers=answers,
        unanswered="" if answers or withdrawal else unanswered,
        is_late=not answers and withdrawal is None and question.due_on < today,
        is_blacked_out=question.is_blacked_out,
        withdrawn=withdrawal.reason if withdrawal else "",
    )
