"""The sums always meet: each person and each child in scope is in exactly one class."""

import pytest

from consent import holds, notify
from consent.models import Delivery, Enrollment, Guardianship, Notice, Question, Voiding
from consent.progress import CHILD_CLASS, PERSON_CLASS, ChildClass, PersonClass, classes
from districts.models import Basis, Participation
from tests import factories as f
from tests.consent import answering
from tests.consent.news import catch_up, freeze, publish, record, tell

pytestmark = pytest.mark.django_db

State = Delivery.State
WAYS = {
    State.DUE: [],
    State.LEASED: ["leased"],
    State.SENT: ["leased", "sent"],
    State.PRINTED: ["printed"],
    State.POSTED: ["printed", "posted"],
    State.FAILED: ["failed"],
    State.FAILURE_SEEN: ["failed", "failure_seen"],
    State.WITHHELD: ["withheld"],
}


@pytest.fixture
def district():
    return f.make_district()


@pytest.fixture
def school(district):
    return f.make_school(district)


def bring(delivery: Delivery, state: str) -> None:
    """Move a due delivery to a state, along allowed transitions."""
    for step in WAYS[State(state)]:
        more = {
            "leased": {"lease_until": f.NOW},
            "printed": {"channel": "letter"},
            "withheld": {"withheld_because": "no_rights"},
        }.get(step, {})
        Delivery.objects.filter(pk=delivery.pk).update(state=step, **more)


def of(notice: Notice) -> tuple[dict[str, int], dict[str, int]]:
    """Return the classes that are not empty, and prove the sums."""
    notice.refresh_from_db()
    both = classes(notice)
    assert sum(both["people"].values()) == notice.audience
    return tuple({k: v for k, v in part.items() if v} for part in both.values())


def test_every_state_is_in_exactly_one_class_of_people_and_of_children():
    assert set(PERSON_CLASS) == set(CHILD_CLASS) == set(State)
    assert set(PERSON_CLASS.values()) == set(PersonClass)
    assert set(CHILD_CLASS.values()) == set(ChildClass) - {ChildClass.ANSWERED, ChildClass.NOBODY_TO_TELL}


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize(
    "situation", ["alone", "answered", "second parent told", "second parent not told yet", "voided answer"]
)
def test_a_child_is_in_exactly_one_class_whatever_the_state_and_the_situation(
    district, school, state, situation
):
    sam = f.make_student(district, school=school)
    alice = f.make_guardian(district, "Alice", of=[sam])
    if situation == "second parent told":
        f.make_guardian(district, "Bob", of=[sam])
    notice = tell(district)
    bring(notice.deliveries.get(guardian=alice), state)
    if situation == "second parent told":
        bring(notice.deliveries.get(guardian__given_name="Bob"), "sent")
    if situation == "second parent not told yet":
        f.make_guardian(district, "Bob", of=[sam])
    if "answer" in situation:
        decision = answering.answer(sam, Question.objects.get().versions.get(), alice, "yes")
        if situation == "voided answer":
            Voiding.objects.create(decision=decision, reason="The claim was undone.")
    _people, children = of(notice)
    assert sum(children.values()) == 1
    [child] = children
    expected = {
        "answered": "answered",
        "second parent told": "told_and_silent",
        "second parent not told yet": "told_and_silent" if state in ("sent", "posted") else "planned",
    }.get(situation, CHILD_CLASS[State(state)])
    # Her delivery is withheld although she has rights today: the next catch-up welcomes her.
    if state == "withheld" and situation in ("alone", "voided answer"):
        expected = "planned"
    assert child == expected


def test_people_of_all_states_add_up_to_the_audience(district, school):
    for state in State.values:
        f.make_guardian(district, state, of=[f.make_student(district, school=school)])
    notice = tell(district)
    for delivery in notice.deliveries.select_related("guardian"):
        bring(delivery, delivery.guardian.given_name)
    people, _children = of(notice)
    assert people == {
        "planned": 3,
        "accepted": 1,
        "letter_out": 1,
        "failed": 1,
        "failure_seen": 1,
        "withheld": 1,
    }
    assert notice.audience == 8


def test_a_child_without_anybody_has_nobody_to_tell_until_somebody_comes(district, school):
    sam = f.make_student(district, school=school)
    f.make_guardian(district, "Uncle", of=[sam], relation="relative", rights="review")
    notice = tell(district)
    assert of(notice) == ({}, {"nobody_to_tell": 1})
    Guardianship.objects.update(rights="decides")
    assert of(notice) == ({}, {"planned": 1})
    catch_up()
    assert of(notice) == ({}, {"planned": 1})
    bring(Delivery.objects.get(), "sent")
    assert of(notice) == ({}, {"told_and_silent": 1})


def test_a_child_whose_only_parent_is_barred_is_withheld(district):
    sam = f.make_student(district)
    bob = f.make_guardian(district, "Bob", of=[sam])
    notice = tell(district)
    tie = Guardianship.objects.get(guardian=bob)
    holds.place_hold(guardianship_id=tie.pk, origin="staff", evidence="An order.", by=None, now=f.NOW)
    assert of(notice) == ({"withheld": 1}, {"withheld": 1})


def test_a_child_enrolled_later_counts_with_its_welcome(district, school):
    f.make_guardian(district, "Alice", of=[f.make_student(district, school=school)])
    notice = tell(district)
    f.make_guardian(district, "Bob", of=[f.make_student(district, school=school)])
    assert of(notice)[1] == {"planned": 2}
    catch_up()
    bring(Delivery.objects.get(guardian__given_name="Bob"), "failed")
    assert of(notice) == ({"planned": 1}, {"planned": 1, "all_channels_failed": 1})


def test_a_child_at_two_schools_counts_once(district, school):
    sam = f.make_student(district, school=school)
    Enrollment.objects.create(student=sam, school=f.make_school(district), grade="03")
    assert of(tell(district)) == ({}, {"nobody_to_tell": 1})


def test_a_welcome_counts_the_children_it_is_about(district, school):
    tell(district)
    children = [f.make_student(district, school=school) for _ in range(2)]
    f.make_guardian(district, "Alice", of=children)
    catch_up()
    assert of(Notice.objects.get(welcome_day=f.TODAY)) == ({"planned": 1}, {"planned": 2})


def test_answered_means_every_question_of_this_notice(district, school):
    sam = f.make_student(district, school=school)
    alice = f.make_guardian(district, "Alice", of=[sam])
    agreement = f.make_agreement(district)
    first = [("home-address", "contact", Basis.CONSENT)]
    tell(district, agreement, lines=first)
    answering.answer(sam, Question.objects.get().versions.get(), alice, "yes")
    second = tell(district, agreement, lines=[*first, ("photo", "directory", Basis.DIRECTORY)])
    assert of(second)[1] == {"planned": 1}  # the Yes of then says nothing of the photo
    photo = Question.objects.get(basis=Basis.DIRECTORY).versions.get()
    answering.answer(sam, photo, alice, "no")
    assert of(second)[1] == {"answered": 1}


@pytest.mark.parametrize(("given", "expected"), [("yes", "planned"), ("no", "answered")])
def test_an_old_yes_does_not_answer_new_lines_and_an_old_no_does(district, school, given, expected):
    sam = f.make_student(district, school=school)
    alice = f.make_guardian(district, "Alice", of=[sam])
    agreement = f.make_agreement(district)
    lines = [("home-address", "contact", Basis.CONSENT), ("phone", "contact", Basis.CONSENT)]
    tell(district, agreement, lines=lines[:1])
    answering.answer(sam, Question.objects.get().versions.get(), alice, given)
    assert of(tell(district, agreement, lines=lines))[1] == {expected: 1}


def test_a_joined_agreement_asks_all_that_it_asked_elsewhere(district, school):
    sam = f.make_student(district, school=school)
    alice = f.make_guardian(district, "Alice", of=[sam])
    agreement = f.make_agreement(district.state)
    publish(f.make_draft(agreement))
    notify.announce(now=f.NOW)
    freeze(f.make_draft(agreement))  # a version that changed no question
    part = Participation.objects.create(agreement=agreement, agency=district, kind="joined", from_on=f.TODAY)
    record(agreement, kind="joined", participation=part)
    [made] = notify.announce(now=f.NOW)
    notify.fan_out(made, now=f.NOW)
    notice = Notice.objects.get(pk=made)
    assert of(notice)[1] == {"planned": 1}
    answering.answer(sam, Question.objects.get().versions.get(), alice, "no")
    assert of(notice)[1] == {"answered": 1}


def test_news_that_asks_nothing_is_told_and_silent(district, school):
    f.make_guardian(district, "Alice", of=[f.make_student(district, school=school)])
    notice = tell(district, lines=[("home-address", "contact", Basis.SCHOOL_OFFICIAL)])
    bring(notice.deliveries.get(), "sent")
    assert of(notice) == ({"accepted": 1}, {"told_and_silent": 1})


@pytest.mark.parametrize("people", [1, 10])
def test_ten_people_take_no_more_queries_than_one(district, school, people, django_assert_num_queries):
    for n in range(people):
        f.make_guardian(district, f"G{n}", of=[f.make_student(district, school=school)])
    notice = Notice.objects.select_related("publication").get(pk=tell(district).pk)
    with django_assert_num_queries(2):
        classes(notice)
