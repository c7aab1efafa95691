"""One Ctrl-C stops everything; what dies is started again; what cannot live ends with a sentence."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from portal import supervisor as module
from portal.embedded.place import PROJECT
from portal.supervisor import GivingUp, Program, Supervisor

pytestmark = pytest.mark.slow

SLEEPS = "import time; time.sleep(600)"
# Deaf to SIGTERM, and with a child of its own that is deaf as well.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if len(sys.argv) == 1:
    subprocess.Popen([sys.executable, __file__, "child"])
time.sleep(600)
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(environment=os.environ, say=said.append)
    yield made
    made.stop()


def program(tmp_path: Path, code: str, name: str = "sleeper") -> Program:
    script = tmp_path / f"{name}.py"
    script.write_text(code)
    return Program(name, [sys.executable, str(script)], tmp_path / "log" / f"{name}.log")


def processes_of(tmp_path: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            is_ours = any(str(tmp_path) in part for part in process.cmdline())
            if is_ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_stopping_leaves_no_process(supervisor: Supervisor, tmp_path: Path) -> None:
    for name in ("one", "two"):
        supervisor.add(program(tmp_path, SLEEPS, name))
    assert len(processes_of(tmp_path)) == 2
    supervisor.stop()
    assert processes_of(tmp_path) == []


def test_stopping_kills_what_will_not_go_and_all_it_started(
    supervisor: Supervisor, tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.5)
    supervisor.add(program(tmp_path, STUBBORN, "stubborn"))
    wait_for(lambda: len(processes_of(tmp_path)) == 2)
    supervisor.stop()
    assert processes_of(tmp_path) == []
    assert said == ["stubborn did not stop by itself and was killed."]


def test_a_program_that_dies_is_reported_and_started_again_later_each_time(
    supervisor: Supervisor, tmp_path: Path, said: list[str]
) -> None:
    dying = program(tmp_path, "raise SystemExit(3)", "dying")
    supervisor.add(dying)
    waits = []
    for _ in range(module.MOST_QUICK_DEATHS - 1):
        assert dying.process is not None
        dying.process.wait(timeout=20)
        now = time.monotonic()
        supervisor.look(now=now)
        assert dying.start_again_at is not None
        waits.append(round(dying.start_again_at - now, 1))
        supervisor.look(now=dying.start_again_at - 0.01)
        assert not dying.is_alive
        supervisor.look(now=dying.start_again_at)
    assert waits == [1.0, 2.0, 4.0, 8.0]
    assert "dying stopped (exit code 3)" in said[0]
    assert "dying.log" in said[0]


def test_a_program_that_cannot_live_ends_with_a_sentence(supervisor: Supervisor, tmp_path: Path) -> None:
    dying = program(tmp_path, "raise SystemExit(3)", "dying")
    dying.quick_deaths = module.MOST_QUICK_DEATHS - 1
    supervisor.add(dying)
    assert dying.process is not None
    dying.process.wait(timeout=20)
    with pytest.raises(GivingUp, match=r"dying stopped 5 times in a row \(exit code 3\); see .*dying.log"):
        supervisor.look(now=time.monotonic())


def test_a_death_after_a_long_life_is_the_first_again(supervisor: Supervisor, tmp_path: Path) -> None:
    old = program(tmp_path, SLEEPS, "old")
    old.quick_deaths = module.MOST_QUICK_DEATHS - 1
    supervisor.add(old)
    assert old.process is not None
    old.process.kill()
    old.process.wait(timeout=20)
    supervisor.look(now=time.monotonic() + module.HEALTHY_SECONDS + 1)
    assert old.quick_deaths == 1


def test_the_death_of_a_program_takes_what_it_had_started(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.add(program(tmp_path, STUBBORN, "stubborn"))
    wait_for(lambda: len(processes_of(tmp_path)) == 2)
    started = supervisor.programs[0].process
    assert started is not None
    started.kill()
    started.wait(timeout=20)
    supervisor.look(now=time.monotonic())
    wait_for(lambda: processes_of(tmp_path) == [])


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_programs_end_when_the_supervisor_itself_is_killed(tmp_path: Path) -> None:
    (tmp_path / "sleeper.py").write_text(SLEEPS)
    code = (
        "import os, sys, pathlib; from portal.supervisor import *;"
        "s = Supervisor(environment=os.environ, say=print);"
        f"s.add(Program('x', [sys.executable, {str(tmp_path / 'sleeper.py')!r}], pathlib.Path(os.devnull)));"
        "print('in', flush=True); s.run()"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "in\n"
    parent.send_signal(signal.SIGKILL)
    parent.wait(timeout=20)
    try:
        wait_for(lambda: processes_of(tmp_path / "sleeper.py") == [])
    finally:
        for left in processes_of(tmp_path / "sleeper.py"):
            left.kill()
