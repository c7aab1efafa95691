"""Who is a newcomer: whoever has rights over a child in scope and was not told, whatever the reason."""

import datetime as dt

import pytest

from consent import fanning, notify
from consent.models import CatchUp, Enrollment, Guardian, Guardianship, Hold, Notice, Student
from districts.models import Agreement
from tests import factories as f
from tests.consent.news import catch_up, let_days_pass, publish, tell

pytestmark = pytest.mark.django_db

TOMORROW = f.NOW + dt.timedelta(days=1)


@pytest.fixture
def district():
    return f.make_district()


@pytest.fixture
def alice(district):
    """Alice, mother of Sam, was told of a reading agreement."""
    alice = f.make_guardian(district, "Alice", of=[f.make_student(district)])
    tell(district)
    return alice


def test_who_was_told_is_not_welcomed(district, alice):
    assert catch_up() == {}
    assert not Notice.objects.exclude(welcome_day=None).exists()


def test_a_new_guardian_gets_one_welcome_however_many_notices_there_were(district, alice):
    tell(district)
    tell(district, kind="baseline")
    sam = Student.objects.get()
    f.make_guardian(district, "Bob", of=[sam], relation="father")
    assert catch_up() == {"Bob": [sam.pk]}
    assert catch_up() == {}
    assert catch_up(TOMORROW) == {}
    welcome = Notice.objects.get(welcome_day=f.TODAY)
    assert (welcome.audience, welcome.severity, welcome.publication) == (1, "tell_now", None)
    assert welcome.fan_out_started_at is not None
    assert welcome.fanned_out_at is not None


def test_a_child_enrolled_later_of_a_guardian_already_told_is_welcomed(district, alice):
    tia = f.make_student(district, "Tia")
    Guardianship.objects.create(guardian=alice, student=tia, relation="mother", rights="decides")
    assert catch_up() == {"Alice": [tia.pk]}
    assert catch_up(TOMORROW) == {}


def test_a_second_child_of_the_day_joins_the_welcome_that_has_not_left_yet(district, alice):
    tia, uma = f.make_student(district, "Tia"), f.make_student(district, "Uma")
    bob = f.make_guardian(district, "Bob", of=[tia])
    assert catch_up() == {"Bob": [tia.pk]}
    Guardianship.objects.create(guardian=bob, student=uma, relation="father", rights="decides")
    assert catch_up() == {}
    assert bob.deliveries.get().about == [tia.pk, uma.pk]
    assert Notice.objects.get(welcome_day=f.TODAY).audience == 1


def test_a_second_child_of_the_day_waits_for_tomorrow_when_the_welcome_has_left(district, alice):
    tia, uma = f.make_student(district, "Tia"), f.make_student(district, "Uma")
    bob = f.make_guardian(district, "Bob", of=[tia])
    catch_up()
    bob.deliveries.update(state="leased", lease_until=TOMORROW)
    bob.deliveries.update(state="sent")
    Guardianship.objects.create(guardian=bob, student=uma, relation="father", rights="decides")
    assert catch_up() == {}
    assert catch_up(TOMORROW) == {"Bob": [uma.pk]}


def test_who_enters_between_two_batches_of_a_fan_out_is_told_once(district, alice):
    """A fan-out under way still reaches the new person by its own delivery: no welcome besides."""
    publish(f.make_draft(f.make_agreement(district)))
    [notice] = notify.announce(now=f.NOW)
    Notice.objects.filter(pk=notice).update(fan_out_started_at=dt.datetime.now(dt.UTC))
    bob = f.make_guardian(district, "Bob", of=[f.make_student(district)])
    welcomed = catch_up()  # of the first agreement, whose fan-out was over
    assert list(welcomed) == ["Bob"]
    notify.fan_out(notice, now=f.NOW)
    assert bob.deliveries.filter(notice=notice).count() == 1
    assert catch_up(TOMORROW) == {}


def test_who_entered_while_a_fan_out_hung_is_looked_at_again_when_it_is_done(district):
    first = f.make_student(district)
    alice = f.make_guardian(district, "Alice", of=[first])
    publish(f.make_draft(f.make_agreement(district)))
    [notice] = notify.announce(now=f.NOW)
    fanning.start(notice)
    fanning.write_deliveries(Notice.objects.get(pk=notice), after=0, up_to=alice.pk, now=f.NOW)
    tia = f.make_student(district, "Tia")
    Guardianship.objects.create(guardian=alice, student=tia, relation="mother", rights="decides")
    an_hour_ago = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    Notice.objects.update(fan_out_started_at=an_hour_ago)
    for model in (Guardianship, Enrollment):
        model.objects.update(entered_at=an_hour_ago + dt.timedelta(seconds=1))
    assert catch_up() == {}
    assert CatchUp.objects.get().looked_until == an_hour_ago
    notify.fan_out(notice, now=f.NOW)
    assert catch_up() == {"Alice": [tia.pk]}


def test_a_promoted_child_is_welcomed_only_if_the_new_grade_brings_something(district):
    f.make_guardian(district, "Alice", of=[f.make_student(district, grade="05")])
    tell(district)
    Enrollment.objects.update(grade="06")
    assert catch_up() == {}  # told of it last year already
    tell(district, scope_grades=["07"])
    Enrollment.objects.update(grade="07")
    assert catch_up() == {"Alice": [Student.objects.get().pk]}
    Enrollment.objects.update(grade="08")
    assert catch_up(TOMORROW) == {}


def test_a_child_that_was_welcomed_is_promoted_without_another_message(district, alice):
    tell(district, scope_grades=["05", "06"])
    bob = f.make_guardian(district, "Bob", of=[f.make_student(district, "Tia", grade="05")])
    assert list(catch_up()) == ["Bob"]
    Enrollment.objects.filter(student__guardianships__guardian=bob).update(grade="06")
    assert catch_up(TOMORROW) == {}


def test_a_lifted_hold_makes_a_newcomer_who_is_told_of_what_went_by(district):
    sam = f.make_student(district)
    bob = f.make_guardian(district, "Bob", of=[sam], relation="father")
    hold = f.make_hold(bob, sam)
    tell(district)
    assert catch_up() == {}
    Hold.objects.filter(pk=hold.pk).update(lifted_at=f.NOW, lifted_reason="No order was shown.")
    assert catch_up() == {"Bob": [sam.pk]}


def test_a_delivery_withheld_by_a_hold_does_not_count_as_told(district, alice):
    sam = Student.objects.get()
    hold = f.make_hold(alice, sam)
    alice.deliveries.update(state="withheld", withheld_because="hold")
    assert catch_up() == {}
    Hold.objects.filter(pk=hold.pk).update(lifted_at=f.NOW, lifted_reason="Lifted by the court.")
    assert catch_up() == {"Alice": [sam.pk]}


def test_a_welcome_that_was_withheld_is_given_again(district, alice):
    sam = Student.objects.get()
    bob = f.make_guardian(district, "Bob", of=[sam], relation="father")
    assert catch_up() == {"Bob": [sam.pk]}
    hold = f.make_hold(bob, sam)
    bob.deliveries.update(state="withheld", withheld_because="hold")
    assert catch_up(TOMORROW) == {}
    Hold.objects.filter(pk=hold.pk).update(lifted_at=f.NOW, lifted_reason="Lifted by the court.")
    assert catch_up(TOMORROW) == {"Bob": [sam.pk]}
    assert catch_up(TOMORROW) == {}


def test_a_child_taken_out_of_a_welcome_by_a_hold_is_welcomed_when_it_is_lifted(district, alice):
    sam, kim = Student.objects.get(), f.make_student(district, "Kim")
    bob = f.make_guardian(district, "Bob", of=[sam, kim], relation="father")
    assert catch_up() == {"Bob": [sam.pk, kim.pk]}
    hold = f.make_hold(bob, kim)
    bob.deliveries.update(state="leased", lease_until=f.NOW, about=[sam.pk])
    bob.deliveries.update(state="sent")
    Hold.objects.filter(pk=hold.pk).update(lifted_at=f.NOW, lifted_reason="Lifted by the court.")
    assert catch_up(TOMORROW) == {"Bob": [kim.pk]}


def test_an_accepted_review_makes_a_newcomer(district, alice):
    sam = Student.objects.get()
    aunt = f.make_guardian(district, "Aunt", of=[sam], relation="relative", rights="review")
    assert catch_up() == {}
    let_days_pass()
    Guardianship.objects.filter(guardian=aunt).update(rights="decides", rights_set_by_staff=True)
    assert catch_up() == {"Aunt": [sam.pk]}


def test_the_student_who_turns_18_is_welcomed_on_the_day(district):
    birthday = f.TODAY + dt.timedelta(days=1)
    ellis = f.make_student(district, "Ellis", birth_date=birthday.replace(year=birthday.year - 18))
    f.make_guardian(district, "Mother", of=[ellis])
    f.make_guardian(district, "Ellis", of=[ellis], relation="self")
    assert list(tell(district).deliveries.values_list("guardian__given_name", flat=True)) == ["Mother"]
    assert catch_up() == {}
    let_days_pass()
    assert catch_up() == {}
    assert catch_up(TOMORROW) == {"Ellis": [ellis.pk]}
    assert catch_up(TOMORROW) == {}


@pytest.mark.parametrize("who", ["guardianship", "guardian", "student", "enrollment"])
def test_whoever_comes_back_is_welcomed(district, alice, who):
    models = {m._meta.model_name: m for m in (Guardianship, Guardian, Student, Enrollment)}
    models[who].objects.update(ended_on=f.TODAY)
    let_days_pass()
    tell(district)
    assert catch_up() == {}
    models[who].objects.update(ended_on=None)
    assert catch_up() == {"Alice": [Student.objects.get().pk]}


def test_a_corrected_birth_date_moves_the_rights_and_whoever_got_them_is_welcomed(district):
    sam = f.make_student(district)
    f.make_guardian(district, "Sam", of=[sam], relation="self")
    tell(district)
    assert catch_up() == {}
    let_days_pass()
    Student.objects.update(birth_date=dt.date(2005, 5, 4))
    assert catch_up() == {"Sam": [sam.pk]}


def test_who_left_and_came_back_and_missed_nothing_is_not_told_again(district, alice):
    Guardianship.objects.update(ended_on=f.TODAY)
    let_days_pass()
    Guardianship.objects.update(ended_on=None)
    assert catch_up() == {}


def test_a_welcomed_child_that_comes_into_the_scope_of_something_else_is_welcomed_to_it(district, alice):
    tell(district, scope_grades=["07"])
    f.make_guardian(district, "Bob", of=[f.make_student(district, "Tia", grade="05")])
    assert list(catch_up()) == ["Bob"]
    Enrollment.objects.filter(student__shown_name="Tia").update(grade="07")
    assert list(catch_up(TOMORROW)) == ["Bob"]


def test_a_welcome_does_not_count_for_what_was_told_after_it(district, alice):
    tia = f.make_student(district, "Tia")
    bob = f.make_guardian(district, "Bob", of=[tia])
    assert list(catch_up()) == ["Bob"]
    hold = f.make_hold(bob, tia)
    tell(district, Agreement.objects.get())
    Hold.objects.filter(pk=hold.pk).update(lifted_at=f.NOW, lifted_reason="No order was shown.")
    assert list(catch_up(TOMORROW)) == ["Bob"]
