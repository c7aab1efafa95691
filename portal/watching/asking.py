"""Asking for news by e-mail, confirming it, stopping it, and forgetting what nobody confirmed."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef

from .models import Watch, Watcher, WatchMail
from .things import RELATED, fields, identity

log = structlog.get_logger(__name__)

QUESTIONS_A_DAY = 3  # to one address, whoever types it in
DAYS_TO_CONFIRM = 7
#: What is told is remembered longer than what is looked for (gathering.LOOKED_BACK).
DAYS_REMEMBERED = 90


@transaction.atomic
def ask(*, email: str, kind: str, thing: Any, language: str, now: dt.datetime) -> int | None:
    """Write down that an address asked, and the message that asks it whether that is so. Return its id.

    None where the address has had its messages of the day; whoever asked is told the same either way. An
    address that watches the thing already is asked again: its answer changes nothing.
    """
    address = email.strip().lower()
    Watcher.objects.get_or_create(email=address, defaults={"language": language})
    watcher = Watcher.objects.select_for_update().get(email=address)  # its messages are counted one by one
    day = now.astimezone(dt.UTC).date()
    asked = WatchMail.objects.filter(watcher=watcher, kind=WatchMail.Kind.QUESTION, day=day)
    if asked.count() >= QUESTIONS_A_DAY:
        log.info("asked too often", watcher=watcher.pk)
        return None
    watch, _made = Watch.objects.update_or_create(
        watcher=watcher,
        **identity(kind, thing),
        defaults={**fields(kind, thing), "language": language, "asked_at": now},
    )
    mail = WatchMail.objects.create(
        watcher=watcher, watch=watch, kind=WatchMail.Kind.QUESTION, day=day, next_attempt_at=now
    )
    log.info("watch asked for", watch=watch.pk, mail=mail.pk)
    return mail.pk


def open_watch(key: uuid.UUID, *, now: dt.datetime) -> Watch | None:
    """Return the watch of a link that may be confirmed, or was; None where the link is too old."""
    found = Watch.objects.filter(key=key).select_related("watcher", *RELATED).first()
    if found is None or (found.confirmed_at is None and found.asked_at < _oldest(now)):
        return None
    return found


@transaction.atomic
def confirm(key: uuid.UUID, *, now: dt.datetime) -> Watch | None:
    """Begin to tell an address what it asked for; a second time changes nothing. None for an old link."""
    watch = open_watch(key, now=now)
    if watch is None:
        return None
    if Watch.objects.filter(pk=watch.pk, confirmed_at=None).update(confirmed_at=now):
        Watcher.objects.filter(pk=watch.watcher_id).update(language=watch.language)
        log.info("watch confirmed", watch=watch.pk)
    return watch


@transaction.atomic
def stop(key: uuid.UUID, *, only: uuid.UUID | None = None) -> None:
    """Stop all messages to the watcher of a key, or those about one thing; with the last goes the address.

    A key that is not known, or no more, is no error: whoever asks twice is told the same twice.
    """
    watcher = Watcher.objects.select_for_update().filter(key=key).first()
    if watcher is None:
        return
    log.info("watch stopped", watcher=watcher.pk)
    if only is not None:
        Watch.objects.filter(watcher=watcher, key=only).delete()
    if only is None or not watcher.watches.exists():
        watcher.delete()


def drop_recipients(mails: Collection[uuid.UUID]) -> None:
    """Forget whoever these messages went to, with all they watch. Ids that are not known are no error."""
    for watcher in Watcher.objects.filter(mails__public_id__in=mails).distinct():
        log.info("watcher dropped", watcher=watcher.pk)
        watcher.delete()


@transaction.atomic
def forget(*, now: dt.datetime) -> int:
    """Delete what was not confirmed in time, idle addresses, and old messages. Return how many watches."""
    late = Watch.objects.select_for_update(skip_locked=True, of=("self",))
    ids = [watch.pk for watch in late.filter(confirmed_at=None, asked_at__lt=_oldest(now)).only("pk")]
    Watch.objects.filter(pk__in=ids).delete()
    # Looked at again behind the lock that `ask` takes: somebody may have just asked anew.
    idle = Watcher.objects.filter(~Exists(Watch.objects.filter(watcher=OuterRef("pk"))))
    locked = [watcher.pk for watcher in idle.select_for_update(skip_locked=True).only("pk")]
    idle.filter(pk__in=locked).delete()
    old = now.astimezone(dt.UTC).date() - dt.timedelta(days=DAYS_REMEMBERED)
    WatchMail.objects.filter(day__lt=old).delete()
    return len(ids)


def _oldest(now: dt.datetime) -> dt.datetime:
    return now - dt.timedelta(days=DAYS_TO_CONFIRM)
