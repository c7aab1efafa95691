"""Plain SQL that tries to break a rule, and the name of the rule that stopped it."""

from collections.abc import Mapping

from django.db import IntegrityError, connection, transaction


def refused_by(sql: str, parameters: object = None) -> str | None:
    """Run a statement; return the name of the constraint or trigger that refused it, None if none did."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    return None


def copy_of(table: str, changed: Mapping[str, str], where: str = "true") -> str:
    """Return an INSERT that copies a table's newest row, some columns changed to SQL expressions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'"
            " AND column_name <> 'id' ORDER BY ordinal_position",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
    fresh = {"public_id": "gen_random_uuid()", **changed}
    values = ", ".join(fresh.get(name, name) for name in columns)
    newest = f"SELECT * FROM {table} WHERE {where} ORDER BY 1 DESC LIMIT 1"
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM ({newest}) old"
