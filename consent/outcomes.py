"""Marking what became of a batch: attempts appended, deliveries moved on, dead addresses remembered."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db import connection, transaction

from . import reports
from .leases import ClaimedDelivery
from .mail.exit import Handed
from .mail.smtp import Verdict
from .models import Attempt, Delivery

# How long after the 1st, 2nd, 3rd, 4th deferral the next attempt comes; after one more a letter is written.
RETRY_AFTER = tuple(dt.timedelta(minutes=minutes) for minutes in (5, 30, 120, 720))
# A message lost on the way is sent again as the same one; nothing says that its recipient is at fault.
LOST_AFTER = dt.timedelta(minutes=5)
UNTRIED_AFTER = dt.timedelta(minutes=1)

State, Channel = Delivery.State, Delivery.Channel


class Mark(NamedTuple):
    """Where one delivery goes next. `result` is the attempt to record, if one was made."""

    delivery: ClaimedDelivery
    state: str
    channel: str = Channel.EMAIL
    reason: str = ""
    next_attempt_at: dt.datetime | None = None
    message_id: str = ""
    result: str = ""
    code: str = ""
    address_failed: bool = False
    never_left: bool = False


def mark(
    handed: Iterable[Handed], claimed: Mapping[int, ClaimedDelivery], *, now: dt.datetime
) -> Counter[str]:
    """Record what became of each message of a batch, set-based, in one transaction. Returns counts by word.

    Only deliveries still leased are moved: one that a hold withheld meanwhile stays withheld, with the
    attempt that was made on record. Reports that came before their attempt are joined to it here.
    """
    marks = [
        _next(claimed[pk], one, one.barred.get(pk, ""), now)
        for one in handed
        for pk in one.outgoing.deliveries
    ]
    with transaction.atomic():
        # People before deliveries, the order in which a roster load takes them too.
        reports.fail_addresses({m.delivery.guardian_id for m in marks if m.address_failed}, now=now)
        _append_attempts([m for m in marks if m.result])
        _move(marks, now)
        _forget_leases([m.delivery.id for m in marks if m.never_left])
        reports.join_attempts([m.message_id for m in marks if m.result], now=now)
    return Counter(_word(m) for m in marks)


def _next(delivery: ClaimedDelivery, handed: Handed, barred: str, now: dt.datetime) -> Mark:
    result = handed.result
    if barred:
        return Mark(delivery, State.WITHHELD, reason=barred, never_left=True)
    if result.verdict is Verdict.UNTRIED:
        # Its bundle lost a member, or its address changed: nothing was wrong, so it is due at once.
        wait = dt.timedelta(0) if handed.is_to_be_claimed_anew else UNTRIED_AFTER
        return Mark(delivery, State.DUE, next_attempt_at=now + wait, never_left=True)
    if result.verdict is Verdict.UNKNOWN:
        return Mark(delivery, State.DUE, next_attempt_at=now + LOST_AFTER)
    if result.verdict is Verdict.ACCEPTED:
        return _made(delivery, handed, Attempt.Result.ACCEPTED, state=State.SENT)
    tried = Attempt.Result.REFUSED if result.verdict is Verdict.REFUSED else Attempt.Result.DEFERRED
    if tried == Attempt.Result.DEFERRED and delivery.n <= len(RETRY_AFTER):
        return _made(delivery, handed, tried, next_attempt_at=now + RETRY_AFTER[delivery.n - 1])
    return _made(delivery, handed, tried, channel=Channel.LETTER, next_attempt_at=now, address_failed=True)


def _made(
    delivery: ClaimedDelivery,
    handed: Handed,
    tried: str,
    *,
    state: str = State.DUE,
    channel: str = Channel.EMAIL,
    next_attempt_at: dt.datetime | None = None,
    address_failed: bool = False,
) -> Mark:
    return Mark(
        delivery,
        state,
        channel=channel,
        next_attempt_at=next_attempt_at,
        message_id=handed.outgoing.message_id,
        result=tried,
        code=handed.result.code[:12],
        address_failed=address_failed,
    )


# Appending takes the lock that keeps reports out until this transaction ends: of a report and its attempt the
# later always sees the earlier.
_APPEND = f"""
    WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared({reports.LOCK}))
    INSERT INTO consent_attempt (delivery_id, n, channel, message_id, result, code)
    SELECT u.id, u.n, 'email', u.message_id, u.result, u.code
      FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::text[])
           AS u (id, n, message_id, result, code), held
    ON CONFLICT (delivery_id, n) DO NOTHING
"""  # noqa: S608 - a number of ours

# A bundle is over once it was tried; one not tried, or lost on the way, goes again as the same message.
_MOVE = """
    UPDATE consent_delivery d
       SET state = u.state, channel = u.channel, withheld_because = u.reason, lease_until = NULL,
           next_attempt_at = coalesce(u.next_attempt_at, d.next_attempt_at),
           attempts_made = CASE WHEN u.tried THEN u.n ELSE d.attempts_made END,
           bundle_id = CASE WHEN u.tried AND u.state = 'due' THEN NULL ELSE d.bundle_id END,
           settled_at = CASE WHEN u.state IN ('sent', 'withheld') THEN %s::timestamptz END
      FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::bool[])
           AS u (id, n, state, channel, reason, next_attempt_at, tried)
     WHERE d.id = u.id AND d.id = ANY (%s)
       AND coalesce(d.state = 'leased', false)  -- so written, the planner does not take leased rows for rare
"""


def _append_attempts(marks: list[Mark]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND,
            [
                [m.delivery.id for m in marks],
                [m.delivery.n for m in marks],
                [m.message_id for m in marks],
                [m.result for m in marks],
                [m.code for m in marks],
            ],
        )


def _move(marks: list[Mark], now: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            [
                now,
                [m.delivery.id for m in marks],
                [m.delivery.n for m in marks],
                [m.state for m in marks],
                [m.channel for m in marks],
                [m.reason for m in marks],
                [m.next_attempt_at for m in marks],
                [bool(m.result) for m in marks],
                [m.delivery.id for m in marks],
            ],
        )


def _forget_leases(delivery_ids: list[int]) -> None:
    """Let a hold placed meanwhile know that these messages did not leave: a lease kept says they may have."""
    if delivery_ids:
        withheld = Delivery.objects.filter(pk__in=delivery_ids, state=State.WITHHELD)
        withheld.update(lease_until=None)


def _word(m: Mark) -> str:
    """Return the one word a mark is counted under."""
    if m.state in (State.SENT, State.WITHHELD):
        return str(m.state)
    if m.channel == Channel.LETTER:
        return "to_letter"
    return "deferred" if m.result else "postponed"
