"""What a list of an agency's agreements is filtered and counted by: one row for each, in one statement.

Only the agency's own agreements and those it takes or took part in are read, and of each its newest published
version: the one a family reads. What they cost does not depend on what other agencies hold.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connections, router

from .contents import NO_STUDENT_DATA
from .gaps import COUNT_SQL
from .kept_figures import kept_figures
from .law import BASES_WITH_A_CHOICE
from .legend import STATUS_SQL, Status
from .models import Agency, Agreement
from .version_notes import NEW_FOR

#: An agreement that was proposed, is over or is told as history need not have every field.
MUST_BE_FILLED = (Status.IN_USE, Status.NO_CONTRACT, Status.COMING)


class Fact(NamedTuple):
    """One agreement. `gaps` counts its empty fields; groups and sensitivities are words apart by spaces.

    `lines` counts the kinds of data that are listed; where none are, the company may get data all the same.
    No grades or no schools mean all of them. `left_on` is the day on which the agency left it, if it did.
    A tuple, since a district may have a thousand of them on each of its pages.
    """

    agreement_id: int
    version_id: int
    vendor_id: int
    public_id: str
    kind: str
    status: str
    lines: int
    gets_data: bool
    has_choice: bool
    is_new: bool
    gaps: int
    categories: str
    sensitivities: str
    grades: Sequence[str]
    schools: Sequence[int]
    left_on: dt.date | None

    @property
    def missing(self) -> int:
        """How many fields are empty that must be filled in."""
        return self.gaps if self.status in MUST_BE_FILLED else 0


# Each step looks up by index what belongs to the agreements before it: `OFFSET 0` and `LIMIT 1` keep
# PostgreSQL from reading a whole table, which would cost what all agencies hold. A line under a re-coded
# element counts in the group of the element it stands for.
_FACTS = f"""
WITH concerned AS MATERIALIZED (
    SELECT id FROM districts_agreement WHERE agency_id = %(agency)s
    UNION SELECT agreement_id FROM districts_participation WHERE agency_id = %(agency)s
), newest AS MATERIALIZED (
    SELECT concerned.id AS agreement_id, m.*, CASE WHEN m.effective_from <= %(today)s THEN true ELSE (
               SELECT true FROM districts_agreementversion x
                WHERE x.agreement_id = concerned.id AND x.published_at IS NOT NULL
                  AND x.effective_from <= %(today)s LIMIT 1) IS NOT NULL END AS counts
      FROM concerned
     CROSS JOIN LATERAL (SELECT x.id, x.effective_from, x.sharing_starts_on, x.checked_on,
                                x.subcontractors_answer, x.scope_grades, x.summary = '' AS summary,
                                x.cost = '' AS cost, x.signer_title = '' AS signer_title,
                                x.why_this_company = '' AS why_this_company, x.who_decided = '' AS who_decided
                           FROM districts_agreementversion x
                          WHERE x.agreement_id = concerned.id AND x.published_at IS NOT NULL
                          ORDER BY x.number DESC LIMIT 1) m
), kind AS MATERIALIZED (
    SELECT e.id, e.sensitivity::text, g.code::text, e.code <> '{NO_STUDENT_DATA}' AS is_data
      FROM districts_dataelement e
      LEFT JOIN districts_dataelement same ON same.id = e.same_meaning_as_id
      JOIN districts_datacategory g ON g.id = coalesce(same.category_id, e.category_id)
), line AS MATERIALIZED (
    SELECT newest.id AS version_id, count(*) AS lines, bool_or(x.basis = ANY (%(choices)s)) AS has_choice,
           string_agg(kind.code, ' ') AS categories, string_agg(kind.sensitivity, ' ') AS sensitivities,
           bool_or(kind.is_data) AS gets_data, bool_or(x.purpose_id IS NULL) AS without_reason,
           bool_or(x.source = 'not_filled_in') AS without_source,
           bool_or(x.kept = 'not_filled_in') AS without_end
      FROM newest
     CROSS JOIN LATERAL (SELECT s.element_id, s.basis, s.purpose_id, s.source, s.kept
                           FROM districts_sharedelement s WHERE s.version_id = newest.id OFFSET 0) x
      JOIN kind ON kind.id = x.element_id
     GROUP BY newest.id
), event AS MATERIALIZED (
    SELECT x.agreement_id, bool_or(x.kind = 'declined') AS declined, bool_or(x.kind = 'executed') AS executed,
           bool_or(x.kind = 'executed' AND x.happened_on IS NOT NULL) AS dated
      FROM concerned
     CROSS JOIN LATERAL (SELECT * FROM districts_agreementevent s
                          WHERE s.agreement_id = concerned.id OFFSET 0) x
     GROUP BY x.agreement_id
), part AS MATERIALIZED (
    SELECT p.agreement_id,
           bool_or(p.from_on <= %(today)s AND (p.until_on IS NULL OR p.until_on > %(today)s)) AS is_open,
           max(p.until_on) FILTER (WHERE p.until_on <= %(today)s) AS left_on
      FROM districts_participation p WHERE p.agency_id = %(agency)s GROUP BY p.agreement_id
), fact AS MATERIALIZED (
    SELECT a.id, a.public_id::text, a.vendor_id, n.id AS version, lower(v.name) AS name, v.kind::text,
           {STATUS_SQL} AS status,
           coalesce(l.lines, 0) AS lines, coalesce(l.gets_data, true) AS gets_data,
           coalesce(l.has_choice, false) AS has_choice, coalesce(l.categories, '') AS categories,
           coalesce(l.sensitivities, '') AS sensitivities, n.scope_grades::text[] AS grades, part.left_on,
           ARRAY(SELECT school_id FROM districts_scopeschool o WHERE o.version_id = n.id) AS schools,
           a.kind <> 'reconstruction' AND (
               SELECT true FROM districts_publication p
                WHERE p.version_id = n.id AND p.kind = 'version' AND p.day > %(new_after)s LIMIT 1
           ) IS NOT NULL AS is_new,
           {COUNT_SQL} AS gaps
      FROM newest n
     CROSS JOIN LATERAL (SELECT * FROM districts_agreement x WHERE x.id = n.agreement_id OFFSET 0) a
     CROSS JOIN LATERAL (SELECT * FROM districts_vendor x WHERE x.id = a.vendor_id OFFSET 0) v
      LEFT JOIN line l ON l.version_id = n.id
      LEFT JOIN event ON event.agreement_id = n.agreement_id
      LEFT JOIN part ON part.agreement_id = n.agreement_id
)
SELECT id, version, vendor_id, public_id, kind, status, lines, gets_data, has_choice, is_new, gaps,
       categories, sensitivities, grades, schools, left_on
  FROM fact
 WHERE %(school)s::bigint IS NULL OR cardinality(schools) = 0 OR %(school)s::bigint = ANY (schools)
 ORDER BY array_position(%(order)s::text[], status), name, id
"""  # noqa: S608 - constants


def facts(agency: Agency, today: dt.date, school: int | None) -> list[Fact]:
    """Return an agency's public agreements on a day, in use first, by company; of one school, or all."""
    values: dict[str, Any] = {
        "agency": agency.pk,
        "today": today,
        "school": school,
        "new_after": today - NEW_FOR,
        "choices": [str(basis) for basis in BASES_WITH_A_CHOICE],
        "order": [str(status) for status in Status],
    }

    def read() -> list[tuple[Any, ...]]:
        with connections[router.db_for_read(Agreement)].cursor() as cursor:
            cursor.execute(_FACTS, values)
            return cursor.fetchall()

    return [Fact._make(row) for row in kept_figures(("facts", agency.pk, today, school), read)]
