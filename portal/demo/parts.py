"""The parts of the demo, each a program of its own, and what keeps their folders small."""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from portal import embedded
from portal.supervisor import Program

LOOPBACK = "127.0.0.1"
TIDY_SECONDS = 30.0
# The filesystem transport keeps a message after it was read; nothing reads it again.
KEEP_MESSAGE_SECONDS = 10 * 60
PYTHON = (sys.executable, "-m")
# Workers of one machine need no word about each other.
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=INFO")


def mail_sink(port: int, var: Path) -> Program:
    """Return the mail server of the demo."""
    command = [*PYTHON, "portal.demo.sink", "--port", str(port), "--folder", str(var / "mailbox")]
    return Program("mail sink", command, var / "log" / "sink.log")


def web(port: int, var: Path) -> Program:
    """Return the web server, on loopback only."""
    bind = ["--bind", f"{LOOPBACK}:{port}", "--no-control-socket"]
    size = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--graceful-timeout", "5"]
    size.append("--preload")  # one start instead of two
    return Program("web", [*PYTHON, "gunicorn", "portal.wsgi", *bind, *size], var / "log" / "web.log")


def workers(var: Path) -> list[Program]:
    """Return the workers: one for ordinary work and mail, one for letters with its PDF library."""
    return [
        _worker("worker", ["--queues", "default,mail", "--concurrency", "2"], var),
        _worker("letters", ["--queues", "letters", "--pool", "solo"], var),
    ]


def clock(var: Path) -> Program:
    """Return the schedule's clock."""
    command = [*PYTHON, "celery", "-A", "portal", "beat", "--scheduler", "portal.beat:OneClock"]
    return Program("schedule", [*command, "--pidfile="], var / "log" / "schedule.log")


def _worker(name: str, options: list[str], var: Path) -> Program:
    command = [*PYTHON, "celery", "-A", "portal", "worker", "--hostname", f"{name}@demo", *QUIET, *options]
    return Program(name, command, var / "log" / f"{name}.log")


class TidyUp:
    """Called at every look of the supervisor; now and then minds PostgreSQL and the read messages."""

    def __init__(self, var: Path, say: Callable[[str], None]) -> None:
        self.processed = var / "broker" / "processed"
        self.say = say
        self.next_at = time.monotonic() + TIDY_SECONDS

    def __call__(self) -> None:
        """Do it if it is time."""
        if time.monotonic() < self.next_at:
            return
        self.next_at = time.monotonic() + TIDY_SECONDS
        self.drop_old_messages(before=time.time() - KEEP_MESSAGE_SECONDS)
        if embedded.prepare():
            self.say("PostgreSQL had stopped and was started again.")

    def drop_old_messages(self, *, before: float) -> None:
        """Delete messages that were read before a moment (seconds of the epoch)."""
        for path in self.processed.glob("*.msg"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()
