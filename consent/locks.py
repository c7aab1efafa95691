"""The advisory locks of the private room: who waits for whom, and for how long.

All but one end with their transaction. None is held while a message is sent.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

ROSTER = 4711
FAN_OUT = 4712
CATCH_UP = 4713
ANNOUNCE = 4714


def roster_lock(agency_id: int, *, shared: bool = False) -> None:
    """Hold the roster of one agency still until the transaction ends.

    A roster load takes it alone; the start of a fan-out takes it shared. So every row of a load is either
    seen by the audience of a notice or bears a later `entered_at` than the notice's start: nobody is
    missed in between.
    """
    _lock("pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock", ROSTER, agency_id)


def announcing_lock() -> None:
    """Let one process at a time announce: what is new in a question depends on the versions before it."""
    _lock("pg_advisory_xact_lock", ANNOUNCE, 0)


def catch_up_lock(agency_id: int) -> None:
    """Let one process at a time look for an agency's newcomers, until the transaction ends."""
    _lock("pg_advisory_xact_lock", CATCH_UP, agency_id)


@contextmanager
def fanning_out(notice_id: int) -> Iterator[bool]:
    """Say whether this process is the one that fans a notice out; hold that over many transactions.

    Held by the connection, so it ends with a killed worker. Saves work only: two at once do no harm.
    """
    taken = _lock("pg_try_advisory_lock", FAN_OUT, notice_id)
    try:
        yield taken
    finally:
        if taken:
            with suppress(DatabaseError):  # a lost connection has let go of it already
                _lock("pg_advisory_unlock", FAN_OUT, notice_id)


def _lock(function: str, kind: int, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [kind, key])
        return cursor.fetchone()[0] is True
