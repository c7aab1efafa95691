"""Load a district's roster export into its families."""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from consent.roster.load import Options, load_roster
from consent.roster.report import RosterRefused, RosterReport

# What notes mean, in the order they are printed.
NOTES = {
    "students_without_school": "students without a school",
    "students_of_other_districts": "students of other districts in the file, left out",
    "adults_without_child": "parents, guardians and relatives without a child here, left out",
    "links_to_nobody": "links to people who are not in the file, left out",
    "links_to_people_without_rights": "links to teachers and other staff, left out",
    "supplement_rows_about_nobody": "supplement rows about people not in the file",
    "supplement_rows_about_people_without_rights": "supplement rows about teachers and other staff",
}
PRINTED_IDS = 20


class Command(BaseCommand):
    help = (
        "Load a full roster export: OneRoster 1.1 or 1.2 CSV, or Microsoft SDS 2.1, with relations_extra.csv "
        "as a supplement. All or nothing; the same file twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what the command takes."""
        parser.add_argument("path", type=Path, help="a folder or a zip")
        parser.add_argument("--agency", required=True, help="slug, NCES id or state id")
        parser.add_argument("--create", action="store_true", help="make the agency from orgs.csv")
        parser.add_argument("--state", default="", help="two letters, if the file names no state")
        parser.add_argument("--as-of", type=dt.date.fromisoformat, help="the day the file describes")
        parser.add_argument("--demographics", default="", help="the file with birth dates")
        parser.add_argument("--month-first", action="store_true", help="5/1/2023 is the first of May")
        parser.add_argument(
            "--many-endings",
            action="store_true",
            help="more than half may be gone",
        )
        parser.add_argument("--dry-run", action="store_true", help="do everything and take it back")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, show progress on a terminal, print what was done or why not."""
        day = options["as_of"]  # text, when another program calls the command
        choices = Options(
            as_of=dt.date.fromisoformat(day) if isinstance(day, str) else day,
            demographics=options["demographics"],
            create=options["create"],
            state_code=options["state"],
            month_first=options["month_first"],
            many_endings=options["many_endings"],
            dry_run=options["dry_run"],
        )
        console = Console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        visible = sys.stderr.isatty() and not options["json"]
        try:
            with Progress(*columns, console=console, disable=not visible, transient=True) as shown:
                task = shown.add_task("")
                report = load_roster(
                    path=Path(options["path"]),
                    agency_code=options["agency"],
                    now=timezone.now(),
                    options=choices,
                    progress=lambda what, done: shown.update(task, description=f"{what} {done or ''}"),
                )
        except RosterRefused as refused:
            if options["json"]:
                self.stdout.write(json.dumps(refused.as_json(), indent=2, ensure_ascii=False))
            raise CommandError(words_of_refusal(refused)) from refused
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
        elif options["verbosity"]:
            self.stdout.write(words_of_report(report))


def words_of_refusal(refused: RosterRefused) -> str:
    """Return the refusals line by line."""
    lines = [str(refusal) for refusal in refused.refusals]
    if refused.total > len(lines):
        lines.append(f"and {refused.total - len(lines)} more")
    return "\n".join(["Refused, nothing was changed:", *lines])


def words_of_report(report: RosterReport) -> str:
    """Return counts and findings as a table and a few lines."""
    day = report.as_of.isoformat()
    lines = [f"{report.agency}, as of {day}" + (": a dry run, nothing was kept" if report.dry_run else "")]
    lines.append(f"{'':16}" + "".join(f"{word:>11}" for word in ("created", "changed", "unchanged", "ended")))
    for kind, tally in report.counts.items():
        lines.append(f"{kind:16}" + "".join(f"{count:>11}" for count in tally.as_json().values()))
    lines += [f"{report.notes[name]} {words}" for name, words in NOTES.items() if report.notes.get(name)]
    if report.relation_words:
        lines.append(f"relations not known, they wait for review: {', '.join(report.relation_words)}")
    for bad in report.unusable_addresses[:PRINTED_IDS]:
        lines.append(f"no usable e-mail address: users.csv line {bad.line}, {bad.roster_id}: {bad.problem}")
    if (more := report.unusable_address_count - PRINTED_IDS) > 0:
        lines.append(f"and {more} more addresses that no mail server would take")
    lines.append(f"{report.nobody_to_tell_count} children with nobody to tell")
    return "\n".join(lines)
