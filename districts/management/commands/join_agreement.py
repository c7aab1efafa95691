"""Let a district join an agreement."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from districts.management.naming import agency_of, agreement_of, instant_of
from districts.models import Participation
from districts.participation import AlreadyTakesPart, join
from districts.standing import NotSigned


class Command(BaseCommand):
    help = "Let a district take part in an agreement of another agency. Its families are told by the workers."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what the command takes."""
        parser.add_argument("agreement", metavar="AGREEMENT_PUBLIC_ID")
        parser.add_argument("--agency", required=True, help="the district: slug, NCES id or state id")
        parser.add_argument("--required", action="store_true", help="the state requires it")
        parser.add_argument("--from", dest="from_on", type=dt.date.fromisoformat, help="its first day")
        parser.add_argument("--as-of", type=dt.date.fromisoformat, help="the day it is about, YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        """Join from the day given, or from the day it is about."""
        agreement = agreement_of(options["agreement"])
        district = agency_of(options["agency"])
        now = instant_of(district, options["as_of"])
        kind = Participation.Kind.REQUIRED if options["required"] else Participation.Kind.JOINED
        try:
            publication = join(
                agreement_id=agreement.pk,
                agency_id=district.pk,
                kind=kind,
                from_on=options["from_on"] or district.today(now),
                now=now,
            )
        except NotSigned as error:
            raise CommandError("The agreement is only proposed, or it is over.") from error
        except AlreadyTakesPart as error:
            raise CommandError(
                "The district takes part already, in another way or from another day."
            ) from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"Recorded on {publication.day}: {publication.public_id}")
            for change in publication.changes.all():
                self.stdout.write(f"{change.severity:14} {change.sentences['en']}")
