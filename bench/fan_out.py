"""fan_out in batches, beside one INSERT … SELECT with the same audience into the same table."""

from collections.abc import Callable

from django.db import connection, transaction

from bench.measure import RUNS, Row, checkpoint, in_turn, ratios, seconds
from bench.town import NOW, build
from consent import audience, notify
from consent.models import Notice

# The yardstick: the same people by the same query with the same memory, in one statement that keeps no
# promise: no batches, no marks, nothing to run again.
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


def run(size: int) -> list[Row]:
    """Measure one size."""
    town = build(size)
    people = _run(CHOOSE, town.make_notice())
    notices = iter([town.make_notice() for _ in range(3 * RUNS)])
    fanned_out: list[Notice] = []

    def in_batches() -> int:
        fanned_out.append(next(notices))
        return notify.fan_out(fanned_out[-1].pk, now=NOW)

    def again() -> int:
        Notice.objects.filter(pk=fanned_out[-1].pk).update(fanned_out_at=None)
        return notify.fan_out(fanned_out[-1].pk, now=NOW)

    batches, at_once, chosen = in_turn(
        _must_write(people, in_batches),
        _must_write(people, lambda: _run(AT_ONCE, next(notices))),
        _must_write(people, lambda: _run(FROM_CHOSEN, next(notices))),
        before=checkpoint,
    )
    repeated = [seconds(_must_write(0, again)) for _ in range(RUNS)]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE chosen")
    one = "one INSERT … SELECT, same audience"
    return [
        Row("fan out", size, ratios(batches, at_once), one, 1.5),
        Row("fan out", size, ratios(batches, chosen), "one INSERT … SELECT, rows already chosen", 2.5),
        Row("fan out, run again", size, ratios(repeated, at_once), one, 0.5),
    ]


def _must_write(people: int, work: Callable[[], int]) -> Callable[[], None]:
    """Return the work, failing where it does not write down exactly so many."""

    def checked() -> None:
        written = work()
        assert written == people, f"{written} were written down, not {people}"

    return checked


def _run(sql: str, notice: Notice) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(
            sql,
            {
                "notice": notice.pk,
                "version": notice.version_id,
                "also": notice.also_version_id,
                "agency": notice.agency_id,
                "day": notice.day,
                "scope_day": notice.scope_day or notice.day,
                "first_attempt": NOW,
                **audience.EVERYBODY,
            },
        )
        return cursor.rowcount
