"""Holds: a protective bar of one adult from one child, placed, proven or lifted by staff or the roster."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import structlog
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import QuerySet

from districts.models import Agency

from . import claims
from .effective import recompute
from .models import Claim, ClaimCode, Guardianship, Hold

log = structlog.get_logger(__name__)

HELD = "a hold bars this person"
# A message this much older than the hold is the family's history, not what just slipped out.
RECENT = dt.timedelta(days=1)


class HoldIsLiftedError(Exception):
    """The hold has been lifted already."""


class ReasonMissingError(Exception):
    """A hold is lifted, and an order recorded, with words that say why."""


@dataclass(frozen=True, slots=True)
class SlippedOut:
    """A message about the child that a barred person has, or may have, all the same; for staff by name."""

    delivery_id: int
    name: str
    channel: str
    at: dt.datetime | None
    is_certain: bool


@transaction.atomic
def place_hold(
    *, guardianship_id: int, origin: str, evidence: str, by: AbstractBaseUser | None, now: dt.datetime
) -> Hold:
    """Bar an adult from a child at once, and return the hold; one that is open already is returned as it is.

    The tie is locked first, so nothing is recorded for it meanwhile (entitlement.py shares that lock). What
    is due to that adult about that child is withheld; a message about other children too goes on without
    this one. With no other child left, sign-ins, claims and letter codes end; so do those of anybody else of
    the child whose mailbox that adult reads too. What a mail server may already have: `slipped_out`.
    """
    tie = Guardianship.objects.select_for_update(of=("self",)).select_related("guardian__agency")
    guardianship = tie.get(pk=guardianship_id)
    if (standing := guardianship.holds.filter(lifted_at=None).first()) is not None:
        return standing
    agency = guardianship.guardian.agency
    today = agency.today(now)
    hold = Hold.objects.create(
        guardianship=guardianship,
        origin=origin,
        evidence=evidence,
        placed_by_id=by.pk if by else None,
        review_due_on=today + dt.timedelta(days=agency.hold_review_days),
    )
    hold.refresh_from_db(fields=["placed_at"])
    withheld = _withhold(guardianship, now)
    if not _has_a_child_left(guardianship.guardian_id, today):
        shut_out(guardianship.guardian_id, now)
    claims.end_unproven(agency_id=agency.pk, student_id=guardianship.student_id, now=now)
    recompute(student_ids=[guardianship.student_id], today=today)
    log.info("hold_placed", hold=hold.pk, guardianship=guardianship_id, withheld=withheld)
    return hold


@transaction.atomic
def lift_hold(*, hold_id: int, reason: str, by: AbstractBaseUser | None, now: dt.datetime) -> Hold:
    """Lift a hold for a reason. A trigger renews the tie's `entered_at`: catch_up tells what went by.

    Raises ReasonMissingError, HoldIsLiftedError.
    """
    hold = _open_hold(hold_id, reason)
    hold.lifted_at, hold.lifted_by_id, hold.lifted_reason = now, by.pk if by else None, reason.strip()
    hold.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    tie = hold.guardianship
    recompute(student_ids=[tie.student_id], today=tie.guardian.agency.today(now))
    log.info("hold_lifted", hold=hold.pk, guardianship=tie.pk)
    return hold


@transaction.atomic
def record_order(*, hold_id: int, reference: str, by: AbstractBaseUser | None, now: dt.datetime) -> Hold:
    """Record the court order behind a hold, by its reference. It then stands without a due day.

    Raises ReasonMissingError, HoldIsLiftedError.
    """
    hold = _open_hold(hold_id, reference)
    hold.order_reference = reference.strip()
    hold.order_recorded_on = hold.guardianship.guardian.agency.today(now)
    hold.save(update_fields=["order_reference", "order_recorded_on"])
    log.info("order_recorded", hold=hold.pk, by=by.pk if by else None)
    return hold


def overdue_holds(agency: Agency, today: dt.date) -> QuerySet[Hold]:
    """Return the open holds without an order whose due day has passed, the oldest first."""
    return Hold.objects.filter(
        guardianship__guardian__agency=agency, lifted_at=None, order_reference="", review_due_on__lt=today
    ).select_related("guardianship__guardian", "guardianship__student")


def slipped_out(hold: Hold) -> list[SlippedOut]:
    """Return the messages about the child that went out shortly before the hold, or while it was placed.

    Certain: a mail server accepted it, a letter was posted, or it lies printed and must be taken out of the
    pile. Not certain: a worker had it in hand when the hold came, and nothing tells what became of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _SLIPPED_OUT,
            {
                "guardian": hold.guardianship.guardian_id,
                "student": hold.guardianship.student_id,
                "since": hold.placed_at - RECENT,
            },
        )
        return [SlippedOut(*row) for row in cursor.fetchall()]


def _open_hold(hold_id: int, words: str) -> Hold:
    if not words.strip():
        raise ReasonMissingError(hold_id)
    holds = Hold.objects.select_for_update(of=("self",)).select_related("guardianship__guardian__agency")
    hold = holds.get(pk=hold_id)
    if hold.lifted_at is not None:
        raise HoldIsLiftedError(hold_id)
    return hold


def _withhold(tie: Guardianship, now: dt.datetime) -> int:
    """Withhold what is on its way to the guardian about the student. Return how many deliveries stop."""
    values: dict[str, Any] = {"guardian": tie.guardian_id, "student": tie.student_id, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, values)
        values["ids"] = [delivery for (delivery,) in cursor.fetchall()]
        cursor.execute(_WITHHOLD, values)
        stopped = cursor.rowcount
        cursor.execute(_GO_ON_WITHOUT_THE_CHILD, values)
        return stopped


def _has_a_child_left(guardian_id: int, today: dt.date) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM consent_entitled(%s) WHERE guardian_id = %s", [today, guardian_id])
        return cursor.fetchone() is not None


def shut_out(guardian_id: int, now: dt.datetime) -> None:
    """End the claims to a guardian, the letter codes, and the sign-ins of whoever held a claim."""
    held = Claim.objects.filter(guardian=guardian_id, ended_at=None)
    users = list(held.values_list("user", flat=True))
    held.update(ended_at=now, ended_why=HELD)
    ClaimCode.objects.filter(guardian=guardian_id, used_at=None, revoked_at=None).update(revoked_at=now)
    claims.end_sign_ins(users)


def shut_out_who_has_no_child_left(*, agency_id: int, today: dt.date, now: dt.datetime) -> None:
    """Shut out whoever is barred from a child and has no other; after a roster load ended or made ties."""
    with connection.cursor() as cursor:
        cursor.execute(_NO_CHILD_LEFT, {"agency": agency_id, "day": today})
        barred = [guardian for (guardian,) in cursor.fetchall()]
    for guardian in barred:
        shut_out(guardian, now)


_NO_CHILD_LEFT = """
    SELECT DISTINCT g.id
      FROM consent_hold h
      JOIN consent_guardianship gs ON gs.id = h.guardianship_id
      JOIN consent_guardian g ON g.id = gs.guardian_id
     WHERE h.lifted_at IS NULL AND g.agency_id = %(agency)s
       AND (EXISTS (SELECT FROM consent_claim c WHERE c.guardian_id = g.id AND c.ended_at IS NULL)
            OR EXISTS (SELECT FROM consent_claimcode k WHERE k.guardian_id = g.id
                          AND k.used_at IS NULL AND k.revoked_at IS NULL))
       AND NOT EXISTS (SELECT FROM consent_entitled(%(day)s) e WHERE e.guardian_id = g.id)
     ORDER BY g.id
"""

# What is still on its way, or may be sent once more. Locked in order, so that nobody waits in a circle.
_LOCK = """
    SELECT id FROM consent_delivery
     WHERE guardian_id = %(guardian)s AND %(student)s = ANY (about)
       AND state IN ('due', 'leased', 'printed', 'failed', 'failure_seen')
     ORDER BY id FOR UPDATE
"""

_GO_ON_WITHOUT_THE_CHILD = """
    UPDATE consent_delivery SET about = array_remove(about, %(student)s::bigint)
     WHERE id = ANY (%(ids)s) AND about <> ARRAY[%(student)s::bigint]
"""

# The end of a lease stays on the row: it says that a worker may have had the message in hand.
_WITHHOLD = """
    UPDATE consent_delivery SET state = 'withheld', withheld_because = 'hold', settled_at = %(now)s
     WHERE id = ANY (%(ids)s) AND about = ARRAY[%(student)s::bigint]
"""

_SLIPPED_OUT = """
    SELECT d.id, concat_ws(' ', nullif(g.given_name, ''), nullif(g.family_name, '')), d.channel,
           went.made_at, went.made_at IS NOT NULL
      FROM consent_delivery d
      JOIN consent_guardian g ON g.id = d.guardian_id
      LEFT JOIN LATERAL (
           SELECT a.made_at FROM consent_attempt a
            WHERE a.delivery_id = d.id
              AND (a.result IN ('accepted', 'posted') AND a.made_at >= %(since)s
                   OR a.result = 'printed' AND d.state = 'withheld')
            ORDER BY a.n DESC LIMIT 1) went ON true
     WHERE d.guardian_id = %(guardian)s AND %(student)s = ANY (d.about)
       AND (went.made_at IS NOT NULL
            OR (d.state = 'withheld' AND d.withheld_because = 'hold' AND d.lease_until IS NOT NULL))
     ORDER BY d.id
"""
