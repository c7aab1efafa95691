"""The lists of words register sheets use, in files beside this one: headers, statuses, groups, data."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "words"


def rows_of(name: str) -> Iterator[list[str]]:
    """Yield the rows of one list, without its header."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


@cache
def element_words() -> list[tuple[str, str, str]]:
    """Return words, the code of the element they mean, and the group in which they mean it."""
    return [(words, code, only_in) for words, code, only_in in rows_of("elements")]


@cache
def category_words() -> list[tuple[str, str, list[str]]]:
    """Return what lists call a group: words, whom it is about, codes of groups of the catalogue."""
    return [(words, subject, codes.split()) for words, subject, codes in rows_of("categories")]
