"""Puts a question into public history, with what is answered, not shown, or has to come down."""

import datetime as dt

from django.db import IntegrityError, transaction

from .models import Agency, Agreement, OpenAnswer, OpenQuestion, OpenQuestionWithdrawal, OpenRefusal
from .recording import broken_constraint


class NothingSaid(Exception):
    """An answer, or a reason, needs words."""


class IsWithdrawn(Exception):
    """The question was taken down."""


def publish_question(
    *,
    agreement: Agreement,
    kind: str,
    shown_name: str,
    text: str,
    asked_on: dt.date,
    is_blacked_out: bool,
) -> OpenQuestion:
    """Show a question for good. It is due the agency's answer time (days) after it was asked."""
    agency: Agency = agreement.agency
    return OpenQuestion.objects.create(
        agreement=agreement,
        kind=kind,
        shown_name=shown_name,
        text=text,
        asked_on=asked_on,
        due_on=asked_on + dt.timedelta(days=agency.public_answer_days),
        is_blacked_out=is_blacked_out,
    )


def answer_question(*, question_id: int, text: str, now: dt.datetime) -> OpenAnswer:
    """Answer in public; a second answer stands under the first. Raises NothingSaid, IsWithdrawn."""
    question = OpenQuestion.objects.select_related("agreement__agency").get(pk=question_id)
    if not text.strip():
        raise NothingSaid
    if question.is_withdrawn:
        raise IsWithdrawn(question_id)
    today = question.agreement.agency.today(now)
    return OpenAnswer.objects.create(question=question, text=text.strip(), answered_on=today)


def count_refusal(*, agreement: Agreement, reason: str, now: dt.datetime) -> OpenRefusal:
    """Count in public that something is not shown, with a published reason and nothing else of it."""
    day = agreement.agency.today(now)
    return OpenRefusal.objects.create(agreement=agreement, reason=OpenRefusal.Reason(reason), refused_on=day)


def withdraw_question(*, question_id: int, reason: str) -> OpenQuestionWithdrawal:
    """Take the words and the name of a question down; reason, day and hash stay.

    Raises NothingSaid without a reason; IsWithdrawn if it is down already.
    """
    if not reason.strip():
        raise NothingSaid
    try:
        with transaction.atomic():
            return OpenQuestionWithdrawal.objects.create(question_id=question_id, reason=reason.strip())
    except IntegrityError as error:
        if broken_constraint(error) == "districts_openquestionwithdrawal_question_id_key":
            raise IsWithdrawn(question_id) from error
        raise
