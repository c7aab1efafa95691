"""What a hook is called about is what a feed tells: of the whole site, or of the one thing it asked about."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts import news_feeds
from districts.finding import key_of
from districts.models import Publication
from districts.publish import publish_version
from portal.hooks import registering
from portal.hooks.gathering import LOOKED_BACK, gather
from portal.hooks.models import Hook, HookCall
from portal.watching import things
from tests import factories as f
from tests.districts.api.register import fill
from tests.portal.hooks.hooking import asked, hooked
from tests.portal.watching.watching import published_at

pytestmark = pytest.mark.django_db

URL = "https://receiver.example/in"


def told(hook: Hook) -> set[int]:
    return set(hook.calls.values_list("publication_id", flat=True))


def test_a_hook_is_called_about_what_its_feed_tells(town) -> None:
    fill()
    town.something_happens()
    feeds = {
        "": ([None], lambda _none: news_feeds.of_everything()),
        "district": (things.KINDS["district"].things(), news_feeds.of_district),
        "school": (things.KINDS["school"].things(), news_feeds.of_school),
        "company": (things.KINDS["company"].things(), news_feeds.of_vendor),
        "data": (
            things.KINDS["data"].things(),
            lambda one: news_feeds.of_data(news_feeds.about([one])),
        ),
        "agreement": (things.KINDS["agreement"].things(), news_feeds.of_agreement),
        "search": (["lumino", "qqqqq"], lambda words: news_feeds.of_search(key_of(words), "en")),
    }
    expected = {}
    for kind, (every, feed) in feeds.items():
        for n, thing in enumerate(every):
            hook = hooked(URL, kind, thing, f"{kind}{n}@example.org", host=f"h{n}.example")
            expected[hook] = set(feed(thing).values_list("pk", flat=True))
    gather(now=timezone.now())
    assert {hook: told(hook) for hook in expected} == expected
    assert gather(now=timezone.now(), looked_back=LOOKED_BACK) == 0


def test_only_what_was_published_since_it_runs_and_is_public_is_told(town) -> None:
    hook = hooked(URL)
    draft = f.make_draft(f.make_agreement(town.district, f.make_vendor("Draft")))
    Publication.objects.create(kind="extended", agreement=draft.agreement, day=town.today)
    published_at(town.first, hook.started_at - dt.timedelta(minutes=20))
    published_at(town.second, hook.started_at - dt.timedelta(minutes=5))  # was under way
    assert gather(now=timezone.now(), looked_back=LOOKED_BACK) == 1
    assert told(hook) == {town.second.pk}


def test_a_hook_that_does_not_run_is_not_called_and_later_gets_the_last_days(town) -> None:
    hook = hooked(URL)
    for state in ("asked", "confirmed", "paused", "gone"):
        Hook.objects.update(state=state)
        assert gather(now=timezone.now()) == 0
    Hook.objects.update(state="active")
    assert gather(now=timezone.now() + LOOKED_BACK - dt.timedelta(hours=1), looked_back=LOOKED_BACK) == 2
    assert told(hook) == {town.first.pk, town.second.pk}


def test_ten_hooks_cost_as_many_queries_as_one(town) -> None:
    counts = []
    for n in range(2):
        for each in range(1 + 9 * n):
            for kind, thing in (("", None), ("company", town.lumino), ("search", "lumino")):
                hooked(URL, kind, thing, f"w{n}-{each}@example.org", host=f"{kind}{n}.example")
        with CaptureQueriesContext(connection) as asked_for:
            assert gather(now=timezone.now()) == 2 * 3 * (1 + 9 * n)
        counts.append(len(asked_for))
    assert counts[0] == counts[1]


def test_what_was_published_later_comes_later(town) -> None:
    hook = hooked(URL, "district", town.district)
    gather(now=timezone.now())
    publish_version(version_id=f.make_draft(town.agreement).pk, now=timezone.now())
    assert gather(now=timezone.now()) == 1
    assert len(told(hook)) == 3


def test_what_nobody_confirmed_or_woke_is_forgotten_and_what_runs_stays(town) -> None:
    runs = hooked(URL, email="runs@example.org")
    asked(URL, email="asked@example.org")
    rests = hooked(URL, email="rests@example.org")
    registering.rest(pk=rests.pk, state="paused", now=timezone.now())
    gather(now=timezone.now())
    HookCall.objects.update(state="done", tried_at=timezone.now(), result="204", attempts=1)
    assert registering.forget(now=timezone.now() + dt.timedelta(days=6)) == 0
    assert registering.forget(now=timezone.now() + dt.timedelta(days=8)) == 1
    assert registering.forget(now=timezone.now() + dt.timedelta(days=91)) == 1
    assert list(Hook.objects.all()) == [runs]
    assert not HookCall.objects.exists()
