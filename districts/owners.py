"""A company gets a new owner: news for every agreement with it, and with companies it owns."""

import datetime as dt
from itertools import chain, count
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify

from .models import Agreement, Change, Publication, Vendor, VendorOwnership
from .recording import Fact, broken_constraint, lock_agreement, record
from .sentences import event_sentences
from .severity import Case, severity_of
from .standing import agreement_state, told_version

LONGEST_SLUG = 70  # letters; the field has room for a number behind it


class OwnerRefused(Exception):
    """The company would own itself, has this owner already, or the owner's day is still to come."""


@transaction.atomic
def enter_new_owner(
    *,
    vendor_id: int,
    owner: str,
    since: dt.date | None = None,
    source_url: str = "",
    by: Any = None,
    now: dt.datetime,
) -> list[Publication]:
    """Enter who owns a company now, and make it news. An owner the register does not know becomes a company.

    The name is looked up as it is written, whatever the case. Raises OwnerRefused.
    """
    vendor = Vendor.objects.select_for_update(no_key=True).get(pk=vendor_id)
    if since and since > now.date():
        raise OwnerRefused(f"company {vendor_id}: the day is to come")
    buyer = _company(owner.strip())
    if any(link.on(now.date()) for link in vendor.ownerships.filter(owner=buyer)):
        raise OwnerRefused(f"company {vendor_id} has this owner")
    try:
        with transaction.atomic():
            link = VendorOwnership.objects.create(
                vendor=vendor, owner=buyer, since=since, source_url=source_url
            )
    except IntegrityError as error:
        if broken_constraint(error) == "vendor_does_not_own_itself":
            raise OwnerRefused(f"company {vendor_id} would own itself") from error
        raise
    return change_owner(ownership_id=link.pk, by=by, now=now)


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


def _company(name: str) -> Vendor:
    """Return the company of a name, made where there is none; of several the first that was entered."""
    known = Vendor.objects.filter(Q(name__iexact=name) | Q(legal_name__iexact=name)).order_by("pk").first()
    if known:
        return known
    base = slugify(name)[:LONGEST_SLUG].rstrip("-") or "company"
    taken = set(Vendor.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    free = (slug for slug in chain([base], (f"{base}-{n}" for n in count(2))) if slug not in taken)
    return Vendor.objects.create(name=name, slug=next(free))


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
