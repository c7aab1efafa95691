"""Times work beside its yardstick, turn by turn, and keeps the ratio of each turn; the median is judged."""

import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

RUNS = 5
REPORT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
INTRODUCTION = f"""# Measured

What the main job costs, beside the plainest form of the same work. Each part was written by the command above
its table; `make bench` runs them all. The yardsticks stand beside what they measure in `bench/`.

Database, workers, mail sink and yardstick shared one machine with other work, so there are only ratios: in
each turn ours and the yardstick ran one after the other, and the median of {RUNS} turns is judged (“once”
where there was one). Seconds would say more of the machine than of the code.
"""


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, at which size, beside what, and the bar it must keep.

    `taken` holds one ratio to the yardstick for each turn; where there is no yardstick, values in `unit`.
    """

    what: str
    size: int
    taken: Sequence[float]
    yardstick: str
    bar: float | None
    at_least: bool = False
    unit: str = ""

    @property
    def judged(self) -> float:
        return statistics.median(self.taken)

    @property
    def is_kept(self) -> bool:
        """Whether the bar is kept; a row that is only reported has none."""
        if self.bar is None:
            return True
        return self.judged >= self.bar if self.at_least else self.judged <= self.bar


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def in_turn(*works: Callable[[], object], before: Callable[[], object]) -> list[list[float]]:
    """Return the seconds of RUNS calls of each, taken in turn so that all meet the same machine.

    Each turn begins with another, so that none is always the one that finds the tables smallest. `before`
    each call, unmeasured.
    """
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(RUNS):
        for place in range(len(works)):
            which = (turn + place) % len(works)
            before()
            taken[which].append(seconds(works[which]))
    return taken


def ratios(ours: Sequence[float], yardstick: Sequence[float]) -> list[float]:
    """Return the ratio of each turn."""
    return [mine / other for mine, other in zip(ours, yardstick, strict=True)]


def checkpoint() -> None:
    """Have PostgreSQL write down what waits, so that no measurement pays for the one before it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table of ratios; absolute seconds of a busy machine say little."""
    lines = [
        "| what | size | beside | measured | lowest–highest | bar | kept |",
        "|---|--:|---|--:|--:|--:|---|",
    ]
    for row in rows:
        digits = 0 if row.unit else 2
        unit = f" {row.unit}" if row.unit else "×"
        sign = "≥" if row.at_least else "≤"
        bar = f"{sign} {row.bar:g}{unit}" if row.bar is not None else "reported"
        spread = f"{min(row.taken):.{digits}f}–{max(row.taken):.{digits}f}" if len(row.taken) > 1 else "once"
        kept = "" if row.bar is None else "yes" if row.is_kept else "**no**"
        lines.append(
            f"| {row.what} | {row.size:,} | {row.yardstick or '–'} | {row.judged:.{digits}f}{unit} "
            f"| {spread} | {bar} | {kept} |"
        )
    return "\n".join(lines)


def section(rows: Sequence[Row], command: str) -> str:
    """Return the text of one part: its command, the versions, its table. Needs the database."""
    from django.db import connection

    with connection._nodb_cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0].split()[0]
    made_on = f"Python {platform.python_version()}, PostgreSQL {server}, {platform.system()}"
    return f"`{command}` on {made_on}\n\n{table(rows)}\n"


def write_section(name: str, text: str, order: Sequence[str]) -> None:
    """Put the text of one part in its place in docs/benchmarks.md; the other parts stay as they were."""
    sections: dict[str, str] = {}
    if REPORT.exists():
        for part in REPORT.read_text(encoding="utf-8").split("\n## ")[1:]:
            heading, _line_end, body = part.partition("\n\n")
            sections[heading] = body
    sections[name] = text
    parts = [f"## {heading}\n\n{sections[heading].strip()}\n" for heading in order if heading in sections]
    REPORT.write_text("\n".join([INTRODUCTION, *parts]), encoding="utf-8")
