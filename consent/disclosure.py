"""Which sums about families anybody may know. Pure: counts in, rounded counts or None out.

The rule (docs/decisions/0021): each figure and its complement are at least 10, and figures are rounded to 5.
What is not shown must not follow from what is: the parts of a whole are shown all together, or none is.
"""

from collections.abc import Mapping

FEWEST = 10
ROUNDED_TO = 5


def rounded(count: int) -> int:
    """Return a count rounded to the nearest 5."""
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def total(count: int) -> int | None:
    """Return a whole as it may be known, None where it is of fewer than 10."""
    return rounded(count) if count >= FEWEST else None


def part(count: int, whole: int) -> int | None:
    """Return one part of a whole as it may be known; the rest of the whole is a figure too."""
    return rounded(count) if min(count, whole - count) >= FEWEST else None


def parts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the parts that make up a whole together as they may be known: all, or none.

    With only some left out, whoever knows the rule could narrow one of these down to a few numbers.
    """
    whole = sum(counts.values())
    may_all = all(part(count, whole) is not None for count in counts.values())
    return {name: rounded(count) if may_all else None for name, count in counts.items()}
