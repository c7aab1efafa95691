"""Asking for a hook, confirming it, starting it, a new secret, stopping it, and forgetting what is over."""

import datetime as dt
from typing import Any

import structlog
from django.db import connection, transaction

from portal.watching.things import RELATED, fields

from . import signing
from .models import Hook, HookCall, HookMail
from .targets import Target

log = structlog.get_logger(__name__)

MOST_OF_AN_ADDRESS = 10  # hooks that one e-mail address may have
MOST_OF_A_HOST = 20  # confirmed hooks that may call one host
MAILS_A_DAY = 5  # that ask one e-mail address
DAYS_TO_CONFIRM = 7
DAYS_REMEMBERED = 90  # how long a call that is over stays on the list
DAYS_AT_REST = 90  # how long a hook that does not run waits for its owner
TRIES_AN_HOUR = 10  # challenges and tests that an owner may ask for
HOOKS_LOCK = 7_311_283

State, Kind = Hook.State, HookCall.Kind


class TooMany(Exception):
    """So many hooks call this host already, or so many calls were asked for within the hour."""


@transaction.atomic
def ask(
    *, email: str, url: str, target: Target, kind: str, thing: Any, language: str, now: dt.datetime
) -> Hook | None:
    """Write down a hook and owe its owner a mail that asks. An empty kind means the whole register.

    None where the address has its hooks, or had its mails of the day: whoever asks is told the same either
    way. Raises TooMany where too many hooks call the host.
    """
    address = email.strip().lower()
    _one_at_a_time()
    if _of_host(target.host).count() >= MOST_OF_A_HOST:
        raise TooMany
    lately = now - dt.timedelta(days=1)
    mails = HookMail.objects.filter(hook__email=address, kind=HookMail.Kind.QUESTION, made_at__gt=lately)
    if Hook.objects.filter(email=address).count() >= MOST_OF_AN_ADDRESS or mails.count() >= MAILS_A_DAY:
        log.info("asked too often for hooks")
        return None
    hook = Hook.objects.create(
        **fields(kind, thing),
        email=address,
        url=url,
        host=target.host,
        language=language,
        asked_at=now,
        stands_since=now,
    )
    HookMail.objects.create(hook=hook, kind=HookMail.Kind.QUESTION, made_at=now, next_attempt_at=now)
    log.info("hook asked for", hook=hook.pk)
    return hook


def hook_of(token: str, *, now: dt.datetime) -> Hook | None:
    """Return the hook of a link; None for one that is stopped, or was not confirmed in time."""
    named = signing.id_in(token)
    found = Hook.objects.filter(public_id=named).select_related(*RELATED).first() if named else None
    if found is None or (found.state == State.ASKED and found.asked_at < _oldest(now)):
        return None
    return found


@transaction.atomic
def confirm(*, pk: int, now: dt.datetime) -> str:
    """Confirm a hook and return its secret, this once; empty where it was confirmed. Raises TooMany."""
    _one_at_a_time()
    hook = Hook.objects.select_for_update().filter(pk=pk, state=State.ASKED).first()
    if hook is None:
        return ""
    if _of_host(hook.host).count() >= MOST_OF_A_HOST:
        raise TooMany
    secret = signing.new_secret(hook)
    hook.state, hook.stands_since = State.CONFIRMED, now
    hook.save(update_fields=["secret_number", "secret_proof", "state", "stands_since"])
    log.info("hook confirmed", hook=hook.pk)
    return secret


@transaction.atomic
def new_secret(*, pk: int) -> str:
    """Return a new secret, this once; the one before counts no more. Empty before the hook is confirmed."""
    hook = Hook.objects.select_for_update().exclude(state=State.ASKED).filter(pk=pk).first()
    if hook is None:
        return ""
    secret = signing.new_secret(hook)
    hook.save(update_fields=["secret_number", "secret_proof"])
    log.info("hook has a new secret", hook=hook.pk)
    return secret


@transaction.atomic
def call_now(*, pk: int, now: dt.datetime) -> None:
    """Let a hook be called at once: a running one with a test, any other with the question if it wants this.

    While such a call waits no second one is made. Raises TooMany after TRIES_AN_HOUR.
    """
    hook = Hook.objects.select_for_update().exclude(state=State.ASKED).filter(pk=pk).first()
    if hook is None:
        return
    asked = hook.calls.exclude(kind=Kind.NEWS)
    if asked.filter(state=HookCall.State.DUE).exists():
        return
    if asked.filter(made_at__gt=now - dt.timedelta(hours=1)).count() >= TRIES_AN_HOUR:
        raise TooMany
    kind = Kind.TEST if hook.state == State.ACTIVE else Kind.CHALLENGE
    hook.calls.create(kind=kind, made_at=now, next_attempt_at=now)


def stop(*, pk: int) -> None:
    """Forget a hook, its address and its calls. One that is gone already is no error."""
    log.info("hook stopped", hook=pk)
    Hook.objects.filter(pk=pk).delete()


def rest(*, pk: int, state: str, now: dt.datetime) -> None:
    """Let a running hook run no more, and owe its owner one mail; one that rests already gets none."""
    with transaction.atomic():
        running = Hook.objects.filter(pk=pk, state=State.ACTIVE)
        if not running.update(state=state, stands_since=now):
            return
        # A test that waits would wait for ever, and bar the question that wakes the hook.
        HookCall.objects.filter(hook=pk, state=HookCall.State.DUE).exclude(kind=Kind.NEWS).delete()
        HookMail.objects.create(hook_id=pk, kind=HookMail.Kind.STOPPED, made_at=now, next_attempt_at=now)
    log.warning("hook rests", hook=pk, state=state)


def forget(*, now: dt.datetime) -> int:
    """Delete hooks that nobody confirmed or woke in time, and calls that are long over. Count the hooks."""
    late = Hook.objects.filter(state=State.ASKED, asked_at__lt=_oldest(now))
    rested = Hook.objects.filter(
        state__in=[State.CONFIRMED, State.PAUSED, State.GONE],
        stands_since__lt=now - dt.timedelta(days=DAYS_AT_REST),
    )
    gone = 0
    for hooks in (late, rested):
        _all, by_model = hooks.delete()
        gone += by_model.get("portal.Hook", 0)
    old = now - dt.timedelta(days=DAYS_REMEMBERED)
    HookCall.objects.exclude(state=HookCall.State.DUE).filter(made_at__lt=old).delete()
    HookMail.objects.filter(made_at__lt=old).delete()
    return gone


def _of_host(host: str) -> Any:
    return Hook.objects.exclude(state=State.ASKED).filter(host=host)


def _one_at_a_time() -> None:
    """Let hooks be counted and made one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [HOOKS_LOCK])


def _oldest(now: dt.datetime) -> dt.datetime:
    return now - dt.timedelta(days=DAYS_TO_CONFIRM)
