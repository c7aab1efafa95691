"""Databases for the measurements: each gets a fresh copy of one made from the migrations; all are dropped."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import sql

# With the process in the name: two runs on one machine leave each other alone.
NAME = f"openroll_bench_{os.getpid()}"
TEMPLATE = f"{NAME}_template"


@contextmanager
def cluster() -> Iterator[None]:
    """Start the embedded PostgreSQL where it is wanted, Django on it, and make the template."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    from portal import embedded

    started = embedded.prepare()
    import django

    django.setup()
    from django.db import connections

    default = connections["default"]
    before = default.settings_dict["NAME"]
    default.settings_dict["TEST"]["NAME"] = TEMPLATE
    default.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connections.close_all()
    try:
        yield
    finally:
        default.settings_dict["NAME"] = TEMPLATE
        default.creation.destroy_test_db(before, verbosity=0)
        if started:
            embedded.stop_if_unused()


@contextmanager
def database() -> Iterator[None]:
    """Copy the template, use the copy for the block, and drop it."""
    from django.db import connections

    _maintain(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    _maintain(f"CREATE DATABASE {NAME} TEMPLATE {TEMPLATE}")
    for each in connections.all():  # the public pages' own connection too
        each.settings_dict["NAME"] = NAME
    try:
        yield
    finally:
        connections.close_all()
        _maintain(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def _maintain(statement: str) -> None:
    from django.db import connection

    with connection._nodb_cursor() as cursor:
        cursor.execute(sql.SQL(statement))
