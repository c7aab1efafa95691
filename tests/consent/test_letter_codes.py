"""The code of a letter opens one guardian once, and only to a mailbox that nobody barred reads."""

import datetime as dt
import re

import pytest
from allauth.core import ratelimit
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from consent import letter_codes, tasks
from consent.letter_codes import CodeNotAccepted, digest_of
from consent.models import Claim, ClaimCode
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(monkeypatch):
    """Collect what goes to the queue, in place of a broker."""
    cache.clear()
    calls: list[tuple[str, str, str]] = []
    monkeypatch.setattr(tasks.send_sign_in_code, "delay", lambda *args: calls.append(args))
    return calls


@pytest.fixture
def sam():
    return f.make_student(f.make_district(), "Sam")


@pytest.fixture
def alice(sam):
    return f.make_guardian(sam.agency, "Alice", of=[sam], email="")


def code_of(guardian) -> str:
    return letter_codes.new_letter_code(guardian_id=guardian.pk, now=timezone.now())


def use(code: str, user) -> Claim:
    return letter_codes.use(digest=digest_of(code), user=user, now=timezone.now())


def test_it_opens_one_guardian_once(alice):
    code = code_of(alice)
    claim = use(code.lower().replace("-", " "), f.make_user())
    assert (claim.guardian, claim.proof) == (alice, "letter_code")
    with pytest.raises(CodeNotAccepted):
        use(code, f.make_user())


def test_it_has_twelve_letters_in_groups_of_four_and_is_not_stored(alice):
    code = code_of(alice)
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){2}", code)
    assert ClaimCode.objects.get().digest == digest_of(code)
    assert code.replace("-", "") not in ClaimCode.objects.get().digest


def test_it_is_refused_when_old_or_of_a_barred_adult(sam, alice):
    now = timezone.now()
    digest = digest_of(code_of(alice))
    with pytest.raises(CodeNotAccepted):
        letter_codes.look_up(digest=digest, now=now + dt.timedelta(days=61))
    f.make_hold(alice, sam)
    with pytest.raises(CodeNotAccepted):
        letter_codes.look_up(digest=digest, now=now)


def test_it_proves_more_than_the_rosters_address(alice):
    user = f.make_user("alice@example.org")
    old = Claim.objects.create(user=user, guardian=alice, proof="roster_email")
    new = use(code_of(alice), user)
    old.refresh_from_db()
    assert (old.ended_why, new.proof, new.ended_at) == (letter_codes.PROVEN_BY_LETTER, "letter_code", None)
    assert use(code_of(alice), user) == new


def test_only_its_digest_waits_in_the_session(alice, queued):
    code = code_of(alice)
    client = Client()
    client.post("/family/letter/", {"code": code, "email": "alice@example.org"})
    kept = str([session.get_decoded() for session in Session.objects.all()])
    assert digest_of(code) in kept
    assert code not in kept
    assert code.replace("-", "") not in kept


class TestGuessing:
    def test_is_limited_for_the_whole_site_for_who_keeps_no_session_too(self, queued, settings):
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "wrong_letter_code": "20/10m/key"}
        asked = [
            Client().post("/family/letter/", {"code": f"AAAA-{n:04}", "email": "a@example.org"}).status_code
            for n in range(25)
        ]
        assert asked == [200] * 20 + [429] * 5

    def test_a_right_code_is_not_counted(self, alice, queued, monkeypatch):
        counted = []
        real = ratelimit.consume
        monkeypatch.setattr(
            ratelimit, "consume", lambda *args, **more: (counted.append(more), real(*args, **more))[1]
        )
        Client().post("/family/letter/", {"code": code_of(alice), "email": "a@example.org"})
        assert [more["action"] for more in counted if not more.get("dry_run")] == ["letter_code"]


class TestSomebodyBarred:
    @pytest.fixture
    def bob(self, sam):
        kim = f.make_student(sam.agency, "Kim")
        bob = f.make_guardian(sam.agency, "Bob", of=[sam, kim], relation="father", email="bob@example.org")
        f.make_hold(bob, sam)
        return bob

    def test_gets_no_mail_and_no_account_by_the_code_of_another_parent(self, alice, bob, queued):
        asked = {}
        for email in ("bob@example.org", "alice@example.org"):
            response = Client().post("/family/letter/", {"code": code_of(alice), "email": email})
            asked[email] = (response.status_code, response.url)
        assert asked["bob@example.org"] == asked["alice@example.org"]
        assert [(email, bool(code)) for email, code, _language in queued] == [
            ("bob@example.org", False),
            ("alice@example.org", True),
        ]

    def test_signed_in_for_another_child_is_told_that_the_code_did_not_work(self, alice, bob):
        client = Client()
        user = f.make_user("bob@example.org")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        code = code_of(alice)
        assert "That code did not work." in client.post("/family/letter/", {"code": code}).content.decode()
        session = client.session
        session[letter_codes.WAITING] = digest_of(code)
        session.save()
        assert "Sam" not in client.get("/family/letter/child/", follow=True).content.decode()
        with pytest.raises(CodeNotAccepted):
            use(code, user)

    def test_is_known_by_a_mailbox_they_claimed_with_too(self, alice, bob):
        user = f.make_user("other@example.org")
        Claim.objects.create(user=user, guardian=bob, proof="letter_code")
        with pytest.raises(CodeNotAccepted):
            use(code_of(alice), user)
