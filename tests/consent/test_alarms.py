"""A schedule that sends nothing raises no error: staff see it by an alarm."""

import datetime as dt
import socket

import pytest

from consent import deliver, notify
from consent.alarms import AlarmKind, alarms
from consent.models import Attempt, Delivery, Notice
from districts.models import Agreement
from tests import factories as f
from tests.consent.news import publish, tell

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def district():
    return f.make_district()


@pytest.fixture
def sam(district):
    return f.make_student(district)


def kinds(district, now: dt.datetime) -> dict[str, int]:
    return {alarm.kind.value: alarm.count for alarm in alarms(district, now)}


def clock() -> dt.datetime:
    """Return PostgreSQL's time, which attempts and publications bear."""
    return dt.datetime.now(dt.UTC)


def due_since(district, when: dt.datetime, severity: str = "answer_needed") -> Delivery:
    notice = tell(district, severity=severity)
    Notice.objects.update(made_at=when)
    Delivery.objects.update(next_attempt_at=when, due_since=when)
    return notice.deliveries.get()


def test_when_all_goes_its_way_there_is_no_alarm(district, sam):
    f.make_guardian(district, "Alice", of=[sam])
    tell(district)
    assert kinds(district, f.NOW + HOUR - dt.timedelta(seconds=1)) == {}


def test_work_due_for_an_hour_with_nothing_sent_is_an_alarm(district, sam):
    f.make_guardian(district, "Alice", of=[sam])
    now = clock()
    delivery = due_since(district, now - HOUR)
    [alarm] = alarms(district, now)
    assert (alarm.kind, alarm.count, alarm.since) == (AlarmKind.NOTHING_SENT, 1, now - HOUR)
    assert kinds(f.make_district(), now) == {}
    Attempt.objects.create(delivery=delivery, n=1, channel="email", result="deferred", message_id="m")
    assert kinds(district, now) == {}  # something is being sent


def test_a_mail_server_that_takes_nothing_is_an_alarm_however_often_it_is_tried(district, sam, settings):
    with socket.create_server(("127.0.0.1", 0)) as free:
        settings.EMAIL_HOST, settings.EMAIL_PORT = free.getsockname()
    f.make_guardian(district, "Alice", of=[sam])
    now = clock()
    due_since(district, now)
    seen = []
    for minutes in range(0, 70, 10):
        then = now + dt.timedelta(minutes=minutes)
        deliver.resume(now=then)
        seen.append(kinds(district, then))
    assert seen == [*[{}] * 6, {"nothing_sent": 1}]


def test_what_another_district_sends_does_not_calm(district, sam):
    f.make_guardian(district, "Alice", of=[sam])
    other = f.make_district()
    f.make_guardian(other, "Carol", of=[f.make_student(other)])
    delivery = tell(other).deliveries.get()
    Attempt.objects.create(delivery=delivery, n=1, channel="email", result="accepted", message_id="m")
    now = clock()
    due_since(district, now - HOUR)
    assert kinds(district, now) == {"nothing_sent": 1}


@pytest.mark.parametrize(
    ("hour", "late"), [(7, {}), (8, {}), (9, {"nothing_sent": 1}), (19, {"nothing_sent": 1}), (20, {})]
)
def test_news_that_waits_for_the_morning_is_not_late(district, sam, hour, late):
    f.make_guardian(district, "Alice", of=[sam])
    midnight_in_chicago = dt.datetime(2030, 9, 3, 5, tzinfo=dt.UTC)
    now = midnight_in_chicago + dt.timedelta(hours=hour, minutes=30)
    due_since(district, now - 20 * HOUR, severity="digest")
    assert kinds(district, now) == late


def test_a_publication_nobody_announced_and_a_notice_nobody_wrote_down_are_alarms(district, sam):
    publish(f.make_draft(f.make_agreement(district)))
    proposed = f.make_agreement(district, state=Agreement.State.PROPOSED)
    publish(f.make_draft(proposed))
    later = clock() + HOUR
    assert kinds(district, clock()) == {}
    assert kinds(district, later) == {"not_announced": 1}
    notify.announce(now=f.NOW)
    assert kinds(district, clock() + HOUR) == {"not_written_down": 1}


def test_failures_letters_and_holds_wait_for_staff(district, sam):
    f.make_guardian(district, "Alice", of=[sam], email="")
    f.make_guardian(district, "Bea", of=[sam], email="")
    f.make_guardian(district, "Carl", of=[sam])
    barred = f.make_guardian(district, "Bob", of=[sam])
    hold = f.make_hold(barred, sam)
    notice = tell(district)
    notice.deliveries.filter(guardian__given_name="Bea").update(state="printed")
    notice.deliveries.filter(guardian__given_name="Carl").update(state="failed")
    assert kinds(district, f.NOW) == {"failed": 1}
    assert kinds(district, f.NOW + dt.timedelta(days=2)) == {"failed": 1, "letters_wait": 2}
    late = dt.datetime.combine(hold.review_due_on, dt.time(17), dt.UTC) + dt.timedelta(days=1)
    assert kinds(district, late) == {"holds_overdue": 1, "failed": 1, "letters_wait": 2}
    assert kinds(f.make_district(), late) == {}


def test_alarms_are_one_query(district, django_assert_num_queries):
    with django_assert_num_queries(1):
        alarms(district, f.NOW)
