"""A company gets a new owner: news for every agreement with it, and with companies it owns."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q

from .models import Agreement, Change, Publication, Vendor, VendorOwnership
from .recording import Fact, lock_agreement, record
from .sentences import event_sentences
from .severity import Case, severity_of
from .standing import agreement_state, told_version


@transaction.atomic
def change_owner(*, ownership_id: int, by: Any = None, now: dt.datetime) -> list[Publication]:
    """Make a new owner news, agreement by agreement, and close the earlier owner's link.

    The link is written first (it is not known to families until this tells it). Where it states its day,
    earlier links of the company that are still open end on that day. Companies further down the chain of
    owners have the new owner too. The same call again returns nothing: each agreement hears of it once.
    """
    link = VendorOwnership.objects.select_related("vendor", "owner").get(pk=ownership_id)
    Vendor.objects.select_for_update(no_key=True).get(pk=link.vendor_id)
    if link.since:
        earlier = link.vendor.ownerships.filter(Q(since=None) | Q(since__lt=link.since), until=None)
        earlier.exclude(pk=link.pk).update(until=link.since)
    owned = _owned_through(link.vendor_id, now.date())
    signed = Agreement.objects.filter(vendor__in=owned, state=Agreement.State.SIGNED).order_by("pk")
    made = [_tell(pk, link, by, now) for pk in signed.values_list("pk", flat=True)]
    return [publication for publication in made if publication]


def _owned_through(vendor_id: int, day: dt.date) -> set[int]:
    """Return a company and all that it owns on a day, however long the chain."""
    found = {vendor_id}
    newest = {vendor_id}
    while newest:
        links = VendorOwnership.objects.filter(owner__in=newest).exclude(vendor__in=found)
        newest = {link.vendor_id for link in links if link.on(day)}
        found |= newest
    return found


def _tell(agreement_id: int, link: VendorOwnership, by: Any, now: dt.datetime) -> Publication | None:
    agreement = lock_agreement(agreement_id)
    today = agreement.agency.today(now)
    if agreement_state(agreement, today) != Agreement.State.SIGNED:
        return None
    if agreement.publications.filter(ownership=link).exists():
        return None
    said = event_sentences("owner_changed", owner=link.owner.name, vendor=link.vendor.name)
    after = {"vendor": link.vendor.slug, "owner": link.owner.slug, "since": link.since and str(link.since)}
    return record(
        kind=Publication.Kind.OWNER_CHANGED,
        agreement=agreement,
        ownership=link,
        version=told_version(agreement, today),
        day=today,
        by=by,
        facts=[Fact(Change.Kind.OWNER_CHANGED, severity_of(Case.NEW_OWNER), said, after=after)],
    )
