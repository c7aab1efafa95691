"""What answers below account/: what families need to sign in and out, and nothing else of allauth's."""

import re

import pytest
from allauth.account import app_settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from consent import tasks
from consent.models import Claim
from portal import account_urls
from tests import factories as f

pytestmark = pytest.mark.django_db

FOR_FAMILIES = {"login/", "login/code/", "login/code/confirm/", "logout/", "signup/"}

# What allauth brings beside these; each lets somebody change who they are, or see whose an address is.
NEVER = [
    "email/",
    "password/set/",
    "password/change/",
    "password/reset/",
    "password/reset/done/",
    "confirm-email/",
    "reauthenticate/",
    "inactive/",
    "signup/passkey/",
    "sessions/",
    "social/connections/",
]


def below_account(patterns, before="") -> set[str]:
    """Return every address below account/, whoever brought it."""
    found = set()
    for each in patterns:
        here = before + re.sub(r"^\^", "", str(each.pattern))
        if isinstance(each, URLResolver):
            found |= below_account(each.url_patterns, here)
        elif isinstance(each, URLPattern) and here.startswith("account/"):
            found.add(here.removeprefix("account/"))
    return found


@pytest.fixture
def queued(monkeypatch):
    """Collect the codes in place of a broker."""
    cache.clear()
    calls: list[tuple[str, str, str]] = []
    monkeypatch.setattr(tasks.send_sign_in_code, "delay", lambda *args: calls.append(args))
    return calls


@pytest.fixture
def town():
    """Alice is Sam's mother, Carol is Kim's."""
    district = f.make_district()
    sam, kim = f.make_student(district, "Sam"), f.make_student(district, "Kim")
    f.make_guardian(district, "Alice", of=[sam], email="alice@example.org")
    f.make_guardian(district, "Carol", of=[kim], email="carol@example.org")
    return district


def sign_in(client: Client, queued, email: str) -> None:
    client.post("/account/login/code/", {"email": email})
    client.post("/account/login/code/confirm/", {"code": queued[-1][1]})


def page(client: Client) -> str:
    return client.get("/family/").content.decode()


def test_the_addresses_are_these_and_no_others():
    assert below_account(get_resolver().url_patterns) == FOR_FAMILIES
    assert len(account_urls.urlpatterns) == len(FOR_FAMILIES)


@pytest.mark.parametrize("address", NEVER)
def test_what_else_allauth_offers_does_not_exist_for_who_is_signed_in(address, queued, town):
    client = Client()
    sign_in(client, queued, "carol@example.org")
    assert client.get(f"/account/{address}").status_code == 404
    assert client.post(f"/account/{address}", {"email": "alice@example.org"}).status_code == 404


def test_an_address_that_changed_on_the_way_is_no_proof_of_the_new_one(queued, town):
    """The code went to carol@; what the account is called when it comes back does not make her Alice."""
    client = Client()
    client.post("/account/login/code/", {"email": "carol@example.org"})
    get_user_model().objects.filter(email="carol@example.org").update(email="alice@example.org")
    client.post("/account/login/code/confirm/", {"code": queued[-1][1]})
    assert "Sam" not in page(client)
    assert "_auth_user_id" not in client.session
    assert not Claim.objects.exists()


class TestTheOldAddress:
    def test_leads_on_to_the_code_page_and_keeps_where_one_wanted_to_go(self, client):
        response = client.get("/account/login/?next=/family/")
        assert (response.status_code, response.url) == (302, "/account/login/code/?next=/family/")
        assert client.get("/es/account/login/").url == "/es/account/login/code/"

    @pytest.mark.parametrize("name", ["alice", "carol", "nobody"])
    def test_takes_nothing(self, client, queued, town, name):
        assert client.post("/account/login/", {"login": f"{name}@example.org"}).status_code == 405
        assert queued == []

    def test_gives_staff_no_way_round_password(self, client, queued, town):
        dana = f.make_staff(town)
        client.post("/account/login/", {"login": dana.email, "password": "correct horse battery"})
        client.post("/account/login/code/", {"email": dana.email})
        assert [code for _email, code, _language in queued] == [""]
        assert client.get("/staff/").status_code == 302


def test_who_asks_for_a_page_is_led_to_the_code_page_in_one_step(client):
    assert client.get("/family/").url == "/account/login/code/?next=/family/"


def test_who_became_staff_or_was_barred_after_the_code_was_mailed_is_not_signed_in(queued, town):
    users = get_user_model().objects
    for email, change in [
        ("alice@example.org", {"is_staff": True}),
        ("carol@example.org", {"is_active": False}),
    ]:
        client = Client()
        client.post("/account/login/code/", {"email": email})
        users.filter(email=email).update(**change)
        response = client.post("/account/login/code/confirm/", {"code": queued[-1][1]})
        assert response.url == "/account/login/code/"
        assert "_auth_user_id" not in client.session


def test_an_adult_barred_after_the_code_was_mailed_is_not_signed_in(queued, town):
    sam = f.make_student(town)
    bob = f.make_guardian(town, "Bob", of=[sam], relation="father", email="bob@example.org")
    client = Client()
    client.post("/account/login/code/", {"email": "bob@example.org"})
    f.make_hold(bob, sam)
    client.post("/account/login/code/confirm/", {"code": queued[-1][1]})
    assert "_auth_user_id" not in client.session


def test_no_try_is_counted_by_computer(queued, town, monkeypatch):
    """Nothing in the cache, where tries are counted, is kept under the address of a computer."""
    assert [name for name, rate in app_settings.RATE_LIMITS.items() if rate and "ip" in rate] == []
    kept = []
    real = cache.set
    monkeypatch.setattr(cache, "set", lambda key, *rest, **more: (kept.append(key), real(key, *rest, **more)))
    client = Client(REMOTE_ADDR="203.0.113.77")
    sign_in(client, queued, "alice@example.org")
    client.post("/account/login/", {"login": "alice@example.org"})
    client.post("/family/letter/", {"code": "AAAA-BBBB", "email": "x@example.org"})
    assert len(kept) > 0
    assert [key for key in kept if "203.0.113" in key or ":ip" in key] == []
