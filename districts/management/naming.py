"""What the words of a command line name: an agency, an agreement, a version, an instant."""

import datetime as dt
import zoneinfo
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone

from districts.models import Agency, Agreement, AgreementVersion

NOON = dt.time(12)


def agency_of(code: str) -> Agency:
    """Return the agency with this slug, NCES id or state id. Raises CommandError unless there is just one."""
    found = list(Agency.objects.by_code(code)[:2])
    if len(found) != 1:
        raise CommandError(f"“{code}” names {'several agencies' if found else 'no agency'}.")
    return found[0]


def agreement_of(public_id: str) -> Agreement:
    """Return the agreement with this public id. Raises CommandError if there is none."""
    try:
        return Agreement.objects.select_related("agency").get(public_id=UUID(public_id))
    except (ValueError, Agreement.DoesNotExist) as error:
        raise CommandError(f"“{public_id}” is no agreement's public id.") from error


def version_of(pk: int) -> AgreementVersion:
    """Return the version with this id. Raises CommandError if there is none."""
    try:
        return AgreementVersion.objects.select_related("agreement__agency").get(pk=pk)
    except AgreementVersion.DoesNotExist as error:
        raise CommandError(f"There is no version {pk}.") from error


def instant_of(agency: Agency, as_of: dt.date | None) -> dt.datetime:
    """Return noon at the agency on the day asked for, or now."""
    if as_of is None:
        return timezone.now()
    return dt.datetime.combine(as_of, NOON, tzinfo=zoneinfo.ZoneInfo(agency.time_zone))
