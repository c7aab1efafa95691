"""Keeps Social Security numbers out: files that carry them are refused, and no message repeats one.

In 2013 Louisiana's student numbers in the inBloom store turned out to be Social Security numbers.
"""

import re
from collections import Counter

from django.utils.translation import gettext as _

from .report import Refusals

DASHED = re.compile(r"\d{3}-\d{2}-\d{4}", re.ASCII)
WORDS_IN_HEADERS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# "SS" alone is social studies; with the word number after it, it is not.
NUMBERED_SS = re.compile(r"\bss (number|num|nbr|no)\b|(?<![a-z])ss\s*#", re.ASCII)
HEADER_PHRASES = ("socialsecurity", "socialsec", "socsec", "seguridadsocial", "segurosocial")

# Among nine-digit numbers of a district's own making some look like an SSN by chance; a column of real
# ones shows many. Below both marks it is chance.
SHARE = 0.05
AT_LEAST = 3


def header_says_so(header: str) -> bool:
    """Return whether a column's name says that Social Security numbers stand in it.

    Reads words, not letters: `businessNumber` and `passName` hold the letters s, s, n in a row.
    """
    words = [word.lower() for word in WORDS_IN_HEADERS.findall(header)]
    compact = re.sub(r"[^a-z]", "", header.lower())
    return (
        compact.startswith("ssn")
        or any(word.startswith("ssn") or word.endswith("ssn") for word in words)
        or any(phrase in compact for phrase in HEADER_PHRASES)
        or NUMBERED_SS.search(f"{' '.join(words)} {header.lower()}") is not None
    )


def possible(digits: str) -> bool:
    """Return whether nine digits can be a Social Security number.

    Never issued: area 000, 666 or 900-999, group 00, serial 0000 (20 CFR 422.103; SSA, since 2011).
    """
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return area not in ("000", "666") and area[0] != "9" and group != "00" and serial != "0000"


class SsnWatch:
    """Looks at every id while the files are read.

    A declared pattern (`Agency.roster_id_format`) excuses the undashed ids that match it as a whole;
    nothing excuses dashes or a header.
    """

    def __init__(self, refusals: Refusals, declared_format: str = "") -> None:
        self.refusals = refusals
        self.declared = re.compile(declared_format, re.ASCII) if declared_format else None
        self.nine: Counter[tuple[str, str]] = Counter()
        self.possible: Counter[tuple[str, str]] = Counter()
        self.first: dict[tuple[str, str], int] = {}

    def look_at_header(self, file: str, header: list[str]) -> None:
        """Refuse the file at once if the name of any of its columns says so."""
        for name in header:
            if header_says_so(name):
                self.refusals.stop(
                    file,
                    1,
                    name,
                    name,
                    _("no column with Social Security numbers; take it out of the export"),
                )

    def look_at(self, file: str, line: int, column: str, value: str) -> None:
        """Look at one id; an id with an SSN's dashes refuses the file at once."""
        if len(value) == 9 and value.isascii() and value.isdigit():
            if self.declared and self.declared.fullmatch(value):
                return
            key = (file, column)
            self.nine[key] += 1
            if possible(value):
                self.possible[key] += 1
                self.first.setdefault(key, line)
        elif len(value) == 11 and DASHED.fullmatch(value):
            self.refusals.stop(
                file, line, column, "***-**-****", _("an id that is not a Social Security number")
            )

    def refuse_possible_numbers(self) -> None:
        """Refuse the files if one column holds too many possible Social Security numbers."""
        for (file, column), count in self.possible.items():
            nine = self.nine[file, column]
            if count >= AT_LEAST and count >= SHARE * nine:
                self.refusals.stop(
                    file,
                    self.first[file, column],
                    column,
                    _("%(count)d of %(nine)d nine-digit ids can be Social Security numbers")
                    % {"count": count, "nine": nine},
                    _("ids that can not, or the district's id format declared on its page in the admin"),
                    is_cell=False,
                )
