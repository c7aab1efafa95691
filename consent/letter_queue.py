"""Which letters are due, taken into one printing so that no other takes them too."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from districts.models import Agency

from .models import Delivery, LetterRun
from .standing import JUDGE

LETTERS_A_RUN = 250  # people; what one worker lays out in a minute or two, in little memory
PRINTING = dt.timedelta(minutes=30)  # after this a run that was never finished is printed anew


@dataclass(frozen=True, slots=True)
class DueLetter:
    """One delivery to be printed."""

    id: int
    public_id: str
    notice_id: int | None
    decision_id: int | None
    guardian_id: int
    children: int
    is_self: bool
    name: str
    language: str
    postal: str
    is_confidential: bool
    school: str


_PEOPLE = """
    SELECT g.id FROM consent_guardian g
     WHERE g.agency_id = %(agency)s
       AND EXISTS (SELECT FROM consent_delivery d WHERE d.guardian_id = g.id AND d.state = 'due'
                      AND d.channel = 'letter' AND d.next_attempt_at <= %(now)s)
     ORDER BY g.id LIMIT %(limit)s FOR NO KEY UPDATE OF g SKIP LOCKED
"""

# A house where somebody barred from one of the children gets their mail is no place for a letter either.
_SHARES_A_HOUSE = """
    EXISTS (SELECT FROM consent_guardianship mine
              JOIN consent_guardianship barred ON barred.student_id = mine.student_id
               AND barred.guardian_id <> mine.guardian_id
              JOIN consent_hold h ON h.guardianship_id = barred.id AND h.lifted_at IS NULL
              JOIN consent_guardian other ON other.id = barred.guardian_id
             WHERE mine.guardian_id = g.id AND g.postal_address <> ''
               AND lower(regexp_replace(other.postal_address, '\\W+', '', 'g'))
                   = lower(regexp_replace(g.postal_address, '\\W+', '', 'g')))
"""

# Taken letters stay due, but not before PRINTING has passed: another run leaves them alone meanwhile.
_TAKE = f"""
    WITH picked AS (
        SELECT d.id, d.guardian_id, d.about FROM consent_delivery d
         WHERE d.guardian_id = ANY (%(people)s) AND d.state = 'due' AND d.channel = 'letter'
           AND d.next_attempt_at <= %(now)s
         ORDER BY d.id FOR UPDATE OF d SKIP LOCKED
    ), judged AS MATERIALIZED ({JUDGE}), moved AS (
        UPDATE consent_delivery d
           SET state = CASE WHEN j.reason = '' THEN 'due' ELSE 'withheld' END,
               withheld_because = j.reason,
               about = coalesce(j.students, d.about),
               letter_run_id = CASE WHEN j.reason = '' THEN %(run)s::bigint END,
               next_attempt_at = CASE WHEN j.reason = '' THEN %(again)s ELSE d.next_attempt_at END,
               settled_at = CASE WHEN j.reason <> '' THEN %(now)s::timestamptz END
          FROM judged j WHERE d.id = j.id
        RETURNING d.*
    )
    SELECT m.id, m.public_id::text, m.notice_id, m.decision_id, m.guardian_id, cardinality(m.about),
           EXISTS (SELECT FROM consent_guardianship gs WHERE gs.guardian_id = g.id AND gs.relation = 'self'),
           concat_ws(' ', nullif(g.given_name, ''), nullif(g.family_name, '')), g.language,
           g.postal_address, g.address_is_confidential OR {_SHARES_A_HOUSE},
           coalesce((SELECT min(sc.name) FROM consent_enrollment e
                       JOIN districts_school sc ON sc.id = e.school_id
                      WHERE e.student_id = ANY (m.about)
                        AND (e.ended_on IS NULL OR e.ended_on > %(day)s)), '')
      FROM moved m JOIN consent_guardian g ON g.id = m.guardian_id
     WHERE m.state = 'due' ORDER BY 12, m.guardian_id, m.id
"""  # noqa: S608 - no value is put into this text


@transaction.atomic
def take(agency: Agency, now: dt.datetime) -> tuple[LetterRun | None, list[DueLetter]]:
    """Take what is due into a new run, ordered by school; withhold what may not go out any more."""
    values: dict[str, Any] = {"agency": agency.pk, "now": now, "limit": LETTERS_A_RUN}
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, values)
        people = [row[0] for row in cursor.fetchall()]
        if not people:
            return None, []
        run = LetterRun.objects.create(agency=agency)
        values |= {"people": people, "run": run.pk, "again": now + PRINTING, "day": agency.today(now)}
        cursor.execute(_TAKE, values)
        due = [DueLetter(*row) for row in cursor.fetchall()]
    if not due:
        run.delete()
        return None, []
    return run, due


def still_going(run: LetterRun, agency: Agency, now: dt.datetime) -> set[int]:
    """Lock the run's deliveries and return those that may still be printed at this moment."""
    statement = f"""
        WITH picked AS (SELECT d.id, d.guardian_id, d.about FROM consent_delivery d
                         WHERE d.letter_run_id = %(run)s AND d.state = 'due' ORDER BY d.id FOR UPDATE OF d),
             judged AS MATERIALIZED ({JUDGE})
        SELECT id FROM judged WHERE reason = ''"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, {"run": run.pk, "day": agency.today(now)})
        return {row[0] for row in cursor.fetchall()}


def release(delivery_ids: list[int], now: dt.datetime) -> None:
    """Let go of those that were taken and not printed: due again, and judged anew by the next run."""
    left = Delivery.objects.filter(pk__in=delivery_ids, state=Delivery.State.DUE)
    left.update(letter_run=None, next_attempt_at=now)
