"""By when a signed agreement must stand on a public page, and whether it did. Pure.

Not every state sets a day. A law profile that is not in the table has no clock, and no page may show one.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

FIVE_DAY_WEEK = 5  # Monday is 0; from here on it is the weekend


@dataclass(frozen=True)
class Rule:
    """So many business days after the signing, and the place in the law that says so."""

    days: int
    citation: str


#: Law profile -> its clock.
RULES: Mapping[str, Rule] = {
    "us-il": Rule(10, "105 ILCS 85/27(c)"),
    "us-ct": Rule(5, "Conn. Gen. Stat. 10-234bb(g)"),
}


class Posting(StrEnum):
    """How posting an agreement stands on a day."""

    ON_TIME = "on_time"
    LATE = "late"
    RUNNING = "running"
    OVERDUE = "overdue"


def due_on(signed_on: dt.date, days: int, closed: Collection[dt.date]) -> dt.date:
    """Return the last day to post: so many business days after the day of signing, which does not count.

    A business day is none of a weekend, and none of the days in `closed` (the agency's own calendar).
    """
    day = signed_on
    while days:
        day += dt.timedelta(days=1)
        if day.weekday() < FIVE_DAY_WEEK and day not in closed:
            days -= 1
    return day


def posting(due: dt.date, posted_on: dt.date | None, today: dt.date) -> Posting:
    """Return how an agreement stands that was posted on a day, or not yet (None). The last day is in time."""
    if posted_on is not None:
        return Posting.ON_TIME if posted_on <= due else Posting.LATE
    return Posting.RUNNING if today <= due else Posting.OVERDUE
