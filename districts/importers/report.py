"""What every importer of the register tells: counts of what it did, and why a file was refused."""

from dataclasses import asdict, dataclass, field
from typing import Any

#: More refusals than these are counted, not listed: one wrong column is wrong on every line.
LISTED_PROBLEMS = 100
FOUND_LENGTH = 60


@dataclass(frozen=True)
class Problem:
    """What is wrong in one place of one file."""

    file: str
    line: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.column}: found “{self.found}”, expected {self.expected}"


@dataclass
class Counts:
    """What a load did to the rows of one kind."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0


@dataclass
class Problems:
    """The problems of one file as they are found: the first ones, and how many there are."""

    file: str
    listed: list[Problem] = field(default_factory=list)
    total: int = 0

    def add(self, line: int, column: str, found: str, expected: str) -> None:
        """Note a problem."""
        self.total += 1
        if len(self.listed) < LISTED_PROBLEMS:
            found = found if len(found) <= FOUND_LENGTH else f"{found[: FOUND_LENGTH - 1]}…"
            self.listed.append(Problem(self.file, line, column, found, expected))

    def refuse_if_any(self) -> None:
        """Raise ImportRefused if there are problems."""
        if self.total:
            raise ImportRefused(self)


class ImportRefused(Exception):
    """The file was refused and nothing was changed. Carries the first problems and how many there are."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems.listed
        self.total = problems.total
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """Return the problems line by line, and how many more there are."""
        lines = [str(problem) for problem in self.problems]
        if self.total > len(lines):
            lines.append(f"and {self.total - len(lines)} more")
        return lines

    def as_json(self) -> dict[str, Any]:
        """Return counts (all nothing) and refusals as plain values."""
        refusals = [asdict(problem) for problem in self.problems]
        return {**asdict(Counts()), "refused": self.total, "refusals": refusals}
