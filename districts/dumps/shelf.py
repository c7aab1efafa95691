"""Which dumps lie there, which are kept, and which had to come down.

A dump is a folder below DUMPS_ROOT, named by the moment it was made, with its files and a manifest. Whatever
else lies there (a dump in the making, one that is thrown away) begins with a dot and is nobody's to read.
"""

import datetime as dt
import json
import os
import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from ..public_room import public_room
from ..published import withdrawals

NAME_FORMAT = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"\d{8}T\d{6}Z")
MANIFEST = "manifest.json"
GONE = ".gone.json"  # what is left of a dump that had to come down
UNFINISHED = ".making"
THROWN_AWAY = ".old"
DAYS_KEPT = 7


@dataclass(frozen=True)
class Dump:
    """A whole dump. `about` is its manifest: counts, tables, files with size and SHA-256."""

    name: str
    folder: Path
    about: dict[str, Any]

    @property
    def made_at(self) -> dt.datetime:
        """Return when it was made (UTC)."""
        return moment_of(self.name)

    def may_hold_what_was_withdrawn(self, withdrawn: int) -> bool:
        """Tell whether another number of things has come down than when it was made.

        Compared by how many there are, not by the clock: a withdrawal that was committed while the dump was
        read is older than it, and still not in it. What is withdrawn never comes back, so numbers only grow;
        there are fewer where the database was restored from a backup, and then counting would miss the next.
        """
        return withdrawn != int(self.about["withdrawals"])

    def file(self, name: str) -> dict[str, Any] | None:
        """Return what the manifest says of a file; None if it has none of this name."""
        return next((each for each in self.about["files"] if each["name"] == name), None)


def moment_of(name: str) -> dt.datetime:
    """Return when the dump of a name was made (UTC)."""
    return dt.datetime.strptime(name, NAME_FORMAT).replace(tzinfo=dt.UTC)


def root() -> Path:
    """Return the folder of all dumps."""
    return Path(settings.DUMPS_ROOT)


def dumps() -> list[Dump]:
    """Return the dumps that lie there, the newest first."""
    with suppress(FileNotFoundError):
        names = sorted((path.name for path in root().iterdir() if NAME.fullmatch(path.name)), reverse=True)
        return [found for found in map(find, names) if found]
    return []


def find(name: str) -> Dump | None:
    """Return the dump of a name, if it lies there."""
    if not NAME.fullmatch(name):
        return None
    try:
        about = json.loads((root() / name / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Dump(name, root() / name, about)


def tombstones() -> list[dict[str, Any]]:
    """Return what is left of the dumps that had to come down, the newest first."""
    left = sorted(root().glob(f"*{GONE}"), reverse=True)
    return [json.loads(path.read_text(encoding="utf-8")) for path in left]


def tombstone(name: str) -> dict[str, Any] | None:
    """Return what is left of the dump of a name, if it had to come down."""
    return next((each for each in tombstones() if each["name"] == name), None)


def withdrawn_now() -> int:
    """Return how much had to come down so far, as the public role counts it."""
    with public_room():
        return withdrawals()


def forget(*, now: dt.datetime) -> list[str]:
    """Take down every dump that may hold what was withdrawn since; return their names.

    A dump cannot be made anew as of a day gone by: it goes as a whole, and a line says why. The next one is
    made within the hour. May run any time, twice, or beside itself.
    """
    withdrawn = withdrawn_now()
    gone = [each for each in dumps() if each.may_hold_what_was_withdrawn(withdrawn)]
    for each in gone:
        left = {
            "name": each.name,
            "made_at": each.about["made_at"],
            "taken_down_at": now.astimezone(dt.UTC).isoformat(timespec="seconds"),
            "why": "A paper or words in it may have been withdrawn after it was made.",
            "files": each.about["files"],  # their hashes stay, as those of a withdrawn paper do
        }
        write_whole(root() / f"{each.name}{GONE}", json.dumps(left, indent=1))
        _throw_away(each.folder)
    return [each.name for each in gone]


def kept(made: Iterable[dt.datetime]) -> set[dt.datetime]:
    """Return which dumps are kept: the last of each of the newest 7 days, and the first day of each month."""
    last_of_day: dict[dt.date, dt.datetime] = {}
    for each in sorted(made):
        last_of_day[each.date()] = each
    first_of_month = {(day.year, day.month): day for day in sorted(last_of_day, reverse=True)}
    days = {*sorted(last_of_day)[-DAYS_KEPT:], *first_of_month.values()}
    return {last_of_day[day] for day in days}


def throw_away_old() -> list[str]:
    """Throw away the dumps that are not kept; return their names."""
    there = dumps()
    keep = kept(each.made_at for each in there)
    old = [each for each in there if each.made_at not in keep]
    for each in old:
        _throw_away(each.folder)
    return [each.name for each in old]


def clear_remains() -> None:
    """Throw away what a run that was killed has left. For whoever holds the lock of making."""
    for pattern in (f"{UNFINISHED}*", f"{THROWN_AWAY}*"):
        for path in root().glob(pattern):
            shutil.rmtree(path, ignore_errors=True)


def write_whole(path: Path, text: str) -> None:
    """Write a file under another name first, so that it is there as a whole or not at all."""
    unfinished = path.with_name(f"{UNFINISHED}-{path.name}")
    unfinished.write_text(text, encoding="utf-8")
    os.replace(unfinished, path)


def _throw_away(folder: Path) -> None:
    """Take a folder away at once, then delete it; somebody else may do the same meanwhile."""
    hidden = folder.with_name(f"{THROWN_AWAY}-{folder.name}-{os.getpid()}")
    with suppress(FileNotFoundError):
        os.rename(folder, hidden)
        shutil.rmtree(hidden, ignore_errors=True)
