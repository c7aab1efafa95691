"""The running server as a process: tell it to stop, and tell whether the one that was noted still lives."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from portal.embedded.errors import EmbeddedError
from portal.embedded.place import Place

STOP_SECONDS = 30
PROCESSES = Path("/proc")


def stop_server(place: Place) -> bool:
    """Ask the server to end its sessions and go; after STOP_SECONDS tell it to go at once.

    By signal, not by pg_ctl: the programs at hand may be of another version than the server.
    """
    mark = _mark(place)
    pid = _noted_pid(mark)
    for how in (signal.SIGINT, signal.SIGQUIT):
        with suppress(ProcessLookupError):
            os.kill(pid, how)
        if _wait_until(lambda: not mark.exists() and not is_alive(pid)):
            return True
    raise EmbeddedError(f"PostgreSQL (process {pid}) does not stop.")


def clear_mark_of_the_dead(place: Place) -> None:
    """Remove the notes of a server that was killed, where PostgreSQL itself would take it for a living one.

    It does so when the process waits to be collected (a container without an init), or when another
    program has been given its number. What the dead server had started goes by itself within moments;
    before that nothing is removed. Systems without /proc leave the question to PostgreSQL.
    """
    mark = _mark(place)
    if (
        not mark.exists()
        or not PROCESSES.is_dir()
        or _works_in(place.data, PROCESSES / str(_noted_pid(mark)))
    ):
        return
    if not _wait_until(lambda: not any(_works_in(place.data, entry) for entry in PROCESSES.glob("[0-9]*"))):
        raise EmbeddedError(f"processes of a killed PostgreSQL still work in {place.data}; end them first.")
    for note in (mark, place.socket.with_name(f"{place.socket.name}.lock")):
        note.unlink(missing_ok=True)


def is_alive(pid: int) -> bool:
    """Return whether a process runs; one that has ended and waits to be collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return (PROCESSES / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not PROCESSES.is_dir()


def _mark(place: Place) -> Path:
    return place.data / "postmaster.pid"


def _noted_pid(mark: Path) -> int:
    return int(mark.read_text().split("\n", 1)[0])


def _works_in(data: Path, process: Path) -> bool:
    """Return whether a living process has the data folder as its working folder, as every server has."""
    try:
        return (process / "cwd").readlink() == data
    except OSError:
        return False


def _wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False
