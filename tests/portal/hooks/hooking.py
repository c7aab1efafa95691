"""Plain functions: whose program is called about what, and the moments at which it is tried."""

import datetime as dt
from typing import Any

from django.utils import timezone

from portal.hooks import registering, signing
from portal.hooks.models import Hook
from portal.hooks.targets import Target

ALICE = "alice@example.org"
A_MINUTE = dt.timedelta(minutes=1)


def asked(url: str, kind: str = "", thing: Any = None, email: str = ALICE, **more: Any) -> Hook:
    """Ask for a hook, as the page does."""
    target = Target(True, more.pop("host", "receiver.example"), 443, "/")
    values = {"language": "en", "now": timezone.now(), **more}
    hook = registering.ask(email=email, url=url, target=target, kind=kind, thing=thing, **values)
    assert hook is not None
    return hook


def hooked(url: str, kind: str = "", thing: Any = None, email: str = ALICE, **more: Any) -> Hook:
    """Return a hook that runs, as if its receiver had answered; it has existed for an hour."""
    hook = asked(url, kind, thing, email, **more)
    registering.confirm(pk=hook.pk, now=timezone.now())
    Hook.objects.filter(pk=hook.pk).update(state="active", started_at=timezone.now() - 60 * A_MINUTE)
    hook.refresh_from_db()
    return hook


def verified(secret: bytes, headers: dict[str, str], body: bytes) -> bool:
    """Return whether a call bears the signature that a secret makes for it."""
    moment = dt.datetime.fromtimestamp(int(headers["webhook-timestamp"]), dt.UTC)
    own = signing.signed(secret, name=headers["webhook-id"], body=body, now=moment)
    return own["webhook-signature"] == headers["webhook-signature"]
