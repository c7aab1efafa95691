"""The schedule's clock: any number may be started, only the one that holds the lock ticks."""

import datetime as dt
from typing import Any

import structlog
from celery.beat import Scheduler
from django.db import DatabaseError, connection

log = structlog.get_logger(__name__)

# Any constant; the same for every process of a site.
CLOCK_LOCK = 7_311_202
ASK_AGAIN_SECONDS = 5.0
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class OneClock(Scheduler):
    """Ticks while it holds PostgreSQL's advisory lock, which goes when its connection does.

    Keeps no file. Every entry is an interval and runs once at the start, because every scheduled task
    looks in the database for what is due and may run at any time.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.has_lock = False
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        """Install the schedule, everything due at once."""
        super().setup_schedule()
        for entry in self.schedule.values():
            entry.last_run_at = LONG_AGO

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due, if this is the one clock. Return the seconds until the next look."""
        if not self.holds_lock():
            return ASK_AGAIN_SECONDS
        return min(float(super().tick(*args, **kwargs)), ASK_AGAIN_SECONDS)

    def holds_lock(self) -> bool:
        """Return whether this process is the one clock; take the lock if it is free."""
        try:
            with connection.cursor() as cursor:
                if self.has_lock:
                    cursor.execute("SELECT 1")  # the lock is there as long as its session
                    return True
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [CLOCK_LOCK])
                self.has_lock = bool(cursor.fetchone()[0])
        except DatabaseError:
            self.has_lock = False
            connection.close()
            log.warning("clock_lost_its_database")
        return self.has_lock
