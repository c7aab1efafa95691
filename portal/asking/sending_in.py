"""Takes in what somebody asks in public, at most so much a day, and hears that the address is theirs."""

import datetime as dt
from uuid import UUID

from django.core import signing
from django.db import connection, transaction

from districts.blacking_out import without_bars
from districts.models import Agreement

from .models import AskedInPublic, AskerMail

#: A day's most, counted in rows that are there anyway: no internet address is stored.
MOST_PER_ADDRESS_AND_DAY = 3
MOST_PER_AGREEMENT_AND_DAY = 30
LONGEST = 4000  # characters
DAYS_TO_CONFIRM = 7
ASKING_LOCK = 7_311_271
SALT = "portal.asking"


class TooMany(Exception):
    """So much was sent in for this agreement, or from this address, in the last 24 hours."""


class NoSuchLink(Exception):
    """The link is none of ours, or older than DAYS_TO_CONFIRM."""


@transaction.atomic
def send_in(
    *,
    agreement: Agreement,
    kind: str,
    shown_name: str,
    text: str,
    email: str,
    language: str,
    now: dt.datetime,
) -> AskedInPublic:
    """Keep a question and owe its address a mail to confirm; nobody reads it before. Raises TooMany."""
    email = email.strip().lower()
    with connection.cursor() as cursor:  # counted and added by one at a time
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ASKING_LOCK])
    lately = AskedInPublic.objects.filter(asked_at__gt=now - dt.timedelta(days=1))
    if (
        lately.filter(email=email).count() >= MOST_PER_ADDRESS_AND_DAY
        or lately.filter(agreement=agreement).count() >= MOST_PER_AGREEMENT_AND_DAY
    ):
        raise TooMany
    asked = AskedInPublic.objects.create(
        agreement=agreement,
        kind=kind,
        shown_name=without_bars(shown_name).strip(),
        text=without_bars(text).strip(),
        email=email,
        language=language,
        asked_at=now,
    )
    AskerMail.objects.create(asked=asked, kind=AskerMail.Kind.CONFIRM, next_try_at=now)
    return asked


def token_of(asked: AskedInPublic) -> str:
    """Return what the link in the mail carries: signed, and good for DAYS_TO_CONFIRM."""
    return signing.dumps(str(asked.public_id), salt=SALT)


def asked_by(token: str) -> AskedInPublic:
    """Return what a link is about, confirmed before or not. Raises NoSuchLink."""
    try:
        public_id = signing.loads(token, salt=SALT, max_age=dt.timedelta(days=DAYS_TO_CONFIRM))
        return AskedInPublic.objects.select_related("agreement__agency", "agreement__vendor").get(
            public_id=UUID(public_id)
        )
    except (signing.BadSignature, ValueError, AskedInPublic.DoesNotExist):
        raise NoSuchLink from None


def confirm(*, token: str, now: dt.datetime) -> AskedInPublic:
    """Hand a question to staff, now that its address is proven; again does nothing. Raises NoSuchLink."""
    asked = asked_by(token)
    waiting = AskedInPublic.State.WAITING
    sent = AskedInPublic.objects.filter(pk=asked.pk, state=AskedInPublic.State.SENT)
    sent.update(state=waiting, confirmed_at=now)
    return asked


def forget(*, now: dt.datetime, keep_days: int = 30) -> int:
    """Delete addresses nobody needs any more; return how many rows went.

    Those never confirmed after DAYS_TO_CONFIRM days, and the others `keep_days` days after the answer or
    the refusal.
    """
    never = AskedInPublic.objects.filter(
        state=AskedInPublic.State.SENT, asked_at__lt=now - dt.timedelta(days=DAYS_TO_CONFIRM)
    )
    settled = AskedInPublic.objects.filter(settled_at__lt=now - dt.timedelta(days=keep_days))
    gone = 0
    for rows in (never, settled):
        _all, by_model = rows.delete()
        gone += by_model.get("portal.AskedInPublic", 0)
    return gone
