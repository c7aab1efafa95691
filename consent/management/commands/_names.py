"""What the words of a command line name: an agency, an agreement, a day."""

import datetime as dt
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone

from districts.models import Agency, Agreement


def agency_of(code: str) -> Agency:
    """Return the agency with this slug, NCES id or state id; raise CommandError unless there is just one."""
    found = list(Agency.objects.by_code(code)[:2])
    if len(found) != 1:
        raise CommandError(f"“{code}” names {'several agencies' if found else 'no agency'}.")
    return found[0]


def agreement_of(public_id: str) -> Agreement:
    """Return the agreement with this public id; raise CommandError if there is none."""
    try:
        return Agreement.objects.get(public_id=UUID(public_id))
    except (ValueError, Agreement.DoesNotExist) as error:
        raise CommandError(f"“{public_id}” is no agreement's public id.") from error


def today_at(agency: Agency, as_of: dt.date | None) -> dt.date:
    """Return the day asked for, or the agency's calendar day."""
    return as_of or agency.today(timezone.now())
