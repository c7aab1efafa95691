"""When a message may go out: at once, in the district's day, or at its hour for the daily message.

Pure: no Django, no database, no clock.
"""

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import Protocol

ANSWER_NEEDED = "answer_needed"
DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of one district, on its own clock. `until_hour` is the first hour outside, up to 24."""

    zone: str
    from_hour: int = 8
    until_hour: int = 20
    digest_hour: int = 16


class _SendsInHours(Protocol):
    time_zone: str
    send_from_hour: int
    send_until_hour: int
    digest_hour: int


def hours_of(agency: _SendsInHours) -> Hours:
    """Return the hours of a district as its own settings say."""
    return Hours(agency.time_zone, agency.send_from_hour, agency.send_until_hour, agency.digest_hour)


def send_time(now: dt.datetime, hours: Hours, severity: str) -> dt.datetime:
    """Return when a message of this severity goes out at the earliest (aware, UTC).

    What asks for an answer goes at once. Other news keeps to the district's day. The daily message goes at
    its hour, kept inside the day where the hour was set outside of it.
    """
    if severity == ANSWER_NEEDED:
        return now.astimezone(dt.UTC)
    if severity == DIGEST:
        last = hours.until_hour - 1
        return _next_at(now, hours, min(max(hours.digest_hour, hours.from_hour), last))
    return now.astimezone(dt.UTC) if is_open(now, hours) else _next_at(now, hours, hours.from_hour)


def is_open(now: dt.datetime, hours: Hours) -> bool:
    """Tell whether news may go out now, on the district's clock."""
    return hours.from_hour <= now.astimezone(zoneinfo.ZoneInfo(hours.zone)).hour < hours.until_hour


def _next_at(now: dt.datetime, hours: Hours, hour: int) -> dt.datetime:
    """Return the next time the district's clock shows this full hour; `now` itself counts.

    An hour that the clock skips in spring counts as the one after it; one that comes twice in autumn is
    its first coming.
    """
    zone = zoneinfo.ZoneInfo(hours.zone)
    day = now.astimezone(zone).date()
    for ahead in range(3):
        moment = dt.datetime.combine(day + dt.timedelta(days=ahead), dt.time(hour), zone).astimezone(dt.UTC)
        if moment >= now:
            return moment
    raise AssertionError("a full hour comes every day")
