"""Look, before anything is installed, for what the demo needs: python3 -m portal.preflight [PORT].

Runs on the standard library alone. Prints one line that names everything missing, and ends with 1.
"""

import ctypes
import os
import socket
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from portal.embedded import binaries, is_wanted
from portal.embedded.place import PROJECT, unprivileged_account, var_folder

OLDEST_PYTHON = (3, 11)
WHEEL_PYTHON = (3, 12)
PANGO = (("libpango-1.0.so.0", "libpango-1.0.dylib"), ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"))
PANGO_WARNING = (
    "Letters and receipts cannot be made as PDF: Pango is missing (apt-get install libpango-1.0-0 "
    "libpangoft2-1.0-0). Everything else works."
)


def missing(port: int | None) -> list[str]:
    """Return what is missing, each as a phrase that says what to do; an empty list if nothing is."""
    return [*_python(), *_postgresql(), *_permission(), *_port(port)]


def has_pango() -> bool:
    """Return whether the libraries that make PDFs can be loaded."""
    return all(any(_loads(name) for name in names) for names in PANGO)


def _python() -> Iterator[str]:
    if sys.version_info < OLDEST_PYTHON:
        yield f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer (this is {sys.version.split()[0]})"
    if not (PROJECT / ".venv").exists() and (find_spec("venv") is None or find_spec("ensurepip") is None):
        yield "Python's venv module (apt-get install python3-venv)"


def _postgresql() -> Iterator[str]:
    if not is_wanted():
        return
    if os.geteuid() == 0 and unprivileged_account() is None:
        yield "an account `postgres` or `nobody` to run PostgreSQL as, or a user other than root"
    wheel_will_come = sys.version_info >= WHEEL_PYTHON and not os.environ.get("OPENROLL_PG_BIN")
    if not wheel_will_come and not binaries.is_available():
        yield "PostgreSQL 15 or newer (apt-get install postgresql), or Python 3.12, which brings its own"


def _permission() -> Iterator[str]:
    for folder in dict.fromkeys([PROJECT, _existing(var_folder()), _existing(PROJECT / ".venv")]):
        if not os.access(folder, os.W_OK | os.X_OK):
            yield f"permission to write to {folder}"


def _port(port: int | None) -> Iterator[str]:
    if port is None:
        return
    if not 1 <= port <= 65535:
        yield f"a port between 1 and 65535, not {port}"
        return
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            yield f"a free port: {port} cannot be used ({error.strerror}; try make demo PORT={port + 1})"


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next(path for path in [folder, *folder.parents] if path.exists())


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def main(arguments: list[str]) -> int:
    """Print one line if something is missing. Return the code to end with."""
    port = arguments[0] if arguments else None
    if port is not None and not port.isdecimal():
        sys.stderr.write(f"openroll: PORT must be a number, not {port!r}.\n")
        return 1
    if lacking := missing(int(port) if port else None):
        sys.stderr.write(f"openroll needs {'; and '.join(lacking)}.\n")
        return 1
    if port is not None and not has_pango():
        sys.stderr.write(f"openroll: {PANGO_WARNING}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
