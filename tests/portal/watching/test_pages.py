"""The pages of a watch: GET changes nothing, every address is told the same, a confirmed one can stop."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from portal.watching import messages, things
from portal.watching.gathering import gather
from portal.watching.models import Watch, Watcher, WatchMail
from portal.watching.sending import send_due
from tests import factories as f
from tests.consent.mail.post_office import text_of
from tests.portal.watching.watching import ALICE, link_in, next_round, watches

pytestmark = pytest.mark.django_db

DISTRICT = "/watch/district/cedar-valley/"


def addresses_of(town) -> dict[str, tuple[str, str]]:
    """Return the page of each watched kind, and where to watch it."""
    agreement = town.agreement.public_id
    return {
        "district": ("/d/cedar-valley/", DISTRICT),
        "company": ("/companies/lumino-reading/", "/watch/company/lumino-reading/"),
        "data": ("/data/class-photo/", "/watch/data/class-photo/"),
        "agreement": (f"/agreements/{agreement}/v1/", f"/watch/agreement/{agreement}/"),
        "school": (f"/d/cedar-valley/schools/{town.school.pk}/", f"/watch/school/{town.school.pk}/"),
        "search": ("/search/?q=lumino+%26+co", "/watch/search/?q=lumino+%26+co"),
    }


@pytest.mark.parametrize("kind", ["district", "company", "data", "agreement", "school", "search"])
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_each_page_leads_to_its_watch_and_back(town, client, kind, prefix):
    page, watch = addresses_of(town)[kind]
    assert f'href="{prefix}{watch}"' in client.get(prefix + page).content.decode()
    form = client.get(prefix + watch)
    assert form.status_code == 200
    back = page.removesuffix("v1/")
    assert f'{prefix}{back}"' in form.content.decode()
    assert "no-store" in form["Cache-Control"]
    assert "sessionid" not in form.cookies


@pytest.mark.parametrize(
    "address",
    [
        "/watch/district/nowhere/",
        "/watch/school/cedar-valley/",
        "/watch/agreement/x/",
        "/watch/agreement/00000000-0000-4000-8000-000000000000/",
        "/watch/company/draft-only/",
        "/watch/school/0/",
        "/watch/school/99999999999999999999999/",
        "/watch/search/",
        "/watch/search/?q=%25%00",
    ],
)
def test_what_is_not_public_cannot_be_watched(town, client, address):
    f.make_draft(f.make_agreement(town.district, f.make_vendor("Draft Only", slug="draft-only")))
    assert client.get(address).status_code == 404
    assert client.post(address, {"email": ALICE}).status_code == 404
    assert not Watcher.objects.exists()


def ask(client, address=DISTRICT, email=ALICE):
    return client.post(address, {"email": email})


def test_asking_confirming_and_stopping_by_the_links_of_two_messages(town, client, post_office):
    answer = ask(client, "/es" + DISTRICT, " Alice@Example.ORG ")
    assert answer.status_code == 302
    assert answer["Location"] == "/es/watch/asked/"
    send_due(now=timezone.now())
    [question] = post_office.mails
    assert question["To"] == ALICE
    assert question["Content-Language"] == "es"
    assert question["List-Unsubscribe"] is None
    for kind in ("plain", "html"):
        link = link_in(text_of(question, kind), "confirm")
    page = client.get(link)
    assert page.status_code == 200
    assert "Cedar Valley Schools" in page.content.decode()
    assert Watch.objects.get().confirmed_at is None  # a mail scanner that opens the link confirms nothing
    assert client.post(link).status_code == 200
    assert Watch.objects.get().confirmed_at is not None
    stop = f"/watch/stop/{Watcher.objects.get().key}/"
    assert "Cedar Valley Schools" in client.get(stop).content.decode()
    assert Watcher.objects.exists()
    assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Watcher.objects.exists()
    assert not WatchMail.objects.exists()
    assert client.post(stop).status_code == client.get(stop).status_code == 200


def test_a_search_is_watched_by_its_words_in_the_language_of_its_page(town, client, post_office):
    answer = ask(client, "/es/watch/search/?q=%20Lumino%20%20Reading%20")
    assert answer["Location"] == "/es/watch/asked/"
    watch = Watch.objects.get()
    assert (watch.words, watch.words_key, watch.language) == ("Lumino Reading", "lumino reading", "es")
    send_due(now=timezone.now())
    question = post_office.mails[0]
    link = link_in(text_of(question), "confirm")
    # Anybody can type anybody's address: no stranger's words are mailed to it.
    for said in (str(question["Subject"]), text_of(question), text_of(question, "html")):
        assert "Lumino" not in said
    assert "Lumino Reading" in client.get(link).content.decode()
    client.post(link)
    stop = client.get(f"/watch/stop/{watch.watcher.key}/").content.decode()
    assert "/search/?q=Lumino+Reading" in stop
    gather(now=next_round())
    send_due(now=next_round())
    news = post_office.mails[1]
    assert "https://data.cedar.example/es/search/?q=Lumino+Reading" in text_of(news)
    assert town.second.public_id.hex in text_of(news).replace("-", "")


def test_one_click_needs_no_token_of_ours_and_the_other_forms_do(town):
    strict = Client(enforce_csrf_checks=True)
    assert ask(strict).status_code == 403
    watch = watches("district", town.district)
    assert strict.post(f"/watch/confirm/{watch.key}/").status_code == 403
    assert strict.post(f"/watch/stop/{watch.watcher.key}/").status_code == 200
    assert not Watch.objects.exists()


def test_known_and_unknown_addresses_are_answered_alike(town, client):
    watches("district", town.district)
    known, unknown = ask(client), ask(client, email="nobody@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    for _n in range(4):  # and one that has had its messages of the day
        again = ask(client)
    assert (again.status_code, again["Location"]) == (known.status_code, known["Location"])
    assert WatchMail.objects.filter(watcher__email=ALICE, kind="question").count() == 3


@pytest.mark.parametrize(
    "email", ["", "alice", "a@b", '"a b"@example.org', "álice@example.org", "a@b.c\nBcc: x@y.zz"]
)
def test_what_is_no_address_is_an_error_that_says_what_to_do(town, client, email):
    answer = ask(client, email=email)
    assert answer.status_code == 200
    assert "name@example.com" in answer.content.decode()
    assert not Watcher.objects.exists()


def test_a_link_that_is_too_old_or_nobodys_confirms_nothing(town, client):
    ask(client)
    watch = Watch.objects.get()
    Watch.objects.update(asked_at=timezone.now() - dt.timedelta(days=7, minutes=1))
    for key in (watch.key, uuid.uuid4()):
        for answer in (client.get(f"/watch/confirm/{key}/"), client.post(f"/watch/confirm/{key}/")):
            assert answer.status_code == 404
    watch.refresh_from_db()
    assert watch.confirmed_at is None


def test_one_of_several_is_stopped_alone_and_the_key_of_another_stops_nothing(town, client):
    one, two = watches("district", town.district), watches("company", town.lumino)
    other = watches("district", town.district, "bob@example.org")
    stop = f"/watch/stop/{one.watcher.key}/"
    client.post(stop, {"watch": other.key})
    assert Watch.objects.count() == 3
    page = client.post(stop, {"watch": one.key}).content.decode()
    assert "Lumino Reading" in page
    assert "Cedar Valley Schools" not in page
    client.post(stop, {"watch": two.key})
    assert list(Watcher.objects.values_list("email", flat=True)) == ["bob@example.org"]
    assert client.post(stop, {"watch": "x"}).status_code == 404


def test_the_list_costs_as_many_queries_for_ten_as_for_one(town, client):
    counts = []
    key = watches("district", town.district).watcher.key
    for n in range(10):
        if n:
            watches("company", f.make_vendor(f"Company {n}"))
            watches("school", f.make_school(f.make_district(), f"School {n}"))
            watches("search", f"Company {n}")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/watch/stop/{key}/")
        counts.append(len(asked))
    assert counts[0] == counts[-1]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_addresses_that_messages_write_out_are_those_of_the_pages(town, settings, language):
    key = uuid.uuid4()
    with override(language):
        for kind, name in (
            ("district", "district"),
            ("company", "vendor"),
            ("data", "element"),
            ("agreement", "agreement"),
        ):
            written = things.KINDS[kind].page.format(key)
            assert messages.address(language, written) == settings.SITE_URL + reverse(
                f"districts:{name}", args=[key]
            )
        school = things.page_of(Watch(school=town.school), language)
        assert school == settings.SITE_URL + reverse(
            "districts:school", args=["cedar-valley", town.school.pk]
        )
        search = things.page_of(Watch(words="lumino & co"), language)
        assert search == settings.SITE_URL + reverse("districts:search") + "?q=lumino+%26+co"
        for written, name in ((messages.CHANGE, "districts:change"), (messages.CONFIRM, "watching:confirm"),
                              (messages.STOP, "watching:stop")):  # fmt: skip
            assert messages.address(language, written.format(key)) == settings.SITE_URL + reverse(
                name, args=[key]
            )
