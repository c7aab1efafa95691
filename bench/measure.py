"""Times work beside its yardstick, turn by turn, and keeps medians and their ratio."""

import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RUNS = 5
RUNS_OF_THE_LARGEST = 3
LARGE = 300_000
REPORT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, at which size, against what, and the bar it must keep.

    `ours` and `yardstick_value` are in one unit (seconds unless `what` says another); their ratio is judged.
    """

    what: str
    size: int
    ours: float
    yardstick: str
    yardstick_value: float
    bar: float | None
    at_least: bool = False
    unit: str = "s"

    @property
    def ratio(self) -> float:
        return self.ours / self.yardstick_value if self.yardstick_value else float("nan")

    @property
    def is_kept(self) -> bool:
        """Whether the bar is kept; a row that is only reported has none."""
        if self.bar is None:
            return True
        return self.judged >= self.bar if self.at_least else self.judged <= self.bar

    @property
    def judged(self) -> float:
        """What the bar is about: the ratio, or the value itself where there is nothing to compare with."""
        return self.ratio if self.yardstick else self.ours


def runs_for(size: int) -> int:
    """Return how often a measurement of this size is taken: the largest take minutes each."""
    return RUNS_OF_THE_LARGEST if size >= LARGE else RUNS


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def medians(*works: Callable[[], object], runs: int = RUNS) -> list[float]:
    """Return the median of several calls of each, taken in turn so that all meet the same machine."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for one, work in zip(taken, works, strict=True):
            one.append(seconds(work))
    return [statistics.median(one) for one in taken]


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table of ratios; absolute seconds of a busy machine say little."""
    lines = [
        "| what | guardians | yardstick | ratio | bar | kept |",
        "|---|--:|---|--:|--:|---|",
    ]
    for row in rows:
        sign = "≥" if row.at_least else "≤"
        bar = f"{sign} {row.bar:g}" if row.bar is not None else "reported"
        value = f"{row.ratio:.2f}" if row.yardstick else f"{row.ours:.0f} {row.unit}"
        kept = "" if row.bar is None else "yes" if row.is_kept else "**no**"
        lines.append(f"| {row.what} | {row.size:,} | {row.yardstick or 'none'} | {value} | {bar} | {kept} |")
    return "\n".join(lines)


def write_report(rows: list[Row], command: str, *, write: bool) -> str:
    """Return the report; write it into docs/benchmarks.md if asked to."""
    from django.db import connection

    with connection._nodb_cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    made_on = f"Python {platform.python_version()}, PostgreSQL {server.split()[0]}, {platform.system()}"
    text = f"""# Measured

What the main job costs, beside the plainest form of the same work. Written by `{command}`; the yardsticks
stand beside what they measure in `bench/`. {made_on}; database, workers, mail sink and yardstick share one
machine, so only ratios taken in one run are shown. Medians of {RUNS} runs, taken in turn
({RUNS_OF_THE_LARGEST} from {LARGE:,} on); end to end and memory once.

{table(rows)}
"""
    if write:
        REPORT.write_text(text, encoding="utf-8")
    return text
