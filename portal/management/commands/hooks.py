"""List the webhooks of the site, or stop one that does harm."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Q

from portal.hooks import registering
from portal.hooks.models import Hook, HookCall


class Command(BaseCommand):
    help = "List all webhooks: number, state, since when, calls that wait, kind of thing, host."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the number of one to be stopped."""
        parser.add_argument("--stop", type=int, metavar="NUMBER", help="forget this webhook and its calls")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stop the one, or list all. No e-mail address and no whole address is printed."""
        if options["stop"] is not None:
            if not Hook.objects.filter(pk=options["stop"]).exists():
                raise CommandError(f"There is no webhook {options['stop']}.")
            registering.stop(pk=options["stop"])
            self.stdout.write(f"Webhook {options['stop']} is stopped.")
            return
        waiting = Count("calls", filter=Q(calls__state=HookCall.State.DUE))
        for hook in Hook.objects.annotate(waiting=waiting).order_by("pk").iterator(chunk_size=500):
            kind = hook.kind or "everything"
            since = hook.stands_since.date()
            self.stdout.write(f"{hook.pk}\t{hook.state}\t{since}\t{hook.waiting}\t{kind}\t{hook.host}")
