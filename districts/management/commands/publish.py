"""Publish a draft."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from districts.management.naming import instant_of, version_of
from districts.publish import NotADraft, PublishRefused, publish_version


class Command(BaseCommand):
    help = "Freeze a draft for good and record what it changes. Families are told by the running workers."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what the command takes."""
        parser.add_argument("version", type=int, metavar="VERSION_ID")
        parser.add_argument(
            "--baseline", action="store_true", help="it was in use before this site opened: nothing is new"
        )
        parser.add_argument("--as-of", type=dt.date.fromisoformat, help="the day it is about, YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish, and print what became news, or every reason why it was refused."""
        version = version_of(options["version"])
        now = instant_of(version.agreement.agency, options["as_of"])
        try:
            publication = publish_version(version_id=version.pk, now=now, baseline=options["baseline"])
        except PublishRefused as refused:
            reasons = [f"{refusal.code}: {refusal.message}" for refusal in refused.refusals]
            raise CommandError("\n".join(["Refused, nothing was published:", *reasons])) from refused
        except NotADraft as error:
            raise CommandError(f"Version {version.pk} is published already.") from error
        if options["verbosity"]:
            self.stdout.write(f"Published on {publication.day}: {publication.public_id}")
            for change in publication.changes.all():
                self.stdout.write(f"{change.severity:14} {change.sentences['en']}")
            if publication.days_late:
                self.stdout.write(f"Families are told {publication.days_late} days after sharing began.")
