"""What the filter withheld and why, for the district alone: totals, and one line per child and column."""

import csv
import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

COLUMNS = ["person", "id", "file", "column", "reason"]
WHOLE_RECORD = "(whole record)"

REASONS = {
    "not_started": "Sharing of this starts on a later day.",
    "no": "The family said no.",
    "unanswered": "Nobody answered; without a yes it is not shared.",
    "new_line": "The yes was given before this was added; it is asked again.",
    "no_last_day": "Nobody answered, and the agreement names no last day to answer.",
    "before_last_day": "The family can still answer.",
    "not_told": "The last day has passed, but no message is known to have reached the family.",
    "not_in_agreement": "The agreement does not list this data.",
    "out_of_scope": "The agreement does not cover this student.",
    "unknown": "This student is not in the roster that was imported.",
    "not_a_decider": "Not a decider of a student whose family data may be shared.",
    "unknown_role": "The role is missing or not known.",
}


class FilterRefused(Exception):
    """The roster can not be filtered; nothing was written. Says file, line and what is wrong."""

    def __init__(self, problem: str, *, file: str = "", line: int | None = None) -> None:
        self.file, self.line, self.problem = file, line, problem
        place = f"{file}, line {line}: " if line else f"{file}: " if file else ""
        super().__init__(place + problem)


@dataclass
class FilterReport:
    """What came of a filtering. Reasons never go to the company."""

    day: dt.date
    version: int
    starts_on: dt.date | None
    kept: Counter[str] = field(default_factory=Counter)  # rows per file
    left_out: Counter[str] = field(default_factory=Counter)  # rows per file
    blanked: Counter[str] = field(default_factory=Counter)  # values per file and column
    reasons: Counter[str] = field(default_factory=Counter)
    columns_removed: dict[str, list[str]] = field(default_factory=dict)
    unknown_columns: dict[str, list[str]] = field(default_factory=dict)
    files_removed: list[str] = field(default_factory=list)
    _write_line: Callable[[list[str]], object] | None = None

    def open(self, lines: TextIO) -> None:
        """Write the lines per child to a text file from now on."""
        self._write_line = csv.writer(lines).writerow
        self._write_line([*COLUMNS, "words"])

    def withhold(self, person: str, person_id: str, file: str, column: str, reason: str) -> None:
        """Note one thing that was withheld about one person."""
        self.reasons[reason] += 1
        if column == WHOLE_RECORD:
            self.left_out[file] += 1
        else:
            self.blanked[f"{file}.{column}"] += 1
        if self._write_line is not None:
            self._write_line([person, person_id, file, column, reason, REASONS[reason]])

    def as_words(self) -> list[str]:
        """Return the totals as lines to print."""
        words = [f"Version {self.version}, as of {self.day.isoformat()}."]
        if self.starts_on and self.starts_on > self.day:
            words.append(
                f"Sharing of what is new starts on {self.starts_on.isoformat()}: it is left out until then."
            )
        words += [
            f"{file}.csv: {self.kept[file]} rows kept, {self.left_out[file]} left out"
            for file in sorted({*self.kept, *self.left_out})
        ]
        words += [f"{place}: {n} values left empty" for place, n in sorted(self.blanked.items())]
        words += [
            f"{file}.csv: columns removed: {', '.join(columns)}"
            for file, columns in sorted(self.columns_removed.items())
        ]
        words += [
            f"{file}.csv: unknown columns removed: {', '.join(columns)}"
            for file, columns in sorted(self.unknown_columns.items())
        ]
        words += [f"{file}: removed" for file in sorted(self.files_removed)]
        words += [f"{n}: {REASONS[reason]}" for reason, n in sorted(self.reasons.items())]
        return words
