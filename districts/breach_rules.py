"""Which breaches a district may leave off its public list: 105 ILCS 85/27(a)(5). Pure."""

import datetime as dt

#: The list has breaches from this day on (P.A. 101-0516).
LIST_BEGINS = dt.date(2021, 7, 1)


def may_be_left_off(affected: int | None, enrollment: int | None) -> bool:
    """Return whether fewer than a tenth of the students were affected; exactly a tenth is posted.

    `enrollment` is that of the day on which the list is made. A number that is not known leaves nothing off.
    """
    return affected is not None and enrollment is not None and 10 * affected < enrollment


def was_before_the_list(began_on: dt.date | None, ended_on: dt.date | None) -> bool:
    """Return whether a breach was over before the list begins; an unknown day leaves nothing off."""
    last = ended_on or began_on
    return began_on is not None and last is not None and last < LIST_BEGINS
