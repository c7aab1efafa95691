"""Silence to an opt-out is yes only after the last day, and only where somebody was told."""

import pytest

from consent.models import Guardianship, ProviderReport
from districts.models import Basis
from tests import factories as f
from tests.consent.worlds import ADDRESS, AFTER, LAST_DAY, OFFICIAL, PHOTO, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("sent", "silence"),
        ("posted", "silence"),
        ("due", "not_told"),
        ("leased", "not_told"),
        ("printed", "not_told"),
        ("failed", "not_told"),
        ("failure_seen", "not_told"),
        ("withheld", "not_told"),
    ],
)
def test_silence_to_an_opt_out_is_yes_only_after_the_last_day_and_with_evidence(state: str, why: str):
    world = World(PHOTO)
    world.tell(world.alice, state)
    assert world.whys(f.TODAY) == {"photo": "before_last_day"}
    assert world.whys(LAST_DAY) == {"photo": "before_last_day"}
    assert world.whys(AFTER) == {"photo": why}


def test_nobody_told_is_no_yes():
    assert World(PHOTO).whys(AFTER) == {"photo": "not_told"}


def test_a_message_that_bounced_is_no_evidence_but_the_other_guardians_is():
    world = World(PHOTO)
    bounced = world.tell(world.alice)
    ProviderReport.objects.create(message_id=bounced.attempts.get().message_id, kind="deferred")
    assert world.whys(AFTER) == {"photo": "silence"}
    ProviderReport.objects.create(message_id=bounced.attempts.get().message_id, kind="bounced")
    assert world.whys(AFTER) == {"photo": "not_told"}
    world.tell(world.bob)
    assert world.whys(AFTER) == {"photo": "silence"}


def test_a_message_to_somebody_since_barred_is_no_evidence():
    world = World(PHOTO)
    world.tell(world.alice)
    f.make_hold(world.alice, world.sam)
    assert world.whys(AFTER) == {"photo": "not_told"}


def test_a_message_about_the_old_lines_is_no_evidence_for_a_new_one():
    world = World(PHOTO)
    world.tell(world.alice)
    world.publish(PHOTO, ("voice", "picture", Basis.DIRECTORY))
    assert world.whys(AFTER) == {"photo": "silence", "voice": "not_told"}
    world.tell(world.bob)
    assert world.whys(AFTER) == {"photo": "silence", "voice": "silence"}


def test_news_that_asks_nothing_is_no_evidence():
    world = World(PHOTO)
    world.tell(world.alice, kind="expired")
    assert world.whys(AFTER) == {"photo": "not_told"}


def test_a_newcomer_is_told_by_the_welcome():
    world = World(PHOTO)
    world.welcome(world.bob)
    assert world.whys(AFTER) == {"photo": "silence"}


def test_the_birthday_ends_what_the_parents_were_told():
    world = World(PHOTO)
    world.tell(world.alice)
    birth_date = AFTER.replace(year=AFTER.year - 18)
    type(world.sam).objects.filter(pk=world.sam.pk).update(birth_date=birth_date)
    assert world.whys(AFTER) == {"photo": "not_told"}
    sam_himself = f.make_guardian(world.district, "Sam", of=[world.sam], relation="self")
    world.welcome(sam_himself)
    assert world.whys(AFTER) == {"photo": "silence"}


def test_a_child_with_nobody_to_decide_is_not_shared_by_silence():
    world = World(PHOTO, ADDRESS, OFFICIAL)
    world.tell(world.alice)
    Guardianship.objects.update(ended_on=f.TODAY)
    assert world.whys(AFTER) == {"photo": "not_told", "home-address": "unanswered", "grade": "inform"}
