"""What every file of one load is read with: the files, the day, the watch for SSNs, the list of errors."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from . import cells
from .opening import Source
from .reading import Row, Table, read_header, read_table
from .report import Refusals
from .ssn import SsnWatch

LONGEST_ID = 80
TELL_EVERY = 5_000  # rows between two reports of progress

Progress = Callable[[str, int], None]


def no_progress(what: str, done: int) -> None:
    """Report to nobody."""


@dataclass
class Reading:
    """One load's way of reading cells: a wrong one is noted with its place and reading goes on."""

    source: Source
    as_of: dt.date
    watch: SsnWatch
    refusals: Refusals = field(default_factory=Refusals)
    month_first: bool = False
    progress: Progress = no_progress

    @cached_property
    def is_sds(self) -> bool:
        """Return whether this is Microsoft SDS 2.1, whose users.csv lacks what OneRoster demands."""
        if "roles.csv" not in self.source or "users.csv" not in self.source:
            return False
        header = read_header(self.source, "users.csv", self.refusals)
        is_named = "relationships.csv" in self.source or "activeDirectoryMatchId" in header
        return is_named and "agentSourcedIds" not in header

    def rows(self, table: Table) -> Iterator[Row]:
        """Return a file's rows and report progress on the way."""
        done = 0
        for done, row in enumerate(read_table(self.source, table, self.watch, self.refusals), start=1):
            if done % TELL_EVERY == 0:
                self.progress(table.file, done)
            yield row
        self.progress(table.file, done)

    def refuse(self, file: str, line: int, column: str, found: str, expected: str) -> None:
        """Note a cell that may not stand as it is."""
        self.refusals.add(file, line, column, found, expected)

    def check_id(self, file: str, line: int, column: str, value: str | None) -> bool:
        """Return whether an id can be used; note it if not."""
        if not value:
            self.refuse(file, line, column, "", _("an id"))
            return False
        self.look_at_id(file, line, column, value)
        return self.check_length(file, line, column, value, LONGEST_ID)

    def look_at_id(self, file: str, line: int, column: str, value: str | None) -> None:
        """Look at an id for a Social Security number."""
        if value:
            self.watch.look_at(file, line, column, value)

    def check_length(self, file: str, line: int, column: str, value: str, longest: int) -> bool:
        """Return whether a text is short enough; note it if not."""
        if len(value) <= longest:
            return True
        self.refuse(file, line, column, value, _("at most %d characters") % longest)
        return False

    def date(self, file: str, line: int, column: str, value: str | None) -> dt.date | None:
        """Return the day of a cell, None for an empty one or one that was refused."""
        try:
            return cells.read_date(value or "", month_first=self.month_first)
        except cells.NotUnderstood as error:
            self.refuse(file, line, column, value or "", str(error))
            return None

    def yes(self, file: str, line: int, column: str, value: str | None) -> bool | None:
        """Return True or False, None for an empty cell or one that was refused."""
        try:
            return cells.read_yes(value or "")
        except cells.NotUnderstood as error:
            self.refuse(file, line, column, value or "", str(error))
            return None

    def is_gone(self, file: str, line: int, status: str | None) -> bool:
        """Return whether a status ends the row."""
        try:
            return cells.is_gone(status)
        except cells.NotUnderstood as error:
            self.refuse(file, line, "status", status or "", str(error))
            return False

    def holds(self, begin: dt.date | None, end: dt.date | None) -> bool:
        """Return whether something with these days, the last one included, holds on the day of the load."""
        return (begin is None or begin <= self.as_of) and (end is None or end >= self.as_of)
