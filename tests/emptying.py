"""Empties the database after a test that committed: deletes what is there.

Django makes all tables and their indexes anew (TRUNCATE), which takes a second and more with a hundred of
them, and then looks whether each content type and permission is there. Here those stay, and of the tables
only their rows go. Triggers and foreign keys sleep meanwhile, which takes a superuser: the embedded
PostgreSQL's is one, and with any other user Django's own way is taken.
"""

from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction
from django.test import TransactionTestCase

KEPT = {ContentType._meta.db_table, Permission._meta.db_table}

_djangos_own = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def empty_tables(test: Any) -> None:
    """Leave nothing of a test in its databases; `test` is the case that ran."""
    for alias in test._databases_names(include_mirrors=False):
        connection = connections[alias]
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            (may,) = cursor.fetchone()
        if not may:
            _djangos_own(test)
            return
        tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
        with transaction.atomic(using=alias), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in sorted(tables - KEPT):
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
