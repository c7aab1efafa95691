"""What differs between two versions of an agreement, as a parent would see it. Pure.

A difference carries the line before and after *that one step*; where several things changed on one line
the steps form a chain. `apply` therefore only counts lines in and out, and the order does not matter.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from .contents import SIDES, Line, LineKey, Promise, Scope, VersionFacts
from .law import Control

__all__ = ["Difference", "Kind", "Line", "Promise", "Scope", "VersionFacts", "apply", "compare"]


class Kind(StrEnum):
    """What a difference is about: words of Change.Kind, in the order in which they should be read."""

    AGREEMENT_NEW = "agreement_new"
    CATEGORY_ADDED = "category_added"
    ELEMENT_ADDED = "element_added"
    PURPOSE_CHANGED = "purpose_changed"
    BASIS_CHANGED = "basis_changed"
    RECIPIENT_ADDED = "recipient_added"
    SUBCONTRACTOR_ADDED = "subcontractor_added"
    SCOPE_WIDENED = "scope_widened"
    RETENTION_CHANGED = "retention_changed"
    SOURCE_CHANGED = "source_changed"
    PROMISE_CHANGED = "promise_changed"
    RECIPIENT_ENDED = "recipient_ended"
    SUBCONTRACTOR_ENDED = "subcontractor_ended"
    SCOPE_NARROWED = "scope_narrowed"
    ELEMENT_ENDED = "element_ended"
    CATEGORY_ENDED = "category_ended"


READING_ORDER = {kind: place for place, kind in enumerate(Kind)}
Value = Line | Promise | Scope


@dataclass(frozen=True)
class Difference:
    """One computed fact: what it is about, and its values before and after.

    `name` is the category, recipient or subcontractor concerned; `lines` those of a category that is new, or
    those that more children come under; `facts` what a new agreement says. A purpose or legal ground that is
    only added has no `before`, one that only ends has no `after`.
    """

    kind: Kind
    before: Value | None = None
    after: Value | None = None
    name: str = ""
    lines: tuple[Line, ...] = ()
    facts: VersionFacts | None = None

    @property
    def line(self) -> Line | None:
        """Return the line it is about: as it is now, or as it was if it is no more."""
        return next((side for side in (self.after, self.before) if isinstance(side, Line)), None)

    @property
    def controls(self) -> frozenset[Control]:
        """Return what families may do about what it brings; empty where it only takes away."""
        brought = [self.after] if isinstance(self.after, Line) else self.lines
        return frozenset(line.control for line in brought)


def compare(old: VersionFacts | None, new: VersionFacts) -> list[Difference]:
    """Return everything that differs, in the order in which it should be read.

    With no old version the agreement itself is new; its promises, other companies and scope are part of
    that one fact, its categories and lines are facts of their own.
    """
    before = old or VersionFacts()
    found = [*_categories(before, new), *_elements(before.lines, new.lines)]
    if old is None:
        found.append(Difference(Kind.AGREEMENT_NEW, lines=_sorted(new.lines), facts=new))
    else:
        found += [*_subcontractors(old, new), *_promises(old, new), *_scopes(old, new)]
    return sorted(found, key=_place)


def apply(old: VersionFacts | None, differences: Iterable[Difference]) -> VersionFacts:
    """Return the version that follows from the old one and the differences, given in any order."""
    start = old or VersionFacts()
    lines: Counter[Line] = Counter(start.lines)
    promises, subcontractors = set(start.promises), set(start.subcontractors)
    scopes = {side: start.scope(side) for side in SIDES}
    for difference in differences:
        if difference.facts:
            promises |= difference.facts.promises
            subcontractors |= difference.facts.subcontractors
            scopes = {side: difference.facts.scope(side) for side in SIDES}
        for value, step in ((difference.before, -1), (difference.after, 1)):
            if isinstance(value, Line):
                lines[value] += step
            elif isinstance(value, Promise):
                (promises.add if step > 0 else promises.discard)(value)
            elif isinstance(value, Scope) and step > 0:
                scopes[value.side] = value
        if difference.kind == Kind.SUBCONTRACTOR_ADDED:
            subcontractors.add(difference.name)
        elif difference.kind == Kind.SUBCONTRACTOR_ENDED:
            subcontractors.discard(difference.name)
    return VersionFacts(
        lines=+lines,
        promises=frozenset(promises),
        subcontractors=frozenset(subcontractors),
        **{side: scope.covers for side, scope in scopes.items()},
    )


def _categories(old: VersionFacts, new: VersionFacts) -> Iterator[Difference]:
    """Yield categories whose first element came, or whose last one went."""
    were, are = _by_category(old.lines), _by_category(new.lines)
    for category in are.keys() - were.keys():
        yield Difference(Kind.CATEGORY_ADDED, name=category, lines=_sorted(are[category]))
    for category in were.keys() - are.keys():
        yield Difference(Kind.CATEGORY_ENDED, name=category)


def _elements(old: Collection[Line], new: Collection[Line]) -> Iterator[Difference]:
    """Yield what came, went or changed, element by element; a new free-text detail is a new element."""
    were, are = _by_element(old), _by_element(new)
    for element in were.keys() | are.keys():
        if element not in were:
            yield from (Difference(Kind.ELEMENT_ADDED, after=line) for line in are[element].values())
        elif element not in are:
            yield from (Difference(Kind.ELEMENT_ENDED, before=line) for line in were[element].values())
        else:
            yield from _lines_of_one_element(were[element], are[element])


def _lines_of_one_element(were: dict[LineKey, Line], are: dict[LineKey, Line]) -> Iterator[Difference]:
    """Yield what changed between the lines of one element that stands in both versions.

    Lines are matched by purpose and legal ground; then a line whose ground moved is matched by purpose,
    then one whose purpose moved by ground. What is left is an added or ended purpose (or ground).
    """
    old_purposes, new_purposes = ({line.purpose for line in side.values()} for side in (were, are))
    for key in were.keys() & are.keys():
        yield from _steps(were.pop(key), are.pop(key))
    for kind, part in ((Kind.BASIS_CHANGED, "purpose"), (Kind.PURPOSE_CHANGED, "basis")):
        for old in _sorted(were.values()):
            same = (line for line in _sorted(are.values()) if getattr(line, part) == getattr(old, part))
            if new := next(same, None):
                del were[old.key], are[new.key]
                moved = replace(old, purpose=new.purpose, basis=new.basis)
                yield Difference(kind, before=old, after=moved)
                yield from _steps(moved, new)
    for line in were.values():
        yield Difference(
            Kind.BASIS_CHANGED if line.purpose in new_purposes else Kind.PURPOSE_CHANGED, before=line
        )
    for line in are.values():
        yield Difference(
            Kind.BASIS_CHANGED if line.purpose in old_purposes else Kind.PURPOSE_CHANGED, after=line
        )


def _steps(old: Line, new: Line) -> Iterator[Difference]:
    """Yield the chain that leads from one line to another of the same key."""
    line = old
    for kind, names in (
        (Kind.RECIPIENT_ADDED, new.recipients - old.recipients),
        (Kind.RECIPIENT_ENDED, old.recipients - new.recipients),
    ):
        for name in sorted(names):
            step = replace(line, recipients=line.recipients ^ {name})
            yield Difference(kind, before=line, after=step, name=name)
            line = step
    for kind, part in ((Kind.RETENTION_CHANGED, "kept"), (Kind.SOURCE_CHANGED, "source")):
        if getattr(line, part) != getattr(new, part):
            step = replace(line, **{part: getattr(new, part)})
            yield Difference(kind, before=line, after=step)
            line = step


def _subcontractors(old: VersionFacts, new: VersionFacts) -> Iterator[Difference]:
    for name in new.subcontractors - old.subcontractors:
        yield Difference(Kind.SUBCONTRACTOR_ADDED, name=name)
    for name in old.subcontractors - new.subcontractors:
        yield Difference(Kind.SUBCONTRACTOR_ENDED, name=name)


def _promises(old: VersionFacts, new: VersionFacts) -> Iterator[Difference]:
    were, are = _by_code(old.promises), _by_code(new.promises)
    for code in were.keys() | are.keys():
        if were.get(code) != are.get(code):
            yield Difference(Kind.PROMISE_CHANGED, before=were.get(code), after=are.get(code), name=code)


def _scopes(old: VersionFacts, new: VersionFacts) -> Iterator[Difference]:
    """Yield, side by side, whether children came under the version, and whether children left it."""
    for side in SIDES:
        was, is_now = old.scope(side), new.scope(side)
        if not was.holds(is_now):
            yield Difference(
                Kind.SCOPE_WIDENED, before=was, after=is_now, name=side, lines=_sorted(new.lines)
            )
        if not is_now.holds(was):
            yield Difference(Kind.SCOPE_NARROWED, before=was, after=is_now, name=side)


def _by_category(lines: Iterable[Line]) -> Mapping[str, list[Line]]:
    grouped: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        grouped[line.category].append(line)
    return grouped


def _by_element(lines: Iterable[Line]) -> Mapping[tuple[int, str], dict[LineKey, Line]]:
    grouped: dict[tuple[int, str], dict[LineKey, Line]] = defaultdict(dict)
    for line in lines:
        grouped[line.meaning, line.detail][line.key] = line
    return grouped


def _by_code(promises: Iterable[Promise]) -> dict[str, Promise]:
    return {promise.code: promise for promise in promises}


def _sorted(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: line.key))


def _place(difference: Difference) -> tuple[object, ...]:
    """Return where a difference stands among the others; no two stand in one place."""
    line = difference.line
    about = (line.category, line.element_code, *line.key) if line else ("", "", 0, "", "", "")
    return READING_ORDER[difference.kind], difference.name, about
