"""Reads days as people write them in register sheets. What is not certain stays words; nothing is guessed.

These sheets are American: 5/1/2024 is May 1 (docs/register.md says so to whoever hands one in). A day with a
first number above 12 is no American day and stays words. Pure.
"""

import datetime as dt
import re
from dataclasses import dataclass

FIRST_YEAR, LAST_YEAR = 1990, 2099
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sept sep septiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_TIME = (
    r"(?:,?\s*(?:at\s+|T)?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:z|utc|[ecmp][sd]t)?)?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_FORMS = tuple(
    re.compile(_WEEKDAY + form + _TIME, re.IGNORECASE | re.ASCII)
    for form in (
        r"(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})",
        r"(?P<number>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}|\d{2})",
        r"(?P<number>\d{1,2})-(?P<day>\d{1,2})-(?P<year>\d{4})",
        _MONTH + r"\s*(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:de\s+)?" + _MONTH + r"(?:\s+de)?,?\s+(?P<year>\d{4})",
    )
)
# Between two days; a dash inside a day has no space beside it, or stands between numbers of one day.
_BETWEEN = re.compile(r"\s+(?:-|–|—|to|through|thru|until|till|a|hasta)\s+|\s*[–—]\s*", re.IGNORECASE)
_CLOSE = re.compile(r"(?<=\d{4})\s*-\s*(?=\d{1,2}/|[A-Za-z])")
_OPENING = re.compile(r"(?:from|since|beginning|starting|effective|desde)\s*:?\s+", re.IGNORECASE)
_UNTIL = re.compile(r"(?:until|till|through|thru|to|ends?|ending|expires?|hasta)\s*:?\s+", re.IGNORECASE)


@dataclass(frozen=True)
class When:
    """What a cell says of time: a first day, a last day, and its words where not everything was certain."""

    day: dt.date | None = None
    until: dt.date | None = None
    note: str = ""


def read_when(cell: str) -> When:
    """Return the days a cell names for certain; what else it says is kept as a note, word for word."""
    words = " ".join(cell.split())
    if not words:
        return When()
    if day := read_day(words):
        return When(day)
    if (match := _UNTIL.match(words)) and (last := read_day(words[match.end() :])):
        return When(until=last)
    rest = words[match.end() :] if (match := _OPENING.match(words)) else words
    if match and (day := read_day(rest)):
        return When(day)
    for between in (_BETWEEN, _CLOSE):
        sides = between.split(rest)
        if len(sides) == 2 and (first := read_day(sides[0])) and (last := read_day(sides[1])):
            if first <= last:
                return When(first, last)
            break
    return When(note=words)


def read_day(words: str) -> dt.date | None:
    """Return the day that words name, None if they name none for certain."""
    text = words.strip().rstrip(".,")
    for form in _FORMS:
        if match := form.fullmatch(text):
            found = match.groupdict()
            year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
            name = (found.get("month") or "").lower()
            month = MONTHS[name] if name else int(found["number"])
            try:
                day = dt.date(year, month, int(found["day"]))
            except ValueError:
                return None
            return day if FIRST_YEAR <= year <= LAST_YEAR else None
    return None
