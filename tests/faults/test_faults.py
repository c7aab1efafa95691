"""Whatever is killed, stopped or cut, every person concerned ends in exactly one end state.

Real worker processes, a real broker, the real PostgreSQL, a mail server on loopback. Only the clock is
helped along: a lease of a dead worker is made to have ended.
"""

from collections import Counter

import pytest
from django.utils import timezone

from consent import holds
from consent.deliver import BATCH
from consent.models import Delivery, Guardianship
from tests.faults.machinery import (
    Redis,
    Site,
    cut_database_connections,
    database_url,
    own_backend,
    wait_until,
)
from tests.faults.town import (
    PEOPLE,
    Town,
    assert_everybody_is_in_one_end_state,
    assert_repeats_are_the_same_messages,
    let_minutes_pass,
    states,
    unfinished,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

IN_THE_SECOND_BATCH = BATCH + 30


@pytest.fixture(params=[pytest.param("over_redis", marks=pytest.mark.redis), "over_files"])
def site(request: pytest.FixtureRequest) -> Site:
    """The site over either broker."""
    return request.getfixturevalue(request.param)


def test_a_worker_killed_in_the_middle_of_a_batch(site: Site, town: Town, post_office) -> None:
    """The unmarked tail of its batch is told again, by the same messages; nobody is left out."""
    worker = site.start_worker()
    killed_at: list[int] = []

    def kill_in_the_second_batch(address: str) -> None:
        if len(post_office.recipients) == IN_THE_SECOND_BATCH:
            site.kill(worker)
            killed_at.append(len(post_office.recipients))

    post_office.when_taken = kill_in_the_second_batch
    site.publish(town.version.pk)
    wait_until(lambda: killed_at and not worker.has_remains(), "the worker is killed")
    assert states() == Counter(sent=BATCH, leased=PEOPLE - BATCH)

    held = barred_meanwhile(post_office.recipients)
    let_minutes_pass(16)
    site.start_worker()
    site.start_clock()
    wait_until(lambda: unfinished() == 0, "everything is sent")

    assert_everybody_is_in_one_end_state(town, post_office, withheld=1)
    assert held not in post_office.recipients
    assert_repeats_are_the_same_messages(post_office, at_most=IN_THE_SECOND_BATCH - BATCH)
    assert len(post_office.recipients) > PEOPLE - 1  # the tail did repeat: the worker died before its mark


def barred_meanwhile(told: list[str]) -> str:
    """Bar one person, whom the dead worker had in hand and had not written to yet; return the address."""
    waiting = Delivery.objects.filter(state="leased").exclude(guardian__email__in=told)
    person = waiting.order_by("-pk")[0].guardian
    tie = Guardianship.objects.get(guardian=person)
    why = {"origin": "staff", "evidence": "order shown", "by": None}
    holds.place_hold(guardianship_id=tie.pk, now=timezone.now(), **why)
    return str(person.email)


@pytest.mark.redis
def test_redis_stopped_while_a_version_is_published(
    over_redis: Site, redis: Redis, town: Town, post_office
) -> None:
    """The publication is made within seconds, the nudge is lost, and the sweep sends everything."""
    over_redis.start_worker()
    over_redis.start_clock()
    redis.stop()
    seconds = over_redis.publish(town.version.pk)  # fails if the command does
    assert seconds < 20, f"publishing took {seconds:.0f} s"
    wait_until(lambda: "Cannot connect to redis" in over_redis.log("worker"), "the worker misses its broker")
    town.version.refresh_from_db()
    assert town.version.published_at is not None
    assert post_office.recipients == []

    redis.start()  # empty: it kept nothing
    wait_until(lambda: Delivery.objects.exists() and unfinished() == 0, "everything is sent")
    assert_everybody_is_in_one_end_state(town, post_office)
    assert_repeats_are_the_same_messages(post_office, at_most=0)


def test_a_mail_server_that_refuses_connections_and_then_takes_them(
    over_files: Site, town: Town, post_office
) -> None:
    """Nobody is blamed for it: no attempt is counted, no letter written, and all are told once."""
    post_office.close()
    over_files.start_worker()
    over_files.start_clock()
    over_files.publish(town.version.pk)
    wait_until(lambda: "mail server takes nothing" in over_files.log("worker"), "a batch is given back")
    wait_until(lambda: states() == Counter(due=PEOPLE), "all are due again")
    assert not Delivery.objects.exclude(attempts_made=0, channel="email").exists()

    post_office.open()
    let_minutes_pass(2)
    wait_until(lambda: unfinished() == 0, "everything is sent")
    assert_everybody_is_in_one_end_state(town, post_office)
    assert_repeats_are_the_same_messages(post_office, at_most=0)


def test_database_connections_cut_in_the_middle_of_a_batch(over_files: Site, town: Town, post_office) -> None:
    """The worker lives on with a new connection; the batch it could not mark is told again, the same."""
    cut: list[int] = []
    theirs = {"address": database_url(), "spare": own_backend()}

    def cut_in_both_batches(address: str) -> None:
        if len(post_office.recipients) in (130, BATCH + 30):
            cut.append(cut_database_connections(**theirs))

    post_office.when_taken = cut_in_both_batches
    worker = over_files.start_worker()
    over_files.start_clock()
    over_files.publish(town.version.pk)
    wait_until(
        lambda: len(cut) == 2 and over_files.log("worker").count("raised unexpected") == 2,
        "two batches are sent and can not be marked",
    )
    assert states() == Counter(leased=PEOPLE)

    let_minutes_pass(16)
    wait_until(lambda: unfinished() == 0, "everything is sent")
    assert all(cut)
    assert worker.is_alive
    assert_everybody_is_in_one_end_state(town, post_office)
    assert_repeats_are_the_same_messages(post_office, at_most=PEOPLE)  # two whole batches were not marked
