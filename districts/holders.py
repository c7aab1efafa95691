"""Who may get a kind of data, or a group of them, on a day: page by page, for the public pages.

Who holds it is found by the kind of data alone: the agreements of others are not read.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connections, router
from django.urls import reverse

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


@dataclass(frozen=True)
class Held:
    """A page of the lines in force on a day, by company, with how many companies and offices hold them all.

    `since` is the first day of the first version of each agreement that had it. `beside` are lines of
    agreements that allowed it at another time: before, or not yet; `more_beside`, whether there are more.
    """

    lines: list[SharedElement]
    companies: int
    offices: int
    next_after: int | None
    since: dict[int, dt.date]
    beside: list[SharedElement]
    more_beside: bool


# The same as `VersionQuerySet.in_force_on`, and `stood_on` for a day gone by; the pages' tests hold each.
# `OFFSET 0` has each agreement looked up for its lines: no table is read whole.
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
_HELD = """
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
), page AS MATERIALIZED (
    SELECT id, agreement_id, name FROM held
     WHERE (NOT EXISTS (SELECT FROM held WHERE id = %(after)s)
            OR (name, agreement_id, id) > (SELECT name, agreement_id, id FROM held WHERE id = %(after)s))
     ORDER BY name, agreement_id, id LIMIT %(limit)s
)
SELECT (SELECT count(DISTINCT vendor_id) FILTER (WHERE kind <> 'public_office') FROM held),
       (SELECT count(DISTINCT vendor_id) FILTER (WHERE kind = 'public_office') FROM held),
       ARRAY(SELECT id FROM page ORDER BY name, agreement_id, id),
       ARRAY(SELECT ARRAY[agreement_id::text, min(effective_from)::text] FROM line
              WHERE agreement_id IN (SELECT agreement_id FROM page) GROUP BY agreement_id),
       ARRAY(SELECT id FROM (
                 SELECT DISTINCT ON (name, agreement_id) id, name, agreement_id FROM line
                  WHERE agreement_id NOT IN (SELECT agreement_id FROM held)
                  ORDER BY name, agreement_id, number DESC, id) other
              ORDER BY name, agreement_id LIMIT %(beside)s)
"""


def held(which: Kinds, day: dt.date, today: dt.date, after: int | None = None) -> Held:
    """Return the lines that follow the one with this id: two queries, whoever else shares what.

    An id that is not among them begins anew.
    """
    values: dict[str, Any] = {
        "kind": which.pk,
        "day": day,
        "is_past": day < today,
        "after": after,
        "limit": LISTED + 1,
        "beside": LISTED_BESIDE + 1,
    }
    sql = _HELD.format(line=_LINE.format(condition=which.condition))
    with connections[router.db_for_read(SharedElement)].cursor() as cursor:
        cursor.execute(sql, values)
        companies, offices, shown, since, beside = cursor.fetchone()
    found = SharedElement.objects.select_related(
        "version__agreement__vendor", "version__agreement__agency", "element"
    ).in_bulk([*shown[:LISTED], *beside[:LISTED_BESIDE]])
    return Held(
        lines=[found[pk] for pk in shown[:LISTED]],
        companies=companies,
        offices=offices,
        next_after=shown[LISTED - 1] if len(shown) > LISTED else None,
        since={int(agreement): dt.date.fromisoformat(first) for agreement, first in since if first},
        beside=[found[pk] for pk in beside[:LISTED_BESIDE]],
        more_beside=len(beside) > LISTED_BESIDE,
    )


def others(lines: Iterable[SharedElement]) -> list[dict[str, Any]]:
    """Return the agreements that allowed it at another time, as `_holders.html` shows them."""
    return [{**_who(line), "ends_on": line.version.agreement.ends_on} for line in lines]


def holders(some: Held, texts: Words) -> list[dict[str, Any]]:
    """Return each line in plain words. It is allowed since the first version of the agreement that had it."""
    return [
        {
            **_who(line),
            "what": texts.element(line.element_id),
            "why": texts.purpose(line.purpose_id),
            "ground": ground_words(line.basis),
            "since": some.since.get(line.version.agreement_id),
            "until": kept_words(line),
            "others": line.recipients,
            "control": control_words(line.basis),
            "detail": line.detail,
        }
        for line in some.lines
    ]


def _who(line: SharedElement) -> dict[str, Any]:
    agreement = line.version.agreement
    return {
        "name": agreement.vendor.name,
        "kind": "" if agreement.vendor.kind == Vendor.Kind.UNKNOWN else agreement.vendor.get_kind_display(),
        "agency": agreement.agency.name,
        "url": reverse("districts:agreement_version", args=[agreement.public_id, line.version.number]),
    }
