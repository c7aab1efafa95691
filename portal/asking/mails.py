"""Sends the mails owed to people who asked in public: claimed, sent, then marked; tried again if it fails."""

import datetime as dt
from collections.abc import Iterator

import structlog
from django.db import transaction

from consent.mail import exit as mail_exit

from .models import AskerMail
from .wording import words_of

log = structlog.get_logger(__name__)

A_BATCH = 50
LEASE = dt.timedelta(minutes=15)
#: Minutes to wait after each try; when they are used up the mail has failed.
WAITS = (5, 30, 120, 720)


def send_due(*, now: dt.datetime) -> int:
    """Send what is due, at least once each; return how many the mail server took. May run beside itself."""
    taken = 0
    for mail in _claimed(now):
        accepted = mail_exit.hand_over_to_asker(
            mail.asked.email,
            words_of(mail),
            language=mail.asked.language,
            agency=mail.asked.agreement.agency,
            key=f"asker-{mail.asked.public_id}-{mail.pk}",
            now=now,
        )
        _mark(mail, accepted, now)
        taken += accepted
    return taken


def _claimed(now: dt.datetime) -> Iterator[AskerMail]:
    """Yield the mails that are due, each leased: a worker that dies leaves them to the next."""
    with transaction.atomic():
        due = AskerMail.objects.filter(state=AskerMail.State.DUE, next_try_at__lte=now)
        ids = list(
            due.select_for_update(skip_locked=True)
            .order_by("next_try_at", "pk")
            .values_list("pk", flat=True)[:A_BATCH]
        )
        AskerMail.objects.filter(pk__in=ids).update(next_try_at=now + LEASE)
    yield from (
        AskerMail.objects.filter(pk__in=ids)
        .select_related("asked__agreement__agency", "asked__agreement__vendor", "asked__question")
        .order_by("pk")
    )


def _mark(mail: AskerMail, accepted: bool, now: dt.datetime) -> None:
    mail.tries += 1
    if accepted:
        mail.state = AskerMail.State.SENT
    elif mail.tries > len(WAITS):
        mail.state = AskerMail.State.FAILED
        log.warning("an asker could not be told", mail=mail.pk)
    else:
        mail.next_try_at = now + dt.timedelta(minutes=WAITS[mail.tries - 1])
    mail.save(update_fields=["tries", "state", "next_try_at"])
