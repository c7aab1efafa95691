"""Effective states: SQL over a whole district says what the pure rules say, and writes only differences."""

import datetime as dt
import random
from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent import effective, rules
from consent.models import Decision, EffectiveState, Guardianship, Voiding
from districts.models import Agency, Basis
from tests import factories as f
from tests.consent.answering import answer, make_question, make_shown

pytestmark = pytest.mark.django_db

MOST_PROTECTIVE = Agency.DecisionRule.MOST_PROTECTIVE
ALL_MUST_AGREE = Agency.DecisionRule.ALL_MUST_AGREE
LINES = [["a"], ["a", "b"], ["b", "c"]]


def states() -> dict[tuple[int, int], tuple[str, int | None, bool]]:
    return {
        (s.student_id, s.question_id): (s.answer, s.covers and s.covers.number, s.is_contested)
        for s in EffectiveState.objects.select_related("covers")
    }


@dataclass
class Situation:
    """One child and what the pure rules make of it, per question."""

    student_id: int
    expected: dict[int, rules.Effective] = field(default_factory=dict)


def random_situation(rng, district, questions, school) -> Situation:
    """Make a child with random deciders, dates, holds and answers; work out its states by the pure rules."""
    birthday = rng.choice([f.TODAY, f.TODAY - dt.timedelta(days=1), f.TODAY + dt.timedelta(days=1), None])
    birth_date = birthday and birthday.replace(year=birthday.year - 18)
    student = f.make_student(district, "Sam", school=school, birth_date=birth_date)
    eve = birthday and birthday - dt.timedelta(days=1)
    people = []
    for relation in rng.sample(["mother", "father", "grandparent", "self"], k=rng.randint(1, 4)):
        rights = rng.choice(["decides", "decides", "decides", "review", "none"])
        person = f.make_guardian(district, relation, of=[student], relation=relation, rights=rights)
        ended_on = rng.choice([None, None, None, f.TODAY, f.TODAY + dt.timedelta(days=1), eve])
        Guardianship.objects.filter(guardian=person).update(ended_on=ended_on)
        barred = rng.random() < 0.2
        if barred:
            f.make_hold(person, student)
        tie = rules.Tie(
            decides=rights == "decides", is_self=relation == "self", is_barred=barred, ended_on=ended_on
        )
        people.append((person, tie))
    situation = Situation(student.pk)
    for versions in questions:
        given = {person.pk: random_chain(rng, student, versions, person) for person, _ in people}
        control = rules.Control(versions[0].question.control)
        rule = rules.Rule(district.decision_rule)

        def of_day(day: dt.date, given=given) -> dict[int, rules.Given | None]:
            return {
                person.pk: given[person.pk]
                for person, tie in people
                if rules.may_decide(tie, eligible_on=birthday, today=day)
            }

        before = of_day(eve) if birthday and birthday <= f.TODAY else None
        amount = rules.effective(control, rule, of_day(f.TODAY), before_eligible=before)
        if rules.differs_from_silence(control, amount):
            situation.expected[versions[0].question_id] = amount
    return situation


SHOWN = {}


def random_chain(rng, student, versions, person) -> rules.Given | None:
    """Append up to three answers of one person, some voided; return the one that stands."""
    tip, standing = None, None
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        version = rng.choice(versions)
        given = rng.choice(["yes", "no"])
        tip = answer(student, version, person, given, replaces=tip, shown=SHOWN["one"])
        if rng.random() < 0.2:
            Voiding.objects.create(decision=tip, reason="the claim was undone")
        else:
            standing = rules.Given(rules.Answer(given), version.number)
    return standing


@pytest.mark.parametrize("rule", [MOST_PROTECTIVE, ALL_MUST_AGREE])
@pytest.mark.parametrize("seed", range(6))
def test_sql_and_the_pure_rules_agree_on_random_situations(rule: str, seed: int):
    rng = random.Random(seed)
    SHOWN["one"] = make_shown()
    district = f.make_district(decision_rule=rule)
    agreement = f.make_agreement(district)
    questions = [
        make_question(agreement, LINES, basis=Basis.CONSENT),
        make_question(f.make_agreement(district), LINES, basis=Basis.DIRECTORY),
    ]
    school = f.make_school(district)
    made = [random_situation(rng, district, questions, school) for _ in range(25)]
    effective.recompute(agency_id=district.pk, today=f.TODAY)
    expected = {
        (situation.student_id, question): (amount.outcome.value, amount.covers, amount.is_contested)
        for situation in made
        for question, amount in situation.expected.items()
    }
    assert states() == expected
    assert expected, "the situations must leave something to compare"
    assert effective.drift(today=f.TODAY) == 0


def family(rule: str = MOST_PROTECTIVE, basis: str = Basis.CONSENT):
    district = f.make_district(decision_rule=rule)
    sam = f.make_student(district)
    alice = f.make_guardian(district, "Alice", of=[sam])
    bob = f.make_guardian(district, "Bob", of=[sam], relation="father")
    versions = make_question(f.make_agreement(district), LINES, basis=basis)
    return district, sam, alice, bob, versions


def test_nothing_is_stored_where_silence_gives_the_same():
    district, sam, alice, _, versions = family()
    answer(sam, versions[0], alice, "no")
    assert effective.recompute(agency_id=district.pk, today=f.TODAY) == 0
    assert states() == {}


def test_a_no_to_an_opt_out_is_stored_and_shows_that_the_guardians_differ():
    district, sam, alice, bob, versions = family(basis=Basis.DIRECTORY)
    answer(sam, versions[0], alice, "no")
    answer(sam, versions[0], bob, "yes")
    effective.recompute(agency_id=district.pk, today=f.TODAY)
    assert states() == {(sam.pk, versions[0].question_id): ("no", None, True)}


def test_a_second_recompute_changes_nothing_and_drift_is_found():
    _, sam, alice, _, versions = family()
    answer(sam, versions[0], alice, "yes")
    assert effective.drift(today=f.TODAY) == 1
    assert effective.recompute(today=f.TODAY) == 1
    assert effective.recompute(today=f.TODAY) == 0
    assert effective.drift(today=f.TODAY) == 0


def test_unchanged_rows_are_not_written():
    district, sam, alice, _, versions = family()
    answer(sam, versions[0], alice, "yes")
    effective.recompute(agency_id=district.pk, today=f.TODAY)
    before = _row_versions()
    effective.recompute(agency_id=district.pk, today=f.TODAY)
    assert _row_versions() == before


def _row_versions() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text, xmin::text, xmax::text FROM consent_effectivestate ORDER BY 1")
        return cursor.fetchall()


def test_a_hold_takes_an_answer_out_of_force_and_its_lifting_brings_it_back():
    _, sam, alice, bob, versions = family()
    answer(sam, versions[0], alice, "yes")
    answer(sam, versions[0], bob, "no")
    effective.recompute(student_ids=[sam.pk], today=f.TODAY)
    assert states() == {}
    hold = f.make_hold(bob, sam)
    assert effective.recompute(student_ids=[sam.pk], today=f.TODAY) == 1
    assert states() == {(sam.pk, versions[0].question_id): ("yes", 1, False)}
    hold.lifted_at, hold.lifted_reason = f.NOW, "order ended"
    hold.save()
    assert effective.recompute(student_ids=[sam.pk], today=f.TODAY) == 1
    assert states() == {}


def test_a_voided_answer_gives_way_to_the_one_it_replaced():
    _, sam, alice, _, versions = family(basis=Basis.DIRECTORY)
    first = answer(sam, versions[0], alice, "no")
    forged = answer(sam, versions[0], alice, "yes", replaces=first)
    Voiding.objects.create(decision=forged, reason="somebody else's mailbox")
    effective.recompute(today=f.TODAY)
    assert states() == {(sam.pk, versions[0].question_id): ("no", None, False)}
    assert list(Decision.objects.current()) == [first]


def test_the_birthday_changes_who_counts_at_midnight():
    district = f.make_district()
    birthday = f.TODAY + dt.timedelta(days=1)
    ellis = f.make_student(district, "Ellis", birth_date=birthday.replace(year=birthday.year - 18))
    alice = f.make_guardian(district, "Alice", of=[ellis])
    self_ = f.make_guardian(district, "Ellis", of=[ellis], relation="self")
    versions = make_question(f.make_agreement(district), LINES)
    key = (ellis.pk, versions[0].question_id)
    answer(ellis, versions[0], alice, "yes")
    for day in (f.TODAY, birthday):  # an old Yes stays where it was
        effective.recompute(today=day)
        assert states() == {key: ("yes", 1, False)}
    answer(ellis, versions[1], self_, "yes")
    effective.recompute(today=f.TODAY)  # not theirs to decide on the eve
    assert states() == {key: ("yes", 1, False)}
    effective.recompute(today=birthday)
    assert states() == {key: ("yes", 2, False)}


def test_a_recompute_of_one_district_leaves_the_other_alone():
    _, sam, alice, _, versions = family()
    other, tia, carol, _, others = family()
    answer(sam, versions[0], alice, "yes")
    answer(tia, others[0], carol, "yes")
    assert effective.recompute(agency_id=other.pk, today=f.TODAY) == 1
    assert states() == {(tia.pk, others[0].question_id): ("yes", 1, False)}
    assert effective.recompute(question_ids=[others[0].question_id], today=f.TODAY) == 0
    assert effective.recompute_all(now=f.NOW) == 1


def test_a_recompute_takes_as_many_queries_for_ten_children_as_for_one():
    counts = []
    for children in (1, 10):
        district = f.make_district()
        versions = make_question(f.make_agreement(district), LINES)
        for _ in range(children):
            sam = f.make_student(district)
            answer(sam, versions[0], f.make_guardian(district, of=[sam]), "yes")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert effective.recompute(agency_id=district.pk, today=f.TODAY) == children
        counts.append(len(queries))
    assert counts[0] == counts[1]
