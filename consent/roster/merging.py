"""The shape all merges share: change what differs, make what is missing, end what is gone, and count."""

from django.db.backends.utils import CursorWrapper

from .report import Tally
from .staging import Values


def run_merge(
    cursor: CursorWrapper, table: str, *, change: str, make: str, end: str, values: Values
) -> Tally:
    """Run the three statements and return how many rows each touched.

    `table` holds what the roster says; its rows that were neither changed nor made are unchanged. The
    statements run under the roster lock, so no row appears between looking and making.
    """
    cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
    read = cursor.fetchone()[0]
    touched = []
    for statement in (change, make, end):
        cursor.execute(statement, values)
        touched.append(cursor.rowcount)
    changed, created, ended = touched
    return Tally(created=created, changed=changed, unchanged=read - created - changed, ended=ended)
