"""When a message may go out, on the district's clock."""

import datetime as dt

import pytest

from consent.windows import Hours, is_open, send_time

CHICAGO = Hours(zone="America/Chicago")


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("severity", "now", "goes_out"),
    [
        # Chicago is UTC-5 in summer, UTC-6 in winter.
        ("answer_needed", "2026-09-01 07:00", "2026-09-01 07:00"),  # 02:00 at night: an answer is asked
        ("tell_now", "2026-09-01 12:59:59", "2026-09-01 13:00"),  # one second before 08:00
        ("tell_now", "2026-09-01 13:00", "2026-09-01 13:00"),  # 08:00
        ("tell_now", "2026-09-02 00:59:59", "2026-09-02 00:59:59"),  # 19:59:59
        ("tell_now", "2026-09-02 01:00", "2026-09-02 13:00"),  # 20:00: tomorrow morning
        ("tell_now", "2026-12-31 13:59", "2026-12-31 14:00"),  # 07:59 in winter
        ("digest", "2026-09-01 17:00", "2026-09-01 21:00"),  # noon: today at 16:00
        ("digest", "2026-09-01 21:00", "2026-09-01 21:00"),  # 16:00 sharp
        ("digest", "2026-09-01 21:00:01", "2026-09-02 21:00"),  # too late for today's message
        ("digest", "2026-09-02 04:30", "2026-09-02 21:00"),  # 23:30: the day at the district is still the 1st
        # The nights the clock changes: 8 March and 1 November 2026.
        ("tell_now", "2026-03-08 03:00", "2026-03-08 13:00"),  # 21:00 winter time to 08:00 summer time
        ("tell_now", "2026-11-01 02:00", "2026-11-01 14:00"),  # 21:00 summer time to 08:00 winter time
        ("digest", "2026-03-07 22:00:01", "2026-03-08 21:00"),  # 23 hours later
        ("digest", "2026-10-31 21:00:01", "2026-11-01 22:00"),  # 25 hours later
    ],
)
def test_news_keeps_to_the_districts_day_and_a_question_does_not_wait(severity, now, goes_out):
    assert send_time(utc(now), CHICAGO, severity) == utc(goes_out)


@pytest.mark.parametrize(
    ("now", "hour", "goes_out"),
    [
        ("2026-03-08 07:00", 2, "2026-03-08 08:00"),  # 01:00; 02:00 does not come that night: at 03:00
        ("2026-11-01 05:30", 1, "2026-11-01 06:00"),  # 00:30: the first 01:00
        ("2026-11-01 06:30", 1, "2026-11-02 07:00"),  # past it: not at the second 01:00 of that night
    ],
)
def test_an_hour_the_clock_skips_or_repeats_comes_once(now, hour, goes_out):
    hours = Hours(zone="America/Chicago", from_hour=0, until_hour=24, digest_hour=hour)
    assert send_time(utc(now), hours, "digest") == utc(goes_out)


@pytest.mark.parametrize(("digest_hour", "local"), [(6, 8), (22, 19), (8, 8), (19, 19)])
def test_the_daily_message_stays_inside_the_day(digest_hour, local):
    hours = Hours(zone="America/Chicago", digest_hour=digest_hour)
    assert send_time(utc("2026-09-01 05:30"), hours, "digest").hour == (local + 5) % 24


def test_a_district_may_send_until_midnight():
    hours = Hours(zone="Pacific/Honolulu", from_hour=0, until_hour=24)
    assert is_open(utc("2026-09-01 09:59"), hours)
    assert is_open(utc("2026-09-01 10:00"), hours)


def test_the_answer_is_in_utc_whatever_zone_now_is_in():
    here = dt.datetime(2026, 9, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert send_time(here, CHICAGO, "answer_needed").tzinfo is dt.UTC
