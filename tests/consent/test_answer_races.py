"""Two at once: posts from one page, two guardians, an answer and a hold."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from consent import decide, effective
from consent.models import (
    Decision,
    Delivery,
    EffectiveState,
    Guardian,
    Guardianship,
    Hold,
)
from districts.models import Basis
from tests import factories as f
from tests.consent.asked_family import NOTHING, Family, ledger


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
