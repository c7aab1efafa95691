"""What the entries about one agreement amount to: state, term, lines, what staff must look at. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .entries import Doubt, Entry, Kind, Line, Term, merged
from .names import name_key
from .rows import NO_AGREEMENT

LONGEST_NOTE = 200
#: Where neither the sheet nor whoever hands it in names a legal ground: it leaves families no choice.
BASIS_UNTIL_SAID = "school_official"
NO_BASIS = "The sheet names no legal ground."

LineKey = tuple[str, str, str, str]


@dataclass
class Plan:
    """One agreement as all its rows together tell it."""

    title: str
    products: dict[str, str]  # by key
    state: str  # "" where no row says, "none" where they say there is no agreement
    term: Term
    lines: dict[LineKey, set[str]]  # (element, purpose, basis, detail) -> words as written
    doubts: list[Doubt]
    said: list[str]
    website: str
    line: int
    titles: set[str] = field(default_factory=set)

    @property
    def term_note(self) -> str:
        """Return the days as written that are not certain."""
        note = "; ".join(self.term.notes)
        return note if len(note) <= LONGEST_NOTE else note[: LONGEST_NOTE - 1] + "…"


def plan(entries: Sequence[Entry]) -> Plan:
    """Return what some rows about one agreement amount to.

    Rows that name different states leave it open: that is a doubt, not the first word's victory.
    """
    first = entries[0]
    states = list(dict.fromkeys(entry.state for entry in entries if entry.state))
    doubts = list(dict.fromkeys(doubt for entry in entries for doubt in entry.doubts))
    if len(states) > 1:
        words = "; ".join(f"line {entry.line}: {entry.state}" for entry in entries if entry.state)
        doubts.append(Doubt(Kind.STATUS, first.line, "", words))
    lines: dict[LineKey, set[str]] = {}
    for line in (line for entry in entries for line in entry.lines):
        lines.setdefault(_key(line), set()).add(line.words)
    return Plan(
        title=first.title,
        products={name_key(name): name for entry in entries for name in entry.products},
        state=states[0] if len(states) == 1 else "",
        term=merged(entry.term for entry in entries),
        lines=lines,
        doubts=doubts,
        said=list(dict.fromkeys(said for entry in entries for said in entry.said)),
        website=next((entry.website for entry in entries if entry.website), ""),
        line=first.line,
        titles={title_key(entry.title) for entry in entries},
    )


def plans_of(entries: Iterable[Entry]) -> list[Plan]:
    """Return the agreements that the rows of one agency about one company tell of.

    Rows with the same title are one agreement; rows that share a product are too.
    """
    groups: list[list[Entry]] = []
    places: dict[str, int] = {}
    for entry in entries:
        marks = [f"title {title_key(entry.title)}", *(f"product {name_key(name)}" for name in entry.products)]
        place = next((places[mark] for mark in marks if mark in places), len(groups))
        if place == len(groups):
            groups.append([])
        groups[place].append(entry)
        for mark in marks:
            places.setdefault(mark, place)
    return [plan(group) for group in groups]


def title_key(title: str) -> str:
    """Return a title as titles are compared."""
    return " ".join(title.casefold().split())


def is_no_agreement(found: Plan) -> bool:
    """Tell whether the rows say that somebody asked for it and it was not approved: it was never signed."""
    return found.state == NO_AGREEMENT


def _key(line: Line) -> LineKey:
    return line.code, line.purpose, line.basis, line.detail
