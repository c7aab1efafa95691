"""What is new is found for all watches at once: what its feed tells, once, a day at a time."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts import news_feeds
from districts.finding import key_of
from districts.models import DataElement, Publication
from districts.publish import publish_version
from portal.watching import asking, things
from portal.watching.gathering import gather, newest_round
from portal.watching.models import Watch, Watcher, WatchMail, WatchNews
from tests import factories as f
from tests.districts.api.register import fill
from tests.portal.watching.watching import ALICE, days_later, next_round, published_at, watches

pytestmark = pytest.mark.django_db


def told(watch: Watch) -> set[int]:
    return set(watch.news.values_list("publication_id", flat=True))


def test_a_watch_is_told_what_its_feed_tells(town):
    """The one statement and the feeds say the same of every thing of a full register, aliases among it."""
    fill()
    town.something_happens()
    for school in (town.school, f.make_school(town.district, "North School")):
        draft = f.make_draft(
            f.make_agreement(town.district, f.make_vendor(f"Only {school.name}")),
            [("grade", "school", "school_official")],
        )
        draft.scope_schools.set([school])
        publish_version(version_id=draft.pk, now=timezone.now())
    alias = f.make_element(
        "snapshot", "pictures", same_meaning_as=DataElement.objects.get(code="class-photo")
    )
    feeds = {
        "district": (things.KINDS["district"].things(), news_feeds.of_district),
        "company": (things.KINDS["company"].things(), news_feeds.of_vendor),
        "data": (
            things.KINDS["data"].things(),
            lambda one: news_feeds.of_data(news_feeds.about([one])),
        ),
        "agreement": (things.KINDS["agreement"].things(), news_feeds.of_agreement),
        "school": (things.KINDS["school"].things(), news_feeds.of_school),
        "search": (
            ("lumino", "CLASS photo", "cedar valley", "agreements", "qqqqq", "lumnio", "Secret"),
            lambda words: news_feeds.of_search(key_of(words), "en"),
        ),
    }
    assert alias in feeds["data"][0]
    expected = {}
    for kind, (every, feed) in feeds.items():
        for thing in every:
            expected[watches(kind, thing)] = set(feed(thing).values_list("pk", flat=True))
    gather(now=next_round())
    assert {watch: told(watch) for watch in expected} == expected
    assert sum(map(bool, expected.values())) > 10


def test_nobody_is_told_twice_and_nobody_without_news_is_written_to(town):
    watch = watches("company", town.lumino)
    watches("district", f.make_district("Far Away", slug="far"), "bob@example.org")
    assert gather(now=next_round()) == 1
    assert told(watch) == {town.first.pk, town.second.pk}
    for moment in (next_round(), days_later(1), days_later(40)):
        assert gather(now=moment) == 0
    assert WatchMail.objects.count() == 1


def test_news_come_once_a_day_however_much_is_watched(town):
    one, two = watches("company", town.lumino), watches("district", town.district)
    assert gather(now=next_round()) == 1
    assert set(WatchMail.objects.get().news.values_list("watch", flat=True)) == {one.pk, two.pk}
    other = watches("agreement", town.agreement)
    assert gather(now=next_round()) == 0  # there was one today: this waits
    assert gather(now=days_later(1)) == 1
    assert told(other) == {town.first.pk, town.second.pk}


def test_only_what_was_published_since_it_was_confirmed_and_before_the_round_is_news(town):
    watch = watches("company", town.lumino, at=timezone.now())
    published_at(town.first, watch.confirmed_at - dt.timedelta(hours=1))
    published_at(town.second, newest_round(next_round()) + dt.timedelta(seconds=1))
    assert gather(now=next_round()) == 0
    assert gather(now=days_later(1)) == 1
    assert told(watch) == {town.second.pk}


def test_what_was_being_published_while_it_was_confirmed_is_news(town):
    watch = watches("company", town.lumino, at=timezone.now() + dt.timedelta(minutes=5))
    gather(now=next_round())
    assert told(watch) == {town.first.pk, town.second.pk}


def test_what_is_not_confirmed_or_not_public_is_not_told(town):
    asking.ask(email=ALICE, kind="company", thing=town.lumino, language="en", now=timezone.now())
    assert gather(now=next_round()) == 0
    draft = f.make_draft(f.make_agreement(town.district, f.make_vendor("Draft")))
    watches("district", town.district, "bob@example.org")
    secret = Publication.objects.create(kind="extended", agreement=draft.agreement, day=town.today)
    gather(now=next_round())
    assert not WatchNews.objects.filter(publication=secret).exists()


def test_the_round_is_the_sites_hour(settings):
    settings.WATCH_HOUR = 21
    at = dt.datetime(2026, 3, 2, 20, 59, tzinfo=dt.UTC)
    assert newest_round(at) == dt.datetime(2026, 3, 1, 21, tzinfo=dt.UTC)
    assert newest_round(at + dt.timedelta(minutes=1)) == dt.datetime(2026, 3, 2, 21, tzinfo=dt.UTC)


def test_ten_watches_cost_as_many_queries_as_one(town):
    counts = []
    for n in range(2):
        for each in range(1 + 9 * n):
            for kind, thing in (
                ("company", town.lumino),
                ("school", town.school),
                ("search", "LUMINO" if each % 2 else "lumino"),
            ):
                watches(kind, thing, f"w{n}-{each}@example.org")
        with CaptureQueriesContext(connection) as asked:
            gather(now=next_round())
        counts.append(len(asked))
    assert counts[0] == counts[1]  # whoever watches the same search, it is looked for once
    assert WatchMail.objects.count() == 11
    assert WatchNews.objects.values("watch").distinct().count() == 33


def test_a_search_is_looked_for_in_the_language_it_was_watched_in(town):
    spanish = watches("search", "grabación de voz", language="es")
    english = watches("search", "grabacion de  voz", "bob@example.org")
    gather(now=next_round())
    assert told(english) == set(news_feeds.of_search("grabacion de voz", "en").values_list("pk", flat=True))
    assert told(spanish) == set(news_feeds.of_search("grabacion de voz", "es").values_list("pk", flat=True))


def test_the_same_words_in_other_letters_are_the_same_watch(town):
    first = watches("search", "Lumino Reading")
    assert watches("search", "lumino reading").pk == first.pk
    assert Watch.objects.get().words == "lumino reading"  # as it was typed last


def test_what_was_never_confirmed_goes_with_its_address_and_what_was_stays(town):
    kept = watches("company", town.lumino)
    asking.ask(email="bob@example.org", kind="company", thing=town.lumino, language="en", now=timezone.now())
    asking.ask(email=ALICE, kind="district", thing=town.district, language="en", now=timezone.now())
    assert asking.forget(now=timezone.now() + dt.timedelta(days=7) - dt.timedelta(minutes=1)) == 0
    assert asking.forget(now=timezone.now() + dt.timedelta(days=7, minutes=1)) == 2
    assert list(Watch.objects.all()) == [kept]
    assert list(Watcher.objects.values_list("email", flat=True)) == [ALICE]


def test_what_was_told_is_remembered_longer_than_it_is_looked_for(town):
    watches("company", town.lumino)
    gather(now=next_round())
    for days in (59, 89):
        asking.forget(now=days_later(days))
        assert gather(now=days_later(days)) == 0
    asking.forget(now=days_later(92))
    assert gather(now=days_later(92)) == 0
    assert not WatchMail.objects.exists()


def test_three_questions_a_day_and_three_more_the_next(town):
    now = timezone.now()
    made = [
        asking.ask(
            email=ALICE, kind="company", thing=town.lumino, language="en", now=now + dt.timedelta(days=day)
        )
        for day in (0, 0, 0, 0, 1)
    ]
    assert [one is not None for one in made] == [True, True, True, False, True]
