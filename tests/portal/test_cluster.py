"""The embedded PostgreSQL: private, started once, kept, and clear about what is wrong."""

import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from portal import embedded
from portal.embedded import binaries, cluster
from portal.embedded.errors import EmbeddedError
from portal.embedded.place import (
    DATABASE,
    PROJECT,
    ROLE,
    SOCKET_PATH_LIMIT,
    Account,
    Place,
    can_reach,
    locate,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A place of the test's own; whatever was made there is gone afterwards."""
    monkeypatch.setenv("OPENROLL_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    found = locate()
    yield found
    cluster.remove(found)


def connect(place: Place, **changes: str) -> "psycopg.Connection[tuple[object, ...]]":
    known = {
        "host": str(place.socket_folder),
        "user": ROLE,
        "dbname": DATABASE,
        "passfile": str(place.passfile),
    }
    return psycopg.connect(**known | changes)


def postmaster(place: Place) -> int:
    return int((place.data / "postmaster.pid").read_text().split()[0])


def run_embedded(what: str, place: Place, tmp_path: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "portal.embedded", what],
        cwd=PROJECT,
        env={**os.environ, "OPENROLL_VAR": str(tmp_path / "var")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_it_is_private_and_knows_every_letter(place: Place) -> None:
    assert cluster.ensure_running(place) is True
    with connect(place) as connection:
        settings = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
        assert settings["listen_addresses"] == ""
        assert settings["server_encoding"] == "UTF8"
        assert settings["max_connections"] == "200"
        assert int(settings["server_version_num"]) >= 150000
        collation = connection.execute(
            "SELECT datcollate FROM pg_database WHERE datname = current_database()"
        )
        assert collation.fetchone() == ("C",)
        for extension in ("pg_trgm", "unaccent", "btree_gist"):
            connection.execute(f"CREATE EXTENSION {extension}")
    assert stat.S_IMODE(place.passfile.stat().st_mode) == 0o600
    with pytest.raises(psycopg.OperationalError, match="password"):
        connect(place, passfile=os.devnull)
    for folder in (place.data, place.socket_folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert place.home.stat().st_mode & stat.S_IRWXO == 0


def test_a_second_call_finds_it_running_and_starts_nothing(place: Place) -> None:
    cluster.ensure_running(place)
    pid = postmaster(place)
    assert cluster.ensure_running(place) is False
    assert postmaster(place) == pid


def test_four_processes_at_once_start_one_server(place: Place, tmp_path: Path) -> None:
    racers = [run_embedded("start", place, tmp_path) for _ in range(4)]
    said = [racer.communicate(timeout=90)[0] for racer in racers]
    assert sorted("started" in line for line in said) == [False, False, False, True], said
    assert all(racer.returncode == 0 for racer in racers)


def test_what_was_written_survives_a_stop_and_a_killed_server(place: Place) -> None:
    cluster.ensure_running(place)
    with connect(place) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'Zoë Nuñez' AS name")
    assert cluster.stop(place) is True
    assert not cluster.is_running(place)
    assert cluster.ensure_running(place) is True
    # The last words of a killed server may be lost; what a checkpoint has written may not.
    with connect(place, dbname="postgres") as connection:
        connection.execute("CHECKPOINT")
    pid = postmaster(place)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    assert cluster.ensure_running(place) is True
    with connect(place) as connection:
        assert connection.execute("SELECT name FROM kept").fetchone() == ("Zoë Nuñez",)


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").exists() and ") Z " in Path(f"/proc/{pid}/stat").read_text():
            return
        time.sleep(0.02)
    pytest.fail(f"process {pid} is still there")


def test_a_set_up_that_was_cut_off_is_begun_again(place: Place) -> None:
    cluster._make_home(place)
    (place.home / "data.new").mkdir()
    (place.home / "data.new" / "half").touch()
    assert cluster.ensure_running(place) is True


@pytest.mark.root
def test_root_starts_it_as_an_unprivileged_account(place: Place) -> None:
    cluster.ensure_running(place)
    owner = os.stat(f"/proc/{postmaster(place)}").st_uid
    assert owner != 0
    assert pwd.getpwuid(owner).pw_name in ("postgres", "nobody")


def test_data_of_another_version_stops_with_a_sentence_that_names_the_way_out(place: Place) -> None:
    cluster.ensure_running(place)
    cluster.stop(place)
    (place.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match=r"made by PostgreSQL 9, .* `make demo-reset`"):
        cluster.ensure_running(place)


def test_no_postgresql_at_all_is_one_sentence(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENROLL_PG_BIN", raising=False)
    monkeypatch.setattr(binaries, "wheel_archive", lambda: None)
    monkeypatch.setattr(binaries, "system_folders", lambda: [])
    with pytest.raises(EmbeddedError, match="apt-get install postgresql"):
        cluster.ensure_running(place)


def test_a_wrong_folder_of_programs_is_named(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROLL_PG_BIN", str(tmp_path))
    with pytest.raises(EmbeddedError, match="OPENROLL_PG_BIN"):
        cluster.ensure_running(place)


def test_a_folder_that_others_may_write_to_is_refused(place: Place) -> None:
    place.home.mkdir(parents=True)
    place.home.chmod(0o777)
    with pytest.raises(EmbeddedError, match="open to others"):
        cluster.ensure_running(place)
    place.home.chmod(0o700)


def test_the_path_of_the_socket_is_short_however_deep_the_project_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROLL_VAR", str(tmp_path.joinpath(*["a-rather-long-name"] * 8)))
    assert len(os.fsencode(locate().socket)) <= SOCKET_PATH_LIMIT


def test_an_account_reaches_a_folder_only_if_it_may_walk_through_all_above(tmp_path: Path) -> None:
    stranger = Account(name="stranger", uid=64000, gid=64000)
    (tmp_path / "home" / "project").mkdir(parents=True)
    (tmp_path / "home").chmod(0o700)
    assert can_reach(stranger, Path("/usr/bin"))
    assert not can_reach(stranger, tmp_path / "home" / "project")
    owner = Account(name="owner", uid=os.getuid(), gid=os.getgid())
    assert can_reach(owner, tmp_path / "home" / "project" / "not there yet")


def test_it_is_stopped_only_when_nobody_else_uses_it(place: Place, tmp_path: Path) -> None:
    embedded.prepare()
    other = subprocess.Popen(
        [sys.executable, "-c", "from portal import embedded; embedded.prepare(); print('in'); input()"],
        cwd=PROJECT,
        env={**os.environ, "OPENROLL_VAR": str(tmp_path / "var")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "in\n"
    assert "keeps running" in embedded.stop_if_unused()
    assert cluster.is_running(place)
    other.communicate("done\n", timeout=30)
    assert "has stopped" in embedded.stop_if_unused()
    assert not cluster.is_running(place)


def test_reset_empties_it_and_the_next_start_begins_anew(place: Place, tmp_path: Path) -> None:
    first = run_embedded("start", place, tmp_path)
    assert "started" in first.communicate(timeout=90)[0]
    (tmp_path / "var" / "mailbox").mkdir(parents=True)
    reset = run_embedded("reset", place, tmp_path)
    assert "empty" in reset.communicate(timeout=90)[0]
    assert not place.home.exists()
    assert not (tmp_path / "var" / "mailbox").exists()


def test_the_secret_key_is_made_once_and_for_us_only(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("SECRET_KEY_FILE", raising=False)
    embedded._choose_secret_key()
    path = Path(os.environ["SECRET_KEY_FILE"])
    first = path.read_text()
    embedded._choose_secret_key()
    assert path.read_text() == first
    assert len(first) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    os.environ.pop("SECRET_KEY_FILE")


@pytest.mark.root
def test_what_another_account_made_is_refused_in_one_sentence(place: Place, tmp_path: Path) -> None:
    """Root makes it; `nobody` then asks to stop it."""
    cluster.ensure_running(place)
    code = (
        "import os; from pathlib import Path; from portal import embedded\n"
        f"home = Path({str(place.home)!r})\n"
        "embedded.locate = lambda: embedded.Place(home, home, None)\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try: embedded.stop_if_unused()\n"
        "except embedded.EmbeddedError as error: print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert said.stdout == f"{place.home} belongs to another account; use that one.\n", said.stderr
