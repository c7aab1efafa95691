"""Finds in the staged rows what no single row shows: ids used twice, schools and people nobody knows."""

from typing import NamedTuple

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .report import LISTED_REFUSALS, Refusals


class Check(NamedTuple):
    """A query for wrong rows (file, line, column, found; the first lines first) and what was expected."""

    expected: str
    query: str


def _twice(file: str, table: str) -> Check:
    """Return the check that no sourcedId stands on two lines of a file."""
    return Check(
        gettext_noop("an id that stands on one line only"),
        f"""SELECT '{file}', line, 'sourcedId', id
              FROM (SELECT line, id, row_number() OVER (PARTITION BY id ORDER BY line) AS nth FROM {table}) t
             WHERE nth > 1""",  # noqa: S608
    )


SCHOOLS_OF_STUDENTS = """
    SELECT 'users.csv' AS file, u.line, 'orgSourcedIds' AS col, o.org
      FROM roster_user u, unnest(u.orgs) AS o (org) WHERE 'student' = ANY (u.roles) AND NOT u.gone
    UNION ALL
    SELECT 'roles.csv', r.line, 'orgSourcedId', r.org FROM roster_role r WHERE r.role = 'student'
    UNION ALL
    SELECT 'enrollments.csv', e.line, 'schoolSourcedId', e.school FROM roster_enrollment e
"""

CHECKS = [
    _twice("orgs.csv", "roster_org"),
    _twice("users.csv", "roster_user"),
    Check(
        gettext_noop("a sourcedId of orgs.csv"),
        f"""SELECT p.file, p.line, p.col, p.org FROM ({SCHOOLS_OF_STUDENTS}) p
             WHERE NOT EXISTS (SELECT FROM roster_org o WHERE o.id = p.org)""",  # noqa: S608
    ),
    Check(
        gettext_noop("the same birth date on every line of one person"),
        """SELECT 'demographics.csv', b.line, 'birthDate', b.birth_date::text
             FROM roster_birth b
             JOIN (SELECT id, min(line) AS line FROM roster_birth GROUP BY id) f USING (id)
             JOIN roster_birth first ON first.id = b.id AND first.line = f.line
            WHERE b.birth_date <> first.birth_date""",
    ),
    Check(
        gettext_noop("the same relation, contact and restriction on every line of one pair"),
        """SELECT 'relations_extra.csv', max(line), 'parentSourcedId', person
             FROM roster_extra WHERE person <> ''
            GROUP BY student, person
           HAVING count(DISTINCT (relation, is_primary, lower(restriction))) > 1""",
    ),
    # A restriction that names nobody would be lost without a word (a spreadsheet drops leading zeros).
    Check(
        gettext_noop("a sourcedId of users.csv, for the restriction to hold"),
        """SELECT 'relations_extra.csv', x.line, 'parentSourcedId', x.person
             FROM roster_extra x
            WHERE x.restriction <> '' AND NOT EXISTS (SELECT FROM roster_user u WHERE u.id = x.person)
            UNION ALL
           SELECT 'relations_extra.csv', x.line, 'studentSourcedId', x.student
             FROM roster_extra x
            WHERE x.restriction <> '' AND NOT EXISTS (SELECT FROM roster_user u WHERE u.id = x.student)""",
    ),
]


def check_staged(cursor: CursorWrapper, refusals: Refusals) -> None:
    """Raise RosterRefused if the files contradict themselves."""
    for check in CHECKS:
        cursor.execute(
            f"SELECT *, count(*) OVER () FROM ({check.query}) wrong ORDER BY 1, 2 LIMIT %s",  # noqa: S608
            [LISTED_REFUSALS],
        )
        total = 0
        for file, line, column, found, total in cursor.fetchall():  # noqa: B007
            refusals.add(file, line, column, found, _(check.expected))
        refusals.total += max(0, total - LISTED_REFUSALS)
    refusals.raise_if_any()
