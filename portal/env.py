"""Typed readers of the environment: a malformed value stops the start and names the variable."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


def env_str(name: str, default: str = "") -> str:
    """Return the variable's text without surrounding blanks."""
    return os.environ.get(name, default).strip()


def env_bool(name: str, default: bool) -> bool:
    """Return whether the variable says yes. Raises ImproperlyConfigured for any other word."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    word = raw.strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0 (also yes/no, true/false, on/off), not {raw!r}.")


def env_int(name: str, default: int, *, least: int | None = None, most: int | None = None) -> int:
    """Return the variable as a whole number. Raises ImproperlyConfigured outside `least`..`most`."""
    raw = os.environ.get(name)
    if raw is None or not raw.strip():
        return default
    try:
        number = int(raw.strip())
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {raw!r}.") from None
    if (least is not None and number < least) or (most is not None and number > most):
        raise ImproperlyConfigured(f"{name} must be between {least} and {most}, not {number}.")
    return number


def env_list(name: str, default: Sequence[str] = ()) -> list[str]:
    """Return the parts of a comma-separated variable. Raises ImproperlyConfigured for an empty part."""
    raw = os.environ.get(name)
    if raw is None:
        return list(default)
    if not raw.strip():
        return []
    parts = [part.strip() for part in raw.split(",")]
    if not all(parts):
        raise ImproperlyConfigured(f"{name} has an empty entry between two commas.")
    return parts


def env_secret(name: str, default: str | None = None) -> str:
    """Return a secret from NAME, or from the file that NAME_FILE names; never print it.

    Raises ImproperlyConfigured when both or neither are set, or the file is empty or cannot be read.
    """
    value, file_name = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if value and file_name:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    if file_name:
        try:
            value = Path(file_name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {error}.") from None
        if not value:
            raise ImproperlyConfigured(f"{name}_FILE names an empty file.")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. Set {name}, or {name}_FILE to a file that holds it.")
    return default


def env_url(name: str, default: str, schemes: Sequence[str]) -> str:
    """Return an address of one of the given schemes. Raises ImproperlyConfigured for any other."""
    raw = env_str(name, default)
    if raw and urlsplit(raw).scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must begin with {' or '.join(s + '://' for s in schemes)}.")
    return raw


def env_database(name: str) -> dict[str, Any] | None:
    """Return Django's settings for a PostgreSQL address, from NAME or NAME_FILE; None where it is unset.

    `postgresql://user:password@host:5432/name?sslmode=require`; the query goes to libpq as it is.
    Raises ImproperlyConfigured for any other database, without repeating the address (it holds a password).
    """
    address = env_secret(name, default="")
    if not address:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} is not a well-formed address.") from None
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(
            f"{name} must begin with postgresql:// (Openroll runs on PostgreSQL only)."
        )
    database = unquote(parts.path.lstrip("/"))
    if not database:
        raise ImproperlyConfigured(f"{name} does not name a database after the last slash.")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "OPTIONS": options,
    }
