"""Races: work done in another connection while this one holds a transaction open."""

import threading
from collections.abc import Callable

from django.db import connections


def in_another_connection(work: Callable[[], object]) -> threading.Thread:
    """Start `work` in a thread, which has connections of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def is_waiting(thread: threading.Thread) -> bool:
    """Tell whether the other connection is still at it after half a second: it waits for us."""
    thread.join(timeout=0.5)
    return thread.is_alive()
