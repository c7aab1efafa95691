"""Children for whom nobody may be told anything today: no decider, or only people on hold or gone."""

import datetime as dt
from collections.abc import Iterator

from django.db import connection

from .audience import UntoldChild

_UNTOLD = """
    SELECT s.id, s.roster_id, s.shown_name,
           coalesce(array_agg(sc.name ORDER BY sc.name) FILTER (WHERE sc.id IS NOT NULL), '{}'),
           coalesce(min(e.grade), '')
      FROM consent_student s
      LEFT JOIN consent_enrollment e ON e.student_id = s.id
       AND (e.ended_on IS NULL OR e.ended_on > %(day)s)
      LEFT JOIN districts_school sc ON sc.id = e.school_id
     WHERE s.agency_id = %(agency)s AND (s.ended_on IS NULL OR s.ended_on > %(day)s)
       AND NOT EXISTS (SELECT FROM consent_entitled(%(day)s) entitled WHERE entitled.student_id = s.id)
     GROUP BY s.id ORDER BY min(sc.name) NULLS LAST, s.shown_name, s.id
"""

_COUNT = """
    SELECT count(*) FROM consent_student s
     WHERE s.agency_id = %(agency)s AND (s.ended_on IS NULL OR s.ended_on > %(day)s)
       AND NOT EXISTS (SELECT FROM consent_entitled(%(day)s) entitled WHERE entitled.student_id = s.id)
"""


def count_untold(agency_id: int, today: dt.date) -> int:
    """Return how many children of an agency have nobody to tell."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"agency": agency_id, "day": today})
        return int(cursor.fetchone()[0])


def untold_children(agency_id: int, today: dt.date, *, limit: int | None = None) -> Iterator[UntoldChild]:
    """Yield the children with nobody to tell, by school and name; memory stays flat."""
    sql = f"{_UNTOLD} LIMIT %(limit)s"
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, {"agency": agency_id, "day": today, "limit": limit})
        for student_id, roster_id, name, schools, grade in cursor:
            yield UntoldChild(student_id, roster_id, name, tuple(schools), grade)
