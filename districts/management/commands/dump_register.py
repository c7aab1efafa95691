"""Make a dump of the public register."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from districts.dumps.making import make_dump
from districts.dumps.shelf import forget, throw_away_old


class Command(BaseCommand):
    help = (
        "Write the public register as CSV, JSON Lines and SQLite, now. The schedule does this every night. "
        "Dumps that hold what was withdrawn since come down, and those that are no longer kept go."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, and print where it is and what it holds."""
        now = timezone.now()
        for name in forget(now=now):
            self.stdout.write(f"{name} came down: something in it may have been withdrawn since.")
        made = make_dump(now=now)
        if made is None:
            raise CommandError("Another dump is being made.")
        throw_away_old()
        if options["verbosity"]:
            self.stdout.write(f"{made.folder}")
            for name, number in made.about["records"].items():
                self.stdout.write(f"{number:9} {name}")
            for file in made.about["files"]:
                self.stdout.write(f"{file['size']:9} bytes {file['name']} SHA-256 {file['sha256']}")
