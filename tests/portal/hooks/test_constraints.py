"""What must never be false of hooks is refused by PostgreSQL, by name; the public role cannot read them."""

import pytest
from django.db import ProgrammingError, connections
from django.utils import timezone

from districts.public_room import PUBLIC_ALIAS, public_room
from portal.hooks.gathering import gather
from portal.hooks.models import Hook, HookCall, HookMail
from tests.breaking import copy_of, refused_by
from tests.portal.hooks.hooking import hooked

pytestmark = pytest.mark.django_db

NEW = {"public_id": "gen_random_uuid()"}
ALL, SEARCH = "agency_id IS NULL AND words IS NULL", "words IS NOT NULL"
BROKEN = {
    "hook_state_is_known": ("hook", {**NEW, "state": "'lost'"}, ALL),
    "a_hook_is_about_one_thing_or_about_all": (
        "hook", {**NEW, "words": "'x'", "words_key": "'x'"}, "agency_id IS NOT NULL"),
    "a_hooked_search_has_words_and_a_key": ("hook", {**NEW, "words_key": "NULL"}, SEARCH),
    "hook_email_is_lower_case_and_there": ("hook", {**NEW, "email": "'Dana@example.org'"}, ALL),
    "hook_host_is_lower_case_and_there": ("hook", {**NEW, "host": "''"}, ALL),
    "hook_address_is_plain_http": ("hook", {**NEW, "url": "'file:///etc/passwd'"}, ALL),
    "a_confirmed_hook_has_a_secret": ("hook", {**NEW, "secret_proof": "''"}, ALL),
    "a_hook_that_runs_or_ran_says_since_when": ("hook", {**NEW, "started_at": "NULL"}, ALL),
    "hook_call_is_of_a_kind": ("hookcall", {**NEW, "kind": "'advert'", "publication_id": "NULL"}),
    "hook_call_state_is_known": ("hookcall", {**NEW, "state": "'lost'", "kind": "'test'",
                                              "publication_id": "NULL"}),
    "a_call_with_news_names_its_publication_and_others_do_not": ("hookcall", {**NEW, "kind": "'test'"}),
    "a_tried_call_says_when_and_what_came": ("hookcall", {**NEW, "kind": "'test'", "publication_id": "NULL",
                                                          "attempts": "1"}),
    "a_hook_is_called_about_a_publication_once": ("hookcall", NEW),
    "hook_mail_is_of_a_kind": ("hookmail", {**NEW, "kind": "'advert'"}),
    "hook_mail_state_is_known": ("hookmail", {**NEW, "state": "'lost'"}),
}  # fmt: skip


@pytest.fixture
def kept(town):
    """Rows of every table."""
    for kind, thing in (("", None), ("district", town.district), ("search", "lumino")):
        hooked("https://receiver.example/in", kind, thing)
    gather(now=timezone.now())


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_it_by_name(kept, name):
    table, changed, *where = BROKEN[name]
    assert refused_by(copy_of(f"portal_{table}", changed, *where)) == name


def test_every_constraint_is_tried():
    named = {each.name for model in (Hook, HookCall, HookMail) for each in model._meta.constraints}
    assert named == BROKEN.keys()


@pytest.mark.parametrize("model", [Hook, HookCall, HookMail])
def test_the_public_role_cannot_read_whose_programs_are_called(model):
    with pytest.raises(ProgrammingError, match="permission denied"), public_room():
        connections[PUBLIC_ALIAS].cursor().execute(f"SELECT count(*) FROM {model._meta.db_table}")
