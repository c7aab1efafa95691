"""Silence to an opt-out is yes only after the last day, and only where somebody was told."""

import datetime as dt

import pytest

from consent import permitted
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


def later(days: int) -> dt.datetime:
    return f.NOW + dt.timedelta(days=days)


def day(days: int) -> dt.date:
    return f.TODAY + dt.timedelta(days=days)


def test_whoever_is_told_after_the_last_day_has_the_whole_notice_window():
    world = World(PHOTO)
    world.welcome(world.bob, later(60))
    assert world.whys(day(60)) == {"photo": "before_last_day"}
    assert world.whys(day(74)) == {"photo": "before_last_day"}
    assert world.whys(day(75)) == {"photo": "silence"}


def test_the_first_of_todays_deciders_who_was_told_counts():
    world = World(PHOTO)
    world.tell(world.alice)
    world.welcome(world.bob, later(60))
    assert world.whys(day(60)) == {"photo": "silence"}
    f.make_hold(world.alice, world.sam)
    assert world.whys(day(60)) == {"photo": "before_last_day"}


def test_a_letter_counts_from_when_it_was_posted():
    world = World(PHOTO)
    world.tell(world.alice, "posted", told_at=later(20))
    assert world.whys(day(34)) == {"photo": "before_last_day"}
    assert world.whys(day(35)) == {"photo": "silence"}


def test_children_who_come_under_it_later_have_the_day_they_are_told_and_others_keep_theirs():
    world = World(PHOTO)
    world.tell(world.alice)
    tim = f.make_student(world.district, "Tim", school=world.school)
    bo = f.make_guardian(world.district, "Bo", of=[tim])
    world.publish(PHOTO, answer_by=day(81))
    world.tell(world.alice, told_at=later(60))
    world.tell(bo, told_at=later(60), about=tim)
    for today, why in ((day(60), "before_last_day"), (day(81), "before_last_day"), (day(82), "silence")):
        found = {
            v.student_id: v.why for v in permitted.verdicts(agreement_id=world.agreement.pk, today=today)
        }
        assert found == {world.sam.pk: "silence", tim.pk: why}


def test_a_line_that_went_and_came_back_is_asked_as_for_the_first_time():
    world = World(PHOTO)
    world.tell(world.alice)
    assert world.whys(AFTER) == {"photo": "silence"}
    world.publish(OFFICIAL)
    world.publish(PHOTO, OFFICIAL, answer_by=day(50))
    assert world.whys(AFTER) == {"photo": "before_last_day", "grade": "inform"}
    assert world.whys(day(51)) == {"photo": "not_told", "grade": "inform"}
    world.tell(world.alice, told_at=later(22))
    assert world.whys(day(50)) == {"photo": "before_last_day", "grade": "inform"}
    assert world.whys(day(51)) == {"photo": "silence", "grade": "inform"}


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
