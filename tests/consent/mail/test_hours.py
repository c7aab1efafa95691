"""What is only information goes out in the district's day, however long a run takes."""

import datetime as dt
from itertools import count
from types import SimpleNamespace

import pytest

from consent import deliver as delivering
from consent.deliver import deliver
from tests import factories as f
from tests.consent.mail.situation import NIGHT, standing, told

pytestmark = pytest.mark.django_db

EVENING = NIGHT - dt.timedelta(hours=6)  # 8 pm in Chicago


@pytest.fixture
def district():
    district = f.make_district()
    sam = f.make_student(district)
    f.make_guardian(district, "Alice", of=[sam])
    f.make_guardian(district, "Bob", of=[sam])
    return district


def test_information_stops_when_the_day_ends_in_the_middle_of_a_run(
    post_office, district, monkeypatch
) -> None:
    monkeypatch.setattr(delivering, "BATCH", 1)
    minutes = count(0, 60.0)  # every look at the clock finds it a minute on
    monkeypatch.setattr(delivering, "time", SimpleNamespace(monotonic=lambda: next(minutes)))
    notice = told(district, "tell_now")
    deliver(notice_id=notice.pk, now=EVENING - dt.timedelta(minutes=5))
    assert len(post_office.mails) == 1
    assert sorted(standing(notice).values()) == ["due/email", "sent/email"]
