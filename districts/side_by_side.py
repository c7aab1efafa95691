"""A company's agreements in their order, page by page, and who of them deletes soonest and latest.

Each page costs a fixed number of queries, whatever other companies have.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, router
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Lower

from .kept_figures import kept_figures
from .models import (
    Agreement,
    AgreementVersion,
    Participation,
    Product,
    SharedElement,
    Vendor,
)

PAGE_SIZE = 12  # a row is long on a phone; the box above the list finds a district by its name


def agreements_of(vendor: Vendor, *, product: Product | None = None, named: str = "") -> QuerySet[Any]:
    """Return a company's public agreements, those in use first.

    `named` keeps those of districts whose name holds it, also where a district only takes part.
    """
    published = AgreementVersion.objects.published().filter(agreement=OuterRef("pk"))
    # Looked up agreement by agreement: EXISTS would have PostgreSQL read everybody's versions.
    newest = Subquery(published.order_by("-number").values("pk")[:1])
    found = vendor.agreements.annotate(newest=newest).filter(newest__isnull=False)
    if product:
        found = found.filter(products=product)
    if named:
        part = Participation.objects.filter(agreement=OuterRef("pk"), agency__name__icontains=named)
        found = found.filter(Q(agency__name__icontains=named) | Exists(part))
    return found.annotate(
        rank=Case(When(state=Agreement.State.SIGNED, then=0), default=1),
        place=Lower("agency__name"),
    ).order_by("rank", "place", "pk")


def place_of(agreements: QuerySet[Any], public_id: str) -> int | None:
    """Return the id of the agreement with this public id, None where the words are none of theirs."""
    try:
        wanted = uuid.UUID(public_id)
    except ValueError:
        return None
    return agreements.filter(public_id=wanted).values_list("pk", flat=True).first()


def one_page(order: Sequence[int], after: int | None) -> tuple[Sequence[int], bool]:
    """Return the agreements that follow one, and whether more follow them.

    An id that is not among them begins anew.
    """
    begin = order.index(after) + 1 if after in order else 0
    return order[begin : begin + PAGE_SIZE], len(order) > begin + PAGE_SIZE


def newest_versions(agreements: Sequence[int], vendor: Vendor) -> list[AgreementVersion]:
    """Return the newest public version of each of a company's agreements, in order: one query at most."""
    found = (
        AgreementVersion.objects.published()
        .filter(agreement__in=agreements)
        .select_related("agreement__agency")
        .order_by("agreement_id", "-number")
        .distinct("agreement_id")
    )
    kept = kept_figures(("newest versions", list(agreements)), lambda: list(found))
    newest = {version.agreement_id: version for version in kept}
    for version in newest.values():
        version.agreement.vendor = vendor
    return [newest[pk] for pk in agreements if pk in newest]


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
