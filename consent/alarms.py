"""What staff must see by themselves: a schedule that sends nothing raises no error."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection

from districts.models import Agency

from .windows import hours_of, is_open

PATIENCE = dt.timedelta(hours=1)
# What a mail server did not take is tried again before long; what it put off for longer was an attempt.
SOON = dt.timedelta(minutes=5)
LETTER_PATIENCE = dt.timedelta(days=2)


class AlarmKind(StrEnum):
    """What is wrong, the worst first."""

    NOTHING_SENT = "nothing_sent"
    NOT_ANNOUNCED = "not_announced"
    NOT_WRITTEN_DOWN = "not_written_down"
    HOLDS_OVERDUE = "holds_overdue"
    FAILED = "failed"
    LETTERS_WAIT = "letters_wait"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing wrong, how often, and since when at the longest."""

    kind: AlarmKind
    count: int
    since: dt.datetime


def alarms(agency: Agency, now: dt.datetime) -> list[Alarm]:
    """Return what is wrong at an agency, the worst first; nothing if all goes its way.

    Work that has been due for an hour while nothing was sent; publications and notices stuck for an hour;
    holds past their due day; failures nobody has seen; letters not printed or not posted for two days.
    News that waits for the morning is not late.
    """
    news_is_late = is_open(now, hours_of(agency)) and is_open(now - PATIENCE, hours_of(agency))
    values: dict[str, Any] = {
        "agency": agency.pk,
        "today": agency.today(now),
        "since": now - PATIENCE,
        "soon": now + SOON,
        "letters_since": now - LETTER_PATIENCE,
        "news_is_late": news_is_late,
        "zone": agency.time_zone,
    }
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"({_ALARMS[kind]})" for kind in AlarmKind), values)
        rows = cursor.fetchall()
    return [Alarm(kind, count, since) for kind, (count, since) in zip(AlarmKind, rows, strict=True) if count]


_ALARMS = {
    AlarmKind.NOTHING_SENT: """
        SELECT count(*), min(d.due_since)
          FROM consent_delivery d
          JOIN consent_guardian g ON g.id = d.guardian_id AND g.agency_id = %(agency)s
          LEFT JOIN consent_notice n ON n.id = d.notice_id
         WHERE d.state IN ('due', 'leased') AND d.channel = 'email'
           AND d.due_since <= %(since)s AND d.next_attempt_at <= %(soon)s
           AND (%(news_is_late)s OR n.id IS NULL OR n.severity = 'answer_needed')
           AND NOT EXISTS (
               SELECT FROM consent_attempt a
                 JOIN consent_delivery ad ON ad.id = a.delivery_id
                 JOIN consent_guardian ag ON ag.id = ad.guardian_id AND ag.agency_id = %(agency)s
                WHERE a.made_at > %(since)s AND a.channel = 'email')""",
    AlarmKind.NOT_ANNOUNCED: """
        SELECT count(*), min(p.published_at)
          FROM consent_announcement an
          JOIN districts_publication p ON p.id = an.publication_id
          JOIN districts_agreement a ON a.id = p.agreement_id AND a.state <> 'proposed'
         WHERE an.announced_at IS NULL AND p.published_at <= %(since)s
           AND (a.agency_id = %(agency)s
                OR EXISTS (SELECT FROM districts_participation part
                            WHERE part.agreement_id = a.id AND part.agency_id = %(agency)s))""",
    AlarmKind.NOT_WRITTEN_DOWN: """
        SELECT count(*), min(n.made_at) FROM consent_notice n
         WHERE n.agency_id = %(agency)s AND n.fanned_out_at IS NULL AND n.made_at <= %(since)s""",
    AlarmKind.HOLDS_OVERDUE: """
        SELECT count(*), min(h.review_due_on)::timestamp AT TIME ZONE %(zone)s
          FROM consent_hold h
          JOIN consent_guardianship gs ON gs.id = h.guardianship_id
          JOIN consent_guardian g ON g.id = gs.guardian_id AND g.agency_id = %(agency)s
         WHERE h.lifted_at IS NULL AND h.order_reference = '' AND h.review_due_on < %(today)s""",
    AlarmKind.FAILED: """
        SELECT count(*), min(d.next_attempt_at)
          FROM consent_delivery d JOIN consent_guardian g ON g.id = d.guardian_id
         WHERE g.agency_id = %(agency)s AND d.state = 'failed'""",
    AlarmKind.LETTERS_WAIT: """
        SELECT count(*), min(w.next_attempt_at)
          FROM (SELECT d.guardian_id, d.next_attempt_at FROM consent_delivery d
                 WHERE d.state = 'due' AND d.channel = 'letter' AND d.next_attempt_at <= %(letters_since)s
                UNION ALL
                SELECT d.guardian_id, d.next_attempt_at FROM consent_delivery d
                 WHERE d.state = 'printed' AND d.next_attempt_at <= %(letters_since)s) w
          JOIN consent_guardian g ON g.id = w.guardian_id AND g.agency_id = %(agency)s""",
}
