"""What a mail provider says later: a bounce leads to the next attempt, a complaint to a person's eyes."""

import datetime as dt
import re
from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from .audience import CHANNEL
from .models import Attempt, Guardian, ProviderReport

Kind = ProviderReport.Kind

# A Message-ID of ours (mail.message), wherever a provider puts it.
_OURS = re.compile(r"(?:bundle\.)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.\d+@[A-Za-z0-9.-]+")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b|\b[245]\d\d\b")
LOCK = 4712  # held shared while attempts are marked, alone while a report is recorded


@transaction.atomic
def record_report(*, message_id: str, kind: str, code: str = "", now: dt.datetime) -> bool:
    """Keep what a provider said of a message, once; return whether it was news.

    A bounce ends the address it came from and makes the delivery due once more: as a letter, or by mail where
    the person has another address since. A report may come before its attempt is
    marked: then it waits, and marking joins it (join_attempts). A complaint stops nothing, since these
    messages are required; staff see it (complaints).
    """
    message_id = message_id.strip().strip("<>")
    with connection.cursor() as cursor:
        # Appending attempts takes the same lock, shared (outcomes.py).
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(
            """INSERT INTO consent_providerreport (message_id, kind, code) VALUES (%s, %s, %s)
               ON CONFLICT (message_id, kind) DO NOTHING""",
            [message_id, Kind(kind), code[:12]],
        )
        is_news = cursor.rowcount == 1
    join_attempts([message_id], now=now)
    return is_news


def our_message_ids(words: str) -> list[str]:
    """Return the Message-IDs of ours that stand in a provider's words, each once."""
    return list(dict.fromkeys(_OURS.findall(words)))


def status_code(words: str) -> str:
    """Return the status code in a mail server's answer, e.g. 5.1.1 or 550; empty if there is none."""
    found = _STATUS.search(words)
    return found.group() if found else ""


# A message that went to an earlier address says nothing of the one that holds now.
_BOUNCED = """
    SELECT d.id, d.guardian_id, coalesce(a.made_at >= g.email_since, true)
      FROM consent_providerreport r
      JOIN consent_attempt a ON a.message_id = r.message_id
      JOIN consent_delivery d ON d.id = a.delivery_id
      JOIN consent_guardian g ON g.id = d.guardian_id
     WHERE r.kind = 'bounced' AND r.message_id = ANY (%s)
"""

_NEXT_ATTEMPT = f"""
    UPDATE consent_delivery d
       SET state = 'due', next_attempt_at = %s, settled_at = NULL, bundle_id = NULL, channel = {CHANNEL}
      FROM consent_guardian g
     WHERE g.id = d.guardian_id AND d.id = ANY (%s) AND d.state = 'sent' AND d.channel = 'email'
"""  # noqa: S608 - SQL of ours


def join_attempts(message_ids: Collection[str], *, now: dt.datetime) -> None:
    """Let the bounces among these messages take effect, where their attempt is known."""
    with connection.cursor() as cursor:
        cursor.execute(_BOUNCED, [list(message_ids)])
        bounced = cursor.fetchall()
        if not bounced:
            return
        fail_addresses({guardian for _delivery, guardian, still_theirs in bounced if still_theirs}, now=now)
        cursor.execute(_NEXT_ATTEMPT, [now, [delivery for delivery, _guardian, _still_theirs in bounced]])


def fail_addresses(guardian_ids: Collection[int], *, now: dt.datetime) -> None:
    """Remember that these people's addresses take no mail, until the roster or staff give another."""
    if guardian_ids:
        Guardian.objects.filter(pk__in=guardian_ids, email_failed_at=None).update(email_failed_at=now)


def complaints(agency_id: int) -> QuerySet[Guardian]:
    """Return the people of an agency who marked a message as spam, for staff to ask how to reach them."""
    complained = Attempt.objects.filter(
        delivery__guardian=OuterRef("pk"),
        message_id__in=ProviderReport.objects.filter(kind=Kind.COMPLAINED).values("message_id"),
    )
    return Guardian.objects.filter(Exists(complained), agency=agency_id).order_by("pk")
