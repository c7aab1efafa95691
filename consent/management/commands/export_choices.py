"""Write what may be shared, child by child and element by element, as CSV on the standard output."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandParser, OutputWrapper

from consent.exports import Sink, export_choices, moment_between_answers

from ._names import agency_of, agreement_of, today_at


class TextSink:
    """Takes the bytes of whole lines for a command whose output is text (called from Python)."""

    def __init__(self, out: OutputWrapper) -> None:
        self.out = out

    def write(self, data: bytes, /) -> None:
        """Write them as text."""
        self.out.write(bytes(data).decode(), ending="")


class Command(BaseCommand):
    help = "Write what is permitted, child by child and element by element, as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, help="slug, NCES id or state id")
        parser.add_argument("--agreement", help="public id; all agreements in force unless given")
        parser.add_argument("--as-of", type=dt.date.fromisoformat, help="the day it is about, YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = agency_of(options["agency"])
        agreement = agreement_of(options["agreement"]) if options["agreement"] else None
        today = today_at(agency, options["as_of"])
        moment = moment_between_answers(agency)
        out: Sink = getattr(self.stdout, "buffer", None) or TextSink(self.stdout)
        rows = export_choices(agency=agency, agreement=agreement, today=today, out=out)
        self.stdout.flush()
        # This line says that the file is whole; staff enter its moment when they have acted on the file.
        self.stderr.write(f"end: {rows} rows, as of {today.isoformat()}, answers until {moment.isoformat()}")
