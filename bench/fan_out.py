"""fan_out in batches, beside one INSERT … SELECT with the same audience into the same table."""

import statistics

from django.db import connection, transaction

from bench.measure import Row, medians, runs_for, seconds
from bench.town import NOW, build
from consent import audience, notify
from consent.models import Notice

# The yardstick: the same people by the same query, in one statement that keeps no promise: no batches, no
# marks, nothing to run again.
AT_ONCE = f"""
    INSERT INTO consent_delivery (notice_id, guardian_id, about, channel, next_attempt_at)
    SELECT %(notice)s, p.guardian_id, p.about, {audience.CHANNEL}, %(first_attempt)s
      FROM ({audience.PEOPLE}) p JOIN consent_guardian g ON g.id = p.guardian_id
"""

CHOOSE = f"""
    CREATE TEMPORARY TABLE chosen AS
    SELECT p.guardian_id, p.about, {audience.CHANNEL} AS channel
      FROM ({audience.PEOPLE}) p JOIN consent_guardian g ON g.id = p.guardian_id
"""
FROM_CHOSEN = """
    INSERT INTO consent_delivery (notice_id, guardian_id, about, channel, next_attempt_at)
    SELECT %(notice)s, guardian_id, about, channel, %(first_attempt)s FROM chosen
"""


def _run(sql: str, notice: Notice) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "notice": notice.pk,
                "version": notice.version_id,
                "also": notice.also_version_id,
                "agency": notice.agency_id,
                "day": notice.day,
                "scope_day": notice.scope_day,
                "first_attempt": NOW,
                **audience.EVERYBODY,
            },
        )


def _run_again(done: list[int]) -> float:
    Notice.objects.filter(pk=done[-1]).update(fanned_out_at=None)
    return seconds(lambda: notify.fan_out(done[-1], now=NOW))


def run(size: int) -> list[Row]:
    """Measure one size."""
    town = build(size)
    _run(CHOOSE, town.make_notice())
    done: list[int] = []
    notices = iter([town.make_notice() for _ in range(15)])

    def in_batches() -> None:
        done.append(next(notices).pk)
        notify.fan_out(done[-1], now=NOW)

    batches, at_once, chosen = medians(
        in_batches,
        lambda: _run(AT_ONCE, next(notices)),
        lambda: _run(FROM_CHOSEN, next(notices)),
        runs=runs_for(size),
    )
    again = statistics.median(_run_again(done) for _ in range(runs_for(size)))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE chosen")
    one = "one INSERT … SELECT, same audience"
    return [
        Row("fan out", size, batches, one, at_once, 1.5),
        Row("fan out", size, batches, "one INSERT … SELECT, rows already chosen", chosen, 2.5),
        Row("fan out, run again", size, again, one, at_once, 0.5),
    ]
