"""Brings schools and enrollments into step with the roster, by whole sets, touching only what differs."""

import datetime as dt

from django.db.backends.utils import CursorWrapper

from .merging import run_merge
from .report import Tally
from .staging import derive

# What the roster has is the roster's, whoever entered it first; only that is ended by a roster.
CHANGE_SCHOOLS = """
    UPDATE districts_school s
       SET name = left(r.name, 200),
           nces_id = CASE WHEN r.nces_id <> '' THEN r.nces_id ELSE s.nces_id END,
           ended_on = CASE WHEN s.ended_on <= %(as_of)s THEN NULL ELSE s.ended_on END,
           origin = 'roster'
      FROM (SELECT id, name, CASE WHEN identifier ~ '^[0-9]{12}$' THEN identifier ELSE '' END AS nces_id
              FROM roster_school) r
     WHERE s.agency_id = %(agency)s AND s.roster_id = r.id
       AND (s.name <> left(r.name, 200) OR s.ended_on <= %(as_of)s OR s.origin <> 'roster'
            OR (r.nces_id <> '' AND s.nces_id <> r.nces_id))
"""

MAKE_SCHOOLS = """
    INSERT INTO districts_school (agency_id, name, roster_id, nces_id, city, zip_code)
    SELECT %(agency)s, left(r.name, 200), r.id,
           CASE WHEN r.identifier ~ '^[0-9]{12}$' THEN r.identifier ELSE '' END, '', ''
      FROM roster_school r
     WHERE NOT EXISTS (SELECT FROM districts_school s WHERE s.agency_id = %(agency)s AND s.roster_id = r.id)
"""

END_SCHOOLS = """
    UPDATE districts_school s SET ended_on = %(as_of)s
     WHERE s.agency_id = %(agency)s AND s.origin = 'roster' AND (s.ended_on IS NULL OR s.ended_on > %(as_of)s)
       AND NOT EXISTS (SELECT FROM roster_school r WHERE r.id = s.roster_id)
"""

# roster_seat: one row per student and school of this district, with the database's ids. Programs are known
# only where the supplement has the column; there they are complete.
SEATS = """
    SELECT st.id AS student_id, sc.id AS school_id, l.grade,
           CASE WHEN %(programs_known)s THEN coalesce(p.programs, '{}')::varchar[] END AS programs
      FROM roster_place l
      JOIN roster_student r ON r.id = l.student
      JOIN consent_student st ON st.agency_id = %(agency)s AND st.roster_id = l.student
      JOIN districts_school sc ON sc.agency_id = %(agency)s AND sc.roster_id = l.school
      LEFT JOIN (SELECT x.student, array_agg(DISTINCT t.program ORDER BY t.program) AS programs
                   FROM roster_extra x, unnest(x.programs) AS t (program) GROUP BY x.student) p
        ON p.student = l.student
     WHERE l.is_ours
"""

CHANGE_ENROLLMENTS = """
    UPDATE consent_enrollment e
       SET grade = r.grade, programs = coalesce(r.programs, e.programs),
           ended_on = CASE WHEN e.ended_on <= %(as_of)s THEN NULL ELSE e.ended_on END
      FROM roster_seat r
     WHERE e.student_id = r.student_id AND e.school_id = r.school_id
       AND (e.ended_on <= %(as_of)s OR e.grade <> r.grade OR e.programs <> coalesce(r.programs, e.programs))
"""

MAKE_ENROLLMENTS = """
    INSERT INTO consent_enrollment (student_id, school_id, grade, programs)
    SELECT r.student_id, r.school_id, r.grade, coalesce(r.programs, '{}')
      FROM roster_seat r
     WHERE NOT EXISTS (SELECT FROM consent_enrollment e
                        WHERE e.student_id = r.student_id AND e.school_id = r.school_id)
"""

END_ENROLLMENTS = """
    UPDATE consent_enrollment e SET ended_on = %(as_of)s
      FROM consent_student s
     WHERE s.id = e.student_id AND s.agency_id = %(agency)s AND (e.ended_on IS NULL OR e.ended_on > %(as_of)s)
       AND NOT EXISTS (SELECT FROM roster_seat r
                        WHERE r.student_id = e.student_id AND r.school_id = e.school_id)
"""


def merge_schools(cursor: CursorWrapper, *, agency_id: int, as_of: dt.date) -> Tally:
    """Make, change, end the agency's schools as orgs.csv has them."""
    values = {"agency": agency_id, "as_of": as_of}
    return run_merge(
        cursor, "roster_school", change=CHANGE_SCHOOLS, make=MAKE_SCHOOLS, end=END_SCHOOLS, values=values
    )


def merge_enrollments(
    cursor: CursorWrapper, *, agency_id: int, as_of: dt.date, programs_known: bool
) -> Tally:
    """Make, change, end enrollments.

    A trigger renews `entered_at` when grade or programs change or the child comes back: newcomers to an
    audience are found by it.
    """
    values = {"agency": agency_id, "as_of": as_of, "programs_known": programs_known}
    derive(cursor, "roster_seat", SEATS, values)
    return run_merge(
        cursor,
        "roster_seat",
        change=CHANGE_ENROLLMENTS,
        make=MAKE_ENROLLMENTS,
        end=END_ENROLLMENTS,
        values=values,
    )
