"""What staff do with what was asked: show it, private words blacked out, or refuse it; and answer it."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from districts.blacking_out import black_out
from districts.models import OpenAnswer, OpenQuestion
from districts.open_questions import answer_question, count_refusal, publish_question

from .models import AskedInPublic, AskerMail


class NotWaiting(Exception):
    """Somebody else decided about it first."""


@transaction.atomic
def publish(*, asked_id: int, passages: Sequence[str] = (), now: dt.datetime) -> OpenQuestion:
    """Show what was asked, for good, and owe the asker a mail; the words are gone from the private row.

    Raises NotWaiting; blacking_out.NotInTheText.
    """
    asked = _waiting(asked_id)
    name, text = black_out(passages, asked.shown_name, asked.text)
    question = publish_question(
        agreement=asked.agreement,
        kind=asked.kind,
        shown_name=name,
        text=text,
        asked_on=asked.agreement.agency.today(asked.confirmed_at or now),
        is_blacked_out=bool(passages),
    )
    asked.state, asked.question = AskedInPublic.State.PUBLISHED, question
    _forget_words(asked)
    AskerMail.objects.create(asked=asked, kind=AskerMail.Kind.PUBLISHED, next_try_at=now)
    return question


@transaction.atomic
def refuse(*, asked_id: int, reason: str, now: dt.datetime) -> None:
    """Do not show what was asked: the reason is counted in public and mailed. Raises NotWaiting."""
    asked = _waiting(asked_id)
    count_refusal(agreement=asked.agreement, reason=reason, now=now)
    asked.state, asked.settled_at = AskedInPublic.State.REFUSED, now
    _forget_words(asked)
    AskerMail.objects.create(asked=asked, kind=AskerMail.Kind.REFUSED, reason=reason, next_try_at=now)


@transaction.atomic
def answer(*, question_id: int, text: str, now: dt.datetime) -> OpenAnswer:
    """Answer in public and owe the asker a mail, if the address is still there.

    Raises what answer_question() raises.
    """
    made = answer_question(question_id=question_id, text=text, now=now)
    asked = AskedInPublic.objects.select_for_update().filter(question=question_id).first()
    if asked is not None:
        if asked.settled_at is None:
            asked.settled_at = now
            asked.save(update_fields=["settled_at"])
        AskerMail.objects.create(asked=asked, kind=AskerMail.Kind.ANSWERED, answer=made, next_try_at=now)
    return made


def _waiting(asked_id: int) -> AskedInPublic:
    rows = AskedInPublic.objects.select_for_update(of=("self",)).select_related("agreement__agency")
    asked = rows.filter(pk=asked_id, state=AskedInPublic.State.WAITING).first()
    if asked is None:
        raise NotWaiting(asked_id)
    return asked


def _forget_words(asked: AskedInPublic) -> None:
    asked.text = asked.shown_name = ""
    asked.save(update_fields=["state", "question", "settled_at", "text", "shown_name"])
