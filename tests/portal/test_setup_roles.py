"""`manage.py setup_roles`, as the users of a real server run it, who are no superusers."""

import psycopg
import pytest
from django.core.management.base import CommandError
from django.db import connection, transaction

from portal.management.commands.setup_roles import is_public, make_role
from tests.districts.races import Rival

pytestmark = pytest.mark.django_db

ROLE = "openroll_test_public"


@pytest.mark.parametrize("right", ["CREATEROLE", "NOCREATEROLE"])
def test_a_user_without_all_power_makes_the_role_or_says_who_must(right: str) -> None:
    """Roles belong to the whole server; this one goes with the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE openroll_test_site {right}")
        cursor.execute("SET LOCAL SESSION AUTHORIZATION openroll_test_site")
        if right == "NOCREATEROLE":
            with pytest.raises(CommandError, match=f"GRANT {ROLE} TO openroll_test_site;"):
                make_role(cursor, ROLE)
        else:
            make_role(cursor, ROLE)
            make_role(cursor, ROLE)
            cursor.execute(f"SET LOCAL ROLE {ROLE}")
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == (ROLE,)
        cursor.execute("RESET SESSION AUTHORIZATION")


def test_a_role_that_an_administrator_made_is_taken_as_it_is() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE openroll_test_site")
        cursor.execute(f"CREATE ROLE {ROLE} NOLOGIN")
        cursor.execute(f"GRANT {ROLE} TO openroll_test_site")
        cursor.execute("SET LOCAL SESSION AUTHORIZATION openroll_test_site")
        make_role(cursor, ROLE)
        cursor.execute("RESET SESSION AUTHORIZATION")


def test_a_role_that_another_site_makes_at_the_same_moment_is_taken_as_it_is() -> None:
    """An advisory lock holds within one database; roles belong to all the databases of a server."""
    role = f"{connection.settings_dict['NAME']}_of_two"

    def make() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            make_role(cursor, role)
            cursor.execute(f"SET LOCAL ROLE {role}")

    where = {**connection.get_connection_params(), "dbname": "postgres"}
    other_site = psycopg.connect(**where)
    try:
        other_site.execute(f"CREATE ROLE {role} NOLOGIN")
        rival = Rival(make)
        rival.wait_for_the_lock()
        other_site.commit()
        rival.finish()
        assert rival.error is None
    finally:
        other_site.rollback()
        other_site.execute(f"DROP ROLE IF EXISTS {role}")
        other_site.commit()
        other_site.close()


@pytest.mark.parametrize(
    ("table", "is_read"),
    [
        ("districts_agency", True),
        ("districts_agencystaff", False),
        ("districts_agreementoriginal", False),
        ("districts_registerreview", False),
        ("consent_student", False),
        ("portal_user", False),
        ("django_session", False),
    ],
)
def test_only_tables_of_the_public_register_are_public(table: str, is_read: bool) -> None:
    assert is_public(table) is is_read
