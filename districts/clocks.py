"""The posting clocks of a district's agreements: what was signed when, and since when anybody can read it."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db.models import Min

from .models import Agency, AgencyClosure, AgreementDocument, AgreementEvent, Publication
from .posting import RULES, Posting, due_on, posting


@dataclass(frozen=True)
class Clock:
    """The clock of one agreement: its day, and the day on which it stood here, or None."""

    state: Posting
    due_on: dt.date
    posted_on: dt.date | None
    citation: str


@dataclass(frozen=True)
class _Published:
    """A version's day on the public pages; a baseline was in use before this site opened."""

    day: dt.date
    number: int
    is_baseline: bool


class Owned(Protocol):
    """An agreement, as far as the clocks look at it."""

    @property
    def pk(self) -> int: ...
    @property
    def agency_id(self) -> int: ...


def clocks(agency: Agency, agreements: Iterable[Owned], today: dt.date) -> dict[int, Clock]:
    """Return the clock of each agreement that has one: four queries for any number of them.

    Only a district's own agreements have clocks, only under a law that sets a day, and only from a signing
    whose day is known. What was in use before this site opened was posted elsewhere, or not: it is not
    counted.
    """
    rule = RULES.get(agency.law_profile)
    if rule is None or agency.kind != Agency.Kind.DISTRICT:
        return {}
    own = [each.pk for each in agreements if each.agency_id == agency.pk]
    signed = _signed(own, today)
    if not signed:
        return {}
    published, papers = _published(signed), _papers(signed, zoneinfo.ZoneInfo(agency.time_zone))
    first = min(days[-1] for days in signed.values())
    closed = set(AgencyClosure.objects.filter(agency=agency, day__gt=first).values_list("day", flat=True))
    found = {}
    for pk, days in signed.items():
        due = due_on(days[-1], rule.days, closed)
        if _was_in_use(published.get(pk, []), days[-1]):
            continue
        posted = _posted_on(days, published.get(pk, []), papers.get(pk, []))
        found[pk] = Clock(posting(due, posted, today), due, posted, rule.citation)
    return found


def _was_in_use(versions: list[_Published], signed_on: dt.date) -> bool:
    return any(each.is_baseline and each.day >= signed_on for each in versions)


def _posted_on(
    signed: list[dt.date], versions: list[_Published], papers: list[tuple[int, dt.date]]
) -> dt.date | None:
    """Return the day from which both stood here: the facts, and a copy of the paper that has them.

    What is signed for the first time may have stood here before, as a proposal; else the first version since
    the signing counts. What is signed anew is news: a version from before it does not have its facts.
    """
    news = [each for each in versions if not each.is_baseline]
    if len(signed) > 1:
        news = [each for each in news if each.day >= signed[-1]]
    if not news:
        return None
    before = [each for each in news if each.day < signed[-1]]
    facts = before[-1] if before else news[0]
    copies = [day for number, day in papers if number >= facts.number]
    return max(facts.day, min(copies)) if copies else None


def _signed(agreements: list[int], today: dt.date) -> dict[int, list[dt.date]]:
    """Return the days on which each agreement was signed, anew or again, in their order."""
    rows = AgreementEvent.objects.filter(
        agreement__in=agreements, kind=AgreementEvent.Kind.EXECUTED, happened_on__lte=today
    ).order_by("happened_on", "pk")
    found: dict[int, list[dt.date]] = {}
    for pk, day in rows.values_list("agreement_id", "happened_on"):
        assert day is not None
        found.setdefault(pk, []).append(day)
    return found


def _published(agreements: Iterable[int]) -> dict[int, list[_Published]]:
    kinds = (Publication.Kind.VERSION, Publication.Kind.BASELINE)
    rows = Publication.objects.filter(agreement__in=agreements, kind__in=kinds).order_by("day", "pk")
    found: dict[int, list[_Published]] = {}
    for pk, day, number, kind in rows.values_list("agreement_id", "day", "version__number", "kind"):
        one = _Published(day, number or 0, kind == Publication.Kind.BASELINE)
        found.setdefault(pk, []).append(one)
    return found


def _papers(agreements: Iterable[int], zone: zoneinfo.ZoneInfo) -> dict[int, list[tuple[int, dt.date]]]:
    """Return per agreement the number of each version with a public copy, and the day it first had one.

    A copy that had to come down later was posted all the same.
    """
    rows = (
        AgreementDocument.objects.filter(
            version__agreement__in=agreements, version__published_at__isnull=False
        )
        .order_by()
        .values_list("version__agreement_id", "version__number")
        .annotate(first=Min("recorded_at"))
    )
    found: dict[int, list[tuple[int, dt.date]]] = {}
    for pk, number, first in rows:
        found.setdefault(pk, []).append((number, first.astimezone(zone).date()))
    return found
