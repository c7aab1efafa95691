"""End the agreements whose last day has passed."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from districts.endings import expire_due


class Command(BaseCommand):
    help = "End agreements whose last day has passed at their agency. The schedule does this by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what the command takes."""
        parser.add_argument("--as-of", type=dt.date.fromisoformat, help="the day it is about, YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        """End them, and print how many."""
        day = options["as_of"]
        # Agencies are spread over time zones: at this hour it is that day in every state of the US.
        now = dt.datetime.combine(day, dt.time(18), tzinfo=dt.UTC) if day else timezone.now()
        ended = expire_due(now)
        if options["verbosity"]:
            self.stdout.write(f"{len(ended)} agreements ran out.")
