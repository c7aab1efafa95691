"""The agreements of one agency as a list to filter and to count: one row of facts for each, in one statement.

Whatever is asked, only the agency's own agreements and those it takes or took part in are read, and of each
its newest published version: the one a family reads.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connections, router

from .contents import NO_STUDENT_DATA
from .gaps import COUNT_SQL
from .law import BASES_WITH_A_CHOICE
from .legend import IN_USE, STATUS_SQL, Status
from .models import Agency, Agreement
from .version_notes import NEW_FOR

#: An agreement that was proposed, is over or is told as history need not have every field.
MUST_BE_FILLED = (Status.IN_USE, Status.NO_CONTRACT, Status.COMING)

# A line under a re-coded element counts in the group of the element it stands for.
_FACTS = f"""
WITH concerned AS (
    SELECT id FROM districts_agreement WHERE agency_id = %(agency)s
    UNION SELECT agreement_id FROM districts_participation WHERE agency_id = %(agency)s
), found AS (
    SELECT a.id, a.public_id, a.vendor_id, n.id AS version, lower(v.name) AS name, v.kind,
           {STATUS_SQL} AS status,
           l.lines, l.gets_data, l.has_choice, l.categories, l.sensitivities,
           n.scope_grades AS grades, s.schools, part.left_on,
           a.kind <> 'reconstruction' AND EXISTS (
               SELECT FROM districts_publication p
                WHERE p.version_id = n.id AND p.kind = 'version' AND p.day > %(new_after)s) AS is_new,
           {COUNT_SQL} AS gaps
      FROM concerned
      JOIN districts_agreement a ON a.id = concerned.id
      JOIN districts_vendor v ON v.id = a.vendor_id
     CROSS JOIN LATERAL (SELECT * FROM districts_agreementversion m
                          WHERE m.agreement_id = a.id AND m.published_at IS NOT NULL
                          ORDER BY m.number DESC LIMIT 1) n
     CROSS JOIN LATERAL (
         SELECT count(*) AS lines, coalesce(bool_or(e.code <> '{NO_STUDENT_DATA}'), true) AS gets_data,
                coalesce(bool_or(x.basis = ANY (%(choices)s)), false) AS has_choice,
                coalesce(array_agg(DISTINCT g.code::text), '{{}}') AS categories,
                coalesce(array_agg(DISTINCT e.sensitivity::text), '{{}}') AS sensitivities,
                coalesce(bool_or(x.purpose_id IS NULL), false) AS without_reason,
                coalesce(bool_or(x.source = 'not_filled_in'), false) AS without_source,
                coalesce(bool_or(x.kept = 'not_filled_in'), false) AS without_end
           FROM districts_sharedelement x
           JOIN districts_dataelement e ON e.id = x.element_id
           LEFT JOIN districts_dataelement same ON same.id = e.same_meaning_as_id
           JOIN districts_datacategory g ON g.id = coalesce(same.category_id, e.category_id)
          WHERE x.version_id = n.id) l
     CROSS JOIN LATERAL (
         SELECT ARRAY(SELECT school_id FROM districts_scopeschool o WHERE o.version_id = n.id) AS schools) s
     CROSS JOIN LATERAL (
         SELECT CASE WHEN a.agency_id <> %(agency)s THEN coalesce(bool_or(
                    p.from_on <= %(today)s AND (p.until_on IS NULL OR p.until_on > %(today)s)
                ), false) END AS is_open,
                max(p.until_on) FILTER (WHERE p.until_on <= %(today)s) AS left_on
           FROM districts_participation p WHERE p.agreement_id = a.id AND p.agency_id = %(agency)s) part
     WHERE %(school)s::bigint IS NULL OR cardinality(s.schools) = 0 OR %(school)s::bigint = ANY (s.schools)
), fact AS MATERIALIZED (
    SELECT *, array_position(%(order)s::text[], status) AS place,
           CASE WHEN status = ANY (%(must_be_filled)s::text[]) THEN gaps ELSE 0 END AS missing
      FROM found
)
"""  # noqa: S608 - constants


@dataclass(frozen=True)
class Facet:
    """One way to narrow the list: which values an agreement has, and when it fits one of them (SQL)."""

    values: str
    fits: str


_FLAG = "CASE WHEN {} THEN ARRAY['1'] END"
FACETS: Mapping[str, Facet] = {
    "status": Facet("ARRAY[status]", "fact.status = {value}"),
    "choice": Facet(_FLAG.format("has_choice"), "fact.has_choice"),
    "new": Facet(_FLAG.format("is_new"), "fact.is_new"),
    "kind": Facet("ARRAY[kind::text]", "fact.kind = {value}"),
    "sensitivity": Facet("sensitivities", "{value} = ANY (fact.sensitivities)"),
    "data": Facet("categories", "{value} = ANY (fact.categories)"),
    "grade": Facet("grades::text[]", "(cardinality(fact.grades) = 0 OR {value} = ANY (fact.grades::text[]))"),
    "gaps": Facet(_FLAG.format("missing > 0"), "fact.missing > 0"),
}
_OF_A_SCHOOL = "(cardinality(fact.schools) = 0 OR o.value::bigint = ANY (fact.schools))"


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


def listed(wanted: Wanted, *, after: uuid.UUID | None = None, limit: int) -> list[Listed]:
    """Return the next `limit` agreements behind the one called `after`; those in use first, by company.

    A name that is not on the list begins it anew.
    """
    behind = """(NOT EXISTS (SELECT FROM fact WHERE public_id = %(after)s)
        OR (place, name, id) > (SELECT place, name, id FROM fact WHERE public_id = %(after)s))"""
    sql = f"""{_FACTS} SELECT id, version, status, has_choice, is_new, missing, left_on FROM fact
        WHERE {_all_of(wanted.chosen)} AND {behind} ORDER BY place, name, id LIMIT %(limit)s"""  # noqa: S608
    return [
        Listed(agreement, version, Status(status), *rest)
        for agreement, version, status, *rest in _run(sql, wanted, after=after, limit=limit)
    ]


def counted(wanted: Wanted, *, schools: Iterable[int] = ()) -> Counted:
    """Count the agreements, and those each value of each facet would leave beside the other choices.

    The facet `school` is counted for the given schools.
    """
    ids = list(schools)
    parts = [
        _options(name, f"SELECT DISTINCT unnest({facet.values})", facet.fits.format(value="o.value"), wanted)
        for name, facet in FACETS.items()
    ]
    if ids:
        parts.append(_options("school", "SELECT unnest(%(schools)s::bigint[])", _OF_A_SCHOOL, wanted))
    used, to_fill = "status = ANY (%(in_use)s::text[])", "status = ANY (%(must_be_filled)s::text[])"
    for name, condition in {
        "agreements": "true",
        "in_use": used,
        "unlisted": f"{used} AND lines = 0",
        "with_a_choice": f"{used} AND has_choice",
        "to_fill": to_fill,
        "filled": f"{to_fill} AND gaps = 0",
        "fitting": _all_of(wanted.chosen),
    }.items():
        parts.append(f"SELECT '', '{name}', count(*) FROM fact WHERE {condition}")  # noqa: S608
    companies = f"SELECT '', 'companies', count(DISTINCT vendor_id) FROM fact WHERE {used} AND gets_data"  # noqa: S608
    parts.append(companies)
    options: dict[str, dict[str, int]] = {}
    for name, value, n in _run(_FACTS + " UNION ALL ".join(parts), wanted, schools=ids):
        options.setdefault(name, {})[value] = n
    return Counted(Figures(**options.pop("")), options)


def _options(name: str, values: str, fits: str, wanted: Wanted) -> str:
    others = {other: value for other, value in wanted.chosen.items() if other != name}
    source = values if "bigint" in values else f"{values} FROM fact"
    return (
        f"SELECT '{name}', o.value::text, count(*) FILTER (WHERE {_all_of(others)})"  # noqa: S608
        f" FROM ({source}) o (value) JOIN fact ON {fits} GROUP BY o.value"
    )


def _all_of(chosen: Mapping[str, str]) -> str:
    """Return the condition that an agreement fits all that was chosen; values stay parameters."""
    return " AND ".join(FACETS[name].fits.format(value=f"%(chosen_{name})s") for name in chosen) or "true"


def _run(sql: str, wanted: Wanted, **more: Any) -> list[tuple[Any, ...]]:
    values = {
        "agency": wanted.agency.pk,
        "today": wanted.today,
        "school": wanted.school,
        "new_after": wanted.today - NEW_FOR,
        "choices": [str(basis) for basis in BASES_WITH_A_CHOICE],
        "order": [str(status) for status in Status],
        "in_use": [str(status) for status in IN_USE],
        "must_be_filled": [str(status) for status in MUST_BE_FILLED],
        **{f"chosen_{name}": value for name, value in wanted.chosen.items()},
        **more,
    }
    with connections[router.db_for_read(Agreement)].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
