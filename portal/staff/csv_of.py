"""Streams rows as a CSV file that a spreadsheet opens as text, never as formulas."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """Hands each written line back."""

    def write(self, line: str) -> str:
        return line


def response(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """Return a download `<name>.csv` in UTF-8; rows are read as they are sent."""
    streaming = StreamingHttpResponse(_lines(columns, rows), content_type="text/csv; charset=utf-8")
    streaming["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    streaming["Cache-Control"] = "no-store"
    return streaming


def plain(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _lines(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([plain(cell) for cell in row])
