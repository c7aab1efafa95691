"""Puts right how a person is reached: what staff correct stands until the roster says something new."""

import datetime as dt

import structlog
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from districts.models import Origin

from . import claims
from .models import Guardian
from .roster.addresses import PROBLEMS, read_address

FIELDS = ("email", "language", "postal_address", "address_is_confidential")

log = structlog.get_logger(__name__)


class AddressRefused(Exception):
    """No mail server would take the address; the text says why, in words for staff."""


@transaction.atomic
def correct_contact(
    *,
    guardian_id: int,
    values: dict[str, str | bool],
    by: AbstractBaseUser | AnonymousUser,
    now: dt.datetime,
) -> list[str]:
    """Set some of FIELDS and note what the roster had said of them. Return the names of those that changed.

    A new address has not failed yet, and it alone proves who somebody is: what the old one proved ends, with
    its sign-ins. Raises AddressRefused.
    """
    guardian = Guardian.objects.select_for_update(of=("self",)).get(pk=guardian_id)
    changed = []
    for name in FIELDS:
        value = values.get(name, getattr(guardian, name))
        if name == "email":
            value, problem = read_address(str(value))
            if problem:
                raise AddressRefused(PROBLEMS[problem])
        if value == getattr(guardian, name):
            continue
        changed.append(name)
        if guardian.origin == Origin.ROSTER:
            said = guardian.corrected.setdefault(name, getattr(guardian, name))
            if said == value:  # the correction is taken back
                del guardian.corrected[name]
        setattr(guardian, name, value)
    if "email" in changed:
        guardian.email_problem, guardian.email_failed_at = "", None
    if changed:
        guardian.save(update_fields=[*changed, "corrected", "email_problem", "email_failed_at"])
        if "email" in changed:
            claims.end_unproven(agency_id=guardian.agency_id, now=now)
        log.info("contact_corrected", guardian_id=guardian_id, by=by.pk, fields=changed)
    return changed
