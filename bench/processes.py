"""A broker, a mail sink and a worker of the measurement's own, on its scratch database."""

import atexit
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

from portal.celery import app
from portal.celery_settings import celery_settings
from portal.supervisor import Program
from tests.faults.machinery import Redis, database_url

MEGABYTE = 1024 * 1024
LONGEST = 3600.0


def wait(come_true: Callable[[], object], every: float = 0.02) -> None:
    """Ask again and again until it is true."""
    deadline = time.monotonic() + LONGEST
    while not come_true():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(every)


@contextmanager
def worker(queues: str = "default,mail", *, pool: str = "prefork", tasks: str = "") -> Iterator[Program]:
    """Run one worker process and a mail sink of its own, the broker empty."""
    redis_url, var = _broker()
    app.control.purge()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = free_port()
        _started(stack, "sink", [sys.executable, "-m", "bench.sink", str(port)], folder, os.environ)
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DATABASE_URL": database_url(),
            "OPENROLL_VAR": str(var),
            "REDIS_URL": redis_url,
            "EMAIL_PORT": str(port),
            "LOG_LEVEL": "INFO",
        }
        options = [
            "--queues",
            queues,
            "--pool",
            pool,
            "--concurrency",
            "1",
            *(["-I", tasks] if tasks else []),
        ]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        command = [sys.executable, "-m", "celery", "-A", "portal", "worker", *options, *quiet]
        program = _started(stack, "worker", command, folder, environment)
        wait(lambda: " ready." in program.log.read_text())
        yield program


@dataclass(frozen=True)
class Peak:
    """The most memory that processes of one worker ever held, in MB: any of them, and the one at work."""

    most: float
    at_work: float


def peak(program: Program) -> Peak:
    """Return the most memory the processes of the worker have ever held (Linux)."""
    assert program.process is not None
    leader = psutil.Process(program.process.pid)
    at_work = [_peak(process.pid) for process in leader.children(recursive=True)] or [_peak(leader.pid)]
    return Peak(most=max(_peak(leader.pid), *at_work), at_work=max(at_work))


def _peak(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / MEGABYTE
    raise AssertionError("Linux tells the peak of a process")


@cache
def _broker() -> tuple[str, Path]:
    """Start the broker of this run and send tasks by it; Redis where it is installed, files elsewhere."""
    folder = Path(tempfile.mkdtemp(prefix="openroll-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    redis_url = ""
    if shutil.which("redis-server"):
        server = Redis(folder)
        atexit.register(server.stop)
        server.start()
        redis_url = server.url
    chosen = celery_settings(redis_url=redis_url, broker_folder=folder / "broker")
    for name in ("BROKER_URL", "BROKER_TRANSPORT", "BROKER_TRANSPORT_OPTIONS"):
        app.conf[name.lower()] = chosen[f"CELERY_{name}"]
    for name in ("messages", "processed", "control"):
        (folder / "broker" / name).mkdir(parents=True, exist_ok=True)
    return redis_url, folder


def _started(stack: ExitStack, name: str, command: list[str], folder: Path, environment) -> Program:
    program = Program(name, command, folder / f"{name}.log")
    stack.callback(_ended, program)
    program.start(environment)
    return program


def _ended(program: Program) -> None:
    program.signal_all(signal.SIGKILL)
    wait(lambda: not program.has_remains())


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
