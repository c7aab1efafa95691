"""Receipts: one duty to reach the decider per answer, in the same table as every other message."""

import datetime as dt

from django.db import connection

# The channel as for notices: a letter where there is no usable address.
_QUEUE = """
INSERT INTO consent_delivery (decision_id, guardian_id, about, channel, next_attempt_at)
SELECT d.id, d.decider_id, ARRAY[d.student_id],
       CASE WHEN g.email = '' OR g.email_failed_at IS NOT NULL
              OR g.id IN (SELECT guardian_id FROM consent_spoilt_addresses())
            THEN 'letter' ELSE 'email' END,
       %(now)s
  FROM consent_decision d
  JOIN consent_guardian g ON g.id = d.decider_id
 WHERE d.id = %(decision)s
ON CONFLICT (decision_id, guardian_id) DO NOTHING
"""


def queue_receipt(*, decision_id: int, now: dt.datetime) -> bool:
    """Queue the receipt of an answer for its decider; False if it was queued before."""
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, {"decision": decision_id, "now": now})
        return cursor.rowcount == 1
