"""A claim undone: staff found that a mailbox does not stand for a person, and say why."""

import datetime as dt

import structlog
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from .claims import end_sign_ins
from .decide import void
from .models import Claim

log = structlog.get_logger(__name__)


class ClaimIsEndedError(Exception):
    """Staff have ended the claim already."""


class NoReasonError(Exception):
    """A claim is ended with words that say why."""


@transaction.atomic
def end_claim(
    *, claim_id: int, reason: str, by: AbstractBaseUser, now: dt.datetime, void_answers: bool
) -> int:
    """End a claim and every sign-in of its mailbox; with `void_answers` take what came by it out of force.

    Returns how many answers were voided; those they replaced stand again. A claim that the roster or a hold
    ended may be ended by staff too: the mailbox then no longer counts as that person's. Raises
    NoReasonError, ClaimIsEndedError.
    """
    if not reason.strip():
        raise NoReasonError(claim_id)
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim_id)
    if claim.ended_by_id is not None:
        raise ClaimIsEndedError(claim_id)
    claim.ended_at, claim.ended_why, claim.ended_by_id = claim.ended_at or now, reason.strip(), by.pk
    claim.save(update_fields=["ended_at", "ended_why", "ended_by"])
    end_sign_ins([claim.user_id])
    voided = 0
    if void_answers:
        for decision in claim.decisions.filter(voiding=None).order_by("-pk"):
            void(decision_id=decision.pk, reason=reason.strip(), by=by, now=now)
            voided += 1
    log.info("claim_undone", claim=claim.pk, by=by.pk, voided=voided)
    return voided
