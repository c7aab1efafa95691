"""Which agreements a family may be asked about on a day: signed, not over, and their child is in scope.

Families answer before sharing begins, so the newest published version counts from its publication on; the
one in force counts too, so that an answer to it can be changed until it is replaced.
"""

import datetime as dt

from django.db import connection

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

_CONCERNS = f"""
    SELECT 1
      FROM ({ASKED_VERSIONS}) asked
     CROSS JOIN LATERAL consent_in_scope(asked.version_id, %(day)s) scope
     WHERE asked.agreement_id = %(agreement)s AND scope.student_id = %(student)s
     LIMIT 1
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
    sql = _CONCERNS.replace("%(agreement)s", agreement)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"id": key, "student": student_id, "day": today})
        return cursor.fetchone() is not None
