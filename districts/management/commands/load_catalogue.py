"""Load the catalogue of data elements and purposes from the project's files."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from districts.importers.catalogue import load_catalogue
from districts.importers.catalogue_files import CATALOGUE_FOLDER, CatalogueRefused
from districts.importers.catalogue_report import lines


class Command(BaseCommand):
    help = (
        "Bring the catalogue in the database to what the files say. All or nothing; "
        "the same files twice change nothing; a changed text becomes a new revision."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--folder", type=Path, default=CATALOGUE_FOLDER, help="where the files are")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and keep nothing")
        parser.add_argument("--json", action="store_true", help="print the counts and refusals as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the files and print what changed."""
        try:
            report = load_catalogue(now=timezone.now(), folder=options["folder"], dry_run=options["dry_run"])
        except CatalogueRefused as refused:
            self._refuse(refused, as_json=options["json"])
            return
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), indent=2))
        elif options["verbosity"]:
            for line in lines(report):
                self.stdout.write(line)

    def _refuse(self, refused: CatalogueRefused, *, as_json: bool) -> None:
        if as_json:
            refusals = [problem.__dict__ for problem in refused.problems]
            counts = dict.fromkeys(("created", "changed", "unchanged", "ended"), 0)
            self.stdout.write(
                json.dumps({**counts, "refused": len(refusals), "refusals": refusals}, indent=2)
            )
        raise CommandError(f"The catalogue was refused, nothing was loaded.\n{refused}")
