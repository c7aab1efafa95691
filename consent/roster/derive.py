"""Works out from the staged rows which students are the district's, who their adults are, where they go."""

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper

from .oneroster import GUARDIAN_ROLES, Org
from .orgs import SCHOOL_KINDS
from .staging import derive, make_table

# role words of users.csv, of roles.csv, and those that relationships.csv gives a contact
PARTS = """
    SELECT u.id AS user_id, r.role FROM roster_user u, unnest(u.roles) AS r (role) WHERE NOT u.gone
    UNION
    SELECT r.user_id, r.role FROM roster_role r JOIN roster_user u ON u.id = r.user_id WHERE NOT u.gone
    UNION
    SELECT r.other, r.role FROM roster_relationship r JOIN roster_user u ON u.id = r.other
     WHERE NOT u.gone AND r.role <> ''
"""

# Classes say where a student goes; where a student has none, the organisations beside the name do.
PLACES = """
    WITH named AS (
        SELECT u.id AS student, o.org AS school, u.grade, false AS by_class
          FROM roster_user u JOIN roster_part p ON p.user_id = u.id AND p.role = 'student',
               unnest(u.orgs) AS o (org)
        UNION ALL
        SELECT r.user_id, r.org, coalesce(nullif(r.grade, ''), u.grade), false
          FROM roster_role r JOIN roster_user u ON u.id = r.user_id AND NOT u.gone WHERE r.role = 'student'
        UNION ALL
        SELECT DISTINCT e.user_id, e.school, u.grade, true
          FROM roster_enrollment e
          JOIN roster_user u ON u.id = e.user_id
          JOIN roster_part p ON p.user_id = u.id AND p.role = 'student'
    ), counted AS (
        SELECT n.*, bool_or(by_class) OVER (PARTITION BY student) AS has_classes FROM named n
    )
    SELECT c.student, c.school, max(c.grade) AS grade, bool_or(s.id IS NOT NULL) AS is_ours
      FROM counted c
      JOIN roster_org o ON o.id = c.school AND o.kind = ANY (%(kinds)s) AND NOT o.gone
      LEFT JOIN roster_school s ON s.id = c.school
     WHERE c.by_class = c.has_classes
     GROUP BY c.student, c.school
"""

STUDENTS = """
    SELECT u.id, u.shown_name, b.birth_date
      FROM roster_user u
      JOIN roster_part p ON p.user_id = u.id AND p.role = 'student'
      LEFT JOIN (SELECT id, min(birth_date) AS birth_date FROM roster_birth GROUP BY id) b ON b.id = u.id
      LEFT JOIN (SELECT student, bool_or(is_ours) AS is_ours FROM roster_place GROUP BY student) l
        ON l.student = u.id
     WHERE coalesce(l.is_ours, true)
"""

# Of several roles without a relation the least one counts: a relative waits for review.
ADULTS = """
    SELECT p.user_id AS id,
           CASE WHEN bool_or(p.role = 'relative') THEN 'relative'
                WHEN bool_or(p.role = 'parent') THEN 'parent' ELSE 'guardian' END AS relation,
           bool_or(p.role <> 'student' AND p.role <> ALL (%(roles)s)) AS is_staff
      FROM roster_part p
     GROUP BY p.user_id
    HAVING bool_or(p.role = ANY (%(roles)s))
"""

# Both ways round: the join with students and adults keeps the way that makes sense. A member of staff who
# is a parent too may stand in agentSourcedIds as a teacher: without a stated relation that tie is not sure.
TIES = """
    WITH pairs AS (
        SELECT student, person FROM roster_extra WHERE person <> ''
        UNION SELECT user_id, other FROM roster_relationship
        UNION SELECT other, user_id FROM roster_relationship
        UNION SELECT u.id, a.id FROM roster_user u, unnest(u.agents) AS a (id) WHERE NOT u.gone
        UNION SELECT a.id, u.id FROM roster_user u, unnest(u.agents) AS a (id) WHERE NOT u.gone
    ), extra AS (
        SELECT student, person, max(relation) AS relation, bool_or(is_primary) AS is_primary,
               max(restriction) AS restriction
          FROM roster_extra WHERE person <> '' GROUP BY student, person
    ), related AS (
        SELECT user_id, other, max(relation) AS relation FROM roster_relationship GROUP BY user_id, other
    )
    SELECT p.student, p.person,
           coalesce(nullif(x.relation, ''), nullif(r.relation, ''), a.relation) AS relation,
           coalesce(x.is_primary, false) AS is_primary,
           coalesce(x.restriction, '') AS restriction,
           NOT a.is_staff OR coalesce(nullif(x.relation, ''), nullif(r.relation, '')) IS NOT NULL AS is_sure
      FROM pairs p
      JOIN roster_student s ON s.id = p.student
      JOIN roster_adult a ON a.id = p.person
      LEFT JOIN extra x ON x.student = p.student AND x.person = p.person
      LEFT JOIN related r ON r.user_id = p.student AND r.other = p.person
     WHERE p.student <> p.person
"""

NOTES = {
    "students_of_other_districts": "SELECT count(*) FROM roster_part p WHERE p.role = 'student'"
    " AND NOT EXISTS (SELECT FROM roster_student s WHERE s.id = p.user_id)",
    "students_without_school": "SELECT count(*) FROM roster_student s"
    " WHERE NOT EXISTS (SELECT FROM roster_place l WHERE l.student = s.id)",
    "adults_without_child": "SELECT count(*) FROM roster_adult a"
    " WHERE NOT EXISTS (SELECT FROM roster_tie t WHERE t.person = a.id)",
    "links_to_nobody": "SELECT count(*) FROM roster_user u, unnest(u.agents) AS a (id)"
    " WHERE NOT u.gone AND NOT EXISTS (SELECT FROM roster_user o WHERE o.id = a.id)",
    "links_to_people_without_rights": "SELECT count(*) FROM roster_student s"
    " JOIN roster_user u ON u.id = s.id CROSS JOIN unnest(u.agents) AS a (id)"
    " JOIN roster_user o ON o.id = a.id AND NOT o.gone"
    " WHERE NOT EXISTS (SELECT FROM roster_adult d WHERE d.id = a.id)",
    "supplement_rows_about_nobody": "SELECT count(*) FROM roster_extra x"
    " WHERE NOT EXISTS (SELECT FROM roster_user u WHERE u.id = x.student)"
    " OR (x.person <> '' AND NOT EXISTS (SELECT FROM roster_user u WHERE u.id = x.person))",
    "supplement_rows_about_people_without_rights": "SELECT count(*) FROM roster_extra x"
    " JOIN roster_user u ON u.id = x.person AND NOT u.gone"
    " WHERE NOT EXISTS (SELECT FROM roster_adult a WHERE a.id = x.person)",
}


def derive_families(cursor: CursorWrapper, schools: Sequence[Org]) -> dict[str, int]:
    """Make the temporary tables roster_school, _part, _place, _student, _adult, _tie.

    Return how much was read and set aside, by reason.
    """
    make_table(cursor, "roster_school", "id text, name text, identifier text")
    cursor.execute(
        "INSERT INTO roster_school SELECT * FROM unnest(%s::text[], %s::text[], %s::text[])",
        [[s.id for s in schools], [s.name for s in schools], [s.identifier for s in schools]],
    )
    derive(cursor, "roster_part", PARTS)
    cursor.execute("CREATE INDEX ON roster_part (user_id)")
    cursor.execute("CREATE INDEX ON roster_user (id)")
    derive(cursor, "roster_place", PLACES, {"kinds": sorted(SCHOOL_KINDS)})
    derive(cursor, "roster_student", STUDENTS)
    derive(cursor, "roster_adult", ADULTS, {"roles": sorted(GUARDIAN_ROLES)})
    derive(cursor, "roster_tie", TIES)
    columns = ", ".join(f"({query}) AS {name}" for name, query in NOTES.items())
    cursor.execute(f"SELECT {columns}")
    return dict(zip(NOTES, cursor.fetchone(), strict=True))
