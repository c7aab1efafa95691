"""What is permitted about each child: rule 2 on real rows, and SQL held against the pure rules."""

import datetime as dt
import itertools
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent import permitted, rules
from consent.models import QuestionVersion
from consent.questions import open_questions
from districts.models import Agency, Agreement, Basis
from tests import factories as f
from tests.consent.answering import answer, freeze, make_shown
from tests.consent.worlds import ADDRESS, AFTER, OFFICIAL, PHONE, PHOTO, World

pytestmark = pytest.mark.django_db


def test_without_a_version_in_force_nothing_is_permitted():
    world = World(OFFICIAL)
    assert world.whys(f.TODAY) == {"grade": "inform"}
    assert world.whys(f.TODAY - dt.timedelta(days=1)) == {}
    Agreement.objects.filter(pk=world.agreement.pk).update(state="ended")
    assert world.whys(f.TODAY) == {}


def test_a_child_out_of_scope_has_no_line():
    world = World(OFFICIAL)
    world.publish(OFFICIAL, scope_grades=["12"])
    assert world.whys() == {}


def test_opt_in_is_permitted_from_the_yes_and_no_longer():
    world = World(ADDRESS, OFFICIAL)
    assert world.whys() == {"home-address": "unanswered", "grade": "inform"}
    first = answer(world.sam, world.question(), world.alice, "yes")
    assert world.whys()["home-address"] == "yes"
    answer(world.sam, world.question(), world.alice, "no", replaces=first)
    assert world.whys()["home-address"] == "no"


def test_a_new_line_waits_for_its_own_yes_and_the_old_one_stays():
    world = World(ADDRESS)
    first = answer(world.sam, world.question(), world.alice, "yes")
    world.publish(ADDRESS, PHONE)
    assert world.whys() == {"home-address": "yes", "phone": "new_line"}
    answer(world.sam, world.question(), world.alice, "yes", replaces=first)
    assert world.whys() == {"home-address": "yes", "phone": "yes"}


def test_a_new_recipient_waits_for_its_own_yes():
    world = World(ADDRESS)
    first = answer(world.sam, world.question(), world.alice, "yes")
    world.publish(ADDRESS, recipients=["Printers Inc"])
    assert world.whys() == {"home-address": "yes"}
    assert world.recipients() == set()
    answer(world.sam, world.question(), world.alice, "yes", replaces=first)
    assert world.recipients() == {"Printers Inc"}


def test_a_no_covers_new_lines_too():
    world = World(PHOTO)
    answer(world.sam, world.question("picture", Basis.DIRECTORY), world.alice, "no")
    world.publish(PHOTO, ("voice", "picture", Basis.DIRECTORY))
    for guardian in (world.alice, world.bob):
        world.tell(guardian)
    assert world.whys(AFTER) == {"photo": "no", "voice": "no"}


def test_less_data_changes_nothing_for_what_stays():
    world = World(ADDRESS, PHONE)
    answer(world.sam, world.question(), world.alice, "yes")
    world.publish(ADDRESS)
    assert world.whys() == {"home-address": "yes"}


def test_what_was_dropped_and_came_back_needs_a_yes_that_saw_it():
    world = World(ADDRESS, PHONE)
    world.publish(ADDRESS)
    answer(world.sam, world.question(), world.alice, "yes")
    world.publish(ADDRESS, PHONE)
    assert world.whys() == {"home-address": "yes", "phone": "new_line"}


def test_a_move_to_inform_leaves_answers_without_effect():
    world = World(ADDRESS)
    answer(world.sam, world.question(), world.alice, "no")
    world.publish(("home-address", "contact", Basis.SCHOOL_OFFICIAL))
    assert world.whys() == {"home-address": "inform"}


def test_a_move_to_opt_in_makes_silence_no_at_once_and_asks_a_yes_again():
    world = World(PHOTO)
    world.tell(world.alice)
    answer(world.sam, world.question("picture", Basis.DIRECTORY), world.bob, "yes")
    assert world.whys(AFTER) == {"photo": "yes"}
    world.publish(("photo", "picture", Basis.CONSENT))
    assert world.whys(AFTER) == {"photo": "unanswered"}


def test_a_no_outlives_a_move_from_opt_in_to_opt_out():
    world = World(("photo", "picture", Basis.CONSENT))
    answer(world.sam, world.question("picture"), world.bob, "no")
    world.publish(PHOTO)
    for guardian in (world.alice, world.bob):
        world.tell(guardian)
    assert world.whys(AFTER) == {"photo": "no"}
    answer(world.sam, world.question("picture", Basis.DIRECTORY), world.bob, "yes")
    assert world.whys(AFTER) == {"photo": "yes"}


def test_where_all_must_agree_a_line_needs_every_deciders_yes_to_it():
    world = World(ADDRESS, PHONE, rule=Agency.DecisionRule.ALL_MUST_AGREE)
    answer(world.sam, world.question(), world.alice, "yes")
    assert world.whys() == {"home-address": "unanswered", "phone": "unanswered"}
    world.publish(ADDRESS)
    answer(world.sam, world.question(), world.bob, "yes")
    assert world.whys() == {"home-address": "yes"}
    world.publish(ADDRESS, PHONE)  # Bob never saw the phone number
    assert world.whys() == {"home-address": "yes", "phone": "new_line"}


VOICE = ("voice", "picture", Basis.DIRECTORY)
STAGES = [  # the voice goes and comes back; the photo stays, and its last day moves
    ((ADDRESS, PHOTO, VOICE), 21),
    ((ADDRESS, PHONE, PHOTO), 35),
    ((PHONE, PHOTO, VOICE), 28),
]


@pytest.mark.parametrize("rule", Agency.DecisionRule.values)
@pytest.mark.parametrize("seed", range(5))
def test_sql_and_the_pure_rules_agree_on_random_answers_and_tellings(seed: int, rule: str):
    rng = random.Random(seed)
    shown, today = make_shown(), f.TODAY + dt.timedelta(days=40)
    world = World(rule=rule)
    children = {
        sam.pk: (sam, [f.make_guardian(world.district, of=[sam]) for _ in range(rng.randint(1, 3))])
        for sam in [f.make_student(world.district, school=world.school) for _ in range(20)]
    }
    told = {pk: [] for pk in children}
    for lines, days in STAGES:
        world.publish(*lines, answer_by=f.TODAY + dt.timedelta(days=days))
        for sam, people in children.values():
            if rng.random() < 0.5:
                later = dt.timedelta(days=rng.randint(0, 40))
                world.tell(rng.choice(people), told_at=f.NOW + later, about=sam)
                told[sam.pk].append((f.TODAY + later, world.version.number))
    lines = list(world.version.shared_elements.select_related("element"))
    forms = {
        basis: list(QuestionVersion.objects.filter(question__basis=basis).order_by("number"))
        for basis in (Basis.CONSENT, Basis.DIRECTORY)
    }
    expected = {}
    for (sam, people), (basis, of_question) in itertools.product(children.values(), forms.items()):
        given = {}
        for person in people:
            given[person.pk] = None
            if rng.random() < 0.5:
                said, qv = rng.choice(["yes", "yes", "no"]), rng.choice(of_question)
                answer(sam, qv, person, said, shown=shown)
                given[person.pk] = (said, qv)
        control = rules.Control(of_question[0].question.control)
        amount = rules.effective(
            control,
            rules.Rule(rule),
            {k: v and rules.Given(rules.Answer(v[0]), v[1].number) for k, v in given.items()},
        )
        yes = [set(v[1].covers) for v in given.values() if v and v[0] == "yes"]
        for line in (line for line in lines if line.basis == basis):
            key = f"{line.element.meaning_id}|{line.purpose_id}||"
            run = rules.unbroken([qv.covers for qv in of_question], key, len(of_question) - 1)
            asking = [of_question[n] for n in run]
            first = min((t for t in told[sam.pk] if t[1] >= asking[0].version.number), default=(None, 10**6))
            expected[sam.pk, line.pk] = rules.why(
                control,
                amount.outcome,
                is_covered=rules.reaches(rules.Rule(rule), yes, key),
                answer_by=[qv.answer_by for qv in asking if qv.version.number <= first[1]][-1],
                told_on=first[0],
                window=world.district.notice_window_days,
                today=today,
            ).value
    got = {
        (v.student_id, v.line_id): v.why
        for v in permitted.verdicts(agreement_id=world.agreement.pk, today=today)
        if v.student_id in children
    }
    assert got == expected
    assert {"yes", "no", "silence", "before_last_day", "not_told"} <= set(got.values())


def test_a_recoded_element_keeps_its_yes_in_whatever_category_it_is():
    world = World(("photo", "picture", Basis.CONSENT))
    answer(world.sam, world.question("picture"), world.alice, "yes")
    f.make_element("portrait", "images", same_meaning_as=f.make_element("photo", "picture"))
    world.publish(("portrait", "images", Basis.CONSENT))
    assert world.whys() == {"portrait": "yes"}


def test_stray_spaces_in_an_agreement_take_no_yes_away():
    world = World()
    for detail, recipient in (("class photo", "Acme Co"), ("class  photo", "Acme  Co")):
        draft = f.make_draft(world.agreement, lines=[], sharing_starts_on=f.TODAY)
        f.add_line(draft, detail=detail, recipients=[recipient])
        open_questions(freeze(draft).pk)
        if detail == "class photo":
            answer(world.sam, world.question(), world.alice, "yes")
    assert world.whys() == {"home-address": "yes"}
    assert world.recipients() == {"Acme  Co"}


def test_a_shared_agreement_is_narrowed_to_one_district():
    state = f.make_state()
    agreement = f.make_agreement(state)
    children = []
    for name in ("Cedar", "Daybreak"):
        district = f.make_district(name, state=state)
        agreement.participations.create(agency=district, kind="joined", from_on=f.TODAY)
        children.append(f.make_student(district))
    freeze(f.make_draft(agreement, lines=[OFFICIAL], sharing_starts_on=f.TODAY))
    everybody = {v.student_id for v in permitted.verdicts(agreement_id=agreement.pk, today=f.TODAY)}
    assert everybody == {child.pk for child in children}
    (only,) = permitted.verdicts(agreement_id=agreement.pk, today=f.TODAY, agency_id=children[0].agency_id)
    assert only.student_id == children[0].pk


def test_a_child_at_two_schools_has_each_line_once():
    world = World(OFFICIAL)
    world.sam.enrollments.create(school=f.make_school(world.district), grade="03")
    assert len(list(permitted.verdicts(agreement_id=world.agreement.pk, today=f.TODAY))) == 1


def test_ten_children_and_lines_take_as_many_queries_as_one():
    counts = []
    for number in (1, 10):
        world = World(*[(f"el-{n}", "contact", Basis.CONSENT) for n in range(number)])
        for _ in range(number):
            f.make_student(world.district)
        with CaptureQueriesContext(connection) as queries:
            list(permitted.verdicts(agreement_id=world.agreement.pk, today=f.TODAY))
        counts.append(len(queries))
    assert counts[0] == counts[1]
