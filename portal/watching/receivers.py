"""What a mail provider says later of a message to a watcher: a bounce or a complaint ends all of theirs."""

import json
import re
import uuid
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, tracking
from django.dispatch import receiver

from . import asking

#: A Message-ID of ours (messages.message_id_of), wherever a provider puts it.
_OURS = re.compile(r"\bwatch\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
_ENDS = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED, EventType.COMPLAINED}


@receiver(tracking)
def forget_the_address(sender: object, event: AnymailTrackingEvent, **kwargs: Any) -> None:
    """Forget an address that takes no mail, or whose owner calls ours spam: nobody has to get these."""
    if event.event_type in _ENDS:
        said = json.dumps([event.message_id, event.esp_event], default=str)
        asking.drop_recipients([uuid.UUID(found) for found in _OURS.findall(said)])
