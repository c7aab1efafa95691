"""Publish all that an agency had in use before this site opened."""

import datetime as dt
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.progress import Progress

from districts.baselines import BaselineReport, publish_baselines
from districts.management.naming import agency_of, instant_of
from districts.models import Agency


class Command(BaseCommand):
    help = (
        "Publish the first draft of every signed agreement of an agency as in use before this site opened: "
        "nothing is called new. Each agreement whole or not at all; what is refused stays a draft and is "
        "listed with every reason. Running it again goes on with what is left."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what the command takes."""
        parser.add_argument("--agency", required=True, metavar="CODE", help="slug, NCES id or state id")
        parser.add_argument(
            "--districts", action="store_true", help="of a state: also the agreements of its districts"
        )
        parser.add_argument(
            "--in-use-since",
            type=dt.date.fromisoformat,
            metavar="DAY",
            help="for drafts with no first day and no day of signing: by then all were in use, YYYY-MM-DD",
        )
        parser.add_argument("--as-of", type=dt.date.fromisoformat, help="the day it is about, YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true", help="do everything and take it back")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish, show progress on a terminal, print what was published and what was not, with reasons."""
        agency = agency_of(options["agency"])
        agencies = [agency]
        if options["districts"]:
            agencies += Agency.objects.filter(state=agency).order_by("name")
        visible = sys.stderr.isatty() and not options["json"]
        with Progress(console=Console(stderr=True), disable=not visible, transient=True) as shown:
            task = shown.add_task("")
            report = publish_baselines(
                agencies=agencies,
                now=instant_of(agency, options["as_of"]),
                in_use_since=options["in_use_since"],
                dry_run=options["dry_run"],
                progress=lambda done, of: shown.update(task, completed=done, total=of),
            )
        if options["json"]:
            self.stdout.write(json.dumps(as_json(report), indent=2, ensure_ascii=False))
        elif options["verbosity"]:
            for line in words_of(report, dry_run=options["dry_run"]):
                self.stdout.write(line)


def as_json(report: BaselineReport) -> dict[str, Any]:
    """Return the report for scripts: counts, and each draft that was refused with its reasons."""
    return {
        "published": len(report.published),
        "published_by_another": report.by_another,
        "not_in_use": report.not_in_use,
        "refused": [
            {
                "version": each.version.pk,
                "agency": each.version.agreement.agency.name,
                "agreement": each.version.agreement.title,
                "reasons": [{"code": reason.code, "message": reason.message} for reason in each.reasons],
            }
            for each in report.refused
        ],
    }


def words_of(report: BaselineReport, *, dry_run: bool) -> list[str]:
    """Return the report in lines: the counts, the reasons by how many they stop, then each draft refused."""
    lines = [
        f"{len(report.published)} published as in use already" + (" (a dry run: taken back)" * dry_run),
        f"{report.not_in_use} not in use: proposed, not approved, or over; left as they are",
        f"{len(report.refused)} refused, still drafts",
    ]
    if report.by_another:
        lines.append(f"{report.by_another} published by somebody else meanwhile")
    lines += [f"  {n} of them: {code}" for code, n in report.reasons]
    for each in report.refused:
        said = " ".join(f"{reason.code}: {reason.message}" for reason in each.reasons)
        lines.append(f"version {each.version.pk}, {each.version.agreement.title}: {said}")
    return lines
