"""The agreements of one agency as a list to filter, to count and to page through.

All of it is worked out from one row of facts for each agreement (agreement_facts.py), which are read once.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from .agreement_facts import MUST_BE_FILLED, Fact, facts
from .legend import IN_USE, Status
from .models import Agency

_YES = ("1",)


@dataclass(frozen=True)
class Facet:
    """One way to narrow the list: what it looks at, and which values an agreement has there.

    Where `none_is_all`, an agreement that has none fits every value.
    """

    looked_at: Callable[[Fact], Any]
    values: Callable[[Any], Iterable[str]]
    none_is_all: bool = False

    def fits(self, fact: Fact, value: str) -> bool:
        """Return whether an agreement has this value."""
        own = self.values(self.looked_at(fact))
        return value in own or (self.none_is_all and not own)


def _flag(is_set: Any) -> tuple[str, ...]:
    return _YES if is_set else ()


def _itself(value: str) -> tuple[str]:
    return (value,)


def _each(values: Iterable[Any]) -> list[str]:
    return [str(value) for value in values]


FACETS: Mapping[str, Facet] = {
    "status": Facet(attrgetter("status"), _itself),
    "choice": Facet(attrgetter("has_choice"), _flag),
    "new": Facet(attrgetter("is_new"), _flag),
    "kind": Facet(attrgetter("kind"), _itself),
    "sensitivity": Facet(attrgetter("sensitivities"), str.split),
    "data": Facet(attrgetter("categories"), str.split),
    "grade": Facet(lambda fact: tuple(fact.grades), tuple, none_is_all=True),
    "gaps": Facet(attrgetter("missing"), _flag),
}
_OF_A_SCHOOL = Facet(lambda fact: tuple(fact.schools), _each, none_is_all=True)


@dataclass(frozen=True)
class Wanted:
    """Whose agreements, on which day, of one school or all (None), narrowed by which value of which facet."""

    agency: Agency
    today: dt.date
    school: int | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """What the list knows of one agreement: `missing` counts empty fields; `left_on`, if it left."""

    agreement_id: int
    version_id: int
    status: Status
    has_choice: bool
    is_new: bool
    missing: int
    left_on: dt.date | None


@dataclass(frozen=True)
class Figures:
    """What a page says of all its agreements, and how many of them fit what was chosen.

    `unlisted` are in use, and nobody has listed their data; `companies` may get data, as far as is known.
    """

    agreements: int
    in_use: int
    unlisted: int
    companies: int
    with_a_choice: int
    to_fill: int
    filled: int
    fitting: int


@dataclass(frozen=True)
class Counted:
    """The figures, and for each facet how many agreements each of its values would leave."""

    figures: Figures
    options: Mapping[str, Mapping[str, int]]


def all_of(wanted: Wanted) -> list[Fact]:
    """Return the facts of all agreements, whatever was chosen: one query, whatever is asked of them."""
    return facts(wanted.agency, wanted.today, wanted.school)


def listed(
    wanted: Wanted, *, after: uuid.UUID | None = None, limit: int, known: Sequence[Fact] | None = None
) -> list[Listed]:
    """Return the next `limit` agreements behind the one called `after`; those in use first, by company.

    A name that is not on the list begins it anew. `known` are the facts, where they were read before.
    """
    every = all_of(wanted) if known is None else known
    name = str(after) if after else ""
    begin = next((place + 1 for place, fact in enumerate(every) if fact.public_id == name), 0) if name else 0
    return [
        Listed(
            fact.agreement_id,
            fact.version_id,
            Status(fact.status),
            fact.has_choice,
            fact.is_new,
            fact.missing,
            fact.left_on,
        )
        for fact in _fitting(every[begin:], wanted.chosen)[:limit]
    ]


def counted(wanted: Wanted, *, schools: Iterable[int] = (), known: Sequence[Fact] | None = None) -> Counted:
    """Count the agreements, and those each value of each facet would leave beside the other choices.

    The facet `school` is counted for the given schools. `known` are the facts, where they were read before.
    """
    every = all_of(wanted) if known is None else known
    options = {name: _options(name, facet, every, wanted.chosen) for name, facet in FACETS.items()}
    counts = {name: counts for name, counts in options.items() if counts}
    if ids := [str(pk) for pk in schools]:
        found = _options("school", _OF_A_SCHOOL, every, wanted.chosen, ids)
        counts["school"] = {pk: found[pk] for pk in ids}
    used = [fact for fact in every if fact.status in IN_USE]
    to_fill = [fact for fact in every if fact.status in MUST_BE_FILLED]
    figures = Figures(
        agreements=len(every),
        in_use=len(used),
        unlisted=sum(not fact.lines for fact in used),
        companies=len({fact.vendor_id for fact in used if fact.gets_data}),
        with_a_choice=sum(fact.has_choice for fact in used),
        to_fill=len(to_fill),
        filled=sum(not fact.gaps for fact in to_fill),
        fitting=len(_fitting(every, wanted.chosen)),
    )
    return Counted(figures, counts)


def _options(
    name: str, facet: Facet, every: Sequence[Fact], chosen: Mapping[str, str], values: Iterable[str] = ()
) -> dict[str, int]:
    """Return how many agreements each value leaves beside the other choices: all that occur, and those given.

    Agreements that look the same to the facet are counted together.
    """
    others = {other: value for other, value in chosen.items() if other != name}
    counts = dict.fromkeys(values, 0)
    for seen in set(map(facet.looked_at, every)):
        counts.update(dict.fromkeys((v for v in facet.values(seen) if v not in counts), 0))
    for seen, n in Counter(map(facet.looked_at, _fitting(every, others))).items():
        own = set(facet.values(seen))
        for value in counts if facet.none_is_all and not own else own:
            counts[value] += n
    return counts


def _fitting(every: Sequence[Fact], chosen: Mapping[str, str]) -> Sequence[Fact]:
    for name, value in chosen.items():
        every = [fact for fact in every if FACETS[name].fits(fact, value)]
    return every
