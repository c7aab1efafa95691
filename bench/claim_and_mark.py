"""Claiming and marking every delivery of a notice, beside a keyset loop in plain SQL on the same table."""

import statistics
import time
from collections.abc import Iterator
from typing import Any, cast

from django.db import connection, transaction

from bench.measure import RUNS, Row, checkpoint, ratios
from bench.town import NOW, build
from consent import notify
from consent.deliver import BATCH
from consent.leases import claim
from consent.mail.exit import Handed, Outgoing
from consent.mail.message import message_id
from consent.mail.smtp import Result, Verdict
from consent.models import Delivery
from consent.outcomes import mark
from districts.models import Agency

ACCEPTED = Result(Verdict.ACCEPTED, "250")

# The yardstick asks nobody whether the message may still go out.
PLAIN_CLAIM = """
    WITH picked AS (SELECT id FROM consent_delivery
                     WHERE notice_id = %s AND state = 'due' AND channel = 'email' AND id > %s
                     ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    UPDATE consent_delivery d SET state = 'leased', lease_until = clock_timestamp() + interval '15 minutes'
      FROM picked WHERE d.id = picked.id RETURNING d.id, d.public_id::text
"""
PLAIN_MARK = """
    UPDATE consent_delivery SET state = 'sent', lease_until = NULL, attempts_made = 1,
           settled_at = clock_timestamp()
     WHERE id = ANY (%s)
"""
PLAIN_ATTEMPTS = """
    INSERT INTO consent_attempt (delivery_id, n, channel, message_id, result, code)
    SELECT id, 1, 'email', public_id || '.1@example.org', 'accepted', '250'
      FROM unnest(%s::bigint[], %s::text[]) AS u (id, public_id)
"""


def run(size: int) -> list[Row]:
    """Measure one size: a batch of ours, then one of each yardstick, on three notices in the same table."""
    town = build(size)
    turns = [_turn(town.district, _filled(town), _filled(town), _filled(town)) for _ in range(RUNS)]
    ours, with_attempts, without = ([sum(turn[which]) for turn in turns] for which in range(3))
    loop = "keyset loop in plain SQL"
    return [
        Row("claim and mark", size, ratios(ours, with_attempts), f"{loop}, same rows written", 2.0),
        Row("claim and mark", size, ratios(ours, without), f"{loop}, no attempts kept", None),
        Row("claim and mark, the last batches", size, [_growth(turn[0]) for turn in turns], "the first", 1.5),
    ]


def _turn(
    agency: Agency, ours: int, with_attempts: int, without: int
) -> tuple[list[float], list[float], list[float]]:
    """Return the seconds of each batch of each, taken batch by batch in turn; the last are the empty ones."""
    loops = (_ours(ours, agency), _plain(with_attempts, attempts=True), _plain(without, attempts=False))
    taken: tuple[list[float], list[float], list[float]] = ([], [], [])
    seen = [1, 1, 1]
    while any(seen):
        for which, loop in enumerate(loops):
            if seen[which]:
                begun = time.perf_counter()
                seen[which] = next(loop)
                taken[which].append(time.perf_counter() - begun)
    sent = [Delivery.objects.filter(notice=pk, state="sent").count() for pk in (ours, with_attempts, without)]
    assert 0 < sent[0] == sent[1] == sent[2], f"not the same work: {sent}"
    return taken


def _growth(batches: list[float]) -> float:
    """Return how much longer the last tenth of the full batches took than the first; 1 is flat."""
    full = batches[:-2]  # without the rest and the empty one
    tenth = max(len(full) // 10, 3)
    return statistics.median(full[-tenth:]) / statistics.median(full[:tenth])


def _filled(town: Any) -> int:
    """Make a notice with everybody written down; return its id."""
    notice = town.make_notice()
    notify.fan_out(notice.pk, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE consent_delivery")
    checkpoint()
    return int(notice.pk)


def _ours(notice_id: int, agency: Agency) -> Iterator[int]:
    cursor = 0
    while True:
        claimed = claim(notice_id=notice_id, agency=agency, after_id=cursor, limit=BATCH, now=NOW)
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
            rows = cursor.fetchall()
            ids = [row[0] for row in rows]
            with transaction.atomic():
                cursor.execute(PLAIN_MARK, [ids])
                if attempts:
                    cursor.execute(PLAIN_ATTEMPTS, [ids, [row[1] for row in rows]])
            last = max(ids, default=last)
            yield len(ids)
