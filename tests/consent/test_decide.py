"""Recording answers: who may, what is refused, what is left behind, and who wins a race."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from consent import decide, effective, shown
from consent.models import (
    Claim,
    Decision,
    Delivery,
    EffectiveState,
    Guardian,
    Guardianship,
    Hold,
    Objection,
    Question,
    QuestionVersion,
    Shown,
    Student,
    Voiding,
)
from consent.questions import open_questions
from districts.models import Agency, Agreement, Basis
from tests import factories as f
from tests.consent.answering import freeze

pytestmark = pytest.mark.django_db

ADDRESS = ("home-address", "contact", Basis.CONSENT)
PHONE = ("phone", "contact", Basis.CONSENT)


class Family:
    """Sam with Alice and Bob, and a district that asks about the home address."""

    def __init__(self, lines=(ADDRESS,), **version_fields) -> None:
        self.district: Agency = f.make_district()
        self.sam: Student = f.make_student(self.district)
        self.alice: Guardian = f.make_guardian(self.district, "Alice", of=[self.sam])
        self.bob: Guardian = f.make_guardian(self.district, "Bob", of=[self.sam], relation="father")
        self.agreement: Agreement = f.make_agreement(self.district)
        self.publish(lines, **version_fields)

    def publish(self, lines, **fields) -> None:
        open_questions(freeze(f.make_draft(self.agreement, lines=lines, **fields)).pk)

    @property
    def asked(self) -> QuestionVersion:
        return QuestionVersion.objects.filter(question__agreement=self.agreement).latest("number")

    def post(self, answer: str = "yes", decider: Guardian | None = None, **changes) -> Decision:
        """Answer as the page of a guardian would post it."""
        asked = changes.pop("asked", None) or self.asked
        values = {
            "student_id": self.sam.pk,
            "question_version_id": asked.pk,
            "decider_id": (decider or self.alice).pk,
            "answer": answer,
            "shown_sha256": shown.sha256_of(shown.what_is_shown(asked, "en")),
            "replaces_id": None,
            "language": "en",
            "by_user": None,
            "now": f.NOW,
            **changes,
        }
        return decide.record(**values)


@pytest.fixture
def family() -> Family:
    return Family()


def ledger() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Decision, Delivery, EffectiveState, Shown))


NOTHING = (0, 0, 0, 0)


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


def test_a_child_outside_the_scope_has_no_choice(family):
    Agreement.objects.filter(pk=family.agreement.pk).update(ends_on=f.TODAY - dt.timedelta(days=1))
    with pytest.raises(decide.NoChoice):
        family.post("yes")
    assert ledger() == NOTHING


def test_a_first_version_can_be_answered_before_it_takes_effect():
    family = Family(effective_from=f.TODAY + dt.timedelta(days=30))
    assert family.post("yes").answer == "yes"


def test_a_guardian_of_another_district_is_not_entitled(family):
    carol = f.make_guardian(f.make_district("Other"), "Carol", of=[f.make_student(f.make_district("Third"))])
    with pytest.raises(decide.NotEntitled):
        family.post("yes", carol)
    assert ledger() == NOTHING


@pytest.mark.parametrize("rights", ["review", "none"])
def test_an_adult_without_rights_is_not_entitled(family, rights):
    Guardianship.objects.filter(guardian=family.alice).update(rights=rights)
    with pytest.raises(decide.NotEntitled):
        family.post("yes")
    assert ledger() == NOTHING


def test_a_barred_adult_is_not_entitled(family):
    f.make_hold(family.alice, family.sam)
    with pytest.raises(decide.NotEntitled):
        family.post("yes")
    assert ledger() == NOTHING


def test_an_online_answer_needs_an_open_claim_of_the_mailbox(family):
    user = f.make_user()
    with pytest.raises(decide.NotEntitled):
        family.post("yes", by_user=user)
    claim = Claim.objects.create(user=user, guardian=family.bob, proof="staff")
    with pytest.raises(decide.NotEntitled):
        family.post("yes", by_user=user)
    claim = Claim.objects.create(user=user, guardian=family.alice, proof="staff", ended_at=f.NOW)
    with pytest.raises(decide.NotEntitled):
        family.post("yes", by_user=user)
    claim.ended_at = None
    claim.save()
    assert family.post("yes", by_user=user).channel == "web"


def test_a_form_opened_on_the_eve_of_the_birthday_and_posted_after_midnight_is_refused():
    family = Family()
    birthday = dt.date(2026, 11, 24)
    Student.objects.filter(pk=family.sam.pk).update(birth_date=birthday.replace(year=2008))
    late_on_the_23rd = dt.datetime(2026, 11, 24, 5, 59, tzinfo=dt.UTC)  # 23:59 in Chicago
    midnight = dt.datetime(2026, 11, 24, 6, 0, tzinfo=dt.UTC)
    with pytest.raises(decide.NotEntitled):
        family.post("yes", now=midnight)
    assert ledger() == NOTHING
    assert family.post("yes", now=late_on_the_23rd).decider == family.alice


def test_at_eighteen_the_student_answers_and_the_parents_answer_gives_way(family):
    family.post("yes")
    Student.objects.filter(pk=family.sam.pk).update(birth_date=f.TODAY.replace(year=f.TODAY.year - 18))
    sam_himself = f.make_guardian(family.district, "Sam", of=[family.sam], relation="self")
    family.post("no", sam_himself)
    assert not EffectiveState.objects.exists()
    with pytest.raises(decide.NotEntitled):
        family.post("yes", family.bob)


def test_staff_enter_a_paper_answer_with_who_when_and_the_scan(family):
    dana = f.make_staff(family.district)
    decision = family.post(
        "no", channel="paper", entered_by=dana, received_on=f.TODAY, scan="scans/2026/17.pdf"
    )
    assert (decision.channel, decision.entered_by, decision.received_on) == ("paper", dana, f.TODAY)
    assert decision.scan == "scans/2026/17.pdf"
    assert Delivery.objects.get().guardian == family.alice


def test_a_paper_answer_without_who_and_when_is_refused_by_the_database(family):
    with pytest.raises(Exception, match="an_answer_entered_for_someone_says_by_whom_and_when"):
        family.post("no", channel="phone")


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


def test_a_question_or_disagreement_is_kept_and_answered(family):
    made = decide.object_to(
        student_id=family.sam.pk,
        agreement_id=family.agreement.pk,
        guardian_id=family.alice.pk,
        kind="disagree",
        text="",
        now=f.NOW,
    )
    replied = decide.reply(objection_id=made.pk, text="We will look at it.", by=f.make_staff(family.district))
    assert list(made.replies.all()) == [replied]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"kind": "ask", "text": "  "}, decide.NothingSaid),
        ({"kind": "shout", "text": "x"}, decide.NothingSaid),
        ({"kind": "ask", "text": "x" * 5001}, decide.NothingSaid),
        ({"agreement_id": 987_654_321}, decide.NoChoice),
    ],
)
def test_an_objection_without_words_or_subject_is_refused(family, changes, refusal):
    values = {
        "student_id": family.sam.pk,
        "agreement_id": family.agreement.pk,
        "guardian_id": family.alice.pk,
        "kind": "ask",
        "text": "Why?",
        "now": f.NOW,
        **changes,
    }
    with pytest.raises(refusal):
        decide.object_to(**values)
    assert not Objection.objects.exists()


def test_a_barred_adult_can_not_even_ask(family):
    f.make_hold(family.bob, family.sam)
    with pytest.raises(decide.NotEntitled):
        decide.object_to(
            student_id=family.sam.pk,
            agreement_id=family.agreement.pk,
            guardian_id=family.bob.pk,
            kind="ask",
            text="Where?",
            now=f.NOW,
        )


def beside(act: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Run something on a connection of its own; what it returned or raised ends up in the list."""
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(act())
        except Exception as error:
            outcome.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


@pytest.mark.django_db(transaction=True)
def test_of_two_posts_from_the_same_page_exactly_one_wins():
    family = Family()
    start = threading.Barrier(2)

    def post(answer: str) -> Decision:
        start.wait()
        return family.post(answer)

    racers = [beside(lambda answer=answer: post(answer)) for answer in ("yes", "no")]
    for thread, _ in racers:
        thread.join(30)
    outcomes = sorted(type(outcome[0]).__name__ for _, outcome in racers)
    assert outcomes == ["Decision", "StalePage"]
    assert (Decision.objects.count(), Delivery.objects.count()) == (1, 1)
    assert effective.drift(today=f.TODAY) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_answered", [False, True])
def test_a_chain_continued_behind_the_lock_is_refused_by_the_broken_constraint(monkeypatch, has_answered):
    family = Family()
    tip = family.post("yes") if has_answered else None
    family.post("no", replaces_id=tip.pk if tip else None)
    monkeypatch.setattr(decide, "_tip", lambda *args: tip)  # what a reader before the other's commit saw
    with pytest.raises(decide.StalePage) as refused:
        family.post("no", replaces_id=tip.pk if tip else None)
    assert decide.broken_constraint(refused.value.__cause__) in decide.CHAIN_CONSTRAINTS


@pytest.mark.django_db(transaction=True)
def test_two_guardians_answering_at_once_both_count():
    family = Family(lines=[("photo", "contact", Basis.DIRECTORY)])
    for _ in range(3):
        start = threading.Barrier(2)
        tips = {d.decider_id: d for d in Decision.objects.filter(replaced_by=None)}

        def post(decider: Guardian, answer: str, start=start, tips=tips) -> Decision:
            tip = tips.get(decider.pk)
            start.wait()
            return family.post(answer, decider, replaces_id=tip.pk if tip else None)

        alices = "no" if not tips or tips[family.alice.pk].answer == "yes" else "yes"
        bobs = "yes" if alices == "no" else "no"
        racers = [
            beside(lambda alices=alices, post=post: post(family.alice, alices)),
            beside(lambda bobs=bobs, post=post: post(family.bob, bobs)),
        ]
        for thread, _ in racers:
            thread.join(30)
        assert all(isinstance(outcome[0], Decision) for _, outcome in racers)
        state = EffectiveState.objects.get()
        assert (state.answer, state.is_contested) == ("no", True)


@pytest.mark.django_db(transaction=True)
def test_a_hold_placed_first_wins_over_an_answer_that_waits_for_it():
    family = Family()
    with transaction.atomic():
        tie = Guardianship.objects.select_for_update().get(guardian=family.alice)
        thread, outcome = beside(lambda: family.post("yes"))
        _wait_until_somebody_waits()
        Hold.objects.create(guardianship=tie, origin="staff", evidence="order", review_due_on=f.TODAY)
    thread.join(30)
    assert isinstance(outcome[0], decide.NotEntitled)
    assert ledger() == NOTHING


@pytest.mark.django_db(transaction=True)
def test_an_answer_given_first_is_kept_and_the_hold_waits_for_it():
    family = Family()

    def hold() -> dt.datetime:
        with transaction.atomic():
            tie = Guardianship.objects.select_for_update().get(guardian=family.alice)
            Hold.objects.create(guardianship=tie, origin="staff", evidence="order", review_due_on=f.TODAY)
            effective.recompute(student_ids=[family.sam.pk], today=f.TODAY)
        return f.NOW

    with transaction.atomic():
        decision = family.post("yes")
        thread, outcome = beside(hold)
        _wait_until_somebody_waits()
        assert not outcome, "the hold must wait for the answer"
    thread.join(30)
    assert outcome == [f.NOW]
    assert list(Decision.objects.all()) == [decision]
    assert not EffectiveState.objects.exists(), "a barred adult's answer does not count"


def _wait_until_somebody_waits() -> None:
    """Return as soon as another connection waits for a lock of this one."""
    for _ in range(2000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), pg_sleep(0.005) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waited")
