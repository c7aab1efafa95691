"""Fill a draft with shared elements from a list of identifiers."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from districts.importers.inventory import CATEGORY_OF_THE_UNKNOWN, InventoryReport, Options, load_inventory
from districts.importers.inventory_rows import LINE_COLUMNS
from districts.importers.report import ImportRefused
from districts.management.naming import version_of
from districts.publish import NotADraft


class Command(BaseCommand):
    help = (
        "Fill a draft with lines from a CSV file of identifiers (inbloom:..., ndpa..., or codes of the "
        "catalogue). All or nothing; the same file twice changes nothing. Columns named like the options "
        "below win over them, row by row."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let --version name the draft, and not Django's own version."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what the command takes."""
        parser.add_argument("path", type=Path, metavar="FILE.csv")
        parser.add_argument("--version", required=True, type=int, metavar="ID", help="the draft to fill")
        for column in LINE_COLUMNS:
            parser.add_argument(
                f"--{column.replace('_', '-')}", default="", help=f"where no {column} is given"
            )
        parser.add_argument(
            "--add",
            action="store_true",
            help="make unknown identifiers elements that wait for an explanation",
        )
        parser.add_argument("--category", default=CATEGORY_OF_THE_UNKNOWN, help="the group they are added to")
        parser.add_argument("--replace", action="store_true", help="take out lines that are not in the file")
        parser.add_argument("--dry-run", action="store_true", help="do everything and take it back")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, show progress on a terminal, print what was done or why not."""
        version = version_of(options["version"])
        chosen = Options(
            defaults={column: str(options[column] or "") for column in LINE_COLUMNS},
            add=options["add"],
            category=options["category"],
            replace=options["replace"],
            dry_run=options["dry_run"],
        )
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        visible = sys.stderr.isatty() and not options["json"]
        try:
            with Progress(
                *columns, console=Console(stderr=True), disable=not visible, transient=True
            ) as shown:
                task = shown.add_task("")
                report = load_inventory(
                    path=options["path"],
                    version_id=version.pk,
                    options=chosen,
                    progress=lambda what, done: shown.update(task, description=f"{done} {what}"),
                )
        except ImportRefused as refused:
            if options["json"]:
                self.stdout.write(json.dumps(refused.as_json(), indent=2, ensure_ascii=False))
            raise CommandError("\n".join(["Refused, nothing was changed:", *refused.lines()])) from refused
        except NotADraft as error:
            raise CommandError(f"Version {version.pk} is published, and frozen.") from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), indent=2))
        elif options["verbosity"]:
            for line in words_of(report):
                self.stdout.write(line)


def words_of(report: InventoryReport) -> list[str]:
    """Return the report in a few lines."""
    lines = ["A dry run, nothing was kept."] if report.dry_run else []

    words = ("created", "changed", "unchanged", "ended")
    lines.append("lines: " + ", ".join(f"{getattr(report, word)} {word}" for word in words))
    lines.append(f"{report.identifiers} identifiers")
    if report.added:
        lines.append(f"not explained yet: {', '.join(report.added)}")
    return lines
