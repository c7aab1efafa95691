"""Record answers: the ledger only grows, a change of mind is a chain, rights are checked behind a lock."""

import datetime as dt

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from . import claims, effective, shown
from .asked import concerns
from .entitlement import lock_and_require_entitled
from .models import Decision, QuestionVersion, Shown, Student, Voiding
from .objections import NothingSaid, object_to, reply
from .receipts import queue_receipt
from .refusals import (
    AlreadyAnswered,
    AlreadyVoided,
    AnswerRefused,
    NoChoice,
    NotEntitled,
    StalePage,
    broken_constraint,
)
from .state_locks import lock_states_of_students

__all__ = [
    "AlreadyAnswered",
    "AlreadyVoided",
    "AnswerRefused",
    "NoChoice",
    "NotEntitled",
    "NothingSaid",
    "StalePage",
    "object_to",
    "record",
    "reply",
    "void",
]

#: What PostgreSQL says when somebody else continued the same chain first.
CHAIN_CONSTRAINTS = {
    "one_beginning_per_student_question_and_decider",
    "consent_decision_replaces_id_key",
}


@transaction.atomic
def record(
    *,
    student_id: int,
    question_version_id: int,
    decider_id: int,
    answer: str,
    shown_sha256: str,
    replaces_id: int | None,
    language: str,
    by_user: AbstractBaseUser | None,
    now: dt.datetime,
    channel: str = Decision.Channel.WEB,
    entered_by: AbstractBaseUser | None = None,
    received_on: dt.date | None = None,
    scan: str = "",
) -> Decision:
    """Append one answer, recompute what it amounts to, and queue the receipt.

    `shown_sha256` and `replaces_id` are what the page carried: the hash of what it showed in `language`, and
    the person's last answer at that time. `by_user` is who posted it (online it must be tied to the decider).
    For an answer on paper or by telephone: `entered_by`, `received_on` and perhaps a `scan`.

    Raises NotEntitled (no rights today: a hold, another's child, the 18th birthday, 34 CFR 99.5), NoChoice
    (no such choice for this child), StalePage (the page is out of date), AlreadyAnswered (posted twice).
    Nothing is left behind then.
    """
    if answer not in Decision.Answer.values:
        raise NoChoice(f"“{answer}” is no answer")
    student = Student.objects.select_related("agency").get(pk=student_id)
    today = student.agency.today(now)
    lock_and_require_entitled(student_id=student_id, guardian_id=decider_id, today=today)
    lock_states_of_students([student_id])
    claim = None
    if channel == Decision.Channel.WEB and by_user is not None:
        claim = _require_claim(by_user, decider_id, now)
    question_version = _newest(question_version_id, student_id, today)
    what = _same_as_shown(question_version, language, shown_sha256)
    tip = _tip(student_id, question_version.question_id, decider_id)
    _require_fresh_tip(tip, replaces_id, question_version, answer)
    decision = _append(
        student_id=student_id,
        question_id=question_version.question_id,
        question_version=question_version,
        decider_id=decider_id,
        answer=answer,
        shown=what,
        replaces=tip,
        channel=channel,
        claim_id=claim,
        entered_by=entered_by,
        received_on=received_on,
        scan=scan,
    )
    effective.recompute(student_ids=[student_id], question_ids=[question_version.question_id], today=today)
    queue_receipt(decision_id=decision.pk, now=now)
    return decision


@transaction.atomic
def void(*, decision_id: int, reason: str, by: AbstractBaseUser | None, now: dt.datetime) -> Voiding:
    """Take an answer out of force because its giver had no right; the one it replaced stands again.

    Raises AlreadyVoided. The answer itself stays in the ledger.
    """
    decision = Decision.objects.select_related("student__agency").get(pk=decision_id)
    lock_states_of_students([decision.student_id])
    try:
        with transaction.atomic():
            voiding = Voiding.objects.create(
                decision=decision, reason=reason, voided_by_id=by.pk if by else None
            )
    except IntegrityError as error:
        if broken_constraint(error) == "consent_voiding_decision_id_key":
            raise AlreadyVoided(decision_id) from error
        raise
    effective.recompute(
        student_ids=[decision.student_id],
        question_ids=[decision.question_id],
        today=decision.student.agency.today(now),
    )
    return voiding


def _require_claim(user: AbstractBaseUser, guardian_id: int, now: dt.datetime) -> int:
    claim = claims.claim_in_force(user_id=user.pk, guardian_id=guardian_id, now=now)
    if claim is None:
        raise NotEntitled(guardian_id, user.pk)
    return claim


def _newest(question_version_id: int, student_id: int, today: dt.date) -> QuestionVersion:
    """Return the question version if it leaves this child a choice and is the newest one."""
    asked = QuestionVersion.objects.select_related("question").filter(pk=question_version_id).first()
    if asked is None:
        raise NoChoice(question_version_id)
    newest = QuestionVersion.objects.filter(question=asked.question_id).latest("number")
    if not newest.covers or not concerns(asked.question_id, student_id, today):
        raise NoChoice(question_version_id)  # moved to a ground without a choice, ended, or out of scope
    if newest.pk != asked.pk:
        raise StalePage("the question has changed")
    return asked


def _same_as_shown(question_version: QuestionVersion, language: str, shown_sha256: str) -> Shown:
    body = shown.what_is_shown(question_version, language)
    if shown.sha256_of(body) != shown_sha256:
        raise StalePage("other words were shown")
    return shown.store(body)


def _tip(student_id: int, question_id: int, decider_id: int) -> Decision | None:
    """Return the last of a person's chain, voided or not: the next answer points at it."""
    return (
        Decision.objects.select_related("voiding")
        .filter(student=student_id, question=question_id, decider=decider_id, replaced_by=None)
        .first()
    )


def _require_fresh_tip(
    tip: Decision | None, replaces_id: int | None, question_version: QuestionVersion, answer: str
) -> None:
    is_repeat = (
        tip is not None
        and not hasattr(tip, "voiding")
        and (tip.question_version_id, tip.answer) == (question_version.pk, answer)
    )
    if tip is not None and is_repeat:
        raise AlreadyAnswered(tip)
    if replaces_id != (tip.pk if tip else None):
        raise StalePage("another answer was given meanwhile")


def _append(**fields: object) -> Decision:
    try:
        with transaction.atomic():
            return Decision.objects.create(**fields)
    except IntegrityError as error:
        if broken_constraint(error) in CHAIN_CONSTRAINTS:
            raise StalePage("another answer was given meanwhile") from error
        raise
