"""A fresh database refuses to be emptied, and both rooms can be migrated away and back."""

from collections.abc import Iterator
from copy import deepcopy

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections

SCRATCH = "scratch"
ROOMS = ("consent", "districts")

# Of a fresh database: every trigger on a table of the two rooms, whether it is enabled, what it is for.
TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname, tgenabled = 'O' AS enabled, tgtype & 32 > 0 AS stops_truncate
      FROM pg_trigger WHERE NOT tgisinternal
"""
FOR_GOOD = ("history_is_for_good", "published_version_is_frozen")


@pytest.fixture
def scratch(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """Make an empty database beside the test database, and an alias for it; both go afterwards."""
    name = f"{connection.settings_dict['NAME']}_scratch"
    where = {**connection.get_connection_params(), "dbname": "postgres"}
    server = psycopg.connect(**where, autocommit=True)
    server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    server.execute(f'CREATE DATABASE "{name}"')
    connections.databases[SCRATCH] = {**deepcopy(connection.settings_dict), "NAME": name}
    try:
        with django_db_blocker.unblock():
            yield SCRATCH
    finally:
        connections[SCRATCH].close()
        del connections[SCRATCH]
        del connections.databases[SCRATCH]
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        server.close()


def read(sql: str) -> list[tuple]:
    with connections[SCRATCH].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def tables() -> set[str]:
    found = read("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {name for (name,) in found if name.split("_")[0] in ROOMS}


def functions() -> set[str]:
    found = read(
        "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'"
    )
    return {name for (name,) in found if name.split("_")[0] in (*ROOMS, "openroll")}


def guarded_tables(name: str | tuple[str, ...]) -> set[str]:
    names = (name,) if isinstance(name, str) else name
    return {table for table, trigger, enabled, _stops in read(TRIGGERS) if enabled and trigger in names}


@pytest.mark.slow
def test_a_fresh_database_is_guarded_and_both_rooms_migrate_to_zero_and_back(scratch):
    call_command("migrate", database=scratch, verbosity=0)

    # Whatever may not be changed row by row may not be emptied at once either.
    triggers = read(TRIGGERS)
    assert all(enabled for _table, _trigger, enabled, _stops in triggers)
    stopped = {table for table, _trigger, _enabled, stops in triggers if stops}
    assert guarded_tables(FOR_GOOD) <= stopped
    assert {"districts_publication", "districts_sharedelement", "consent_decision"} <= stopped
    assert guarded_tables("stamped_by_the_database") > {"districts_publication", "consent_decision"}

    before = (tables(), functions(), sorted(triggers))
    for room in ROOMS:
        call_command("migrate", room, "zero", database=scratch, verbosity=0)
    assert (tables(), functions()) == (set(), set())

    call_command("migrate", database=scratch, verbosity=0)
    assert (tables(), functions(), sorted(read(TRIGGERS))) == before
