"""The posting clock: business days after the signing, by the district's own calendar; worked examples."""

import datetime as dt

import pytest

from districts.posting import RULES, Posting, due_on, posting

d = dt.date
THANKSGIVING = {d(2026, 11, 26), d(2026, 11, 27)}
LABOR_DAY = {d(2026, 9, 7)}
NEW_YEAR = {d(2026, 12, 25), d(2027, 1, 1)}
KING_DAY = {d(2027, 1, 18)}
RECESS = NEW_YEAR | {d(2026, 12, 21) + dt.timedelta(days=n) for n in range(12)}


@pytest.mark.parametrize(
    ("signed", "closed", "due"),
    [
        (d(2026, 8, 3), set(), d(2026, 8, 17)),
        (d(2026, 8, 28), LABOR_DAY, d(2026, 9, 14)),
        (d(2026, 8, 28), set(), d(2026, 9, 11)),
        (d(2026, 11, 20), THANKSGIVING, d(2026, 12, 8)),
        (d(2026, 11, 20), set(), d(2026, 12, 4)),
        (d(2026, 12, 19), NEW_YEAR, d(2027, 1, 5)),
        (d(2026, 12, 19), RECESS | KING_DAY, d(2027, 1, 15)),
        (d(2026, 6, 1), {d(2026, 6, 19)}, d(2026, 6, 15)),
    ],
)
def test_illinois_counts_ten_business_days(signed, closed, due):
    assert due_on(signed, RULES["us-il"].days, closed) == due


@pytest.mark.parametrize(
    ("signed", "closed", "due"),
    [
        (d(2026, 7, 1), {d(2026, 7, 3)}, d(2026, 7, 9)),
        (d(2026, 8, 28), LABOR_DAY, d(2026, 9, 4)),
        (d(2026, 9, 3), LABOR_DAY, d(2026, 9, 11)),
    ],
)
def test_connecticut_counts_five_business_days(signed, closed, due):
    assert due_on(signed, RULES["us-ct"].days, closed) == due


def test_each_clock_names_its_law():
    assert {profile: rule.citation for profile, rule in RULES.items()} == {
        "us-il": "105 ILCS 85/27(c)",
        "us-ct": "Conn. Gen. Stat. 10-234bb(g)",
    }


@pytest.mark.parametrize(
    ("posted", "today", "state"),
    [
        (d(2026, 8, 17), d(2026, 9, 1), Posting.ON_TIME),
        (d(2026, 8, 18), d(2026, 9, 1), Posting.LATE),
        (None, d(2026, 8, 17), Posting.RUNNING),
        (None, d(2026, 8, 18), Posting.OVERDUE),
    ],
)
def test_the_last_day_is_in_time(posted, today, state):
    assert posting(d(2026, 8, 17), posted, today) is state
