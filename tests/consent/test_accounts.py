"""Who may sign in: a mailbox the roster names for somebody who may decide today, and nobody else."""

import time

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consent import tasks
from consent.models import Claim
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(monkeypatch):
    """Collect what the sign-in page hands to the queue, in place of a broker."""
    cache.clear()  # the counts of tries
    calls: list[tuple[str, str, str]] = []
    monkeypatch.setattr(tasks.send_sign_in_code, "delay", lambda *args: calls.append(args))
    return calls


@pytest.fixture
def sam_and_alice():
    district = f.make_district()
    sam = f.make_student(district)
    return district, sam, f.make_guardian(district, "Alice", of=[sam], email="alice@example.org")


def sign_in(client: Client, queued, email: str):
    client.post("/account/login/code/", {"email": email})
    code = queued[-1][1]
    return client.post("/account/login/code/confirm/", {"code": code})


def test_a_match_with_the_roster_makes_the_account_and_the_claim(client, queued, sam_and_alice):
    _district, _sam, alice = sam_and_alice
    sign_in(client, queued, "  Alice@Example.org ")
    user = get_user_model().objects.get(email="alice@example.org")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert Claim.objects.get(user=user).guardian == alice
    assert not user.has_usable_password()


def test_asking_for_a_code_makes_no_claim_before_the_mailbox_is_proven(client, queued, sam_and_alice):
    client.post("/account/login/code/", {"email": "alice@example.org"})
    assert not Claim.objects.exists()


def test_known_and_unknown_addresses_get_the_same_page_by_as_many_statements(queued, sam_and_alice):
    def ask(email: str) -> tuple[int, str, int]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = Client().post("/account/login/code/", {"email": email})
        Client().get(response.url)
        return response.status_code, response.url, len([q for q in queries if "consent_" in q["sql"]])

    ask("warm@example.org")
    assert ask("alice@example.org") == ask("nobody@example.org")


def test_an_unknown_address_reads_no_more_rows_than_a_known_one(queued, sam_and_alice):
    """Time tells: whoever is not known must not be looked for among all who never signed in."""
    district, sam, _alice = sam_and_alice
    for n in range(30):
        f.make_guardian(district, f"G{n}", of=[sam])

    def rows(email: str) -> int:
        read = 0

        def count(execute, sql, params, many, context):
            nonlocal read
            result = execute(sql, params, many, context)
            read += max(context["cursor"].rowcount, 0)
            return result

        with connection.execute_wrapper(count):
            Client().post("/account/login/code/", {"email": email})
        return read

    rows("warm@example.org")
    assert rows("nobody@example.org") <= rows("alice@example.org") < 10


def test_an_unknown_address_is_queued_like_a_known_one_but_without_a_code(client, queued):
    client.post("/account/login/code/", {"email": "nobody@example.org"})
    assert queued == [("nobody@example.org", "", "en")]
    assert not get_user_model().objects.exists()


def test_a_wrong_code_three_times_ends_the_attempt(client, queued, sam_and_alice):
    client.post("/account/login/code/", {"email": "alice@example.org"})
    for _n in range(3):
        client.post("/account/login/code/confirm/", {"code": "WRONG1"})
    client.post("/account/login/code/confirm/", {"code": queued[-1][1]})
    assert "_auth_user_id" not in client.session


def test_a_code_older_than_15_minutes_is_too_old(client, queued, sam_and_alice, monkeypatch):
    client.post("/account/login/code/", {"email": "alice@example.org"})
    later = time.time() + 15 * 60 + 1
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: later)
    client.post("/account/login/code/confirm/", {"code": queued[-1][1]})
    assert "_auth_user_id" not in client.session


def test_a_mailbox_two_guardians_share_signs_in_but_is_tied_to_neither(client, queued, sam_and_alice):
    district, sam, _alice = sam_and_alice
    f.make_guardian(district, "Bob", of=[sam], relation="father", email="alice@example.org")
    sign_in(client, queued, "alice@example.org")
    assert "_auth_user_id" in client.session
    assert not Claim.objects.exists()


def test_a_mailbox_shared_with_an_adult_barred_from_the_child_does_not_sign_in(client, queued, sam_and_alice):
    district, sam, _alice = sam_and_alice
    bob = f.make_guardian(district, "Bob", of=[sam], relation="father", email="alice@example.org")
    f.make_hold(bob, sam)
    client.post("/account/login/code/", {"email": "alice@example.org"})
    assert queued[-1][1] == ""


def test_a_barred_adult_is_an_unknown_address(client, queued, sam_and_alice):
    district, sam, _alice = sam_and_alice
    bob = f.make_guardian(district, "Bob", of=[sam], relation="father", email="bob@example.org")
    f.make_hold(bob, sam)
    client.post("/account/login/code/", {"email": "bob@example.org"})
    assert queued[-1][1] == ""
    assert not get_user_model().objects.filter(email="bob@example.org").exists()


def test_staff_do_not_sign_in_by_code(client, queued, sam_and_alice):
    district, *_rest = sam_and_alice
    dana = f.make_staff(district)
    client.post("/account/login/code/", {"email": dana.email})
    assert queued[-1][1] == ""


def test_there_is_no_sign_up(client):
    response = client.post("/account/signup/", {"email": "new@example.org"})
    assert not get_user_model().objects.exists()
    assert response.status_code == 405


def test_who_must_sign_in_sees_the_field_for_the_address_at_once_and_goes_on_afterwards() -> None:
    asked = Client().get("/family/", follow=True)
    assert asked.redirect_chain[-1][0] == "/account/login/code/?next=/family/"
    page = asked.content.decode()
    assert 'type="email"' in page
    assert '<input type="hidden" name="next" value="/family/">' in page
