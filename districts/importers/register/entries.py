"""What one row of a register amounts to: frozen facts with their place. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from .dates import read_when


class Kind(StrEnum):
    """What a doubt is about."""

    ELEMENT = "element"
    MARK = "mark"
    STATUS = "status"
    BASIS = "basis"
    PURPOSE = "purpose"
    CHOICE = "choice"
    NAME = "name"
    TERM = "term"


@dataclass(frozen=True)
class Line:
    """One kind of data a row lists: element, words beyond it, words as written, purpose, legal ground."""

    code: str
    detail: str
    words: str
    purpose: str = ""
    basis: str = ""


@dataclass(frozen=True)
class Doubt:
    """Words that staff must look at: where they stand, what they may mean, which elements they concern."""

    kind: str
    line: int
    column: str
    words: str
    might_be: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    """What a row says of time: certain days as ISO dates, and the rest in its own words."""

    begins: str = ""
    ends: str = ""
    executed: str = ""
    listed: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One agreement as one row tells it; several rows may tell of the same."""

    line: int
    vendor: str
    products: tuple[str, ...]
    title: str
    state: str = ""
    term: Term = Term()
    lines: tuple[Line, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    said: tuple[str, ...] = ()
    website: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the entry as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Entry":
        """Return the entry that plain values tell of."""
        return cls(
            **{
                **values,
                "products": tuple(values["products"]),
                "term": Term(**{**values["term"], "notes": tuple(values["term"]["notes"])}),
                "lines": tuple(Line(**line) for line in values["lines"]),
                "doubts": tuple(
                    Doubt(**{**doubt, "might_be": tuple(doubt["might_be"]), "about": tuple(doubt["about"])})
                    for doubt in values["doubts"]
                ),
                "said": tuple(values["said"]),
            }
        )


@dataclass
class Says:
    """Collects what the cells of one row say of time, word for word where it is not certain."""

    begins: str = ""
    ends: str = ""
    executed: str = ""
    listed: str = ""
    notes: list[str] = field(default_factory=list)

    def take(self, role: str, header: str, cell: str) -> None:
        """Take in a cell of a column `begins`, `ends`, `term`, `approved` or `listed`."""
        when = read_when(cell)
        if role == "ends" and when.day and not when.until:
            self.ends = when.day.isoformat()
        elif role in ("begins", "term") and not when.note:
            self.begins = when.day.isoformat() if when.day else self.begins
            self.ends = when.until.isoformat() if when.until else self.ends
        elif role in ("approved", "listed") and when.day and not when.until:
            name = "executed" if role == "approved" else "listed"
            setattr(self, name, when.day.isoformat())
        elif cell:
            self.notes.append(f"{header}: {cell}")

    def term(self) -> Term:
        """Return the term; days that contradict each other are no certain days."""
        if self.begins and self.ends and self.begins > self.ends:
            self.notes.append(f"{self.begins} – {self.ends}")
            self.begins = self.ends = ""
        return Term(self.begins, self.ends, self.executed, self.listed, tuple(self.notes))


def merged(terms: Iterable[Term]) -> Term:
    """Return what several rows say of the time of one agreement; where they differ, all of it is a note."""
    told = Says()
    for term in terms:
        told.notes += [note for note in term.notes if note not in told.notes]
        for name in ("begins", "ends", "executed", "listed"):
            day, known = getattr(term, name), getattr(told, name)
            if day and known and day != known:
                note = f"{name}: {day}"
                told.notes += [note] if note not in told.notes else []
            elif day:
                setattr(told, name, day)
    return told.term()
