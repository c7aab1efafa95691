"""What a register sheet is once it is open: rows of text, whatever the file was."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

LONGEST_CELL = 100_000  # letters; a policy text pasted into a cell has some 20,000
WIDEST = 600  # columns


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on, its cells."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """One sheet; `rows` may be asked for again. A padded one leaves out empty cells at the end of a row."""

    name: str
    rows: Callable[[], Iterator[Row]]
    is_padded: bool
