"""`make demo`: everything starts with one command, answers, and is gone after one Ctrl-C."""

import http.client
import os
import re
import shutil
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import psutil
import pytest
from django.core.checks import Tags, run_checks

from portal.demo.__main__ import free_port
from portal.demo.parts import TidyUp
from portal.demo.sink import Folder
from portal.embedded import cluster
from portal.embedded.place import PROJECT, locate

START_SECONDS = 240


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of the demo's own; its database is removed afterwards."""
    monkeypatch.setenv("OPENROLL_VAR", str(tmp_path / "var"))
    yield tmp_path / "var"
    cluster.remove(locate())


def start(command: list[str], folder: Path, **environment: str) -> tuple["subprocess.Popen[str]", str, float]:
    """Start a demo. Return it, what it printed until it was ready, and the seconds that took."""
    kept = {
        k: v
        for k, v in os.environ.items()
        if k not in ("SECRET_KEY", "HTTPS", "PSEUDO_ARABIC", "DATABASE_URL")
    }
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    began = time.monotonic()
    demo = subprocess.Popen(
        command,
        cwd=folder,
        env=kept | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert demo.stdout is not None
    printed = ""
    for line in demo.stdout:
        printed += line
        if line.startswith("Ctrl-C stops it"):
            return demo, printed, time.monotonic() - began
        assert time.monotonic() - began < START_SECONDS, printed
    pytest.fail(f"the demo ended: {printed}")


def press_ctrl_c(demo: "subprocess.Popen[str]") -> str:
    """Send what a terminal sends, to all of the foreground. Return the rest of what it printed."""
    os.killpg(demo.pid, signal.SIGINT)
    return demo.communicate(timeout=60)[0]


def processes_with(variable: str, value: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(variable) == value and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return [process for process in found if process.pid != os.getpid()]


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.slow
def test_one_command_starts_everything_and_one_ctrl_c_stops_it(var: Path) -> None:
    port = free_port()
    demo, printed, _seconds = start([sys.executable, "-m", "portal.demo", "--port", str(port)], PROJECT)
    assert f"http://127.0.0.1:{port}/" in printed
    assert get(port, "/readyz") == (200, "ready\n")
    assert get(port, "/demo/mailbox/")[0] == 200
    sink = next(p for p in processes_with("OPENROLL_VAR", str(var)) if "portal.demo.sink" in p.cmdline())
    send_a_mail(int(sink.cmdline()[sink.cmdline().index("--port") + 1]))
    assert "Größe &amp; more" in get(port, "/demo/mailbox/")[1]

    # A second demo of the same folder, and a second one on the same port, say so in one line.
    other = subprocess.run(
        [sys.executable, "-m", "portal.demo", "--port", str(free_port())],
        cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (other.returncode, other.stdout) == (1, "The demo of this folder already runs.\n")
    refused = subprocess.run(
        [sys.executable, "-m", "portal.preflight", str(port)],
        cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert f"{port} cannot be used" in refused.stderr

    assert "PostgreSQL has stopped." in press_ctrl_c(demo)
    assert demo.returncode == 0
    assert processes_with("OPENROLL_VAR", str(var)) == []
    assert not cluster.is_running(locate())


def send_a_mail(port: int) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "Größe & more"
    message.set_content("See http://127.0.0.1/ <script>")
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
        server.send_message(message)


@pytest.mark.slow
@pytest.mark.root
@pytest.mark.git
def test_a_clone_under_roots_home_runs_stops_and_starts_again() -> None:
    folder = Path(tempfile.mkdtemp(prefix="openroll-clone-", dir=Path.home()))
    folder.chmod(0o700)
    clone, port = folder / "openroll", free_port()
    command = ["make", "demo", f"PORT={port}", f"VENV={Path(sys.prefix)}"]
    environment = {"OPENROLL_VAR": str(clone / "var")}
    try:
        subprocess.run(["git", "clone", "--quiet", str(PROJECT), str(clone)], check=True, timeout=120)
        for _ in range(2):
            demo, printed, _seconds = start(command, clone, **environment)
            assert re.search(rf"http://127\.0\.0\.1:{port}/", printed)
            assert get(port, "/readyz")[0] == 200
            press_ctrl_c(demo)
            assert processes_with("OPENROLL_VAR", environment["OPENROLL_VAR"]) == []
        reset = subprocess.run(
            ["make", "demo-reset"], cwd=clone, env=os.environ | environment, check=False,
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert "empty" in reset.stdout, reset.stderr
    finally:
        shutil.rmtree(folder)


def test_the_deploy_check_refuses_the_demos_mailbox(settings) -> None:
    def ids() -> set[str | None]:
        return {found.id for found in run_checks(tags=[Tags.security], include_deployment_checks=True)}

    assert "portal.E001" not in ids()
    settings.DEMO = True
    assert "portal.E001" in ids()


def test_the_mailbox_does_not_exist_outside_the_demo(client) -> None:
    assert client.get("/demo/mailbox/").status_code == 404


def test_read_messages_are_dropped_after_a_while_and_fresh_ones_kept(tmp_path: Path) -> None:
    processed = tmp_path / "broker" / "processed"
    processed.mkdir(parents=True)
    for name, age in (("old.msg", 900), ("fresh.msg", 0)):
        (processed / name).touch()
        os.utime(processed / name, (time.time() - age,) * 2)
    TidyUp(tmp_path, say=print).drop_old_messages(before=time.time() - 600)
    assert [path.name for path in processed.iterdir()] == ["fresh.msg"]


def test_the_sink_closes_its_folder_to_others(tmp_path: Path) -> None:
    Folder(tmp_path / "mailbox")
    assert (tmp_path / "mailbox").stat().st_mode & 0o077 == 0
