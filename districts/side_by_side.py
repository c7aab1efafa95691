"""A company's agreements side by side, page by page: until when data is kept, promises, who else sees it.

Nothing is merged over districts. Each page costs a fixed number of queries, whatever other companies have.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, router
from django.db.models import Case, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Lower
from django.urls import reverse

from .models import (
    Agreement,
    AgreementVersion,
    Participation,
    Product,
    Promise,
    SharedElement,
    Subcontractor,
    Vendor,
)
from .promises_shown import grouped
from .saying import kept_words, status_words, subcontractor_words

PAGE_SIZE = 12  # a row is long on a phone; the box above the list finds a district by its name
MOST_NAMES = 8  # of other companies in one cell


def agreements_of(vendor: Vendor, *, product: Product | None = None, named: str = "") -> QuerySet[Any]:
    """Return a company's public agreements, those in use first, each with its newest version's id (`shown`).

    `named` keeps those of districts whose name holds it, also where a district only takes part.
    """
    published = AgreementVersion.objects.published().filter(agreement=OuterRef("pk"))
    # Looked up agreement by agreement: EXISTS would have PostgreSQL read everybody's versions.
    newest = Subquery(published.order_by("-number").values("pk")[:1])
    found = vendor.agreements.annotate(shown=newest).filter(shown__isnull=False)
    if product:
        found = found.filter(products=product)
    if named:
        part = Participation.objects.filter(agreement=OuterRef("pk"), agency__name__icontains=named)
        found = found.filter(Q(agency__name__icontains=named) | Exists(part))
    return found.annotate(
        rank=Case(When(state=Agreement.State.SIGNED, then=0), default=1),
        place=Lower("agency__name"),
    ).order_by("rank", "place", "pk")


def one_page(agreements: QuerySet[Any], after: str) -> tuple[list[Any], str]:
    """Return the agreements that follow the one with this public id, and the id the next page follows.

    An id that is not among them begins anew; the second value is empty on the last page.
    """
    if place := _place_of(agreements, after):
        rank, name, pk = place
        agreements = agreements.filter(
            Q(rank__gt=rank) | Q(rank=rank, place__gt=name) | Q(rank=rank, place=name, pk__gt=pk)
        )
    found = list(agreements.select_related("agency", "vendor")[: PAGE_SIZE + 1])
    if len(found) <= PAGE_SIZE:
        return found, ""
    return found[:PAGE_SIZE], str(found[PAGE_SIZE - 1].public_id)


def _place_of(agreements: QuerySet[Any], after: str) -> tuple[int, str, int] | None:
    try:
        wanted = uuid.UUID(after)
    except ValueError:
        return None
    return agreements.filter(public_id=wanted).values_list("rank", "place", "pk").first()


def newest_versions(agreements: Sequence[Any]) -> list[AgreementVersion]:
    """Return the newest public version of each agreement, in their order, in one query."""
    found = AgreementVersion.objects.in_bulk([agreement.shown for agreement in agreements])
    versions = [found[agreement.shown] for agreement in agreements]
    for agreement, version in zip(agreements, versions, strict=True):
        version.agreement = agreement
    return versions


def rows(versions: Sequence[AgreementVersion], now: Any) -> list[dict[str, Any]]:
    """Return what `_side_by_side.html` shows of each version, in four queries for any number."""
    ids = [version.pk for version in versions]
    kept = _kept(ids)
    others = _others(ids)
    promises: dict[int, list[Promise]] = defaultdict(list)
    for promise in Promise.objects.filter(version__in=ids):
        promises[promise.version_id].append(promise)
    found: list[dict[str, Any]] = [
        {
            "district": version.agreement.agency.name,
            "url": reverse("districts:agreement_version", args=[version.agreement.public_id, version.number]),
            "title": version.agreement.title,
            "vendor": version.agreement.vendor.name,
            "status": status_words(version.agreement, version.agreement.agency.today(now)),
            "kept": kept[version.pk],
            "promises": grouped(promises[version.pk]),
            "others": others[version.pk][:MOST_NAMES],
            "more_others": max(0, len(others[version.pk]) - MOST_NAMES),
            "no_others": subcontractor_words(version),
        }
        for version in versions
    ]
    for row in found:  # a district that has filled in nothing is said so once, not at each question
        row["has_terms"] = any([any(row["kept"]), row["promises"], row["others"], row["no_others"]])
    return found


def _kept(ids: list[int]) -> dict[int, list[str]]:
    """Return the different times of each version in words; an empty one is a gap."""
    found: dict[int, list[str]] = defaultdict(list)
    lines = SharedElement.objects.filter(version__in=ids).order_by("kept", "kept_days", "kept_until")
    for version, kept, days, until in lines.values_list(
        "version", "kept", "kept_days", "kept_until"
    ).distinct():
        found[version].append(kept_words(SharedElement(kept=kept, kept_days=days, kept_until=until)))
    return found


def _others(ids: list[int]) -> dict[int, list[str]]:
    """Return who else sees data of each version: listed as other companies, or named with a kind of data."""
    found: dict[int, set[str]] = defaultdict(set)
    for version, name in Subcontractor.objects.filter(version__in=ids).values_list("version", "name"):
        found[version].add(name)
    named = SharedElement.objects.filter(version__in=ids).order_by()
    named = named.annotate(who=Func(F("recipients"), function="unnest"))
    for version, name in named.values_list("version", "who").distinct():
        found[version].add(name)
    return defaultdict(list, {version: sorted(names) for version, names in found.items()})


@dataclass(frozen=True)
class Spread:
    """The shortest and the longest time after an agreement's end, in days, each with one who has it."""

    agreements: int
    shortest: int
    shortest_at: str
    longest: int
    longest_at: str


# Each agreement's newest version and its lines are looked up; `OFFSET 0` keeps others' from being read.
_SPREAD = """
WITH compared AS MATERIALIZED (
    SELECT l.days, g.name, m.id
      FROM ({signed} OFFSET 0) signed (id)
      JOIN districts_agreement a ON a.id = signed.id
      JOIN districts_agency g ON g.id = a.agency_id
     CROSS JOIN LATERAL (SELECT x.id FROM districts_agreementversion x
                          WHERE x.agreement_id = signed.id AND x.published_at IS NOT NULL
                          ORDER BY x.number DESC LIMIT 1) m
     CROSS JOIN LATERAL (SELECT max(x.kept_days) AS days, count(*) AS lines,
                                bool_and(x.kept = %s) AS is_counted
                           FROM districts_sharedelement x WHERE x.version_id = m.id) l
     WHERE l.lines > 0 AND l.is_counted
)
SELECT (SELECT count(*) FROM compared),
       (SELECT ARRAY[days::text, name] FROM compared ORDER BY days, name, id LIMIT 1),
       (SELECT ARRAY[days::text, name] FROM compared ORDER BY days DESC, name DESC, id DESC LIMIT 1)
"""


def spread_of(agreements: QuerySet[Any]) -> Spread | None:
    """Return who deletes soonest and latest among signed agreements whose lines all count days after the end.

    Rules of other kinds cannot be ordered and are left out. None where fewer than two can be compared.
    """
    wanted = agreements.filter(state=Agreement.State.SIGNED).order_by().values("pk")
    signed, values = wanted.query.sql_with_params()
    with connections[router.db_for_read(Agreement)].cursor() as cursor:
        cursor.execute(_SPREAD.format(signed=signed), [*values, SharedElement.Kept.AFTER_AGREEMENT])
        n, shortest, longest = cursor.fetchone()
    if n < 2:
        return None
    return Spread(n, int(shortest[0]), shortest[1], int(longest[0]), longest[1])
