"""What must never be false of watches is refused by PostgreSQL, by name; the public role cannot read them."""

import pytest
from django.db import ProgrammingError, connections
from django.utils import timezone

from districts.public_room import PUBLIC_ALIAS, public_room
from portal.watching import asking, things
from portal.watching.gathering import gather
from portal.watching.models import Watch, Watcher, WatchMail, WatchNews
from tests.breaking import copy_of, refused_by
from tests.portal.watching.watching import ALICE, next_round, watches

pytestmark = pytest.mark.django_db

KEY = {"key": "gen_random_uuid()"}
QUESTION, NEWS = "kind = 'question'", "kind = 'news'"
BROKEN = {
    "one_watcher_per_address": ("watcher", KEY),
    "watcher_address_is_lower_case": ("watcher", {**KEY, "email": "'Dana@example.org'"}),
    "watcher_has_an_address": ("watcher", {**KEY, "email": "''"}),
    "a_watch_is_about_exactly_one_thing": ("watch", {**KEY, "vendor_id": "NULL"}, "vendor_id IS NOT NULL"),
    "an_address_watches_one_vendor_once": ("watch", KEY, "vendor_id IS NOT NULL"),
    "an_address_watches_one_agency_once": ("watch", KEY, "agency_id IS NOT NULL"),
    "an_address_watches_one_element_once": ("watch", KEY, "element_id IS NOT NULL"),
    "an_address_watches_one_agreement_once": ("watch", KEY, "agreement_id IS NOT NULL"),
    "an_address_watches_one_school_once": ("watch", KEY, "school_id IS NOT NULL"),
    "an_address_watches_one_search_once": ("watch", KEY, "words IS NOT NULL"),
    "a_watched_search_has_words_and_a_key": ("watch", {**KEY, "words_key": "NULL"}, "words IS NOT NULL"),
    "watch_mail_is_of_a_kind": ("watchmail", {"kind": "'advert'"}, QUESTION),
    "watch_mail_state_is_known": ("watchmail", {"state": "'lost'"}, QUESTION),
    "a_question_names_its_watch_and_news_do_not": ("watchmail", {"watch_id": "NULL"}, QUESTION),
    "a_sent_watch_mail_says_when": ("watchmail", {"state": "'sent'"}, QUESTION),
    "news_come_once_a_day_at_most": ("watchmail", {}, NEWS),
    "a_watch_is_told_of_a_publication_once": ("watchnews", {}),
}


@pytest.fixture
def kept(town):
    """Rows of every table, a watch of each kind among them."""
    for kind, thing in (
        ("district", town.district),
        ("data", things.KINDS["data"].named("class-photo").get()),
        ("agreement", town.agreement),
        ("company", town.lumino),
        ("school", town.school),
        ("search", "lumino"),
    ):
        watches(kind, thing)
    gather(now=next_round())
    asking.ask(email=ALICE, kind="company", thing=town.lumino, language="en", now=timezone.now())


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_it_by_name(kept, name):
    table, changed, *where = BROKEN[name]
    assert refused_by(copy_of(f"portal_{table}", changed, *where)) == name


@pytest.mark.parametrize(
    ("where", "also"),
    [("school_id IS NOT NULL", {"vendor_id": "(SELECT min(id) FROM districts_vendor)"}),
     ("words IS NOT NULL", {"agency_id": "(SELECT min(id) FROM districts_agency)"}),
     ("words IS NOT NULL", {"words": "NULL", "words_key": "NULL"})],
)  # fmt: skip
def test_a_school_or_a_search_is_the_one_thing_of_a_watch(kept, where, also):
    assert refused_by(copy_of("portal_watch", {**KEY, **also}, where)) == "a_watch_is_about_exactly_one_thing"


@pytest.mark.parametrize("empty", [{"words": "''"}, {"words_key": "''"}])
def test_a_search_for_nothing_is_no_watch(kept, empty):
    copy = copy_of("portal_watch", {**KEY, **empty}, "words IS NOT NULL")
    assert refused_by(copy) == "a_watched_search_has_words_and_a_key"


def test_every_constraint_is_tried():
    named = {
        each.name for model in (Watcher, Watch, WatchMail, WatchNews) for each in model._meta.constraints
    }
    assert named == BROKEN.keys()


@pytest.mark.parametrize("model", [Watcher, Watch, WatchMail, WatchNews])
def test_the_public_role_cannot_read_who_watches(model):
    with pytest.raises(ProgrammingError, match="permission denied"), public_room():
        connections[PUBLIC_ALIAS].cursor().execute(f"SELECT count(*) FROM {model._meta.db_table}")
