"""A chart as a table whose numbers are also drawn: one bar for each, all on one scale. Pure.

The table is the chart. It reads the same on paper, by a screen reader and on a phone, where a picture with
labels of its own would be too small; the bars only repeat the numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """A number and how long its bar is: from 0 to 100, where 100 is the chart's largest number."""

    value: int
    length: float


@dataclass(frozen=True)
class Bar:
    """One row: what it is about, where that is explained (empty: nowhere), and its numbers."""

    label: str
    url: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Chart:
    """A chart: its caption, what its columns are called (the rows' own first), its rows, and a note below."""

    name: str
    caption: str
    columns: tuple[str, ...]
    bars: tuple[Bar, ...]
    note: str = ""


def chart(
    name: str,
    caption: str,
    columns: Sequence[str],
    rows: Iterable[tuple[str, str, Sequence[int]]],
    note: str = "",
) -> Chart:
    """Return a chart of rows (label, address, numbers). Where every number is 0 no bar is drawn."""
    read = list(rows)
    most = max((number for _label, _url, numbers in read for number in numbers), default=0)
    return Chart(
        name,
        caption,
        tuple(columns),
        tuple(
            Bar(label, url, tuple(Mark(number, _length(number, most)) for number in numbers))
            for label, url, numbers in read
        ),
        note,
    )


def _length(number: int, most: int) -> float:
    return round(100 * number / most, 1) if most else 0.0
