"""What waits for each decider of each child: only what is new to them, beside what they answered before."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent import decide
from consent.models import Decision, Guardian, Student, Voiding
from consent.open_questions import Asked, open_for, overview
from consent.questions import open_questions
from districts.models import Basis
from tests import factories as f
from tests.consent.answering import answer, freeze
from tests.consent.worlds import ADDRESS, LAST_DAY, OFFICIAL, PHONE, PHOTO, World

pytestmark = pytest.mark.django_db


def seen(world: World, guardian: Guardian | None = None, today: dt.date = f.TODAY) -> list[Asked]:
    who = guardian or world.alice
    return list(overview(deciders=[(world.sam.pk, who.pk)], today=today, language="en").asked)


def new_labels(asked: Asked) -> list[str]:
    return [line["label"] for line in asked.body["lines"] if asked.is_new(line)]


def test_without_an_answer_every_line_waits():
    world = World(ADDRESS, PHONE, OFFICIAL)
    (asked,) = open_for([world.alice.pk], f.TODAY)
    assert (asked.student_id, asked.guardian_id) == (world.sam.pk, world.alice.pk)
    assert new_labels(asked) == ["home address", "phone"]
    assert (asked.tip, asked.standing, asked.before, asked.was_asked_before) == (None, None, None, False)


def test_after_a_yes_only_what_is_new_waits_beside_what_was():
    world = World(ADDRESS)
    given = answer(world.sam, world.question(), world.alice, "yes")
    assert open_for([world.alice.pk], f.TODAY) == []
    world.publish(ADDRESS, PHONE)
    (asked,) = open_for([world.alice.pk], f.TODAY)
    assert new_labels(asked) == ["phone"]
    assert [line["label"] for line in asked.before["lines"]] == ["home address"]
    assert (asked.tip, asked.standing) == (given, given)


def test_a_new_recipient_of_an_old_line_waits():
    world = World(ADDRESS)
    answer(world.sam, world.question(), world.alice, "yes")
    world.publish(ADDRESS, recipients=["Printers Inc"])
    (asked,) = open_for([world.alice.pk], f.TODAY)
    assert new_labels(asked) == ["home address"]
    assert asked.before["lines"][0]["recipients"] == []


def test_after_a_no_nothing_waits_not_even_new_lines():
    world = World(ADDRESS)
    answer(world.sam, world.question(), world.alice, "no")
    world.publish(ADDRESS, PHONE)
    assert open_for([world.alice.pk], f.TODAY) == []
    assert seen(world)[0].standing.answer == "no"


def test_less_data_asks_nothing_again_and_its_return_does_of_whom_did_not_see_it():
    world = World(ADDRESS, PHONE)
    answer(world.sam, world.question(), world.alice, "yes")
    world.publish(ADDRESS)
    answer(world.sam, world.question(), world.bob, "yes")
    assert open_for([world.alice.pk, world.bob.pk], f.TODAY) == []
    world.publish(ADDRESS, PHONE)
    assert [asked.guardian_id for asked in open_for([world.alice.pk, world.bob.pk], f.TODAY)] == [
        world.bob.pk
    ]


def test_a_renamed_element_of_the_same_meaning_is_not_new():
    world = World(ADDRESS)
    answer(world.sam, world.question(), world.alice, "yes")
    f.make_element("street-address", "contact", same_meaning_as=f.make_element("home-address"))
    world.publish(("street-address", "contact", Basis.CONSENT), PHONE)
    (asked,) = open_for([world.alice.pk], f.TODAY)
    assert new_labels(asked) == ["phone"]


def test_what_moved_to_a_ground_without_a_choice_waits_no_more():
    world = World(ADDRESS)
    world.publish(("home-address", "contact", Basis.SCHOOL_OFFICIAL))
    assert seen(world) == []
    shared = overview(deciders=[(world.sam.pk, world.alice.pk)], today=f.TODAY, language="en").shared
    assert [line["label"] for part in shared for line in part.lines] == ["home address"]


def test_a_district_that_joins_later_is_asked_from_today_and_told_when_sharing_starts():
    state, joins = f.make_state(), f.TODAY + dt.timedelta(days=30)
    district = f.make_district(state=state)
    sam = f.make_student(district)
    alice = f.make_guardian(district, of=[sam])
    elsewhere = f.make_district(state=state)
    carol = f.make_guardian(elsewhere, "Carol", of=[f.make_student(elsewhere)])
    agreement = f.make_agreement(state)
    agreement.participations.create(agency=district, kind="joined", from_on=joins)
    open_questions(freeze(f.make_draft(agreement, lines=[ADDRESS, OFFICIAL])).pk)
    assert [asked.student_id for asked in open_for([alice.pk, carol.pk], f.TODAY)] == [sam.pk]
    (shared,) = overview(deciders=[(sam.pk, alice.pk)], today=f.TODAY, language="en").shared
    assert shared.starts_on == joins


def test_what_moved_to_opt_in_is_asked_again():
    world = World(PHOTO)
    answer(world.sam, world.question("picture", Basis.DIRECTORY), world.alice, "yes")
    assert open_for([world.alice.pk], f.TODAY) == []
    world.publish(("photo", "picture", Basis.CONSENT))
    (asked,) = open_for([world.alice.pk], f.TODAY)
    assert asked.body["question"]["control"] == "opt_in"


def test_a_voided_answer_waits_again_or_leaves_the_one_before_it_standing():
    world = World(ADDRESS)
    first = answer(world.sam, world.question(), world.alice, "no")
    second = answer(world.sam, world.question(), world.alice, "yes", replaces=first)
    Voiding.objects.create(decision=second, reason="the claim was undone")
    (asked,) = seen(world)
    assert (asked.tip, asked.standing, asked.is_open) == (second, first, False)
    Voiding.objects.create(decision=first, reason="the claim was undone")
    (asked,) = open_for([world.alice.pk], f.TODAY)
    assert (asked.tip, asked.standing) == (second, None)


def test_the_page_shows_exactly_what_an_answer_stores():
    world = World(ADDRESS)
    (asked,) = open_for([world.alice.pk], f.TODAY)
    decision = decide.record(
        student_id=asked.student_id,
        question_version_id=asked.question_version.pk,
        decider_id=asked.guardian_id,
        answer="yes",
        shown_sha256=asked.sha256,
        replaces_id=None,
        language="en",
        by_user=None,
        now=f.NOW,
    )
    assert decision.shown.sha256 == asked.sha256
    assert open_for([world.alice.pk], f.TODAY) == []


def test_another_decider_is_shown_by_relation_with_what_stands_of_their_answer():
    world = World(ADDRESS)
    answer(world.sam, world.question(), world.alice, "yes")
    (asked,) = seen(world)
    (other,) = asked.others
    assert (other.relation, other.answer, asked.is_contested) == ("father", None, False)
    answer(world.sam, world.question(), world.bob, "no")
    (asked,) = seen(world)
    assert (asked.others[0].answer, asked.is_contested) == ("no", True)


def test_a_barred_adult_is_not_hinted_at_and_sees_nothing():
    world = World(ADDRESS)
    answer(world.sam, world.question(), world.bob, "no")
    answer(world.sam, world.question(), world.alice, "yes")
    f.make_hold(world.bob, world.sam)
    (asked,) = seen(world)
    assert (asked.others, asked.is_contested) == ((), False)
    assert open_for([world.bob.pk], f.TODAY) == []


def test_at_eighteen_the_student_is_asked_and_the_parents_no_more():
    world = World(ADDRESS)
    Student.objects.filter(pk=world.sam.pk).update(birth_date=f.TODAY.replace(year=f.TODAY.year - 18))
    sam_himself = f.make_guardian(world.district, "Sam", of=[world.sam], relation="self")
    everybody = [world.alice.pk, world.bob.pk, sam_himself.pk]
    assert [asked.guardian_id for asked in open_for(everybody, f.TODAY)] == [sam_himself.pk]
    eve = f.TODAY - dt.timedelta(days=1)
    assert {asked.guardian_id for asked in open_for(everybody, eve)} == {world.alice.pk, world.bob.pk}


def test_a_guardian_of_another_district_sees_nothing_of_it():
    world, other = World(ADDRESS), World(ADDRESS)
    assert {asked.student_id for asked in open_for([other.alice.pk], f.TODAY)} == {other.sam.pk}
    assert world.sam.pk != other.sam.pk


def test_ten_children_and_agreements_take_as_many_queries_as_one():
    counts = []
    for number in (1, 10):
        world = World(ADDRESS, OFFICIAL)
        deciders = [(world.sam.pk, world.alice.pk)]
        for _ in range(number - 1):
            tia = f.make_student(world.district, "Tia", school=world.school)
            carol = f.make_guardian(world.district, "Carol", of=[tia])
            deciders.append((tia.pk, carol.pk))
            answer(tia, world.question(), carol, "yes")
        answer(world.sam, world.question(), world.bob, "yes")
        with CaptureQueriesContext(connection) as queries:
            overview(deciders=deciders, today=f.TODAY, language="es")
        counts.append(len(queries))
    assert Decision.objects.count() == 11
    assert counts[0] == counts[1]


def test_the_page_shows_the_last_day_that_counts_for_this_child_and_never_one_that_passed():
    world = World(PHOTO)
    day = {n: f.TODAY + dt.timedelta(days=n) for n in (0, 5, 21, 22, 30, 44, 60)}
    last = {n: open_for([world.alice.pk], today)[0].last_day for n, today in day.items()}
    in_a_fortnight = {n: today + dt.timedelta(days=14) for n, today in day.items()}  # nobody was told yet
    assert last == {**in_a_fortnight, 0: LAST_DAY, 5: LAST_DAY}
    world.tell(world.alice, told_at=f.NOW + dt.timedelta(days=30))
    last = {n: open_for([world.alice.pk], today)[0].last_day for n, today in day.items()}
    assert {last[30], last[44]} == {day[44]}
    assert last[60] is None


def test_the_page_shows_the_next_last_day_where_lines_have_several():
    world = World(PHOTO)
    world.tell(world.alice)
    new = f.TODAY + dt.timedelta(days=40)
    world.publish(PHOTO, ("voice", "picture", Basis.DIRECTORY), answer_by=new)
    world.tell(world.alice)
    assert open_for([world.alice.pk], LAST_DAY)[0].last_day == LAST_DAY
    assert open_for([world.alice.pk], LAST_DAY + dt.timedelta(days=1))[0].last_day == new
