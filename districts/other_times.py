"""Agreements that allow something at another time than the day asked about, and their days, where known."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from .holders import Line
from .models import Agreement


@dataclass(frozen=True)
class OtherTime:
    """One agreement, and the first and the last day on which it allows it; None is not known, or none set.

    Where it is not dated, the first day is one by which it was in use.
    """

    name: str
    agency: str
    url: str
    is_proposed: bool
    since: dt.date | None
    is_dated: bool
    over_on: dt.date | None
    is_over: bool


def other_times(lines: Iterable[Line], day: dt.date, today: dt.date) -> dict[str, list[OtherTime]]:
    """Return the lines that may have allowed it on the day, for all that is known, and the others."""
    perhaps: list[OtherTime] = []
    before: list[OtherTime] = []
    for line in lines:
        (perhaps if day < today and _may_have_been(line, day) else before).append(_other_time(line, today))
    return {"perhaps": perhaps, "before": before}


def _may_have_been(line: Line, day: dt.date) -> bool:
    """Tell whether an agreement of which the first day is not known could have been in use on a day."""
    if line.state == Agreement.State.PROPOSED:
        return False
    is_unknown = line.since is None or (not line.is_dated and day < line.since)
    return is_unknown and (line.over_on is None or day <= line.over_on)


def _other_time(line: Line, today: dt.date) -> OtherTime:
    return OtherTime(
        name=line.vendor,
        agency=line.agency,
        url=line.address,
        is_proposed=line.state == Agreement.State.PROPOSED,
        since=line.since,
        is_dated=line.is_dated,
        over_on=line.over_on,
        is_over=line.over_on is not None and line.over_on < today,
    )
