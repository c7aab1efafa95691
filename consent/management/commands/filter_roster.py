"""Leave in a OneRoster zip only what may go to the company of an agreement."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consent.filtering.report import FilterRefused
from consent.roster_filter import filter_roster
from districts.models import Agency, Agreement

from ._names import agency_of, agreement_of, today_at


class Command(BaseCommand):
    help = "Leave in a OneRoster zip only the children and columns an agreement may have. All or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what the command takes."""
        parser.add_argument("source", type=Path, help="the district's OneRoster 1.1 or 1.2 zip")
        parser.add_argument("target", type=Path, help="the zip to write for the company")
        parser.add_argument("--agreement", required=True, help="public id")
        parser.add_argument(
            "--agency", help="slug, NCES id or state id; needed if several districts take part"
        )
        parser.add_argument("--report", type=Path, help="CSV for the district: what was withheld, and why")
        parser.add_argument("--as-of", type=dt.date.fromisoformat, help="the day it is about, YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        """Filter, and print the totals on the error stream: they are for the district alone."""
        agreement = agreement_of(options["agreement"])
        agency = agency_of(options["agency"]) if options["agency"] else _only_district(agreement)
        try:
            report = filter_roster(
                options["source"],
                options["target"],
                agreement=agreement,
                agency=agency,
                today=today_at(agency, options["as_of"]),
                report_to=options["report"],
            )
        except FilterRefused as refused:
            raise CommandError(f"{refused}. Nothing was written.") from refused
        for line in report.as_words():
            self.stderr.write(line)


def _only_district(agreement: Agreement) -> Agency:
    taking_part = list(Agency.objects.filter(participations__agreement=agreement).distinct()[:2])
    if len(taking_part) != 1:
        raise CommandError("Several districts take part, or none. Name one with --agency.")
    return taking_part[0]
