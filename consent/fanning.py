"""Fan-out: one delivery per person concerned by a notice, written down in batches, resumable at any point."""

# ruff: noqa: S608 - the statements are put together from the constants of this room

import datetime as dt

import structlog
from django.db import connection, transaction

from . import audience, locks
from .models import Notice
from .windows import hours_of, send_time

log = structlog.get_logger(__name__)


def fan_out(notice_id: int, *, now: dt.datetime, batch: int = 10_000) -> int:
    """Write one delivery per person concerned by a notice, `batch` people to a transaction.

    Return how many were written; 0 when another process is at it or it is done. A run that was killed is
    simply run again: who has a delivery gets no second one. `fan_out_started_at` is marked first, behind
    the roster's lock, so that whoever enters later is known as a newcomer; `fanned_out_at` and `audience`
    last. `now` gives the time of the first attempt.
    """
    with locks.fanning_out(notice_id) as mine:
        notice = start(notice_id) if mine else None
        if notice is None:
            return 0
        written, after = 0, 0
        while (up_to := _end_of_batch(after, batch)) is not None:
            written += write_deliveries(notice, after=after, up_to=up_to, now=now)
            after = up_to
        _finish(notice_id)
    log.info("fanned_out", notice=notice_id, written=written)
    return written


@transaction.atomic
def start(notice_id: int) -> Notice | None:
    """Mark the start once no roster load is under way, and choose who is still to be written down.

    Return None if all is done. They stand in a table of this connection only: the audience is asked once,
    not once a batch, and a killed worker leaves nothing behind.
    """
    locks.roster_lock(Notice.objects.values_list("agency", flat=True).get(pk=notice_id), shared=True)
    notice = Notice.objects.select_for_update(of=("self",)).select_related("agency").get(pk=notice_id)
    if notice.fanned_out_at is not None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_MARK_STARTED, [notice_id])
        cursor.execute(_PREPARE)
        cursor.execute(
            _CHOOSE,
            {
                "notice": notice.pk,
                "version": notice.version_id,
                "also": notice.also_version_id,
                "agency": notice.agency_id,
                "day": notice.day,
                "scope_day": notice.scope_day or notice.day,
                **audience.EVERYBODY,
            },
        )
        cursor.execute("CREATE INDEX ON fan_out_people (guardian_id)")
    return notice


@transaction.atomic
def write_deliveries(notice: Notice, *, after: int, up_to: int, now: dt.datetime) -> int:
    """Write the deliveries of the chosen guardians with `after` < id <= `up_to`. Return how many.

    Whom another worker has written down meanwhile is passed over.
    """
    first_attempt = send_time(now, hours_of(notice.agency), notice.severity)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [notice.pk, first_attempt, after, up_to])
        return cursor.rowcount


def _end_of_batch(after: int, batch: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_END_OF_BATCH, [after, batch])
        return cursor.fetchone()[0]


@transaction.atomic
def _finish(notice_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MARK_FANNED_OUT, {"notice": notice_id})
        cursor.execute("DROP TABLE fan_out_people")


_MARK_STARTED = """
    UPDATE consent_notice SET fan_out_started_at = clock_timestamp()
     WHERE id = %s AND fan_out_started_at IS NULL
"""

# The hashes of a whole district should fit into memory.
_PREPARE = """
    DROP TABLE IF EXISTS pg_temp.fan_out_people;
    SET LOCAL work_mem = '64MB'
"""

# NOT IN makes one hash of who is written down already, whatever the planner believes of a growing table.
_CHOOSE = f"""
    CREATE TEMPORARY TABLE fan_out_people AS
    SELECT p.guardian_id, p.about, {audience.CHANNEL} AS channel
      FROM ({audience.PEOPLE}) p JOIN consent_guardian g ON g.id = p.guardian_id
     WHERE p.guardian_id NOT IN (SELECT d.guardian_id FROM consent_delivery d WHERE d.notice_id = %(notice)s)
"""

_END_OF_BATCH = """
    SELECT max(guardian_id) FROM (SELECT guardian_id FROM fan_out_people
                                   WHERE guardian_id > %s ORDER BY guardian_id LIMIT %s) batch
"""

_WRITE = """
    INSERT INTO consent_delivery (notice_id, guardian_id, about, channel, next_attempt_at)
    SELECT %s, p.guardian_id, p.about, p.channel, %s
      FROM fan_out_people p WHERE p.guardian_id > %s AND p.guardian_id <= %s
    ON CONFLICT (notice_id, guardian_id) DO NOTHING
"""

_MARK_FANNED_OUT = """
    UPDATE consent_notice
       SET fanned_out_at = clock_timestamp(),
           audience = (SELECT count(*) FROM consent_delivery d WHERE d.notice_id = %(notice)s)
     WHERE id = %(notice)s AND fanned_out_at IS NULL
"""
