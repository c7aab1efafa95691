"""Make, start and stop the private PostgreSQL cluster of one checkout."""

import fcntl
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from portal.embedded.binaries import find_programs, major_version
from portal.embedded.errors import EmbeddedError
from portal.embedded.place import DATABASE, ROLE, Place
from portal.embedded.server import clear_mark_of_the_dead, stop_server

START_SECONDS = 60
RESET_HINT = "Run `make demo-reset` to empty it."


def ensure_running(place: Place) -> bool:
    """Start the cluster, made anew where there is none. Return whether this call started it."""
    if is_running(place) and place.ready_mark.exists():
        return False
    _make_home(place)
    with _locked(place):
        if is_running(place) and place.ready_mark.exists():
            return False
        programs = find_programs(place)
        _check_version(place, programs)
        if not place.data.exists():
            _initialise(place, programs)
        if not is_running(place):
            _start(place, programs)
        if not place.ready_mark.exists():
            _make_database(place)
            place.ready_mark.touch()
        return True


def stop(place: Place) -> bool:
    """Stop the cluster and wait until it is gone. Return whether it was running."""
    if not place.data.exists():
        return False
    with _locked(place):
        if not is_running(place):
            return False  # a killed server leaves its files behind; the next start clears them
        return stop_server(place)


def is_running(place: Place) -> bool:
    """Return whether a server answers on the cluster's socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(5)
        try:
            probe.connect(str(place.socket))
        except OSError:
            return False
    return True


def remove(place: Place) -> None:
    """Stop the cluster and delete its folder with everything in it."""
    stop(place)
    for folder in (place.home, place.socket_folder):
        if folder.exists():
            shutil.rmtree(folder)


def _make_home(place: Place) -> None:
    """Make the folders, closed to everybody but us and the account that runs the server."""
    for folder in (place.home, place.socket_folder, place.log.parent):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise EmbeddedError(f"cannot write to {folder.parent}: {error.strerror}.") from None
        _check_owner(folder, place)
    if place.account:
        os.chown(place.home, os.geteuid(), place.account.gid)
        place.home.chmod(0o710)
        for folder in (place.socket_folder, place.log.parent):
            os.chown(folder, place.account.uid, place.account.gid)


def _check_owner(folder: Path, place: Place) -> None:
    """Refuse a folder that somebody else made, or may write to, under a name we would trust."""
    status = folder.lstat()
    ours = {os.geteuid()} | ({place.account.uid} if place.account else set())
    if not folder.is_dir() or folder.is_symlink() or status.st_uid not in ours or status.st_mode & 0o022:
        raise EmbeddedError(
            f"{folder} belongs to another account or is open to others; use the account that made it, "
            "or remove it."
        )


@contextmanager
def _locked(place: Place) -> Iterator[None]:
    """Let one process at a time make, start or stop the cluster."""
    with (place.home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _check_version(place: Place, programs: Path) -> None:
    mark = place.data / "PG_VERSION"
    if not mark.exists():
        return
    made_by, here = mark.read_text().strip(), major_version(programs)
    if made_by != str(here):
        raise EmbeddedError(
            f"the data in {place.data} was made by PostgreSQL {made_by}, but here is PostgreSQL {here}. "
            + RESET_HINT
        )


def _initialise(place: Place, programs: Path) -> None:
    """Make the cluster, moved to its place last, so that a killed run leaves no half of one."""
    new = place.home / "data.new"
    shutil.rmtree(new, ignore_errors=True)
    place.ready_mark.unlink(missing_ok=True)
    password = secrets.token_urlsafe(32)
    _write_private(place.passfile, f"*:*:*:{ROLE}:{password}\n")
    # initdb reads the password as the server's account, which cannot read our own file.
    handed_over = place.log.parent / "password"
    _write_private(handed_over, password + "\n")
    new.mkdir(mode=0o700)
    if place.account:
        os.chown(handed_over, place.account.uid, place.account.gid)
        os.chown(new, place.account.uid, place.account.gid)
    try:
        answer = _run(
            place,
            programs,
            [
                *("initdb", "-D", str(new), "-U", ROLE, "--encoding=UTF8", "--locale=C"),
                *("--auth=scram-sha-256", f"--pwfile={handed_over}"),
            ],
        )
    finally:
        handed_over.unlink(missing_ok=True)
    if answer.returncode:
        raise EmbeddedError(f"PostgreSQL could not be set up: {_last_line(answer.stderr)}")
    with (new / "postgresql.conf").open("a") as conf:
        conf.write("\ninclude 'openroll.conf'\n")
    new.rename(place.data)


def _start(place: Place, programs: Path) -> None:
    clear_mark_of_the_dead(place)
    _write_private(place.data / "openroll.conf", _configuration(place))
    if place.account:
        os.chown(place.data / "openroll.conf", place.account.uid, place.account.gid)
    command = ["pg_ctl", "start", "-D", str(place.data), "-l", str(place.log), "-w", "-t", str(START_SECONDS)]
    answer = _run(place, programs, command)
    if answer.returncode:
        raise EmbeddedError(f"PostgreSQL did not start: {_last_line(_read(place.log))} (see {place.log})")


def _configuration(place: Place) -> str:
    """Return the settings of the server: its socket only, no network at all."""
    folder = str(place.socket_folder).replace("'", "''")
    return "\n".join(
        [
            "# Written anew at every start; changes are lost.",
            "listen_addresses = ''",
            f"unix_socket_directories = '\"{folder}\"'",
            "unix_socket_permissions = 0777  # the folder around it is closed, and a password is asked",
            "max_connections = 200",
            "shared_buffers = 256MB",
            "max_wal_size = 2GB",
            # A power cut may lose the last moments of a demo; a killed process loses nothing.
            "synchronous_commit = off",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            "",
        ]
    )


def _make_database(place: Place) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(
        host=str(place.socket_folder),
        user=ROLE,
        dbname="postgres",
        passfile=str(place.passfile),
        autocommit=True,
    ) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if there is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _run(place: Place, programs: Path, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run one of PostgreSQL's programs as the unprivileged account, deaf to the caller's PG* variables."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment["LC_ALL"] = "C"
    account = place.account
    if os.geteuid() == 0 and account is None:
        raise EmbeddedError(
            "PostgreSQL refuses to run as root and there is no account `postgres` or `nobody`."
        )
    # The server keeps what it inherits: pipes would never close, so the output goes through a file.
    with (place.home / "output").open("w+") as output:
        done = subprocess.run(
            [str(programs / command[0]), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=place.socket_folder,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            umask=0o077,
            check=False,
            start_new_session=True,  # Ctrl-C at the keyboard is for us, not for the server
        )
        output.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, "", output.read())


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _read(path: Path) -> str:
    return path.read_text(errors="replace") if path.exists() else ""


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for line in lines if "FATAL" in line or "error" in line.lower()]
    return (told or lines or ["no reason given"])[-1]
