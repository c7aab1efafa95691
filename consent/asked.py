"""Which agreements a family may be asked about on a day: signed, not over, and their child is in scope.

Families answer before sharing begins. So the newest published version counts from its publication on, and an
agreement that the district takes part in from a later day counts as it will on that day; the version in force
counts too, so that an answer to it can be changed until it is replaced.
"""

import datetime as dt

from django.db import connection

from .audience import nearest_day

# agreement_id, version_id: one or two rows per agreement. Needs %(day)s.
ASKED_VERSIONS = """
    SELECT a.id AS agreement_id, v.id AS version_id
      FROM districts_agreement a
      JOIN LATERAL (
          (SELECT id FROM districts_agreementversion n
            WHERE n.agreement_id = a.id AND n.published_at IS NOT NULL
            ORDER BY n.number DESC LIMIT 1)
          UNION
          (SELECT id FROM districts_agreementversion n
            WHERE n.agreement_id = a.id AND n.published_at IS NOT NULL AND n.effective_from <= %(day)s
            ORDER BY n.number DESC LIMIT 1)
      ) v ON true
     WHERE a.state = 'signed' AND (a.ends_on IS NULL OR a.ends_on >= %(day)s)
"""

# student_id, agreement_id, version_id, and from when on the district takes part. Needs %(day)s, %(students)s.
CONCERNING = f"""
    SELECT scope.student_id, asked.agreement_id, asked.version_id, min(part.from_on) AS from_on
      FROM ({ASKED_VERSIONS}) asked
      JOIN districts_participation part ON part.agreement_id = asked.agreement_id
       AND (part.until_on IS NULL OR part.until_on > %(day)s)
      JOIN consent_student child ON child.agency_id = part.agency_id AND child.id = ANY(%(students)s)
     CROSS JOIN LATERAL consent_in_scope(asked.version_id, {nearest_day("%(day)s::date")}) scope
     WHERE scope.student_id = child.id
     GROUP BY 1, 2, 3
"""  # noqa: S608


def concerns(question_id: int, student_id: int, today: dt.date) -> bool:
    """Tell whether a question's agreement concerns a child today."""
    return _concerns(
        "(SELECT agreement_id FROM consent_question WHERE id = %(id)s)", question_id, student_id, today
    )


def agreement_concerns(agreement_id: int, student_id: int, today: dt.date) -> bool:
    """Tell whether an agreement concerns a child today."""
    return _concerns("%(id)s", agreement_id, student_id, today)


def _concerns(agreement: str, key: int, student_id: int, today: dt.date) -> bool:
    sql = f"SELECT 1 FROM ({CONCERNING}) c WHERE c.agreement_id = {agreement} LIMIT 1"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, {"id": key, "students": [student_id], "day": today})
        return cursor.fetchone() is not None
