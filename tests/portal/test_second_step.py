"""Staff sign in by two steps: a password alone opens no page of theirs."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import InvalidToken
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from portal.staff import second_step
from portal.staff.second_step_forms import StaffMFAAdapter
from portal.staff.urls import urlpatterns
from tests import factories as f

pytestmark = pytest.mark.django_db

STEP = "/staff/second-step/"


@pytest.fixture(autouse=True)
def asked(settings):
    settings.STAFF_SECOND_STEP = True
    cache.clear()


@pytest.fixture
def dana():
    user = f.make_staff(f.make_district())
    user.set_password("correct horse battery")
    user.save()
    return user


def code_of(secret: str, half_minutes_ago: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - half_minutes_ago))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def with_password(user, to: str = "/staff/letters/") -> Client:
    """Return a browser in which the password was given, and nothing more."""
    client = Client()
    answer = client.post(
        f"/admin/login/?next={to}", {"username": user.email, "password": "correct horse battery", "next": to}
    )
    assert (answer.status_code, answer.url) == (302, to)
    return client


def set_up(client: Client, to: str = "/staff/") -> tuple[str, list[str]]:
    """Set a phone up as a person would; return its secret and the ten codes."""
    page = client.get(f"{STEP}?next={to}").content.decode()
    secret = re.search(r"<code dir=\"ltr\">([A-Z2-7]{32})</code>", page)[1]
    page = client.post(f"{STEP}?next={to}", {"code": code_of(secret)}).content.decode()
    return secret, re.findall(r"<code dir=\"ltr\">(\d{8})</code>", page)


class TestAPasswordAlone:
    def test_opens_no_staff_page(self, dana):
        client = with_password(dana)
        for each in urlpatterns:
            if "<" not in str(each.pattern) and each.name != "second_step":
                answer = client.get(f"/staff/{each.pattern}")
                if answer.status_code != 405:  # it takes only a POST
                    assert (each.name, answer.status_code) == (each.name, 302)
                    assert answer.url.startswith(STEP), each.name
                answer = client.post(f"/staff/{each.pattern}", {"agency": "1"})
                assert answer.status_code == 405 or answer.url.startswith(STEP), each.name

    def test_opens_no_record(self, dana):
        client = with_password(dana)
        answer = client.get("/admin/", follow=True)
        assert answer.redirect_chain[-1][0] == f"{STEP}?next=%2Fadmin%2F"
        assert client.get("/admin/password_change/").status_code == 302

    def test_opens_nothing_for_who_sees_all_agencies(self, dana):
        dana.is_superuser = True
        dana.save()
        dana.agency_seat.delete()
        assert with_password(dana).get("/staff/agency/").url.startswith(STEP)

    def test_is_enough_where_the_site_says_so(self, dana, settings):
        settings.STAFF_SECOND_STEP = False
        assert with_password(dana).get("/staff/letters/").status_code == 200


class TestTheFirstTime:
    def test_a_phone_is_tied_and_ten_codes_are_shown_once(self, dana):
        client = with_password(dana)
        _secret, codes = set_up(client, "/staff/letters/")
        assert len(set(codes)) == 10
        assert client.get("/staff/letters/").status_code == 200
        assert codes[0] not in client.get(STEP, follow=True).content.decode()

    def test_a_wrong_code_ties_nothing_and_keeps_the_square(self, dana):
        client = with_password(dana)
        page = client.get(STEP).content.decode()
        secret = re.search(r"<code dir=\"ltr\">([A-Z2-7]{32})</code>", page)[1]
        page = client.post(STEP, {"code": wrong(code_of(secret))}).content.decode()
        assert "This code is not right" in page
        assert secret in page
        assert not Authenticator.objects.exists()

    def test_the_secret_is_not_in_the_database_as_it_is(self, dana):
        secret, codes = set_up(with_password(dana))
        kept = str(list(Authenticator.objects.values_list("data", flat=True)))
        assert secret not in kept
        assert [code for code in codes if code in kept] == []

    def test_a_second_browser_can_not_tie_another_phone(self, dana):
        slow = with_password(dana)
        page = slow.get(STEP).content.decode()
        secret = re.search(r"<code dir=\"ltr\">([A-Z2-7]{32})</code>", page)[1]
        set_up(with_password(dana))
        slow.post(STEP, {"code": code_of(secret)})
        assert Authenticator.objects.filter(type="totp").count() == 1
        assert slow.get("/staff/").url.startswith(STEP)


class TestTheNextTime:
    def test_the_phones_code_leads_to_what_was_asked_for(self, dana):
        secret, _codes = set_up(with_password(dana))
        client = with_password(dana)
        answer = client.post(f"{STEP}?next=/staff/letters/", {"code": code_of(secret)})
        assert (answer.status_code, answer.url) == (302, "/staff/letters/")
        assert client.get("/staff/letters/").status_code == 200

    def test_a_code_counts_once(self, dana):
        secret, _codes = set_up(with_password(dana))
        code = code_of(secret)
        assert with_password(dana).post(STEP, {"code": code}).status_code == 302
        assert with_password(dana).post(STEP, {"code": code}).status_code == 200

    def test_a_code_of_half_a_minute_ago_counts_once_too(self, dana, monkeypatch):
        secret, _codes = set_up(with_password(dana))
        code = code_of(secret, half_minutes_ago=1)
        assert with_password(dana).post(STEP, {"code": code}).status_code == 302
        # allauth forgets after half a minute that a code was used
        cache.delete(f"allauth.mfa.totp.used?user={dana.pk}&code={code}")
        page = with_password(dana).post(STEP, {"code": code}).content.decode()
        assert "was used just now" in page

    def test_one_of_the_ten_codes_counts_once(self, dana):
        _secret, codes = set_up(with_password(dana))
        assert with_password(dana).post(STEP, {"code": codes[3]}).status_code == 302
        cache.clear()
        assert with_password(dana).post(STEP, {"code": codes[3]}).status_code == 200
        assert with_password(dana).post(STEP, {"code": codes[4]}).status_code == 302

    def test_after_five_wrong_codes_the_right_one_waits(self, dana):
        secret, _codes = set_up(with_password(dana))
        client = with_password(dana)
        for _ in range(5):
            client.post(STEP, {"code": wrong(code_of(secret))})
        assert client.post(STEP, {"code": code_of(secret)}).status_code == 200
        assert client.get("/staff/").url.startswith(STEP)

    def test_a_code_of_another_account_is_none(self, dana):
        secret, _codes = set_up(with_password(dana))
        carol = f.make_staff(f.make_district("Other"), "carol@example.org")
        carol.set_password("correct horse battery")
        carol.save()
        set_up(with_password(carol))
        assert with_password(carol).post(STEP, {"code": code_of(secret)}).status_code == 200

    def test_no_stranger_page_is_led_to(self, dana):
        secret, _codes = set_up(with_password(dana))
        answer = with_password(dana).post(f"{STEP}?next=https://evil.example/", {"code": code_of(secret)})
        assert answer.url == "/staff/"

    def test_signing_out_ends_the_step(self, dana):
        client = with_password(dana)
        set_up(client)
        client.post(reverse("account_logout"))
        assert client.get("/staff/").url.startswith("/admin/login/")


class TestALostPhone:
    def test_is_forgotten_by_whoever_runs_the_site_and_its_sign_ins_end(self, dana):
        client = with_password(dana)
        set_up(client)
        call_command("forget_second_step", dana.email.upper())
        assert not Authenticator.objects.exists()
        assert client.get("/staff/").url.startswith("/admin/login/")

    def test_of_nobody_is_an_error_in_words(self, dana):
        with pytest.raises(CommandError, match="no staff account"):
            call_command("forget_second_step", "nobody@example.org")
        with pytest.raises(CommandError, match="has no phone"):
            call_command("forget_second_step", dana.email)


def test_secrets_outlive_a_change_of_the_sites_key(settings, dana):
    stored = StaffMFAAdapter().encrypt("GEZDGNBV")
    settings.SECRET_KEY, before = "another" * 10, settings.SECRET_KEY
    with pytest.raises(InvalidToken):
        StaffMFAAdapter().decrypt(stored)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert StaffMFAAdapter().decrypt(stored) == "GEZDGNBV"


def test_who_is_no_staff_gets_no_second_step(dana):
    client = Client()
    client.force_login(f.make_user("alice@example.org"))
    assert client.get(STEP).url.startswith("/admin/login/")
    assert not second_step.is_set_up(dana)
