"""Who may get a kind of data, or a group of them, on a day: page by page, for the public pages.

Who holds it is found by the kind of data alone: the agreements of others are not read.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connections, router
from django.urls import reverse

from .kept_figures import kept_figures
from .models import AgreementVersion, DataCategory, DataElement, SharedElement, Vendor
from .models.versions import VersionQuerySet
from .saying import control_words, ground_words, kept_words
from .words import Words

LISTED = 25  # lines on a page
LISTED_BESIDE = 200  # agreements of another time; that there are more is said in words


def versions_on(day: dt.date, today: dt.date) -> VersionQuerySet:
    """Return the versions in force on a day, by what is known today; for a day gone by, ended ones too."""
    if day < today:
        return AgreementVersion.objects.stood_on(day)
    return AgreementVersion.objects.in_force_on(day)


@dataclass(frozen=True)
class Kinds:
    """Which kinds of data are asked about, as a condition in SQL on an element `e`."""

    condition: str
    pk: int


def means(element: DataElement) -> Kinds:
    """Return the kinds that are this one, under whatever code."""
    return Kinds("(e.id = %(kind)s OR e.same_meaning_as_id = %(kind)s)", element.meaning_id)


def of_category(category: DataCategory) -> Kinds:
    """Return the kinds of a group of data."""
    return Kinds("e.category_id = %(kind)s", category.pk)


class Line(NamedTuple):
    """One kind of data of one published version, with whose it is.

    `since` is the first day of the first version of the agreement that had any of the kinds asked about,
    `over_on` the last day on which the agreement allowed it; None where that is not known, or not set.
    `is_dated` is false where `since` is only a day by which it was in use (baselines.py).
    """

    pk: int
    element_id: int
    purpose_id: int | None
    basis: str
    detail: str
    kept: str
    kept_days: int | None
    kept_until: dt.date | None
    recipients: Sequence[str]
    number: int
    agreement: uuid.UUID
    state: str
    over_on: dt.date | None
    vendor: str
    vendor_kind: str
    agency: str
    since: dt.date | None
    is_dated: bool

    @property
    def address(self) -> str:
        """The page of the version it is a line of."""
        return reverse("districts:agreement_version", args=[self.agreement, self.number])


@dataclass(frozen=True)
class Held:
    """A page of the lines in force on a day, by company, with how many companies and offices hold them all.

    `beside` are lines of agreements that allowed it at another time: before, or not yet; `more_beside`,
    whether there are more.
    """

    lines: list[Line]
    companies: int
    offices: int
    next_after: int | None
    beside: list[Line]
    more_beside: bool


@dataclass(frozen=True)
class Holder:
    """Who may get a line, in plain words."""

    name: str
    kind: str
    agency: str
    url: str
    what: str
    why: str
    detail: str
    others: tuple[str, ...]
    since: dt.date | None
    is_dated: bool
    until: str
    control: str
    ground: str


# The same as `VersionQuerySet.in_force_on`, and `stood_on` for a day gone by; the pages' tests hold each.
# `OFFSET 0` has each agreement looked up for its lines: no table is read whole. What was asked for and never
# signed was never allowed: it is in neither list.
_LINE = """
    SELECT s.id, s.version_id, m.agreement_id, m.number, m.effective_from, m.state, m.begins_on, m.ends_on,
           m.vendor_id, v.name, v.kind
      FROM (SELECT e.id FROM districts_dataelement e WHERE {condition} OFFSET 0) e
      JOIN districts_sharedelement s ON s.element_id = e.id
     CROSS JOIN LATERAL (
         SELECT x.agreement_id, x.number, x.effective_from, a.state, a.begins_on, a.ends_on, a.vendor_id
           FROM districts_agreementversion x JOIN districts_agreement a ON a.id = x.agreement_id
          WHERE x.id = s.version_id AND x.published_at IS NOT NULL OFFSET 0) m
     CROSS JOIN LATERAL (SELECT x.name, x.kind FROM districts_vendor x WHERE x.id = m.vendor_id OFFSET 0) v
"""
_ALL = """
WITH line AS MATERIALIZED ({line}), held AS MATERIALIZED (
    SELECT * FROM line
     WHERE effective_from <= %(day)s
       AND (begins_on IS NULL OR begins_on <= %(day)s) AND (ends_on IS NULL OR ends_on >= %(day)s)
       AND (state = 'signed' OR %(is_past)s AND state = 'ended' AND ends_on IS NOT NULL AND (
               SELECT true FROM districts_agreementevent x
                WHERE x.agreement_id = line.agreement_id AND x.kind = 'executed' LIMIT 1))
       AND (SELECT true FROM districts_agreementversion x
             WHERE x.agreement_id = line.agreement_id AND x.number > line.number
               AND x.published_at IS NOT NULL AND x.effective_from <= %(day)s LIMIT 1) IS NULL
)
SELECT (SELECT count(DISTINCT vendor_id) FILTER (WHERE kind <> 'public_office') FROM held),
       (SELECT count(DISTINCT vendor_id) FILTER (WHERE kind = 'public_office') FROM held),
       ARRAY(SELECT id FROM held ORDER BY name, agreement_id, id),
       ARRAY(SELECT id FROM (
                 SELECT DISTINCT ON (name, agreement_id) id, name, agreement_id FROM line
                  WHERE agreement_id NOT IN (SELECT agreement_id FROM held)
                    AND (state <> 'ended' OR (SELECT true FROM districts_agreementevent x
                           WHERE x.agreement_id = line.agreement_id AND x.kind = 'executed' LIMIT 1))
                  ORDER BY name, agreement_id, number DESC, id) other
              ORDER BY name, agreement_id LIMIT %(beside)s)
"""
_SHOWN = """
SELECT s.id, s.element_id, s.purpose_id, s.basis, s.detail, s.kept, s.kept_days, s.kept_until, s.recipients,
       m.number, a.public_id, a.state,
       least(coalesce(a.ends_on, (SELECT max(x.happened_on) FROM districts_agreementevent x
                                   WHERE x.agreement_id = a.id AND x.kind IN ('ended', 'terminated'))),
             (SELECT min(x.effective_from) - 1 FROM districts_agreementversion x
               WHERE x.agreement_id = a.id AND x.number > m.number AND x.published_at IS NOT NULL)),
       v.name, v.kind, g.name, first.since,
       a.begins_on IS NOT NULL OR NOT EXISTS (
           SELECT FROM districts_publication p JOIN districts_agreementversion x ON x.id = p.version_id
            WHERE p.agreement_id = a.id AND p.kind = 'baseline' AND x.effective_from = first.since
       ) OR EXISTS (
           SELECT FROM districts_agreementevent x
            WHERE x.agreement_id = a.id AND x.kind = 'executed' AND x.happened_on IS NOT NULL)
  FROM unnest(%(lines)s::bigint[]) WITH ORDINALITY wanted (id, place)
  JOIN districts_sharedelement s ON s.id = wanted.id
  JOIN districts_agreementversion m ON m.id = s.version_id
  JOIN districts_agreement a ON a.id = m.agreement_id
  JOIN districts_vendor v ON v.id = a.vendor_id
  JOIN districts_agency g ON g.id = a.agency_id
 CROSS JOIN LATERAL (
     SELECT min(x.effective_from) AS since FROM districts_agreementversion x
       JOIN districts_sharedelement t ON t.version_id = x.id
       JOIN districts_dataelement e ON e.id = t.element_id
      WHERE x.agreement_id = a.id AND x.published_at IS NOT NULL AND {condition}) first
 ORDER BY wanted.place
"""


def held(which: Kinds, day: dt.date, today: dt.date, after: int | None = None) -> Held:
    """Return the lines that follow the one with this id: two queries at most, whoever else shares what.

    An id that is not among them begins anew.
    """

    def read() -> tuple[int, int, list[int], list[int]]:
        values = {"day": day, "is_past": day < today, "beside": LISTED_BESIDE + 1}
        [(companies, offices, lines, beside)] = _read(_ALL, which, values)
        return companies, offices, lines, beside

    about = ("held", which.condition, which.pk, day, day < today)
    companies, offices, every, beside = kept_figures(about, read)
    begin = every.index(after) + 1 if after in every else 0
    shown = every[begin : begin + LISTED]
    beside_shown = [] if begin else beside[:LISTED_BESIDE]
    wanted = [*shown, *beside_shown]
    found = kept_figures((*about, wanted), lambda: _lines(which, wanted))
    return Held(
        lines=found[: len(shown)],
        companies=companies,
        offices=offices,
        next_after=shown[-1] if len(every) > begin + LISTED else None,
        beside=found[len(shown) :],
        more_beside=len(beside) > LISTED_BESIDE,
    )


def _lines(which: Kinds, wanted: list[int]) -> list[Line]:
    return [Line._make(row) for row in _read(_SHOWN, which, {"lines": wanted})]


def _read(sql: str, which: Kinds, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    line = _LINE.format(condition=which.condition)
    with connections[router.db_for_read(SharedElement)].cursor() as cursor:
        cursor.execute(sql.format(line=line, condition=which.condition), {"kind": which.pk, **values})
        return cursor.fetchall()


def holders(some: Held, texts: Words) -> list[Holder]:
    """Return each line in plain words. It is allowed since the first version of the agreement that had it."""
    return [
        Holder(
            name=line.vendor,
            kind="" if line.vendor_kind == Vendor.Kind.UNKNOWN else str(Vendor.Kind(line.vendor_kind).label),
            agency=line.agency,
            url=line.address,
            what=texts.element(line.element_id),
            why=texts.purpose(line.purpose_id),
            detail=line.detail,
            others=tuple(line.recipients),
            since=line.since,
            is_dated=line.is_dated,
            until=kept_words(line),
            control=control_words(line.basis),
            ground=ground_words(line.basis),
        )
        for line in some.lines
    ]
