"""Two connections at once: one waits in a thread for a lock that the other holds."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

PATIENCE = 20  # seconds until a test that waits for a lock is given up


class Rival(threading.Thread):
    """Runs a call over a connection of its own and keeps what came of it."""

    def __init__(self, call: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.call = call
        self.result: Any = None
        self.error: BaseException | None = None
        self.pid: int | None = None
        self.connected = threading.Event()

    def run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (self.pid,) = cursor.fetchone()
            self.connected.set()
            self.result = self.call()
        except BaseException as error:
            self.error = error
        finally:
            self.connected.set()
            connection.close()

    def wait_for_the_lock(self) -> None:
        """Start, and return once PostgreSQL says that the rival waits for a lock."""
        self.start()
        self.connected.wait(PATIENCE)
        give_up = time.monotonic() + PATIENCE
        with connection.cursor() as cursor:
            while time.monotonic() < give_up and self.is_alive():
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self.pid])
                if cursor.fetchone() == (True,):
                    return
        raise AssertionError("the rival never waited for a lock")

    def finish(self) -> None:
        """Wait until the rival is done."""
        self.join(PATIENCE)
        assert not self.is_alive(), "the rival still waits"
