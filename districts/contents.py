"""What one version of an agreement says, as plain values that can be compared. Pure.

Two lines are the same line when they are about the same *meaning* (a renamed or re-coded element keeps its
meaning), with the same free words of the agreement, for the same purpose on the same legal ground.
Everything else about a line (source, recipients, how long it is kept) may change on it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from .law import Control, control_of

#: Retention words that state no length. Any stated length is better for a child than these.
UNSTATED = frozenset({"not_filled_in", "not_stated"})
#: The sides of a scope: which schools, grades and programs a version is limited to.
SIDES = ("schools", "grades", "programs")

LineKey = tuple[int, str, str, str]

#: The element by which a district says that a company gets no data about students: a statement, not data.
NO_STUDENT_DATA = "no-student-data"


@dataclass(frozen=True)
class Line:
    """One element that may be shared, why, on what ground, from where, with whom, until when.

    `meaning` is DataElement.meaning_id; `element_code` and `category` say what it is called today and take
    no part in a comparison. `purpose` is empty where the district has not filled it in. `kept` is the rule
    with its days or date: `after_agreement:60`, `date:2026-06-30`, `school_year`.
    """

    meaning: int
    element_code: str = field(compare=False)
    category: str = field(compare=False)
    purpose: str = ""
    basis: str = "school_official"
    source: str = "school_record"
    recipients: frozenset[str] = frozenset()
    kept: str = "not_filled_in"
    detail: str = ""

    @property
    def key(self) -> LineKey:
        """Return what makes it one line of a version."""
        return self.meaning, self.detail, self.purpose, self.basis

    @property
    def control(self) -> Control:
        """Return what a family may do about it."""
        return control_of(self.basis)

    def as_json(self) -> dict[str, object]:
        """Return the values that a Change keeps."""
        return {
            "element": self.element_code,
            "category": self.category,
            "purpose": self.purpose,
            "basis": self.basis,
            "control": self.control.value,
            "source": self.source,
            "recipients": sorted(self.recipients),
            "kept": self.kept,
            "detail": self.detail,
        }


@dataclass(frozen=True)
class Promise:
    """What the company promises on one point."""

    code: str
    answer: str
    days: int | None = None

    def as_json(self) -> dict[str, object]:
        """Return the values that a Change keeps."""
        return {"promise": self.code, "answer": self.answer, "days": self.days}


@dataclass(frozen=True)
class Scope:
    """Which children one side of the scope covers: schools, grades or programs. Empty means all."""

    side: str
    covers: frozenset[str] = frozenset()

    def holds(self, other: "Scope") -> bool:
        """Return whether everybody the other covers is covered here."""
        return not self.covers or (bool(other.covers) and other.covers <= self.covers)

    def as_json(self) -> dict[str, object]:
        """Return the values that a Change keeps."""
        return {"side": self.side, "covers": sorted(self.covers)}


@dataclass(frozen=True)
class VersionFacts:
    """Everything of a version that families may be told about when it changes.

    A promise "not entered yet" says nothing and is the same as no promise. Schools are their ids as text.
    """

    lines: Collection[Line] = frozenset()
    promises: frozenset[Promise] = frozenset()
    subcontractors: frozenset[str] = frozenset()
    schools: frozenset[str] = frozenset()
    grades: frozenset[str] = frozenset()
    programs: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", frozenset(_one_per_key(self.lines)))
        entered = frozenset(promise for promise in self.promises if promise.answer != "not_entered")
        object.__setattr__(self, "promises", entered)

    def scope(self, side: str) -> Scope:
        """Return one side of the scope."""
        return Scope(side, getattr(self, side))


def is_kept_no_longer(before: str, after: str) -> bool:
    """Return whether data is certainly kept no longer than before.

    Rules of different kinds (days after the agreement, end of the school year) cannot be ordered without
    knowing dates that lie ahead; between those the answer is no, so that families are told.
    """
    old_rule, _colon, old_length = before.partition(":")
    new_rule, _colon, new_length = after.partition(":")
    if old_rule in UNSTATED:
        return True
    if old_rule != new_rule:
        return False
    if old_length.isdigit() and new_length.isdigit():
        return int(new_length) <= int(old_length)
    return new_length <= old_length


def _one_per_key(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield one line per key: two codes of one meaning may both stand in a version.

    Recipients and sources are joined; of two retention rules the longer counts, or, where they cannot be
    ordered, the last in the alphabet (either is true, and the choice must not depend on the order).
    """
    same: dict[LineKey, list[Line]] = defaultdict(list)
    for line in lines:
        same[line.key].append(line)
    for group in same.values():
        group.sort(key=lambda line: (line.kept, line.element_code, line.source, sorted(line.recipients)))
        whole = group[0]
        for line in group[1:]:
            whole = replace(
                whole,
                element_code=min(whole.element_code, line.element_code),
                recipients=whole.recipients | line.recipients,
                kept=whole.kept if is_kept_no_longer(whole.kept, line.kept) else line.kept,
            )
        yield replace(whole, source="+".join(sorted({s for line in group for s in line.source.split("+")})))
