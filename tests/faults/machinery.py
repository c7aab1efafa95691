"""Real processes for the tests of faults: a worker, the schedule's clock, a Redis, commands of the site."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from django.db import connection

from portal.embedded.place import PROJECT
from portal.supervisor import Program
from tests.consent.mail.post_office import LOOPBACK, PostOffice

LONGEST_WAIT = 60.0  # seconds; what takes longer on a busy machine than this has gone wrong
# Of the tests' own settings; the worker runs with those of production.
NOT_FOR_WORKERS = ("DJANGO_SETTINGS_MODULE", "PSEUDO_ARABIC", "REDIS_URL", "DATABASE_URL_FILE")
# One batch is under way at a time, so that the tail of one batch is all that may repeat.
ONE_AT_A_TIME = ["--concurrency", "1", "--without-gossip", "--without-mingle", "--without-heartbeat"]


def wait_until(come_true: Callable[[], object], what: str, seconds: float = LONGEST_WAIT) -> None:
    """Ask again and again until it is true; fail with `what` when the time is up."""
    deadline = time.monotonic() + seconds
    while not come_true():
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still not: {what}"
        time.sleep(0.05)


class Redis:
    """A Redis of the test's own on a free port of loopback; keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://{LOOPBACK}:{self.port}/0"

    def start(self) -> None:
        command = ["redis-server", "--bind", LOOPBACK, "--port", str(self.port), "--save", ""]
        log = (self.folder / "redis.log").open("ab")
        self.process = subprocess.Popen([*command, "--dir", str(self.folder)], stdout=log, stderr=log)
        wait_until(self.answers, "Redis answers")

    def answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(LONGEST_WAIT)
            self.process = None


class Site:
    """What runs beside the web server, as processes of their own, on the test's database and mail server."""

    def __init__(self, folder: Path, post_office: PostOffice, redis: Redis | None) -> None:
        self.folder = folder
        self.programs: list[Program] = []
        kept = {name: value for name, value in os.environ.items() if name not in NOT_FOR_WORKERS}
        self.environment: Mapping[str, str] = {
            **kept,
            "DATABASE_URL": database_url(),
            "OPENROLL_VAR": str(folder),
            "EMAIL_HOST": LOOPBACK,
            "EMAIL_PORT": str(post_office.port),
            "SITE_URL": "https://data.cedar.example",
            "SWEEP_SECONDS": "1",
            **({"REDIS_URL": redis.url} if redis else {}),
        }

    def start_worker(self) -> Program:
        """Start a worker and wait until it is ready."""
        program = self._start("worker", ["worker", "--queues", "default,mail", *ONE_AT_A_TIME])
        wait_until(
            lambda: self.log("worker").count(" ready.") >= self._started("worker"), "the worker is ready"
        )
        return program

    def start_clock(self) -> Program:
        """Start the schedule: from now on everything that lies about is swept up."""
        return self._start("clock", ["beat", "--scheduler", "portal.beat:OneClock", "--pidfile="])

    def kill(self, program: Program) -> None:
        """Kill a program with all its children, as a power cut would."""
        program.signal_all(signal.SIGKILL)

    def stop(self) -> None:
        for program in self.programs:
            self.kill(program)
        wait_until(lambda: not any(p.has_remains() for p in self.programs), "every process is gone")

    def publish(self, version_id: int) -> float:
        """Publish by the command, as staff would. Return how many seconds that took."""
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "manage.py", "publish", str(version_id)],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            check=True,
            timeout=LONGEST_WAIT,
        )
        return time.monotonic() - began

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return re.sub(r"\x1b\[[0-9;]*m", "", path.read_text()) if path.exists() else ""

    def _start(self, name: str, command: list[str]) -> Program:
        program = Program(
            name, [sys.executable, "-m", "celery", "-A", "portal", *command], self.folder / f"{name}.log"
        )
        program.start(self.environment)
        self.programs.append(program)
        return program

    def _started(self, name: str) -> int:
        return sum(program.name == name for program in self.programs)


def database_url() -> str:
    """Return the address of the test's database, whichever server it is on."""
    known = connection.settings_dict
    host = {"host": str(known["HOST"])} if str(known["HOST"]).startswith("/") else {}
    where = "" if host else f"{known['HOST']}:{known['PORT'] or 5432}"
    who = quote(str(known["USER"])) + (f":{quote(known['PASSWORD'], safe='')}" if known["PASSWORD"] else "")
    options = {**host, **{k: v for k, v in known["OPTIONS"].items() if isinstance(v, str)}}
    query = urlencode(options, quote_via=quote)  # libpq takes a plus for a plus
    return f"postgresql://{who}@{where}/{quote(str(known['NAME']))}?{query}"


def own_backend() -> int:
    """Return the process id of the server's side of this thread's connection."""
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def cut_database_connections(*, address: str, spare: int) -> int:
    """End every connection to a database but the test's own. Return how many were cut."""
    with psycopg.connect(address, autocommit=True) as other:
        cut = other.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
            " AND pid <> pg_backend_pid() AND pid <> %s",
            [spare],
        ).fetchone()
    assert cut is not None
    return int(cut[0])


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as free:
        return int(free.getsockname()[1])
