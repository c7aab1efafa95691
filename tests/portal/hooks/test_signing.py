"""Signatures as Standard Webhooks has them, and secrets that live through a change of the site's key."""

import base64
import datetime as dt
import uuid

import pytest

from portal.hooks import signing
from portal.hooks.models import Hook
from portal.hooks.signing import SecretLost, new_secret, secret_of, signed
from tests.portal.hooks.hooking import verified


def test_a_signature_is_that_of_the_standards_example() -> None:
    """The example of the specification: any library of Standard Webhooks says the same."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    moment = dt.datetime.fromtimestamp(1614265330, dt.UTC)
    headers = signed(secret, name="msg_p5jXN8AQM9LWM0D4loKWxJek", body=b'{"test": 2432232314}', now=moment)
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("changed", ["webhook-id", "webhook-timestamp", "body", "secret"])
def test_one_other_byte_makes_the_signature_fail(changed: str) -> None:
    secret, body = b"s" * 32, b'{"a": 1}'
    headers = signed(secret, name="msg_1", body=body, now=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    assert verified(secret, headers, body)
    if changed == "body":
        body = b'{"a": 2}'
    elif changed == "secret":
        secret = b"s" * 31 + b"t"
    else:
        headers[changed] = headers[changed][:-1] + "7"
    assert not verified(secret, headers, body)


def test_a_secret_is_derived_and_the_next_one_is_another() -> None:
    hook = Hook(public_id=uuid.uuid4())
    first = new_secret(hook)
    assert first.startswith("whsec_")
    assert base64.b64decode(first.removeprefix("whsec_")) == secret_of(hook)
    assert len(secret_of(hook)) == 32
    second = new_secret(hook)
    other = Hook(public_id=uuid.uuid4())
    assert len({first, second, new_secret(other)}) == 3
    for stored in vars(hook).values():
        assert second.removeprefix("whsec_") not in str(stored)


def test_a_secret_lives_through_a_change_of_the_sites_key_and_is_lost_when_that_is_over(settings) -> None:
    hook = Hook(public_id=uuid.uuid4())
    new_secret(hook)
    before = secret_of(hook)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key " * 5
    settings.SECRET_KEY_FALLBACKS = [old]
    assert secret_of(hook) == before
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(SecretLost):
        secret_of(hook)
    new_secret(hook)
    assert secret_of(hook) != before


def test_a_link_is_signed_and_nobody_elses_opens_anything() -> None:
    hook = Hook(public_id=uuid.uuid4())
    token = signing.token_of(hook)
    assert signing.id_in(token) == hook.public_id
    for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), str(hook.public_id), "", "é"):
        assert signing.id_in(wrong) is None
