"""Steps after an answer: in order, each once, in bulk by the moment of an export, per district."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from consent.exports import moment_between_answers
from consent.fulfilment import Step, StepRefused, record_steps, steps_of
from consent.models import Decision, Fulfilment, Voiding
from consent.words import status_words
from tests import factories as f
from tests.consent.answering import answer, make_question

pytestmark = pytest.mark.django_db


class Office:
    """Dana's district, with Sam, Alice and one question."""

    def __init__(self) -> None:
        self.district = f.make_district()
        self.dana = f.make_staff(self.district)
        self.agreement = f.make_agreement(self.district)
        self.asked = make_question(self.agreement, [["a"]])[0]

    def answer(self, given: str = "yes", replaces: Decision | None = None) -> Decision:
        if replaces:
            return answer(replaces.student, self.asked, replaces.decider, given, replaces=replaces)
        sam = f.make_student(self.district)
        return answer(sam, self.asked, f.make_guardian(self.district, of=[sam]), given)

    def record(self, step: str = Step.DISTRICT_ACTED, **changes) -> int:
        values = {
            "agency_id": self.district.pk,
            "step": step,
            "done_on": f.TODAY,
            "by": self.dana,
            "today": f.TODAY,
            **changes,
        }
        return record_steps(**values)


@pytest.fixture
def office() -> Office:
    return Office()


def test_everything_an_export_held_is_marked_at_once_and_only_once(office):
    held = [office.answer(), office.answer("no")]
    moment = moment_between_answers(office.district)
    later = office.answer()
    assert office.record(until=moment) == 2
    assert office.record(until=moment) == 0
    assert set(Fulfilment.objects.values_list("decision", flat=True)) == {d.pk for d in held}
    assert Fulfilment.objects.first().recorded_by == office.dana
    assert steps_of([held[0].pk, later.pk]) == {held[0].pk: {Step.DISTRICT_ACTED: f.TODAY}}


def test_what_the_export_held_counts_even_if_the_family_changed_its_mind_since(office):
    first = office.answer("yes")
    moment = moment_between_answers(office.district)
    second = office.answer("no", replaces=first)
    office.record(until=moment)
    assert [row.decision for row in Fulfilment.objects.all()] == [first]
    with translation.override("en"):
        assert status_words(steps_of([second.pk]).get(second.pk, {}), "Lumino") == (
            "We saved your answer. The district has not acted yet."
        )


def test_replaced_and_voided_answers_are_not_acted_on(office):
    first = office.answer("yes")
    office.answer("no", replaces=first)
    Voiding.objects.create(decision=office.answer(), reason="no right")
    assert office.record(until=moment_between_answers(office.district)) == 1
    assert Fulfilment.objects.get().decision.answer == "no"


def test_the_steps_come_in_order(office):
    decision = office.answer()
    for step in (Step.COMPANY_TOLD, Step.COMPANY_CONFIRMED):
        with pytest.raises(StepRefused, match="step before"):
            office.record(step, decision_ids=[decision.pk])
        assert office.record(step, until=moment_between_answers(office.district)) == 0
    for step in (Step.DISTRICT_ACTED, Step.COMPANY_TOLD, Step.COMPANY_CONFIRMED):
        assert office.record(step, decision_ids=[decision.pk]) == 1


def test_a_step_is_not_dated_before_the_one_it_presumes_nor_in_days_to_come(office):
    decision = office.answer()
    office.record(decision_ids=[decision.pk])
    with pytest.raises(StepRefused):
        office.record(Step.COMPANY_TOLD, decision_ids=[decision.pk], done_on=f.TODAY - dt.timedelta(days=1))
    with pytest.raises(StepRefused, match="still to come"):
        office.record(decision_ids=[decision.pk], done_on=f.TODAY + dt.timedelta(days=1))


@pytest.mark.parametrize("changes", [{"step": "shredded", "decision_ids": []}, {}])
def test_an_unknown_step_and_a_step_for_nothing_are_refused(office, changes):
    with pytest.raises(StepRefused):
        office.record(**changes)


def test_another_districts_answers_are_never_touched(office):
    other = Office()
    theirs = other.answer()
    office.answer()
    assert office.record(until=moment_between_answers(office.district)) == 1
    assert office.record(decision_ids=[theirs.pk]) == 0
    assert office.record(until=moment_between_answers(office.district), agreement_id=other.agreement.pk) == 0
    assert not Fulfilment.objects.filter(decision=theirs).exists()


def test_ten_answers_take_as_many_queries_as_one():
    counts = []
    for number in (1, 10):
        office = Office()
        for _ in range(number):
            office.answer()
        moment = moment_between_answers(office.district)
        with CaptureQueriesContext(connection) as queries:
            assert office.record(until=moment) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]
