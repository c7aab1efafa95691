"""Signatures of Standard Webhooks, and secrets that are derived when they are needed, never stored.

A signature is base64 of HMAC-SHA256 over `id.timestamp.body`; a secret is `whsec_` and 32 bytes in base64.
"""

import base64
import datetime as dt
import hashlib
import hmac
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from .models import Hook, HookCall

PREFIX = "whsec_"
LINK_SALT = "portal.hooks"


class SecretLost(Exception):
    """The site's key that a hook's secret came from is known no more: the hook needs a new secret."""


def new_secret(hook: Hook) -> str:
    """Return the next secret of a hook, as its owner is shown it, and set its number and proof; unsaved."""
    hook.secret_number += 1
    secret = next(_secrets(hook))
    hook.secret_proof = _proof(secret)
    return PREFIX + base64.b64encode(secret).decode()


def secret_of(hook: Hook) -> bytes:
    """Return the secret a hook's calls are signed with. Raises SecretLost.

    While the site's key is being changed, secrets come from the one before (SECRET_KEY_FALLBACKS) as well.
    """
    for secret in _secrets(hook):
        if hmac.compare_digest(_proof(secret), hook.secret_proof):
            return secret
    raise SecretLost(hook)


def signed(secret: bytes, *, name: str, body: bytes, now: dt.datetime) -> dict[str, str]:
    """Return the headers that sign a body: its id, the moment in seconds, and the signature."""
    timestamp = str(int(now.timestamp()))
    said = f"{name}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.new(secret, said, hashlib.sha256).digest()).decode()
    return {"webhook-id": name, "webhook-timestamp": timestamp, "webhook-signature": f"v1,{signature}"}


def name_of(call: HookCall) -> str:
    """Return the webhook-id of a call, the same at every try."""
    return f"msg_{call.public_id.hex}"


def challenge_of(call: HookCall) -> str:
    """Return what a receiver must answer a challenge with; it cannot be guessed, and is not stored."""
    return salted_hmac("portal.hooks.challenge", call.public_id.hex, algorithm="sha256").hexdigest()[:40]


def token_of(hook: Hook) -> str:
    """Return what the link to a hook's page carries: signed by the site."""
    return signing.dumps(str(hook.public_id), salt=LINK_SALT)


def id_in(token: str) -> uuid.UUID | None:
    """Return which hook a link is about; None for a link that is none of ours."""
    try:
        return uuid.UUID(signing.loads(token, salt=LINK_SALT))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


def _secrets(hook: Hook) -> Iterator[bytes]:
    said = f"portal.hooks.secret:{hook.public_id}:{hook.secret_number}".encode()
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield hmac.new(key.encode(), said, hashlib.sha256).digest()


def _proof(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()
