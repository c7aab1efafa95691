"""Two connections at once: nobody twice, nobody missed, and what a hold comes too late for is on record."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from consent import deliver as delivering
from consent import holds
from consent.deliver import claim, deliver, resume
from consent.models import Delivery, Guardianship, Hold
from tests import factories as f
from tests.consent.mail.situation import NOON, attempts, standing, told

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 40


@pytest.fixture
def district(monkeypatch):
    monkeypatch.setattr(delivering, "BATCH", 3)
    district = f.make_district()
    sam = f.make_student(district)
    for _n in range(PEOPLE):
        f.make_guardian(district, "Alice", of=[sam])
    return district


def at_once(*works: Callable[[], object]) -> None:
    """Run each in a thread, and so on a connection, of its own."""
    together = threading.Barrier(len(works))
    errors: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            together.wait(10)
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


def test_two_workers_send_each_person_one_message(post_office, district) -> None:
    notice = told(district)
    at_once(*[lambda: deliver(notice_id=notice.pk, now=NOON)] * 2)
    assert set(Counter(post_office.recipients).values()) == {1}
    assert len(post_office.recipients) == PEOPLE
    assert Counter(standing_states(notice)) == {"sent": PEOPLE}


def test_two_workers_never_share_the_news_of_one_person_between_them(post_office, district) -> None:
    notices = [told(district, "digest"), told(district, "digest")]
    hour = NOON + dt.timedelta(hours=4)
    at_once(*[lambda: resume(now=hour)] * 2)
    assert len(post_office.recipients) == PEOPLE
    assert set(Counter(post_office.recipients).values()) == {1}
    assert {state for notice in notices for state in standing_states(notice)} == {"sent"}


def test_a_worker_does_not_wait_for_rows_another_one_is_claiming(district) -> None:
    notice = told(district)
    seen: list[int] = []
    with transaction.atomic():
        mine = claim(notice_id=notice.pk, after_id=0, limit=10, now=NOON)

        def other() -> None:
            claimed = claim(notice_id=notice.pk, after_id=0, limit=100, now=NOON)
            seen.extend(delivery.id for delivery in claimed.deliveries)

        at_once(other)
    assert len(seen) == PEOPLE - 10
    assert not {delivery.id for delivery in mine.deliveries} & set(seen)


def test_a_killed_worker_repeats_at_most_the_unmarked_tail_of_its_batch(
    post_office, district, monkeypatch
) -> None:
    """The third batch is sent and never marked, as when the process is killed there."""
    notice = told(district)
    batches = []

    class Killed(BaseException):
        pass

    def mark_unless_killed(*args: object, **kwargs: object) -> Counter[str]:
        batches.append(1)
        if len(batches) == 3:
            raise Killed
        return mark(*args, **kwargs)

    mark = delivering.mark
    monkeypatch.setattr(delivering, "mark", mark_unless_killed)
    with pytest.raises(Killed):
        deliver(notice_id=notice.pk, now=NOON)
    deliver(notice_id=notice.pk, now=NOON)
    resume(now=NOON + dt.timedelta(minutes=16))
    times = Counter(Counter(post_office.recipients).values())
    assert times == {1: PEOPLE - 3, 2: 3}
    assert len(set(post_office.ids())) == PEOPLE  # the repeated ones are the same messages
    assert Counter(standing_states(notice)) == {"sent": PEOPLE}


def test_a_hold_placed_while_a_message_is_under_way_is_shown_to_staff_by_name(post_office) -> None:
    district = f.make_district()
    sam = f.make_student(district)
    alice = f.make_guardian(district, "Alice", of=[sam])
    notice = told(district)
    placed: list[Hold] = []

    def place(address: str) -> None:
        tie = Guardianship.objects.get(guardian=alice, student=sam)
        place_it = {"origin": "staff", "evidence": "order shown", "by": None, "now": NOON}
        placed.append(holds.place_hold(guardianship_id=tie.pk, **place_it))
        connection.close()

    post_office.when_taken = place  # runs in the mail server's thread, on its own connection
    deliver(notice_id=notice.pk, now=NOON)
    assert standing() == {"Alice": "withheld/email"}
    assert attempts(alice) == [(1, "accepted", "250")]
    [slipped] = holds.slipped_out(placed[0])
    assert (slipped.name, slipped.is_certain) == ("Alice", True)


def standing_states(notice) -> list[str]:
    return list(Delivery.objects.filter(notice=notice).values_list("state", flat=True))
