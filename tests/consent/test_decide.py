"""Recording answers: what is kept, what is refused, and what is left behind."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent import decide, effective, shown
from consent.models import (
    Decision,
    Delivery,
    EffectiveState,
    Guardian,
    Question,
    Voiding,
)
from districts.models import Basis
from tests import factories as f
from tests.consent.asked_family import ADDRESS, NOTHING, PHONE, Family, ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def family() -> Family:
    return Family()


def test_an_answer_is_kept_with_what_was_shown_counts_at_once_and_gets_a_receipt(family):
    decision = family.post("yes")
    assert decision.shown.body == shown.canonical(shown.what_is_shown(family.asked, "en"))
    state = EffectiveState.objects.get()
    assert (state.student, state.answer, state.covers) == (family.sam, "yes", family.asked)
    receipt = Delivery.objects.get()
    assert (receipt.decision, receipt.guardian, receipt.notice) == (decision, family.alice, None)
    assert (receipt.about, receipt.state, receipt.channel) == ([family.sam.pk], "due", "email")
    assert receipt.next_attempt_at == f.NOW
    assert effective.drift(today=f.TODAY) == 0


def test_a_receipt_is_a_letter_where_no_mail_may_go(family):
    Guardian.objects.filter(pk=family.alice.pk).update(email="")
    family.post("yes")
    Guardian.objects.filter(pk=family.bob.pk).update(email_failed_at=f.NOW)
    family.post("yes", family.bob)
    assert set(Delivery.objects.values_list("channel", flat=True)) == {"letter"}


def test_a_receipt_is_a_letter_where_somebody_barred_uses_the_address(family):
    Guardian.objects.filter(pk=family.bob.pk).update(email=family.alice.email)
    f.make_hold(family.bob, family.sam)
    family.post("yes")
    assert Delivery.objects.get().channel == "letter"


def test_no_receipt_goes_to_the_other_guardian(family):
    family.post("yes")
    assert not Delivery.objects.filter(guardian=family.bob).exists()


def test_a_change_of_mind_continues_the_chain(family):
    first = family.post("yes")
    second = family.post("no", replaces_id=first.pk)
    assert second.replaces == first
    assert list(Decision.objects.current()) == [second]
    assert not EffectiveState.objects.exists()


def test_the_same_answer_posted_twice_is_one_answer_with_one_receipt(family):
    first = family.post("yes")
    for replaces_id in (None, first.pk):
        with pytest.raises(decide.AlreadyAnswered) as refused:
            family.post("yes", replaces_id=replaces_id)
        assert refused.value.decision == first
    assert (Decision.objects.count(), Delivery.objects.count()) == (1, 1)


def test_a_page_that_knows_an_older_answer_is_stale(family):
    first = family.post("yes")
    family.post("no", replaces_id=first.pk)
    with pytest.raises(decide.StalePage):
        family.post("yes", replaces_id=first.pk)
    with pytest.raises(decide.StalePage):
        family.post("yes", replaces_id=None)
    assert Decision.objects.count() == 2


def test_a_page_that_shows_an_older_question_is_stale_and_leaves_nothing(family):
    old = family.asked
    family.publish((ADDRESS, PHONE))
    with pytest.raises(decide.StalePage):
        family.post("yes", asked=old)
    assert ledger() == NOTHING


def test_a_page_that_showed_other_words_is_stale_and_leaves_nothing(family):
    with pytest.raises(decide.StalePage):
        family.post("yes", shown_sha256="0" * 64)
    with pytest.raises(decide.StalePage):
        family.post("yes", language="es")  # the hash is of the English words
    assert ledger() == NOTHING


@pytest.mark.parametrize("answer", ["maybe", "", "YES"])
def test_anything_but_yes_and_no_is_refused(family, answer):
    with pytest.raises(decide.NoChoice):
        family.post(answer)
    assert ledger() == NOTHING


def test_a_forged_answer_to_what_has_no_choice_is_refused_and_leaves_nothing():
    family = Family(lines=[("home-address", "contact", Basis.SCHOOL_OFFICIAL)])
    other = Family()  # another district's question, in nobody's scope here
    assert not Question.objects.filter(agreement=family.agreement).exists()
    for forged in (other.asked.pk, 987_654_321):
        with pytest.raises(decide.NoChoice):
            family.post("no", asked=other.asked, question_version_id=forged)
    assert ledger() == NOTHING


def test_after_a_move_to_a_ground_without_a_choice_the_old_question_takes_no_answer(family):
    old = family.asked
    first = family.post("no")
    before = ledger()
    family.publish([("home-address", "contact", Basis.SCHOOL_OFFICIAL)])
    with pytest.raises(decide.NoChoice):
        family.post("yes", asked=old, replaces_id=first.pk)
    with pytest.raises(decide.NoChoice):
        family.post("yes", replaces_id=first.pk)
    assert ledger() == before


def test_a_voided_answer_stops_counting_and_the_one_before_it_stands_again(family):
    first = family.post("yes")
    second = family.post("no", replaces_id=first.pk)
    dana = f.make_staff(family.district)
    voiding = decide.void(decision_id=second.pk, reason="the claim was undone", by=dana, now=f.NOW)
    assert (voiding.voided_by, list(Decision.objects.current())) == (dana, [first])
    assert EffectiveState.objects.get().answer == "yes"
    with pytest.raises(decide.AlreadyVoided):
        decide.void(decision_id=second.pk, reason="again", by=dana, now=f.NOW)
    assert Voiding.objects.count() == 1
    # the same answer may be given again, after the voided one in the chain
    assert family.post("no", replaces_id=second.pk).replaces == second


def test_an_answer_takes_as_many_queries_in_a_full_district_as_in_a_small_one():
    counts = []
    for others in (1, 10):
        family = Family(lines=[ADDRESS, *[(f"el-{n}", "contact", Basis.CONSENT) for n in range(others)]])
        for _ in range(others):
            f.make_guardian(family.district, of=[f.make_student(family.district)])
        with CaptureQueriesContext(connection) as queries:
            family.post("yes")
        counts.append(len(queries))
    assert counts[0] == counts[1]
