"""Give the public pages' database role its rights; run again after every migration."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from districts.public_room import PUBLIC_ROLE

# Tables of the public register that nobody outside the district may read.
PRIVATE_TABLES = ("districts_agencystaff", "districts_agreementoriginal")
PUBLIC_PREFIX = "districts_"
# Two sites on one server share their roles: they take turns.
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
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [PUBLIC_ROLE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE ROLE {PUBLIC_ROLE} NOLOGIN")
            cursor.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [PUBLIC_ROLE])
            if not cursor.fetchone()[0]:
                cursor.execute(f"GRANT {PUBLIC_ROLE} TO CURRENT_USER")
            for what in ("TABLES", "SEQUENCES", "FUNCTIONS"):
                cursor.execute(f"REVOKE ALL ON ALL {what} IN SCHEMA public FROM {PUBLIC_ROLE}")
            cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {PUBLIC_ROLE}")
            tables = [name for name in connection.introspection.table_names(cursor) if is_public(name)]
            for name in tables:
                cursor.execute(f"GRANT SELECT ON {connection.ops.quote_name(name)} TO {PUBLIC_ROLE}")
        if options["verbosity"]:
            self.stdout.write(f"{PUBLIC_ROLE} may read {len(tables)} tables of the public register.")


def is_public(table: str) -> bool:
    """Return whether anybody may read a table through the public pages."""
    return table.startswith(PUBLIC_PREFIX) and table not in PRIVATE_TABLES
