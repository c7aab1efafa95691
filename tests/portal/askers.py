"""Somebody who asks in public, as far as a test needs them."""

import datetime as dt
from typing import Any

from django.utils import timezone

from districts.models import Agreement
from portal.asking.sending_in import confirm, send_in, token_of
from portal.models import AskedInPublic


def make_asked(
    agreement: Agreement, *, now: dt.datetime | None = None, is_confirmed: bool = True, **fields: Any
) -> AskedInPublic:
    """Send a question in, from an address of its own, and confirm it."""
    moment = now or timezone.now()
    values = {
        "kind": "question",
        "shown_name": "A parent",
        "text": "Who reads it?",
        "email": f"asker{AskedInPublic.objects.count()}@example.org",
        "language": "en",
        **fields,
    }
    asked = send_in(agreement=agreement, now=moment, **values)
    if is_confirmed:
        confirm(token=token_of(asked), now=moment)
    asked.refresh_from_db()
    return asked
