"""Give the public pages' database role its rights; run again after every migration."""

from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper

from districts.public_room import PUBLIC_ROLE

# Tables of the public register that nobody outside the district may read.
PRIVATE_TABLES = ("districts_agencystaff", "districts_agreementoriginal", "districts_registerreview")
PUBLIC_PREFIX = "districts_"
# Two releases of one site take turns. It holds within one database only: see make_role for two sites.
ROLE_LOCK = 7_311_201


class Command(BaseCommand):
    help = (
        "Create the role of the public pages and let it read the public register, and nothing else. "
        "May be run any number of times."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the role if it is missing and set its rights anew, in one transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ROLE_LOCK])
            make_role(cursor, PUBLIC_ROLE)
            tables = set_rights(cursor, PUBLIC_ROLE)
        if options["verbosity"]:
            self.stdout.write(f"{PUBLIC_ROLE} may read {len(tables)} tables of the public register.")


def make_role(cursor: CursorWrapper, role: str) -> None:
    """Create the role if it is missing, and let the site's own user take it.

    Raises CommandError with the two statements for an administrator where the user may not do so.
    """
    try:
        with transaction.atomic():
            _create_role(cursor, role)
            # Tried, not looked up: from PostgreSQL 16 on a member may be one without the right to SET ROLE.
            if not _can_take(cursor, role):
                cursor.execute(f"GRANT {role} TO CURRENT_USER")
    except ProgrammingError as error:
        cursor.execute("SELECT quote_ident(current_user)")
        (user,) = cursor.fetchone()
        raise CommandError(
            f"This database user may not make roles ({error}). Let an administrator run: "
            f"CREATE ROLE {role} NOLOGIN; GRANT {role} TO {user};"
        ) from None


def set_rights(cursor: CursorWrapper, role: str) -> list[str]:
    """Take every right from the role and give it those it has. Return the tables it may read."""
    for what in ("TABLES", "SEQUENCES", "FUNCTIONS"):
        cursor.execute(f"REVOKE ALL ON ALL {what} IN SCHEMA public FROM {role}")
    cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    tables = [name for name in connection.introspection.table_names(cursor) if is_public(name)]
    for name in tables:
        cursor.execute(f"GRANT SELECT ON {connection.ops.quote_name(name)} TO {role}")
    return tables


def is_public(table: str) -> bool:
    """Return whether anybody may read a table through the public pages."""
    return table.startswith(PUBLIC_PREFIX) and table not in PRIVATE_TABLES


def _create_role(cursor: CursorWrapper, role: str) -> None:
    """Create the role unless it is there. Roles belong to the server: another site may make it meanwhile."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is None:
        with suppress(IntegrityError), transaction.atomic():
            cursor.execute(f"CREATE ROLE {role} NOLOGIN")


def _can_take(cursor: CursorWrapper, role: str) -> bool:
    try:
        with transaction.atomic():
            cursor.execute(f"SET LOCAL ROLE {role}")
            cursor.execute("RESET ROLE")
    except ProgrammingError:
        return False
    return True
