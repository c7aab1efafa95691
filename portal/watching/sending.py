"""Sending what is due to watchers: lease a batch, one connection for it, a mark for each message at once."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Sequence

import structlog

from consent.mail import exit as mail_exit
from consent.mail.exit import Handed
from consent.outcomes import RETRY_AFTER, UNTRIED_AFTER
from portal.leasing import lease

from .asking import drop_recipients
from .messages import message_id_of, outgoing_of
from .models import WatchMail

log = structlog.get_logger(__name__)

BATCH = 200
BATCH_SECONDS = 600.0
LEASE = dt.timedelta(minutes=15)  # longer than a batch: who leased it is dead then
RUN_SECONDS = 1200.0


def send_due(*, now: dt.datetime) -> Counter[str]:
    """Send what is due, batch after batch. Return how many were sent, deferred, postponed, refused, failed.

    At least once: a message is marked right after the mail server took it, so a killed worker repeats one at
    most, with the Message-ID it had; the rest of its batch goes when the lease has run out.
    """
    counts: Counter[str] = Counter()
    began = time.monotonic()
    while (seconds := time.monotonic() - began) < RUN_SECONDS:
        moment = now + dt.timedelta(seconds=seconds)  # a lease counts from when it is taken
        # Whoever waits for a question has the page open; the news of the day may wait for them.
        leased = _lease(WatchMail.Kind.QUESTION, moment) or _lease(WatchMail.Kind.NEWS, moment)
        if not leased:
            break
        counts += _send(leased, moment)
        if counts["postponed"]:
            log.warning("mail server takes nothing from us now")
            break
    if counts:
        log.info("watch mails", **counts)
    return counts


def _lease(kind: str, now: dt.datetime) -> list[WatchMail]:
    """Take up to a batch of what is due; other workers pass over it until the lease runs out."""
    due = WatchMail.objects.filter(kind=kind, state=WatchMail.State.DUE)
    ids = lease(due, column="next_attempt_at", now=now, length=LEASE, most=BATCH)
    return list(WatchMail.objects.filter(pk__in=ids).select_related("watcher").order_by("pk"))


def _send(leased: Sequence[WatchMail], now: dt.datetime) -> Counter[str]:
    mails = {message_id_of(mail): mail for mail in leased}
    counts: Counter[str] = Counter()
    outgoing = outgoing_of(leased)
    # Who stopped meanwhile is sent nothing: what was to be told is gone with what they had asked for.
    empty = mails.keys() - {one.message_id for one in outgoing}
    WatchMail.objects.filter(pk__in=[mails[each].pk for each in empty]).delete()
    for handed in mail_exit.hand_over_public_words(outgoing, now=now, seconds=BATCH_SECONDS):
        counts[_mark(mails[handed.outgoing.message_id], handed, now)] += 1
    return counts


def _mark(mail: WatchMail, handed: Handed, now: dt.datetime) -> str:
    """Record what became of one message; return the word it is counted under."""
    verdict = str(handed.result.verdict)
    row = WatchMail.objects.filter(pk=mail.pk)
    if verdict == "accepted":
        row.update(state=WatchMail.State.SENT, sent_at=now, attempts=mail.attempts + 1)
        return "sent"
    if verdict == "refused":  # no such mailbox: there is nobody to tell, and nothing to keep
        drop_recipients([mail.public_id])
        return "refused"
    if verdict == "untried":
        row.update(next_attempt_at=now + UNTRIED_AFTER)
        return "postponed"
    if mail.attempts >= len(RETRY_AFTER):
        row.update(state=WatchMail.State.FAILED, attempts=mail.attempts + 1)
        return "failed"
    row.update(next_attempt_at=now + RETRY_AFTER[mail.attempts], attempts=mail.attempts + 1)
    return "deferred"
