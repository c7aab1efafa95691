"""What one roster load did, what it set aside, and why a file was refused."""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any, ClassVar, NoReturn

from django.utils.translation import gettext as _

# More than these are counted, not listed: a file with one wrong column has an error on every line.
LISTED_REFUSALS = 100
LISTED_IDS = 1_000
FOUND_LENGTH = 60

SSN_DASHED = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")
NINE_DIGITS = re.compile(r"(?<!\d)\d{9}(?!\d)")


def masked(text: str) -> str:
    """Return a text with everything that may be a Social Security number blotted out."""
    return NINE_DIGITS.sub("*********", SSN_DASHED.sub("***-**-****", text))


def quoted(cell: str) -> str:
    """Return a cell as a message may repeat it: masked, short, in quotation marks."""
    shown = masked(cell.strip())
    if not shown:
        return _("nothing")
    return f"“{shown}”" if len(shown) <= FOUND_LENGTH else f"“{shown[: FOUND_LENGTH - 1]}…”"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a file is not loaded: where it is, what stands there, what should."""

    file: str
    line: int | None
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = [self.file]
        if self.line:
            place.append(_("line %(line)d") % {"line": self.line})
        if self.column:
            place.append(_("column %(column)s") % {"column": self.column})
        return _("%(place)s: found %(found)s, expected %(expected)s") % {
            "place": ", ".join(place),
            "found": self.found,
            "expected": self.expected,
        }

    def as_json(self) -> dict[str, Any]:
        """Return the refusal as plain values."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "found": self.found,
            "expected": self.expected,
        }


class RosterRefused(Exception):
    """The files were refused and nothing was changed. Carries the first refusals and how many there are."""

    def __init__(self, refusals: list[Refusal], total: int | None = None) -> None:
        self.refusals = refusals
        self.total = len(refusals) if total is None else total
        super().__init__("; ".join(str(refusal) for refusal in refusals[:3]))

    def as_json(self) -> dict[str, Any]:
        """Return counts (all nothing) and refusals as plain values."""
        return {
            **dict.fromkeys(Tally.WORDS, 0),
            "refused": self.total,
            "refusals": [refusal.as_json() for refusal in self.refusals],
        }


class Refusals:
    """Collects what is wrong with the rows, so that a district sees many errors in one go."""

    def __init__(self) -> None:
        self.listed: list[Refusal] = []
        self.total = 0

    def add(
        self, file: str, line: int | None, column: str, found: str, expected: str, *, is_cell: bool = True
    ) -> None:
        """Note one thing that is wrong. The text of a cell is shortened, masked and quoted."""
        self.total += 1
        if len(self.listed) < LISTED_REFUSALS:
            self.listed.append(Refusal(file, line, column, quoted(found) if is_cell else found, expected))

    def stop(
        self, file: str, line: int | None, column: str, found: str, expected: str, *, is_cell: bool = True
    ) -> NoReturn:
        """Refuse at once: what follows can not be read or must not be."""
        self.add(file, line, column, found, expected, is_cell=is_cell)
        raise RosterRefused(self.listed, self.total)

    def raise_if_any(self) -> None:
        """Raise RosterRefused if anything was noted."""
        if self.total:
            raise RosterRefused(self.listed, self.total)


@dataclass(slots=True)
class Tally:
    """How many rows of one kind a load made, changed (re-opened ones too), left alone, ended."""

    WORDS: ClassVar[tuple[str, ...]] = ("created", "changed", "unchanged", "ended")

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0

    def as_json(self) -> dict[str, int]:
        """Return the four counts by name."""
        return {word: getattr(self, word) for word in self.WORDS}


@dataclass(frozen=True, slots=True)
class UnusableAddress:
    """An e-mail address that counts as none. Names the person by roster id only, never the address."""

    line: int
    roster_id: str
    problem: str


@dataclass(slots=True)
class RosterReport:
    """The result of one load, in ids and counts; no name and no address."""

    agency_id: int
    agency: str
    as_of: dt.date
    dry_run: bool
    counts: dict[str, Tally] = field(default_factory=dict)
    unusable_addresses: list[UnusableAddress] = field(default_factory=list)
    unusable_address_count: int = 0
    nobody_to_tell: list[str] = field(default_factory=list)
    nobody_to_tell_count: int = 0
    notes: dict[str, int] = field(default_factory=dict)
    relation_words: list[str] = field(default_factory=list)

    def total(self, word: str) -> int:
        """Return the sum of one count over all kinds of rows."""
        return sum(getattr(tally, word) for tally in self.counts.values())

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values; `notes` are counts of what was read and set aside."""
        return {
            "agency": self.agency,
            "as_of": self.as_of.isoformat(),
            "dry_run": self.dry_run,
            **{word: self.total(word) for word in Tally.WORDS},
            "refused": 0,
            "refusals": [],
            "counts": {kind: tally.as_json() for kind, tally in self.counts.items()},
            "notes": dict(self.notes),
            "unknown_relation_words": list(self.relation_words),
            "unusable_addresses": {
                "count": self.unusable_address_count,
                "listed": [
                    {"line": bad.line, "roster_id": bad.roster_id, "problem": bad.problem}
                    for bad in self.unusable_addresses
                ],
            },
            "nobody_to_tell": {"count": self.nobody_to_tell_count, "listed": list(self.nobody_to_tell)},
        }
