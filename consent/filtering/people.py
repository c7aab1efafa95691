"""Who may be in a filtered roster, and which data of each: worked out once, looked up in batches."""

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import connection

from consent import effective, permitted
from consent.questions import keys_of
from districts.models import Agency, Agreement, AgreementVersion, Control, SharedElement

_NOBODY: frozenset[int] = frozenset()

_CHILDREN = """
CREATE TEMP TABLE openroll_filter_child AS
SELECT s.id AS student_id, s.roster_id,
       coalesce(array_agg(DISTINCT coalesce(e.same_meaning_as_id, e.id)) FILTER (WHERE v.permitted), '{}')
           AS permitted,
       coalesce(jsonb_object_agg(coalesce(e.same_meaning_as_id, e.id), v.why)
                FILTER (WHERE NOT v.permitted), '{}') AS withheld
  FROM (VERDICTS) v
  JOIN consent_student s ON s.id = v.student_id
  JOIN districts_sharedelement line ON line.id = v.line_id
  JOIN districts_dataelement e ON e.id = line.element_id
 WHERE e.subject <> 'staff'
 GROUP BY s.id, s.roster_id
"""

# Adults appear only as today's deciders of children who are in the file and whose family data may be shared:
# nobody barred, without rights or waiting for review.
_TIES = """
CREATE TEMP TABLE openroll_filter_tie AS
SELECT c.roster_id AS child, g.roster_id AS adult, c.permitted
  FROM openroll_filter_child c
  JOIN consent_entitled(%(day)s) e ON e.student_id = c.student_id
  JOIN consent_guardianship gs ON gs.id = e.guardianship_id AND gs.relation <> 'self'
  JOIN consent_guardian g ON g.id = e.guardian_id
 WHERE %(child_id)s = ANY (c.permitted) AND %(adult_id)s = ANY (c.permitted)
"""


@dataclass(frozen=True)
class Person:
    """What may be shared about one person, why other things may not, and whom they are tied to."""

    permitted: frozenset[int] = _NOBODY
    withheld: Mapping[int, str] = field(default_factory=dict)
    ties: frozenset[str] = frozenset()


@dataclass
class People:
    """Look-ups into what was worked out for one agreement, one agency and one day. Lives in a transaction."""

    agency: Agency
    version: AgreementVersion
    staff: frozenset[int]
    _sets: dict[tuple[int, ...], frozenset[int]] = field(default_factory=dict)

    def children(self, ids: Collection[str]) -> dict[str, Person]:
        """Return the children in scope among some ids, with the adults they are tied to."""
        ties = self._ties("child", "adult", ids)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT roster_id, permitted, withheld::text FROM openroll_filter_child"
                " WHERE roster_id = ANY(%s)",
                [list(ids)],
            )
            return {
                roster_id: Person(self._set(allowed), _whys(withheld), ties.get(roster_id, frozenset()))
                for roster_id, allowed, withheld in cursor
            }

    def adults(self, ids: Collection[str]) -> dict[str, Person]:
        """Return today's deciders of children in the file among some ids, with those children.

        What is permitted is what is permitted for at least one of the children.
        """
        ties = self._ties("adult", "child", ids)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT adult, array_agg(DISTINCT meaning ORDER BY meaning) FROM openroll_filter_tie"
                " CROSS JOIN LATERAL unnest(permitted) AS meaning WHERE adult = ANY(%s) GROUP BY adult",
                [list(ids)],
            )
            return {adult: Person(self._set(allowed), {}, ties[adult]) for adult, allowed in cursor}

    def known_students(self, ids: Collection[str]) -> set[str]:
        """Return which ids the district's families know at all; the rest are strangers."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT roster_id FROM consent_student WHERE agency_id = %s AND roster_id = ANY(%s)",
                [self.agency.pk, list(ids)],
            )
            return {roster_id for (roster_id,) in cursor}

    def permitted_for_anybody(self) -> tuple[frozenset[int], frozenset[int]]:
        """Return what is permitted for at least one child, and for at least one adult."""
        found = []
        with connection.cursor() as cursor:
            for table in ("openroll_filter_child", "openroll_filter_tie"):
                cursor.execute(f"SELECT DISTINCT unnest(permitted) FROM {table}")  # noqa: S608
                found.append(frozenset(meaning for (meaning,) in cursor))
        return found[0], found[1]

    def _ties(self, of: str, to: str, ids: Collection[str]) -> dict[str, frozenset[str]]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {of}, array_agg({to}) FROM openroll_filter_tie"  # noqa: S608
                f" WHERE {of} = ANY(%s) GROUP BY {of}",
                [list(ids)],
            )
            return {one: frozenset(others) for one, others in cursor}

    def _set(self, allowed: list[int]) -> frozenset[int]:
        """Share equal sets: thousands of children have the same."""
        return self._sets.setdefault(tuple(allowed), frozenset(allowed))


def work_out(
    *, agency: Agency, agreement: Agreement, today: dt.date, child_id: int | None, adult_id: int | None
) -> People | None:
    """Work out what one agreement permits about an agency's people on a day; None if it is not in force.

    `child_id` and `adult_id` are the elements that their ids in the file are. Makes temporary tables: call
    it inside a transaction and stay in it.
    """
    asked = permitted.statement(agreement_id=agreement.pk, today=today, agency_id=agency.pk)
    if asked is None:
        return None
    with effective.fit_for_a_district(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS openroll_filter_tie, openroll_filter_child")
        cursor.execute(_CHILDREN.replace("VERDICTS", asked.sql), asked.parameters)
        cursor.execute(_TIES, {"day": today, "child_id": child_id, "adult_id": adult_id})
        cursor.execute("CREATE INDEX ON openroll_filter_child (roster_id)")
        cursor.execute("CREATE INDEX ON openroll_filter_tie (child)")
        cursor.execute("CREATE INDEX ON openroll_filter_tie (adult)")
        cursor.execute("ANALYZE openroll_filter_child, openroll_filter_tie")
    return People(agency, asked.version, _staff(asked.version, today))


def forget() -> None:
    """Drop what was worked out."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS openroll_filter_tie, openroll_filter_child")


def _staff(version: AgreementVersion, today: dt.date) -> frozenset[int]:
    """Return what a version shares about school staff today; families' answers do not touch it."""
    starts = permitted.starts_of(version)
    lines = SharedElement.objects.filter(version=version, element__subject="staff").select_related("element")
    return frozenset(
        line.element.meaning_id
        for line in lines
        if line.control == Control.INFORM and starts.get(keys_of(line)[""], today) <= today
    )


def _whys(withheld: str) -> dict[int, str]:
    return {int(meaning): why for meaning, why in json.loads(withheld).items()}
