"""Brings students and guardians into step with the roster, by whole sets, touching only what differs."""

import datetime as dt

from django.db.backends.utils import CursorWrapper

from .merging import run_merge
from .report import Tally
from .staging import derive

# A person of their own is made for a student so many days before the rights move to them; until then no
# address of a child is kept.
DAYS_BEFORE_RIGHTS_MOVE = 400

CHANGE_STUDENTS = """
    UPDATE consent_student s
       SET shown_name = r.shown_name, birth_date = coalesce(r.birth_date, s.birth_date),
           ended_on = CASE WHEN s.ended_on <= %(as_of)s THEN NULL ELSE s.ended_on END
      FROM roster_student r
     WHERE s.agency_id = %(agency)s AND s.roster_id = r.id
       AND (s.shown_name <> r.shown_name OR s.ended_on <= %(as_of)s
            OR r.birth_date IS DISTINCT FROM s.birth_date AND r.birth_date IS NOT NULL)
"""

MAKE_STUDENTS = """
    INSERT INTO consent_student (agency_id, roster_id, shown_name, birth_date)
    SELECT %(agency)s, r.id, r.shown_name, r.birth_date
      FROM roster_student r
     WHERE NOT EXISTS (SELECT FROM consent_student s WHERE s.agency_id = %(agency)s AND s.roster_id = r.id)
"""

END_STUDENTS = """
    UPDATE consent_student s SET ended_on = %(as_of)s
     WHERE s.agency_id = %(agency)s AND (s.ended_on IS NULL OR s.ended_on > %(as_of)s)
       AND NOT EXISTS (SELECT FROM roster_student r WHERE r.id = s.roster_id)
"""

COUNT_ENDINGS = """
    SELECT count(*),
           count(*) FILTER (WHERE NOT EXISTS (SELECT FROM roster_student r WHERE r.id = s.roster_id))
      FROM consent_student s
     WHERE s.agency_id = %(agency)s AND (s.ended_on IS NULL OR s.ended_on > %(as_of)s)
"""

# An export that lost its parents has all its students. Adults without a tie to a child have ended before.
COUNT_ADULTS_ENDING = """
    SELECT count(*),
           count(*) FILTER (WHERE NOT EXISTS (SELECT FROM roster_tie t WHERE t.person = g.roster_id))
      FROM consent_guardian g
     WHERE g.agency_id = %(agency)s AND g.origin = 'roster'
       AND (g.ended_on IS NULL OR g.ended_on > %(as_of)s)
       AND EXISTS (SELECT FROM consent_guardianship gs
                    WHERE gs.guardian_id = g.id AND gs.relation <> 'self'
                      AND (gs.ended_on IS NULL OR gs.ended_on > %(as_of)s))
"""

# Nor does an empty column of addresses mean that nobody has one any more: the sign-ins they proved would end.
COUNT_ADDRESSES_ENDING = """
    SELECT count(*), count(*) FILTER (WHERE u.email = '' AND u.email_problem = '')
      FROM consent_guardian g
      JOIN roster_user u ON u.id = g.roster_id AND NOT u.gone
     WHERE g.agency_id = %(agency)s AND g.email <> '' AND NOT g.corrected ? 'email'
       AND (g.ended_on IS NULL OR g.ended_on > %(as_of)s)
"""

# roster_self: students who decide for themselves now or soon. roster_person: everybody who may decide, one
# row each, also for a student who is a parent; NULL where the files say nothing, or still say what staff
# corrected (Guardian.corrected). What the files say anew of a field takes its correction away.
SELVES = """
    SELECT s.id AS student_id, s.roster_id AS id
      FROM consent_student s
      JOIN roster_student r ON r.id = s.roster_id
     WHERE s.agency_id = %(agency)s AND s.eligible_on <= %(last_day)s
"""

PERSONS = """
    SELECT u.id, u.line,
           left(CASE WHEN self.id IS NULL THEN u.given_name ELSE u.shown_name END, 120) AS given_name,
           u.family_name, u.email_problem,
           nullif(u.email, g.corrected ->> 'email') AS email,
           nullif(x.language, g.corrected ->> 'language') AS language,
           nullif(x.postal_address, g.corrected ->> 'postal_address') AS postal_address,
           nullif(x.is_confidential, (g.corrected ->> 'address_is_confidential')::boolean) AS is_confidential,
           g.corrected - array_remove(ARRAY[
               CASE WHEN u.email <> g.corrected ->> 'email' THEN 'email' END,
               CASE WHEN x.language <> g.corrected ->> 'language' THEN 'language' END,
               CASE WHEN x.postal_address <> g.corrected ->> 'postal_address' THEN 'postal_address' END,
               CASE WHEN x.is_confidential <> (g.corrected ->> 'address_is_confidential')::boolean
                    THEN 'address_is_confidential' END], NULL) AS corrected
      FROM roster_user u
      LEFT JOIN consent_guardian g ON g.agency_id = %(agency)s AND g.roster_id = u.id
      LEFT JOIN roster_self self ON self.id = u.id
      LEFT JOIN (
        SELECT coalesce(nullif(person, ''), student) AS id,
               (array_agg(language ORDER BY line) FILTER (WHERE language <> ''))[1] AS language,
               (array_agg(postal_address ORDER BY line) FILTER (WHERE postal_address <> ''))[1]
                   AS postal_address,
               bool_or(safe_address) AS is_confidential
          FROM roster_extra GROUP BY 1) x ON x.id = u.id
     WHERE self.id IS NOT NULL OR EXISTS (SELECT FROM roster_tie t WHERE t.person = u.id)
"""

# A new address has not failed yet.
CHANGE_GUARDIANS = """
    UPDATE consent_guardian g
       SET given_name = r.given_name, family_name = r.family_name,
           email = coalesce(r.email, g.email),
           email_problem = CASE WHEN r.email IS NULL THEN g.email_problem ELSE r.email_problem END,
           email_failed_at = CASE WHEN coalesce(r.email, g.email) = g.email THEN g.email_failed_at END,
           language = coalesce(r.language, g.language),
           postal_address = coalesce(r.postal_address, g.postal_address),
           address_is_confidential = coalesce(r.is_confidential, g.address_is_confidential),
           corrected = r.corrected, origin = 'roster',
           ended_on = CASE WHEN g.ended_on <= %(as_of)s THEN NULL ELSE g.ended_on END
      FROM roster_person r
     WHERE g.agency_id = %(agency)s AND g.roster_id = r.id
       AND (g.ended_on <= %(as_of)s OR g.origin <> 'roster' OR g.corrected <> r.corrected
            OR (g.given_name, g.family_name) <> (r.given_name, r.family_name)
            OR (r.email IS NOT NULL AND (g.email, g.email_problem) <> (r.email, r.email_problem))
            OR g.language <> coalesce(r.language, g.language)
            OR g.postal_address <> coalesce(r.postal_address, g.postal_address)
            OR g.address_is_confidential <> coalesce(r.is_confidential, g.address_is_confidential))
"""

MAKE_GUARDIANS = """
    INSERT INTO consent_guardian (agency_id, roster_id, given_name, family_name, email, email_problem,
                                  language, postal_address, address_is_confidential)
    SELECT %(agency)s, r.id, r.given_name, r.family_name, coalesce(r.email, ''), r.email_problem,
           coalesce(r.language, ''), coalesce(r.postal_address, ''), coalesce(r.is_confidential, false)
      FROM roster_person r
     WHERE NOT EXISTS (SELECT FROM consent_guardian g WHERE g.agency_id = %(agency)s AND g.roster_id = r.id)
"""

# Whoever proves to be a child after all (a birth date was put right) leaves no address behind. Whom staff
# entered, or tied to a child themselves, the roster does not end.
END_GUARDIANS = """
    UPDATE consent_guardian g
       SET ended_on = %(as_of)s,
           email = CASE WHEN c.is_child THEN '' ELSE g.email END,
           corrected = CASE WHEN c.is_child THEN '{}' ELSE g.corrected END
      FROM (SELECT o.id, EXISTS (SELECT FROM consent_guardianship gs
                                   JOIN consent_student s ON s.id = gs.student_id
                                  WHERE gs.guardian_id = o.id AND gs.relation = 'self'
                                    AND (s.eligible_on IS NULL OR s.eligible_on > %(last_day)s)) AS is_child
              FROM consent_guardian o
             WHERE o.agency_id = %(agency)s AND o.origin = 'roster'
               AND (o.ended_on IS NULL OR o.ended_on > %(as_of)s)
               AND NOT EXISTS (SELECT FROM roster_person r WHERE r.id = o.roster_id)
               AND NOT EXISTS (SELECT FROM consent_guardianship gs
                                WHERE gs.guardian_id = o.id AND gs.origin = 'staff'
                                  AND (gs.ended_on IS NULL OR gs.ended_on > %(as_of)s))) c
     WHERE c.id = g.id
"""


def count_endings(cursor: CursorWrapper, *, agency_id: int, as_of: dt.date) -> list[tuple[int, int]]:
    """Return how many students the agency has and how many this load would end; of adults, of addresses."""
    counted = []
    for query in (COUNT_ENDINGS, COUNT_ADULTS_ENDING, COUNT_ADDRESSES_ENDING):
        cursor.execute(query, {"agency": agency_id, "as_of": as_of})
        counted.append(cursor.fetchone())
    return counted


def merge_students(cursor: CursorWrapper, *, agency_id: int, as_of: dt.date) -> Tally:
    """Make, change, end students. A birth date the files do not tell stays as it is."""
    return run_merge(
        cursor,
        "roster_student",
        change=CHANGE_STUDENTS,
        make=MAKE_STUDENTS,
        end=END_STUDENTS,
        values={"agency": agency_id, "as_of": as_of},
    )


def merge_guardians(cursor: CursorWrapper, *, agency_id: int, as_of: dt.date) -> Tally:
    """Make, change, end the adults of the students and the students who decide for themselves.

    Makes the temporary tables roster_self and roster_person.
    """
    last_day = as_of + dt.timedelta(days=DAYS_BEFORE_RIGHTS_MOVE)
    values = {"agency": agency_id, "as_of": as_of, "last_day": last_day}
    derive(cursor, "roster_self", SELVES, values)
    derive(cursor, "roster_person", PERSONS, values)
    return run_merge(
        cursor,
        "roster_person",
        change=CHANGE_GUARDIANS,
        make=MAKE_GUARDIANS,
        end=END_GUARDIANS,
        values=values,
    )
