"""The pages of a hook: GET changes nothing, the secret is shown once, every address is told the same."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from portal.checks import no_calls_to_this_machine
from portal.hooks import mails, registering, signing
from portal.hooks.delivering import deliver_due
from portal.hooks.models import Hook, HookMail
from tests import factories as f
from tests.consent.mail.post_office import text_of
from tests.portal.hooks.hooking import ALICE, asked, hooked

pytestmark = pytest.mark.django_db

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")
URL = "https://203.0.113.0/in"


@pytest.fixture(autouse=True)
def loopback(settings):
    settings.HOOKS_MAY_CALL_LOOPBACK = True


def ask(client, where="/watch/hooks/", url="http://127.0.0.1:8111/in", email=ALICE):
    return client.post(where, {"url": url, "email": email})


def page_of(hook):
    return f"/watch/hooks/{signing.token_of(hook)}/"


def link_in(mail) -> str:
    [found] = set(re.findall(r"https://data\.cedar\.example((?:/es)?/watch/hooks/[^/\s\"]+/)", text_of(mail)))
    return found


def test_from_the_form_to_running_by_the_link_of_one_mail(town, client, receiver, post_office) -> None:
    answer = ask(client, "/es/watch/hooks/about/district/cedar-valley/", receiver.url, " Alice@Example.ORG ")
    assert (answer.status_code, answer["Location"]) == (302, "/es/watch/hooks/asked/")
    assert client.get(answer["Location"]).status_code == 200
    mails.send_due(now=timezone.now())
    assert mails.send_due(now=timezone.now()) == 0
    [mail] = post_office.mails
    assert (mail["To"], mail["Content-Language"]) == (ALICE, "es")
    for part in ("plain", "html"):
        assert "127.0.0.1" not in text_of(mail, part)  # what a stranger typed is not mailed
        assert "whsec_" not in text_of(mail, part)
    link = link_in(mail)
    assert "Cedar Valley Schools" in client.get(link).content.decode()
    hook = Hook.objects.get()
    assert hook.state == "asked"  # a mail scanner that opens the link confirms nothing
    confirmed = client.post(link, {"do": "confirm"})
    assert "no-store" in confirmed["Cache-Control"]
    assert "sessionid" not in confirmed.cookies
    [shown] = set(SECRET.findall(confirmed.content.decode()))
    for again in (client.get(link), client.post(link, {"do": "confirm"}, follow=True)):
        assert not SECRET.search(again.content.decode())
    assert client.post(link, {"do": "call"}).status_code == 302
    assert client.post(link, {"do": "call"}).status_code == 302  # one waits already
    assert deliver_due(now=timezone.now()) == {"taken": 1}
    hook.refresh_from_db()
    assert (hook.state, hook.agency) == ("active", town.district)
    page = client.get(link).content.decode()
    assert receiver.ids[0] in page
    renewed = client.post(link, {"do": "secret"}).content.decode()
    assert SECRET.findall(renewed) != [shown]
    assert client.post(link, {"do": "nothing"}).status_code == 404
    assert client.post(link, {"do": "stop"}).status_code == 302
    assert client.get(link).status_code == client.post(link, {"do": "stop"}).status_code == 404
    assert not Hook.objects.exists()
    assert not HookMail.objects.exists()


def test_the_owner_of_a_hook_that_stopped_is_told_once_where_to_start_it_again(
    town, client, post_office
) -> None:
    hook = hooked(URL, "company", town.lumino)
    HookMail.objects.all().delete()
    for _n in range(2):
        registering.rest(pk=hook.pk, state="paused", now=timezone.now())
        mails.send_due(now=timezone.now())
    [mail] = post_office.mails
    assert "stopped" in mail["Subject"]
    page = client.get(link_in(mail)).content.decode()
    assert "could not be reached" in page


def test_a_mail_that_is_put_off_comes_again_and_one_that_is_refused_does_not(town, post_office) -> None:
    asked(URL)
    post_office.answers_to_recipient[ALICE] = ["451 later", "550 nobody"]
    now = timezone.now()
    for minutes, state in ((0, "due"), (6, "failed"), (600, "failed")):
        assert mails.send_due(now=now + dt.timedelta(minutes=minutes)) == 0
        assert HookMail.objects.get().state == state


@pytest.mark.parametrize(
    ("page", "hook"),
    [
        ("/d/cedar-valley/", "about/district/cedar-valley/"),
        ("/companies/lumino-reading/", "about/company/lumino-reading/"),
        ("/data/class-photo/", "about/data/class-photo/"),
        ("/agreements/{agreement}/v1/", "about/agreement/{agreement}/"),
        ("/d/cedar-valley/schools/{school}/", "about/school/{school}/"),
        ("/search/?q=lumino+%26+co", "about/search/?q=lumino+%26+co"),
        ("/open-data/", ""),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_each_page_leads_to_its_hook(town, client, page, hook, prefix) -> None:
    where = {"agreement": town.agreement.public_id, "school": town.school.pk}
    address = f"{prefix}/watch/hooks/{hook.format(**where)}"
    assert f'href="{address}"' in client.get(prefix + page.format(**where)).content.decode()
    form = client.get(address)
    assert form.status_code == 200
    assert "no-store" in form["Cache-Control"]
    assert ask(client, address).status_code == 302
    assert Hook.objects.get().language == (prefix.strip("/") or "en")


@pytest.mark.parametrize(
    "address",
    ["about/district/nowhere/", "about/house/x/", "about/agreement/x/", "about/company/draft-only/",
     "about/school/x/", "about/search/", "about/search/?q=%00", "nobodys-link/"],
)  # fmt: skip
def test_what_is_not_public_has_no_hook(town, client, address) -> None:
    f.make_draft(f.make_agreement(town.district, f.make_vendor("Draft Only", slug="draft-only")))
    assert client.get(f"/watch/hooks/{address}").status_code == 404
    assert ask(client, f"/watch/hooks/{address}").status_code == 404
    assert not Hook.objects.exists()


@pytest.mark.parametrize(
    "url", ["", "receiver.example", "https://10.0.0.1/", "https://[::ffff:127.0.0.1]/", "ftp://127.0.0.1/",
            "https://u:p@127.0.0.1/", "https://127.0.0.1/" + "x" * 500, "https://127.0.0.1/ä"],
)  # fmt: skip
def test_an_address_that_may_not_be_called_is_an_error_that_says_what_to_do(client, url) -> None:
    answer = ask(client, url=url)
    assert answer.status_code == 200
    assert "port 443 or 8443" in answer.content.decode()
    assert not Hook.objects.exists()


def test_forms_need_our_token(town) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert ask(strict).status_code == 403
    assert strict.post(page_of(hooked(URL)), {"do": "stop"}).status_code == 403
    assert Hook.objects.count() == 1


def test_known_and_unknown_addresses_are_answered_alike_and_have_ten_hooks_and_five_mails_a_day(
    client,
) -> None:
    answers = [ask(client) for _n in range(7)] + [ask(client, email="nobody@example.org")]
    assert {(each.status_code, each["Location"]) for each in answers} == {(302, "/watch/hooks/asked/")}
    assert Hook.objects.filter(email=ALICE).count() == 5
    yesterday = timezone.now() - dt.timedelta(days=1, minutes=1)
    for _n in range(2):
        HookMail.objects.update(made_at=yesterday)
        for _each in range(6):
            ask(client)
    assert Hook.objects.filter(email=ALICE).count() == 10


def test_a_host_is_called_by_so_many_hooks_at_most(client, monkeypatch) -> None:
    monkeypatch.setattr(registering, "MOST_OF_A_HOST", 2)
    for n in range(2):
        hooked(URL, email=f"w{n}@example.org", host="127.0.0.1")
    late = asked(URL, email="late@example.org", host="other.example")
    answer = ask(client)
    assert answer.status_code == 429
    assert "Too many" in answer.content.decode()
    Hook.objects.filter(pk=late.pk).update(host="127.0.0.1")
    answer = client.post(page_of(late), {"do": "confirm"})
    assert answer.status_code == 429
    late.refresh_from_db()
    assert (late.state, late.secret_number) == ("asked", 0)


def test_ten_tests_an_hour(client) -> None:
    hook = hooked(URL)
    for n in range(11):
        answer = client.post(page_of(hook), {"do": "call"})
        assert answer.status_code == (302 if n < 10 else 429)
        hook.calls.update(state="failed", attempts=1, tried_at=timezone.now(), result="500")
    assert hook.calls.count() == 10


def test_a_link_that_nobody_confirmed_in_time_is_none(client) -> None:
    hook = asked(URL)
    Hook.objects.update(asked_at=timezone.now() - dt.timedelta(days=7, minutes=1))
    assert (
        client.get(page_of(hook)).status_code
        == client.post(page_of(hook), {"do": "confirm"}).status_code
        == 404
    )
    assert Hook.objects.get().state == "asked"


def test_ten_calls_on_its_page_cost_as_many_queries_as_one(client) -> None:
    hook, counts = hooked(URL), []
    for _n in range(10):
        hook.calls.create(kind="test", made_at=timezone.now(), next_attempt_at=timezone.now())
        with CaptureQueriesContext(connection) as asked_for:
            assert client.get(page_of(hook)).status_code == 200
        counts.append(len(asked_for))
    assert counts[0] == counts[-1]


def test_a_hook_is_logged_by_its_number_alone(town, client, receiver, caplog, capfd) -> None:
    ask(client, url=receiver.url)
    link = page_of(Hook.objects.get())
    secret = SECRET.search(client.post(link, {"do": "confirm"}).content.decode())
    client.post(link, {"do": "call"})
    deliver_due(now=timezone.now())
    said = caplog.text + "".join(capfd.readouterr())
    assert secret is not None
    for private in (ALICE, secret.group(), receiver.url):
        assert private not in said


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_address_that_mails_write_out_is_that_of_the_page(language, settings) -> None:
    with override(language):
        own = settings.SITE_URL + reverse("hooks:manage", args=["a:b"])
    assert mails.address(language, mails.PAGE.format("a:b")) == own


@pytest.mark.parametrize(("on", "found"), [(True, ["portal.E002"]), (False, [])])
def test_a_site_that_may_call_itself_is_not_deployed(settings, on, found) -> None:
    settings.HOOKS_MAY_CALL_LOOPBACK = on
    assert [each.id for each in no_calls_to_this_machine(None)] == found
