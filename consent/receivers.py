"""What happens elsewhere and nudges this room; sweeps are the guarantee."""

import json
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, tracking
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from districts.signals import changes_recorded

from . import reports, tasks
from .models import ProviderReport
from .signals import roster_loaded

Kind = ProviderReport.Kind

# Refused by the provider itself, or failed inside it: the person was not reached either.
REPORTED = {
    EventType.BOUNCED: Kind.BOUNCED,
    EventType.REJECTED: Kind.BOUNCED,
    EventType.FAILED: Kind.BOUNCED,
    EventType.DEFERRED: Kind.DEFERRED,
    EventType.COMPLAINED: Kind.COMPLAINED,
}


@receiver(tracking)
def keep_report(sender: object, event: AnymailTrackingEvent, **kwargs: Any) -> None:
    """Keep what a mail provider reports of one of our messages. Openings and clicks are not even looked at.

    Providers name a message each in their own field; ours is found by its form, wherever it stands.
    """
    kind = REPORTED.get(event.event_type)
    if kind is None:
        return
    said = json.dumps([event.message_id, event.esp_event], default=str)
    for message_id in reports.our_message_ids(said):
        reports.record_report(
            message_id=message_id,
            kind=kind,
            code=reports.status_code(event.mta_response or event.description or ""),
            now=timezone.now(),
        )


@receiver(changes_recorded)
def announce_soon(sender: object, **kwargs: Any) -> None:
    """Announce once the publication is committed. Robust: a stopped broker costs a moment, not the page."""
    transaction.on_commit(tasks.announce_changes.delay, robust=True)


@receiver(roster_loaded)
def welcome_soon(sender: object, **kwargs: Any) -> None:
    """Welcome whom a roster load let in, once it is committed; the nightly look finds them otherwise."""
    transaction.on_commit(tasks.catch_up_newcomers.delay, robust=True)
