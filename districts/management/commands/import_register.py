"""Take in a register sheet: companies, products, agreements, and words that wait for staff."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from districts.importers.register.load import Options, load_register
from districts.importers.register.report import RegisterReport
from districts.importers.report import ImportRefused
from districts.management.naming import agency_of
from districts.models import Agreement, Basis

NOTES = {
    "rows": "rows",
    "rows_of_other_agencies": "rows about other agencies, left out",
    "rows_about_nobody": "rows that name no company",
    "without_status": "new agreements without a status",
    "turned_down": "asked for and not approved",
    "data_words": "words for data understood",
    "data_words_unread": "words for data that wait for staff",
}
PRINTED = 20


class Command(BaseCommand):
    help = (
        "Take in a register sheet (.csv, .xlsx): companies, products, and agreements with a draft each. "
        "Nothing is published. Words nobody can place wait on the staff pages. All or nothing; the same "
        "sheet twice changes nothing. docs/register.md says what is read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what the command takes."""
        parser.add_argument("path", type=Path, metavar="FILE")
        parser.add_argument("--agency", required=True, metavar="CODE", help="slug, NCES id or state id")
        parser.add_argument(
            "--create-agencies", action="store_true", help="make districts of the state that are not known"
        )
        parser.add_argument(
            "--basis", default="", choices=["", *Basis.values], help="where no legal ground is given"
        )
        states = [Agreement.State.PROPOSED.value, Agreement.State.SIGNED.value]
        parser.add_argument("--state", default=states[0], choices=states, help="where no status is given")
        parser.add_argument("--vendor", default="", help="whom a sheet that names no company is about")
        parser.add_argument(
            "--sheet", default="", help="which sheet of a workbook; else the first with a header"
        )
        parser.add_argument("--encoding", default="utf-8", help="of a CSV file, e.g. cp1252")
        parser.add_argument("--dry-run", action="store_true", help="do everything and take it back")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, show progress on a terminal, print what was done or why not."""
        names = ("basis", "state", "vendor", "sheet", "encoding", "create_agencies", "dry_run")
        chosen = Options(**{name: options[name] for name in names})
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        visible = sys.stderr.isatty() and not options["json"]
        try:
            "".encode(chosen.encoding)
        except LookupError as error:
            raise CommandError(f"“{chosen.encoding}” is no encoding.") from error
        try:
            with Progress(
                *columns, console=Console(stderr=True), disable=not visible, transient=True
            ) as shown:
                task = shown.add_task("")
                report = load_register(
                    path=options["path"],
                    agency_id=agency_of(options["agency"]).pk,
                    now=timezone.now(),
                    options=chosen,
                    progress=lambda what, done: shown.update(task, description=f"{done} {what}"),
                )
        except ImportRefused as refused:
            if options["json"]:
                self.stdout.write(json.dumps(refused.as_json(), indent=2, ensure_ascii=False))
            raise CommandError("\n".join(["Refused, nothing was changed:", *refused.lines()])) from refused
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
        elif options["verbosity"]:
            for line in words_of(report):
                self.stdout.write(line)


def words_of(report: RegisterReport) -> list[str]:
    """Return the report in a few lines."""
    lines = [
        f"{report.agency}, sheet {report.sheet}" + (": a dry run, nothing was kept" if report.dry_run else "")
    ]
    words = ("created", "changed", "unchanged", "ended")
    lines.append(f"{'':12}" + "".join(f"{word:>11}" for word in words))
    for kind, counts in report.counts.items():
        lines.append(f"{kind:12}" + "".join(f"{getattr(counts, word):>11}" for word in words))
    lines += [f"{report.notes[name]} {said}" for name, said in NOTES.items() if report.notes[name]]
    if report.created_agencies:
        lines.append(f"made: {', '.join(report.created_agencies[:PRINTED])}")
    if report.other_agencies:
        lines.append(f"left out: {', '.join(list(report.other_agencies)[:PRINTED])}")
    if report.unread_columns:
        lines.append(f"columns not read: {', '.join(report.unread_columns)}")
    if report.unread_sheets:
        lines.append(f"sheets not read: {', '.join(report.unread_sheets)}")
    for found in report.review[:PRINTED]:
        might = f" (perhaps {', '.join(found['might_be'])})" if found["might_be"] else ""
        lines.append(
            f"to look at, line {found['line']}, {found['column']}: {found['kind']} “{found['words']}”{might}"
        )
    if (more := report.counts["review"].created - PRINTED) > 0:
        lines.append(f"and {more} more to look at")
    return lines
