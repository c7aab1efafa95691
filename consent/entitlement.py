"""Who may decide for a child today, asked behind a lock: the last word before anything is written."""

import datetime as dt

from django.db import connection

from .refusals import NotEntitled


def lock_and_require_entitled(*, student_id: int, guardian_id: int, today: dt.date) -> None:
    """Raise NotEntitled unless the person may decide for the child today; keep that so.

    Until the transaction ends the tie is locked FOR SHARE; a hold locks it FOR UPDATE. So a hold placed at
    the same moment either waits for what is being written, or is seen here.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM consent_guardianship WHERE student_id = %s AND guardian_id = %s FOR SHARE",
            [student_id, guardian_id],
        )
        cursor.execute(
            "SELECT 1 FROM consent_entitled(%s) WHERE student_id = %s AND guardian_id = %s",
            [today, student_id, guardian_id],
        )
        if cursor.fetchone() is None:
            raise NotEntitled(guardian_id, student_id)
