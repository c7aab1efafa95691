"""Feeds tell what is opened, announced, asked and answered in public, never the words of a question."""

import json
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.discussion import cancel_hearing, move_end
from districts.models import Agreement
from districts.news_feeds import LONGEST_FEED
from districts.open_questions import answer_question, withdraw_question
from tests import factories as f
from tests.districts.discussing import DAY, asked, heard, in_words, page_of, propose, windowed

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def proposal(now) -> Agreement:
    return propose(f.make_district("Cedar Valley Schools", slug="cedar-valley"), now)


def talk(agreement, now) -> None:
    window = windowed(agreement, now)
    move_end(
        window_id=window.pk,
        closes_on=agreement.agency.today(now) + 30 * DAY,
        reason="A holiday.",
        now=now,
    )
    cancel_hearing(hearing_id=heard(agreement, now).pk, reason="Snow.", now=now)
    question = asked(agreement, now, text="Is Ann Smith in it?")
    answer_question(question_id=question.pk, text="Nobody is.", now=now)


def feeds_of(agreement) -> list[str]:
    return [
        f"/agreements/{agreement.public_id}/feed",
        f"/d/{agreement.agency.slug}/feed",
        f"/companies/{agreement.vendor.slug}/feed",
        "/changes/feed",
    ]


def items(address):
    return json.loads(Client().get(f"{address}.json").content)["items"]


def test_each_feed_of_the_agreement_tells_it_by_the_sentences_of_its_page(proposal, now):
    talk(proposal, now)
    today = proposal.agency.today(now)
    told = [
        f"Lumino Reading: Public comments opened, until {in_words(today + 20 * DAY)}.",
        f"Lumino Reading: Public comments now close on {in_words(today + 30 * DAY)}. A holiday.",
        f"Lumino Reading: Public hearing on {in_words(today + 8 * DAY)}. Library",
        f"Lumino Reading: The public hearing of {in_words(today + 8 * DAY)} was cancelled. Snow.",
        "Lumino Reading: A question to the district.",
        "Lumino Reading: The district answered in public.",
    ]
    for address in feeds_of(proposal):
        found = items(address)
        assert {item["title"] for item in found} >= set(told)
        assert len(found) == len(told) + 1  # and its publication
        days = [item["date_published"] for item in found]
        assert days == sorted(days, reverse=True)
    assert {item["title"] for item in items(f"/es{feeds_of(proposal)[0]}")} >= {
        "Lumino Reading: Una pregunta al distrito."
    }


def test_what_opens_later_is_said_to_open_later(proposal, now):
    windowed(proposal, now, first=5)
    today = proposal.agency.today(now)
    first, last = in_words(today + 5 * DAY), in_words(today + 20 * DAY)
    titles = {item["title"] for item in items("/d/cedar-valley/feed")}
    assert f"Lumino Reading: Public comments open on {first}, until {last}." in titles


def test_an_entry_has_one_id_everywhere_and_for_good_and_its_page_opens(proposal, now, settings):
    talk(proposal, now)
    known = {item["id"] for item in items(feeds_of(proposal)[0])}
    assert len(known) == 7
    for address in feeds_of(proposal):
        for prefix in ("", "/es"):
            assert {item["id"] for item in items(prefix + address)} == known
            tree = ElementTree.fromstring(Client().get(f"{prefix}{address}.atom").content)
            assert {entry.findtext(f"{ATOM}id") for entry in tree.findall(f"{ATOM}entry")} == known
    asked(proposal, now)
    heard(proposal, now)
    assert known < {item["id"] for item in items(feeds_of(proposal)[0])}
    pages = {item["url"].removeprefix(settings.SITE_URL).partition("#")[0] for item in items("/changes/feed")}
    assert page_of(proposal) in pages
    for page in pages:
        assert Client().get(page).status_code == 200


def test_no_feed_has_the_words_of_what_was_asked_before_or_after_they_come_down(proposal, now):
    talk(proposal, now)
    for _n in range(2):
        for address in feeds_of(proposal):
            for written in ("json", "atom"):
                assert b"Ann Smith" not in Client().get(f"{address}.{written}").content
        if question := proposal.open_questions.filter(is_withdrawn=False).first():
            withdraw_question(question_id=question.pk, reason="A child was named.")


def test_another_district_and_company_hear_nothing_of_it_and_neither_does_a_kind_of_data(proposal, now):
    talk(proposal, now)
    other = propose(f.make_district("Far Away Schools", slug="far-away"), now, name="Other Inc")
    heard(other, now)
    for address in feeds_of(other)[:3]:
        assert len(items(address)) == 2
        assert not any("Lumino" in item["title"] for item in items(address))
    code = proposal.versions.get().shared_elements.get().element.code
    assert not any("/discussion/" in item["url"] for item in items(f"/data/{code}/feed"))


def test_a_feed_keeps_its_length_and_has_the_newest(proposal, now):
    for _n in range(LONGEST_FEED + 3):
        asked(proposal, now)
    found = items("/d/cedar-valley/feed")
    assert len(found) == LONGEST_FEED
    newest = proposal.open_questions.order_by("-pk")[:1].get()
    assert any(item["url"].endswith(f"#q-{newest.public_id}") for item in found)


def queries(address: str) -> int:
    with CaptureQueriesContext(connection) as read:
        assert Client().get(address).status_code == 200
    return len(read)


def test_ten_things_said_cost_as_many_queries_as_one(proposal, now):
    talk(proposal, now)
    addresses = [f"{address}.atom" for address in feeds_of(proposal)]
    one = [queries(address) for address in addresses]
    for _n in range(9):
        talk(proposal, now)
    assert [queries(address) for address in addresses] == one
