"""Runs several programs as one: starts them, starts a dead one again, and leaves none behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

STOP_SECONDS = 15.0
LOOK_SECONDS = 0.2
# A program that lived this long is healthy: its next death counts as the first again.
HEALTHY_SECONDS = 30.0
MOST_QUICK_DEATHS = 5
LONGEST_WAIT_SECONDS = 16.0
PR_SET_PDEATHSIG = 1


class GivingUp(Exception):
    """A program dies as soon as it is started; the message names it and its log."""


@dataclass
class Program:
    """One program under the supervisor. Its output goes to `log`."""

    name: str
    command: Sequence[str]
    log: Path
    quick_deaths: int = 0
    started_at: float = 0.0
    start_again_at: float | None = None
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it in a session of its own, so that Ctrl-C at the keyboard reaches only the supervisor."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        self.started_at, self.start_again_at = time.monotonic(), None

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal_all(self, how: signal.Signals) -> None:
        """Send a signal to the program and to all it started."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, how)

    def has_remains(self) -> bool:
        """Return whether anything of the program's session still runs."""
        if self.process is None:
            return False
        self.process.poll()
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:  # macOS says so of processes that have ended
            return self.process.poll() is None
        return True


class Supervisor:
    """Keeps its programs running until it is told to stop. `say` prints one line."""

    def __init__(self, *, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
        self.environment = environment
        self.say = say
        self.programs: list[Program] = []
        self.stopping = False

    def listen_for_signals(self) -> None:
        """Stop on Ctrl-C, on SIGTERM, and when the terminal goes away."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_soon)

    def add(self, program: Program) -> None:
        """Start a program and keep it running from now on."""
        self.programs.append(program)
        program.start(self.environment)

    def run(self, each_look: Callable[[], None] = lambda: None) -> None:
        """Watch until told to stop. Raises GivingUp if a program cannot be kept running."""
        while not self.stopping:
            self.look(now=time.monotonic())
            each_look()
            time.sleep(LOOK_SECONDS)

    def look(self, *, now: float) -> None:
        """See who has died, and start again whose time has come."""
        for program in self.programs:
            if program.start_again_at is not None:
                if now >= program.start_again_at:
                    program.start(self.environment)
            elif not program.is_alive:
                self._note_death(program, now)

    def stop(self) -> None:
        """Stop every program, the last started first; kill what does not go by itself."""
        self.stopping = True
        for program in reversed(self.programs):
            if program.is_alive and program.process is not None:
                program.process.terminate()
        self._wait_until_gone(STOP_SECONDS)
        for program in self.programs:
            if program.has_remains():
                self.say(f"{program.name} did not stop by itself and was killed.")
                program.signal_all(signal.SIGKILL)
        self._wait_until_gone(STOP_SECONDS)

    def _wait_until_gone(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and any(program.has_remains() for program in self.programs):
            time.sleep(0.05)

    def _note_death(self, program: Program, now: float) -> None:
        process = program.process
        assert process is not None
        # What it had started must not go on beside its successor.
        program.signal_all(signal.SIGKILL)
        program.quick_deaths = 1 if now - program.started_at > HEALTHY_SECONDS else program.quick_deaths + 1
        how = (
            f"exit code {process.returncode}" if process.returncode >= 0 else f"signal {-process.returncode}"
        )
        if program.quick_deaths >= MOST_QUICK_DEATHS:
            raise GivingUp(
                f"{program.name} stopped {MOST_QUICK_DEATHS} times in a row ({how}); see {program.log}."
            )
        wait = min(0.5 * 2**program.quick_deaths, LONGEST_WAIT_SECONDS)
        program.start_again_at = now + wait
        self.say(f"{program.name} stopped ({how}); starting it again in {wait:.0f} s. Its log: {program.log}")

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True


def _die_with_parent() -> None:
    """Ask Linux to end this program when the supervisor is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
