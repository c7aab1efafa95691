"""Who is told: the people entitled over the children in scope. One SQL for preview, fan-out and bench."""

# ruff: noqa: S608 - the statements are put together from the constants of this room

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

EVERYBODY = {"after": 0, "up_to": 2**63 - 1}

# The children of one district in scope of a version on a day, or of another version that counts beside it.
SCOPE = """
    SELECT s.student_id, s.school_id FROM consent_in_scope(%(version)s, %(scope_day)s) s
     WHERE s.agency_id = %(agency)s
    UNION ALL
    SELECT s.student_id, s.school_id FROM consent_in_scope(%(also)s, %(scope_day)s) s
     WHERE s.agency_id = %(agency)s
"""
CHILDREN = f"SELECT DISTINCT student_id FROM ({SCOPE}) s"

# Who may decide for which of them, on the day of the notice; a range of guardians at a time.
TIES = f"""
    SELECT e.guardian_id, e.student_id
      FROM consent_entitled(%(day)s) e
     WHERE e.agency_id = %(agency)s AND e.guardian_id > %(after)s AND e.guardian_id <= %(up_to)s
       AND EXISTS (SELECT FROM ({SCOPE}) s WHERE s.student_id = e.student_id)
"""

# One row per person: a guardian of three children is told once, of all three.
PEOPLE = f"""
    SELECT t.guardian_id, array_agg(t.student_id ORDER BY t.student_id) AS about
      FROM ({TIES}) t GROUP BY t.guardian_id
"""

# The channel of the first attempt to reach guardian `g`.
CHANNEL = """
    CASE WHEN g.email = '' OR g.email_failed_at IS NOT NULL
              OR g.id IN (SELECT spoilt.guardian_id FROM consent_spoilt_addresses() spoilt)
         THEN 'letter' ELSE 'email' END
"""


def nearest_day(day: str) -> str:
    """Return SQL for the day nearest to `day` on which participation `part` holds.

    What begins next month is told of today, and so is what ended yesterday.
    """
    return f"greatest(least({day}, part.until_on - 1), part.from_on)"


@dataclass(frozen=True, slots=True)
class SchoolCount:
    """What one school adds to an audience; a person with children at two schools counts at both."""

    school_id: int
    name: str
    people: int
    children: int
    nobody_to_tell: int


@dataclass(frozen=True, slots=True)
class AudiencePreview:
    """How many would be told of a version today, and how many children have nobody to tell."""

    people: int = 0
    children: int = 0
    nobody_to_tell: int = 0
    by_school: tuple[SchoolCount, ...] = ()
    by_language: dict[str, int] = field(default_factory=dict)
    by_channel: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UntoldChild:
    """A child in scope for whom nobody may be told, for the staff of the child's own district."""

    student_id: int
    roster_id: str
    shown_name: str
    schools: tuple[str, ...]
    grade: str


def preview(version_id: int, agency_id: int, today: dt.date, *, also: int | None = None) -> AudiencePreview:
    """Return who would be told if this version, a draft too, were published today.

    `also` is another version whose children count too, as `Notice.also_version`.
    """
    asked = _asked(version_id, agency_id, today, also)
    if asked is None:
        return AudiencePreview()
    by_language: dict[str, int] = {}
    by_channel: dict[str, int] = {}
    for language, channel, people in _rows(_BY_LANGUAGE_AND_CHANNEL, asked):
        by_language[language] = by_language.get(language, 0) + people
        by_channel[channel] = by_channel.get(channel, 0) + people
    [(children, untold)] = _rows(_CHILDREN_COUNTED, asked)
    return AudiencePreview(
        people=sum(by_channel.values()),
        children=children,
        nobody_to_tell=untold,
        by_school=tuple(SchoolCount(*row) for row in _rows(_BY_SCHOOL, asked)),
        by_language=by_language,
        by_channel=by_channel,
    )


def children_with_nobody_to_tell(
    version_id: int, agency_id: int, today: dt.date, *, also: int | None = None
) -> Iterator[UntoldChild]:
    """Yield the children of a preview for whom nobody may be told, by school and name; memory stays flat."""
    asked = _asked(version_id, agency_id, today, also)
    if asked is None:
        return
    with connection.chunked_cursor() as cursor:
        cursor.execute(_UNTOLD_CHILDREN, asked)
        for student_id, roster_id, name, schools, grade in cursor:
            yield UntoldChild(student_id, roster_id, name, tuple(schools), grade)


def _asked(version_id: int, agency_id: int, today: dt.date, also: int | None) -> dict[str, Any] | None:
    """Return the parameters of the audience, or None where the district takes no part."""
    asked = {"version": version_id, "also": also, "agency": agency_id, "day": today, **EVERYBODY}
    rows = _rows(_PARTICIPATION, asked)
    return {**asked, "scope_day": rows[0][0]} if rows else None


def _rows(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


_PARTICIPATION = f"""
    SELECT {nearest_day("%(day)s::date")}
      FROM districts_participation part JOIN districts_agreementversion v USING (agreement_id)
     WHERE v.id = %(version)s AND part.agency_id = %(agency)s
       AND (part.until_on IS NULL OR part.until_on > %(day)s)
     ORDER BY part.from_on LIMIT 1
"""

_BY_LANGUAGE_AND_CHANNEL = f"""
    SELECT g.language, {CHANNEL}, count(*)
      FROM ({PEOPLE}) p JOIN consent_guardian g ON g.id = p.guardian_id
     GROUP BY 1, 2 ORDER BY 1, 2
"""

# A child in scope with, per row, one of the people to tell, or nobody.
_TOLD = f"""
    SELECT c.student_id, t.guardian_id
      FROM ({CHILDREN}) c LEFT JOIN ({TIES}) t ON t.student_id = c.student_id
"""

_CHILDREN_COUNTED = f"""
    SELECT count(DISTINCT student_id), count(*) FILTER (WHERE guardian_id IS NULL) FROM ({_TOLD}) told
"""

_BY_SCHOOL = f"""
    SELECT sc.id, sc.name, count(DISTINCT told.guardian_id), count(DISTINCT told.student_id),
           count(DISTINCT told.student_id) FILTER (WHERE told.guardian_id IS NULL)
      FROM ({_TOLD}) told
      JOIN (SELECT DISTINCT * FROM ({SCOPE}) places) s ON s.student_id = told.student_id
      JOIN districts_school sc ON sc.id = s.school_id
     GROUP BY sc.id, sc.name ORDER BY sc.name, sc.id
"""

_UNTOLD_CHILDREN = f"""
    SELECT st.id, st.roster_id, st.shown_name, array_agg(sc.name ORDER BY sc.name), min(e.grade)
      FROM ({_TOLD}) told
      JOIN consent_student st ON st.id = told.student_id
      JOIN (SELECT DISTINCT * FROM ({SCOPE}) places) s ON s.student_id = told.student_id
      JOIN districts_school sc ON sc.id = s.school_id
      JOIN consent_enrollment e ON e.student_id = s.student_id AND e.school_id = s.school_id
     WHERE told.guardian_id IS NULL
     GROUP BY st.id ORDER BY min(sc.name), st.shown_name, st.id
"""
