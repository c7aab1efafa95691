"""Whether a delivery may still go out, judged the same way at the claim, at the exit and at the printer.

JUDGE is the middle of a statement whose `picked` names deliveries (id, guardian_id, about) of one agency;
`%(day)s` is that agency's calendar day. It gives, per delivery:

    students    the children it is about over whom the person still decides; NULL if none is left
    email, given_name, family_name, language    of the person
    reason      '' or why nothing may go out (Delivery.Withheld)
    no_address  there is no address it may be mailed to: none given, it failed, or somebody barred uses it too
"""

from django.db.backends.utils import CursorWrapper


def look_up_by_index(cursor: CursorWrapper) -> None:
    """Have the statements of this transaction find their rows by index. Needs a transaction.

    The planner takes the ties of a batch for one row, and would compare each with every hold there is.
    """
    cursor.execute("SET LOCAL enable_seqscan = off")


JUDGE = """
    SELECT p.id, still.students, g.email, g.given_name, g.family_name, g.language,
           CASE WHEN still.students IS NOT NULL THEN ''
                WHEN EXISTS (SELECT FROM consent_guardianship gs
                               JOIN consent_hold h ON h.guardianship_id = gs.id AND h.lifted_at IS NULL
                              WHERE gs.guardian_id = p.guardian_id AND gs.student_id = ANY (p.about))
                THEN 'hold'
                WHEN EXISTS (SELECT FROM consent_guardianship gs
                               JOIN consent_student s ON s.id = gs.student_id
                              WHERE gs.guardian_id = p.guardian_id AND gs.student_id = ANY (p.about)
                                AND gs.relation <> 'self' AND s.eligible_on <= %(day)s
                                AND (s.ended_on IS NULL OR s.ended_on > %(day)s))
                THEN 'turned_18'
                WHEN g.ended_on <= %(day)s
                  OR NOT EXISTS (SELECT FROM consent_student s
                                  WHERE s.id = ANY (p.about) AND (s.ended_on IS NULL OR s.ended_on > %(day)s))
                THEN 'left'
                ELSE 'no_rights' END AS reason,
           (g.email = '' OR g.email_failed_at IS NOT NULL
            OR EXISTS (SELECT FROM consent_spoilt_addresses() x WHERE x.guardian_id = p.guardian_id))
               AS no_address
      FROM picked p
      JOIN consent_guardian g ON g.id = p.guardian_id
      LEFT JOIN (
           SELECT mine.id, array_agg(e.student_id ORDER BY e.student_id) AS students
             FROM picked mine
             JOIN consent_entitled(%(day)s) e
               ON e.guardian_id = mine.guardian_id AND e.student_id = ANY (mine.about)
            GROUP BY mine.id) still ON still.id = p.id
"""
