"""The PostgreSQL that comes with a checkout, used wherever DATABASE_URL is not set."""

import fcntl
import os
import secrets
from pathlib import Path
from typing import IO

from portal.embedded import cluster
from portal.embedded.errors import EmbeddedError
from portal.embedded.place import DATABASE, ROLE, Place, locate, var_folder

__all__ = ["EmbeddedError", "connection_settings", "is_wanted", "prepare", "stop_if_unused", "var_folder"]

_in_use: list[IO[str]] = []


def is_wanted() -> bool:
    """Return whether this process uses the embedded PostgreSQL."""
    return not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"))


def prepare() -> bool:
    """Start the cluster where it is wanted, and give this checkout a secret key of its own.

    Return whether this call started the server. Raises EmbeddedError with one sentence.
    """
    if not is_wanted():
        return False
    _choose_secret_key()
    place = locate()
    started = cluster.ensure_running(place)
    if not _in_use:
        _say_we_use_it(place)
    return started


def connection_settings() -> dict[str, object]:
    """Return Django's settings for the embedded database. The password stays in its file."""
    place = locate()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": ROLE,
        "HOST": str(place.socket_folder),
        "PORT": "",
        "OPTIONS": {"passfile": str(place.passfile)},
    }


def stop_if_unused() -> str:
    """Stop the server unless another process of this checkout uses it. Return what was done."""
    place = locate()
    for handle in _in_use:
        handle.close()
    _in_use.clear()
    if not place.home.exists():
        return "PostgreSQL was not running."
    with _users_file(place) as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return "PostgreSQL keeps running: another process of this checkout uses it."
        return "PostgreSQL has stopped." if cluster.stop(place) else "PostgreSQL was not running."


def _say_we_use_it(place: Place) -> None:
    """Hold a shared lock until this process ends, so that nobody stops the server under it."""
    users = _users_file(place)
    fcntl.flock(users, fcntl.LOCK_SH)
    _in_use.append(users)


def _users_file(place: Place) -> IO[str]:
    try:
        return (place.home / "users").open("a")
    except PermissionError:
        raise EmbeddedError(f"{place.home} belongs to another account; use that one.") from None


def _choose_secret_key() -> None:
    """Point SECRET_KEY_FILE at a key made for this checkout, where no key was set."""
    if os.environ.get("SECRET_KEY") or os.environ.get("SECRET_KEY_FILE"):
        return
    path = var_folder() / "secret_key"
    if not path.exists():
        _make_key(path)
    os.environ["SECRET_KEY_FILE"] = str(path)


def _make_key(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # another process was faster
    except OSError as error:
        raise EmbeddedError(f"cannot write to {path.parent}: {error.strerror}.") from None
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64))
