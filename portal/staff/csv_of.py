"""Streams rows to staff as a CSV file that a spreadsheet opens as text, never as formulas."""

from collections.abc import Iterable, Sequence

from django.http import StreamingHttpResponse

from districts.spreadsheets import lines


def response(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """Return a download `<name>.csv` in UTF-8; rows are read as they are sent."""
    streaming = StreamingHttpResponse(lines(columns, rows), content_type="text/csv; charset=utf-8")
    streaming["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    streaming["Cache-Control"] = "no-store"
    return streaming
