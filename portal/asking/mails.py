"""Sends the mails owed to people who asked in public: claimed, sent, then marked; tried again if it fails."""

import datetime as dt
from collections.abc import Sequence

import structlog

from consent.mail import exit as mail_exit
from consent.mail.exit import Outgoing
from consent.mail.message import assemble, message_id
from consent.mail.substitute import Marks
from consent.outcomes import RETRY_AFTER, UNTRIED_AFTER
from portal.leasing import lease

from .models import AskerMail
from .wording import words_of

log = structlog.get_logger(__name__)

A_BATCH = 50
BATCH_SECONDS = 300.0
LEASE = dt.timedelta(minutes=15)  # longer than a batch: who leased it is dead then


def send_due(*, now: dt.datetime) -> int:
    """Send what is due, over one connection; return how many the mail server took. May run beside itself.

    At least once: a mail is marked right after the mail server answered, and sent again has the Message-ID
    it had. A mail server that takes nothing costs time, no tries.
    """
    mails = _leased(now)
    by_id = {message_id(_key(mail), 1): mail for mail in mails}
    outgoing = [_outgoing(mail) for mail in mails]
    taken = 0
    for handed in mail_exit.hand_over_public_words(outgoing, now=now, seconds=BATCH_SECONDS):
        verdict = str(handed.result.verdict)
        _mark(by_id[handed.outgoing.message_id], verdict, now)
        taken += verdict == "accepted"
    return taken


def _leased(now: dt.datetime) -> Sequence[AskerMail]:
    due = AskerMail.objects.filter(state=AskerMail.State.DUE)
    ids = lease(due, column="next_try_at", now=now, length=LEASE, most=A_BATCH)
    return list(
        AskerMail.objects.filter(pk__in=ids)
        .select_related("asked__agreement__agency", "asked__agreement__vendor", "asked__question")
        .order_by("pk")
    )


def _outgoing(mail: AskerMail) -> Outgoing:
    asked = mail.asked
    message = assemble(
        "emails/asker",
        words_of(mail),
        language=asked.language,
        marks=Marks(["none"]),
        agency=asked.agreement.agency,
        is_generic=True,
    )
    return Outgoing((), message, "", asked.email, message_id(_key(mail), 1), "")


def _key(mail: AskerMail) -> str:
    return f"asker-{mail.asked.public_id}-{mail.pk}"


def _mark(mail: AskerMail, verdict: str, now: dt.datetime) -> None:
    if verdict == "untried":
        mail.next_try_at = now + UNTRIED_AFTER
    else:
        mail.tries += 1
        if verdict == "accepted":
            mail.state = AskerMail.State.SENT
        elif verdict == "refused" or mail.tries > len(RETRY_AFTER):
            mail.state = AskerMail.State.FAILED
            log.warning("an asker could not be told", mail=mail.pk)
        else:
            mail.next_try_at = now + RETRY_AFTER[mail.tries - 1]
    mail.save(update_fields=["tries", "state", "next_try_at"])
