"""Claiming and marking every delivery of a notice, beside a keyset loop in plain SQL on the same table."""

import itertools
import statistics
from collections.abc import Iterator
from typing import Any, cast

from django.db import connection, transaction

from bench.measure import Row, runs_for, seconds
from bench.town import NOW, build
from consent import notify
from consent.deliver import BATCH
from consent.leases import claim
from consent.mail.exit import Handed, Outgoing
from consent.mail.message import message_id
from consent.mail.smtp import Result, Verdict
from consent.outcomes import mark

ACCEPTED = Result(Verdict.ACCEPTED, "250")

# The yardstick asks nobody whether the message may still go out.
PLAIN_CLAIM = """
    WITH picked AS (SELECT id FROM consent_delivery
                     WHERE notice_id = %s AND state = 'due' AND channel = 'email' AND id > %s
                     ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    UPDATE consent_delivery d SET state = 'leased', lease_until = clock_timestamp() + interval '15 minutes'
      FROM picked WHERE d.id = picked.id RETURNING d.id
"""
PLAIN_MARK = """
    UPDATE consent_delivery SET state = 'sent', lease_until = NULL, attempts_made = 1,
           settled_at = clock_timestamp()
     WHERE id = ANY (%s)
"""
PLAIN_ATTEMPTS = """
    INSERT INTO consent_attempt (delivery_id, n, channel, message_id, result, code)
    SELECT id, 1, 'email', id || '@example.org', 'accepted', '250' FROM unnest(%s::bigint[]) AS u (id)
"""


def run(size: int) -> list[Row]:
    """Measure one size."""
    town = build(size)
    ours: list[float] = []
    with_attempts: list[float] = []
    without: list[float] = []
    growth: list[float] = []
    for _ in range(runs_for(size)):
        batches = list(_timed(_ours(_filled(town))))
        ours.append(sum(batches))
        tenth = max(len(batches) // 10, 1)
        growth.append(statistics.median(batches[-tenth - 1 : -1]) / statistics.median(batches[:tenth]))
        with_attempts.append(sum(_timed(_plain(_filled(town), attempts=True))))
        without.append(sum(_timed(_plain(_filled(town), attempts=False))))
    loop = "keyset loop in plain SQL"
    took = statistics.median(ours)
    return [
        Row(
            "claim and mark", size, took, f"{loop}, same rows written", statistics.median(with_attempts), 2.0
        ),
        Row("claim and mark", size, took, f"{loop}, no attempts kept", statistics.median(without), None),
        Row("claim and mark, the last batches", size, statistics.median(growth), "the first ones", 1.0, 1.5),
    ]


def _filled(town: Any) -> int:
    """Make a notice with everybody written down; return its id."""
    notice = town.make_notice()
    notify.fan_out(notice.pk, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE consent_delivery")
        cursor.execute("CHECKPOINT")
    return int(notice.pk)


def _timed(batches: Iterator[int]) -> Iterator[float]:
    """Yield how long each batch took, the last being the empty one."""
    for _ in itertools.count():
        done: list[int] = []
        yield seconds(lambda: done.append(next(batches)))  # noqa: B023 - called at once
        if not done[0]:
            return


def _ours(notice_id: int) -> Iterator[int]:
    cursor = 0
    while True:
        claimed = claim(notice_id=notice_id, after_id=cursor, limit=BATCH, now=NOW)
        cursor = claimed.last_id
        handed = [
            Handed(
                Outgoing((one.id,), cast(Any, None), "", one.email, message_id(one.public_id, one.n), ""),
                ACCEPTED,
            )
            for one in claimed.deliveries
        ]
        if handed:
            mark(handed, {one.id: one for one in claimed.deliveries}, now=NOW)
        yield claimed.seen


def _plain(notice_id: int, *, attempts: bool) -> Iterator[int]:
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(PLAIN_CLAIM, [notice_id, last, BATCH])
            ids = [row[0] for row in cursor.fetchall()]
            with transaction.atomic():
                cursor.execute(PLAIN_MARK, [ids])
                if attempts:
                    cursor.execute(PLAIN_ATTEMPTS, [ids])
            last = max(ids, default=last)
            yield len(ids)
