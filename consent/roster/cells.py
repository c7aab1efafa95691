"""Single cells: dates, yes and no, status, lists.

Dates are read as ISO 8601 (2013-11-21, 20131121, 2013-11-21T08:00:00Z). `1/05/2023` can be January or
May; it is refused unless whoever loads the file declares that its dates are month/day/year. No date is
guessed from its neighbours, and none from a day above 12: a column has one order.
"""

import datetime as dt
import re

from django.utils.translation import gettext as _

ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?", re.ASCII)
MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: .*)?", re.ASCII)

YES = frozenset({"true", "yes", "y", "1", "t"})
NO = frozenset({"false", "no", "n", "0", "f"})

# OneRoster 1.1 section 4.13.8; `inactive` stood in 1.0 and is still exported.
STATUS_GONE = frozenset({"tobedeleted", "inactive"})
STATUS_HERE = frozenset({"", "active"})


class NotUnderstood(ValueError):
    """A cell that can not be read for certain; the text says what was expected."""


def read_date(cell: str, *, month_first: bool = False) -> dt.date | None:
    """Return the day a cell names, None for an empty one. Raises NotUnderstood."""
    text = cell.strip()
    if not text:
        return None
    try:
        if match := ISO.fullmatch(text):
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        if (match := MONTH_FIRST.fullmatch(text)) and month_first:
            return dt.date(int(match[3]), int(match[1]), int(match[2]))
    except ValueError as error:
        raise NotUnderstood(_("a day of the calendar")) from error
    if match:
        raise NotUnderstood(
            _("a date like 2023-05-01; day and month can not be told apart (see --month-first)")
        )
    raise NotUnderstood(_("a date like 2023-05-01"))


def read_yes(cell: str) -> bool | None:
    """Return True or False, None for an empty cell. Raises NotUnderstood."""
    word = cell.strip().lower()
    if not word:
        return None
    if word in YES:
        return True
    if word in NO:
        return False
    raise NotUnderstood(_("true or false"))


def is_gone(status: str | None) -> bool:
    """Return whether a row's status ends what it describes. Raises NotUnderstood."""
    word = (status or "").strip().lower()
    if word in STATUS_GONE:
        return True
    if word in STATUS_HERE:
        return False
    raise NotUnderstood(_("active, tobedeleted or nothing"))


def read_list(cell: str | None, separators: str = ",") -> list[str]:
    """Return the parts of a list in one cell, in order, each once, without empty ones."""
    parts = re.split(f"[{re.escape(separators)}]", cell or "")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))
