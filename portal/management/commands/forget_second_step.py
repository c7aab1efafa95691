"""Forget the lost phone of a staff member; at the next sign-in they set up another."""

import argparse
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from portal.staff import second_step


class Command(BaseCommand):
    help = (
        "Forget the phone and the written-down codes of a staff account, and end its sign-ins. "
        "Be sure who is asking: with the password this is all that stands before families' data."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the account's address."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Forget it. Raises CommandError where there is no such account or nothing to forget."""
        user = get_user_model().objects.filter(email=options["email"].strip().lower(), is_staff=True).first()
        if user is None:
            raise CommandError("There is no staff account with this address.")
        if not second_step.forget(user):
            raise CommandError("This account has no phone set up.")
        self.stdout.write("Forgotten. The next sign-in sets up another phone.")
