"""Temporary tables that hold one load's rows, filled by COPY; they end with the transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from . import oneroster, relations, sds
from .context import Reading

# What Django binds to a statement.
Values = Mapping[str, Any]

TABLES: dict[str, str] = {
    "roster_org": "line int, id text, gone bool, name text, kind text, identifier text, parent text",
    "roster_user": "line int, id text, gone bool, given_name text, family_name text, shown_name text,"
    " email text, email_problem text, grade text, roles text[], orgs text[], agents text[]",
    "roster_role": "line int, user_id text, role text, org text, grade text",
    "roster_enrollment": "line int, user_id text, school text",
    "roster_birth": "line int, id text, birth_date date",
    "roster_relationship": "line int, user_id text, other text, relation text, role text",
    "roster_extra": "line int, student text, person text, relation text, word text, is_primary bool,"
    " restriction text, language text, postal_address text, safe_address bool, programs text[]",
}


def make_tables(cursor: CursorWrapper) -> None:
    """Make the temporary tables anew."""
    for name, columns in TABLES.items():
        make_table(cursor, name, columns)


def make_table(cursor: CursorWrapper, name: str, columns: str) -> None:
    """Make one temporary table anew; two loads may share a transaction in a test or a dry run."""
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
    cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP")


def derive(cursor: CursorWrapper, name: str, query: str, parameters: Values | None = None) -> None:
    """Make one temporary table anew from a query and let the planner know its size."""
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
    cursor.execute(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}", parameters)
    cursor.execute(f"ANALYZE {name}")


def copy_rows(cursor: CursorWrapper, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Stream rows into a staging table."""
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(f"ANALYZE {table}")


@contextmanager
def planned_for_many_rows(cursor: CursorWrapper) -> Iterator[None]:
    """Have whole sets joined by hash or merge.

    The planner's figures are those before the load: a table filled a statement ago counts as empty to it,
    and the nested loop it then chooses takes hours for a hundred thousand children.
    """
    cursor.execute("SET LOCAL enable_nestloop = off")
    cursor.execute("SET LOCAL work_mem = '64MB'")
    yield
    cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
    cursor.execute("SET LOCAL work_mem TO DEFAULT")


def analyze_families() -> None:
    """Tell the planner how big the families' tables are now."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE consent_student, consent_guardian, consent_guardianship, consent_enrollment")


def stage(cursor: CursorWrapper, reading: Reading, orgs: Iterable[oneroster.Org]) -> None:
    """Read every file there is into its staging table. Raises RosterRefused."""
    make_tables(cursor)
    copy_rows(cursor, "roster_org", orgs)
    users = oneroster.users_table(roles_elsewhere=oneroster.ROLES in reading.source, is_sds=reading.is_sds)
    copy_rows(cursor, "roster_user", oneroster.read_users(reading, users))
    optional: list[tuple[str, str, Callable[[Reading], Iterable[tuple[object, ...]]]]] = [
        (oneroster.ROLES, "roster_role", oneroster.read_roles),
        (oneroster.DEMOGRAPHICS, "roster_birth", oneroster.read_demographics),
        (sds.RELATIONSHIPS, "roster_relationship", sds.read_relationships),
        (relations.SUPPLEMENT, "roster_extra", relations.read_extras),
    ]
    if not reading.is_sds:  # SDS names no school in enrollments.csv; roles.csv does
        optional.append((oneroster.ENROLLMENTS, "roster_enrollment", oneroster.read_enrollments))
    for file, table, read in optional:
        if file in reading.source:
            copy_rows(cursor, table, read(reading))
    reading.watch.refuse_possible_numbers()
    reading.refusals.raise_if_any()
