"""Where the embedded PostgreSQL lives, and as whom it runs. Looks, but changes nothing."""

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
UNPRIVILEGED_ACCOUNTS = ("postgres", "nobody")
OUTSIDE = Path("/var/tmp")  # noqa: S108  (a folder of our own is made in it, its owner is checked)
SHORT = Path("/tmp")  # noqa: S108  (the same)
DATABASE = "openroll"
ROLE = "openroll"
# A Unix socket's address holds 108 bytes on Linux and 104 on macOS; PostgreSQL adds the file's name.
SOCKET_PATH_LIMIT = 103
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Account:
    """An account of the system; root starts PostgreSQL as such a one."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """The folders of one cluster."""

    home: Path
    socket_folder: Path
    account: Account | None  # None: run as whoever we are

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log" / "postgres.log"

    @property
    def passfile(self) -> Path:
        return self.home / "pgpass"

    @property
    def ready_mark(self) -> Path:
        """A file that is there once the database has been made."""
        return self.home / "ready"

    @property
    def socket(self) -> Path:
        return self.socket_folder / SOCKET_NAME


def var_folder() -> Path:
    """Return the folder for everything the project makes while it runs (OPENROLL_VAR, or var/)."""
    chosen = os.environ.get("OPENROLL_VAR", "").strip()
    return Path(chosen).absolute() if chosen else PROJECT / "var"


def locate() -> Place:
    """Return the place of this project's cluster for whoever runs this process."""
    home = var_folder() / "pg"
    account = unprivileged_account() if os.geteuid() == 0 else None
    if account and not can_reach(account, home.parent):
        home = OUTSIDE / f"openroll-{_digest(home)}"
    socket_folder = home / "socket"
    if len(os.fsencode(socket_folder / SOCKET_NAME)) > SOCKET_PATH_LIMIT:
        socket_folder = SHORT / f"openroll-{os.geteuid()}-{_digest(home)}"
    return Place(home=home, socket_folder=socket_folder, account=account)


def unprivileged_account() -> Account | None:
    """Return an account that exists already and is not root's, for PostgreSQL refuses to run as root."""
    for name in UNPRIVILEGED_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    return None


def can_reach(account: Account, path: Path) -> bool:
    """Return whether the account may walk into a folder, as far as the folders exist."""
    for folder in [path, *path.parents]:
        try:
            status = folder.stat()
        except FileNotFoundError:
            continue
        except PermissionError:
            return False
        if status.st_uid == account.uid:
            bit = stat.S_IXUSR
        elif status.st_gid == account.gid:
            bit = stat.S_IXGRP
        else:
            bit = stat.S_IXOTH
        if not status.st_mode & bit:
            return False
    return True


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
