"""Questions and disagreements of families, and the district's replies. Both are kept for good."""

import datetime as dt

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from .asked import agreement_concerns
from .entitlement import lock_and_require_entitled
from .models import Objection, ObjectionReply, Student
from .refusals import AnswerRefused, NoChoice

MOST_LETTERS = 5_000


class NothingSaid(AnswerRefused):
    """A question or a reply has no words, or more than MOST_LETTERS letters."""


@transaction.atomic
def object_to(
    *, student_id: int, agreement_id: int, guardian_id: int, kind: str, text: str, now: dt.datetime
) -> Objection:
    """Keep a question, or a disagreement with what leaves no choice, of one guardian about one child.

    A disagreement may stand without words. Raises NotEntitled, NoChoice (the agreement does not concern the
    child) and NothingSaid.
    """
    student = Student.objects.select_related("agency").get(pk=student_id)
    today = student.agency.today(now)
    text = text.strip()
    if kind not in Objection.Kind.values or len(text) > MOST_LETTERS:
        raise NothingSaid(kind)
    if kind == Objection.Kind.ASK and not text:
        raise NothingSaid(kind)
    lock_and_require_entitled(student_id=student_id, guardian_id=guardian_id, today=today)
    if not agreement_concerns(agreement_id, student_id, today):
        raise NoChoice(agreement_id)
    return Objection.objects.create(
        student_id=student_id, guardian_id=guardian_id, agreement_id=agreement_id, kind=kind, text=text
    )


def reply(*, objection_id: int, text: str, by: AbstractBaseUser) -> ObjectionReply:
    """Keep the district's reply to an objection. Raises NothingSaid."""
    text = text.strip()
    if not text or len(text) > MOST_LETTERS:
        raise NothingSaid(objection_id)
    return ObjectionReply.objects.create(objection_id=objection_id, text=text, replied_by_id=by.pk)
