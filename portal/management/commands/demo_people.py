"""Print whom to sign in as in the demo."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.demo.seed import STAFF, STAFF_PASSWORD

FAMILIES = [
    ("alice@example.org", "mother of Mateo and Lucía; has answers to give"),
    ("bob@example.org", "father of Mateo and Lucía; reads Spanish; does not agree with Alice"),
    ("grace@example.org", "mother of Noah; the father is under a hold (victor@example.org learns nothing)"),
    ("ellis@example.org", "student of 18; decides for himself"),
    ("carol@example.org", "mother in the other district"),
]


class Command(BaseCommand):
    help = "Print whom to sign in as in the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print families (a code comes by mail: see the mailbox page) and staff (password)."""
        self.stdout.write(
            "Families: ask for a code at /account/login/code/ and read it on the mailbox page, /demo/mailbox/"
        )
        for email, who in FAMILIES:
            self.stdout.write(f"  {email:24} {who}")
        self.stdout.write(f"Staff: sign in at /admin/ with the password {STAFF_PASSWORD}")
        for email, agency, title, _is_superuser in STAFF:
            self.stdout.write(f"  {email:28} {title}, {agency or 'all districts'}")
