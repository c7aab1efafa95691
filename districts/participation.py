"""A district's part in an agreement of another agency: it joins, must take part, or leaves."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from .contents import VersionFacts
from .diff import Kind, compare
from .facts import names_for, version_facts
from .models import Agency, Agreement, Change, Participation, Publication
from .publish import days_late
from .recording import Fact, broken_constraint, facts_of, lock_agreement, record
from .sentences import event_sentences
from .severity import Case, severity_of
from .standing import Standing, must_be_signed, standing_of, told_version


class AlreadyTakesPart(Exception):
    """The district takes part already, in another way or until a later day."""


class CannotLeave(Exception):
    """The participation ends already on another day, or is the district's own agreement."""


@transaction.atomic
def join(
    *, agreement_id: int, agency_id: int, kind: str, from_on: dt.date, by: Any = None, now: dt.datetime
) -> Publication:
    """Let a district take part (`joined`, or `required` by the state) and make it news for its families.

    To them the whole agreement is new: the changes are the agreement and each of its data groups. Where no
    version was told yet, nothing is to tell; publishing the first version will. The same call again returns
    what was recorded.

    Raises NotSigned; AlreadyTakesPart; ValueError for a kind that is not one of the two or an agency that is
    no district.
    """
    agreement = lock_agreement(agreement_id)
    district = Agency.objects.get(pk=agency_id)
    today = agreement.agency.today(now)
    if kind not in (Participation.Kind.JOINED, Participation.Kind.REQUIRED):
        raise ValueError(f"nobody joins by {kind!r}")
    if district.kind != Agency.Kind.DISTRICT:
        raise ValueError(f"agency {agency_id} is no district")
    must_be_signed(agreement, today)
    part = _take_part(agreement, district, kind, from_on)
    if told := Publication.objects.filter(participation=part, kind=Publication.Kind.JOINED).first():
        return told
    version = told_version(agreement, today)
    late = 0
    if version:
        late = min(days_late(version, today), max((today - from_on).days, 0))
    return record(
        kind=Publication.Kind.JOINED,
        agreement=agreement,
        participation=part,
        version=version,
        day=today,
        by=by,
        facts=_joining_facts(agreement, district, kind, version_facts(version) if version else None, today),
        days_late=late,
    )


@transaction.atomic
def leave(*, participation_id: int, until_on: dt.date, by: Any = None, now: dt.datetime) -> Publication:
    """Let a district leave; `until_on` is the first day it no longer takes part.

    The same call again returns what was recorded. Raises CannotLeave.
    """
    agreement = lock_agreement(
        Participation.objects.values_list("agreement", flat=True).get(pk=participation_id)
    )
    part = Participation.objects.select_related("agency").get(pk=participation_id)
    if part.kind == Participation.Kind.OWN:
        raise CannotLeave("end the agreement instead")
    if part.until_on not in (None, until_on):
        raise CannotLeave(f"participation {part.pk} ends on {part.until_on}")
    if until_on < part.from_on:
        raise CannotLeave(f"participation {part.pk} begins on {part.from_on}")
    if told := Publication.objects.filter(participation=part, kind=Publication.Kind.LEFT).first():
        return told
    part.until_on = until_on
    part.save(update_fields=["until_on"])
    today = agreement.agency.today(now)
    said = event_sentences("left", district=part.agency.name, vendor=agreement.vendor.name, day=until_on)
    return record(
        kind=Publication.Kind.LEFT,
        agreement=agreement,
        participation=part,
        version=told_version(agreement, today),
        day=today,
        by=by,
        facts=[Fact(Change.Kind.LEFT, severity_of(Case.ENDED), said, after={"until_on": str(until_on)})],
    )


def _take_part(agreement: Agreement, district: Agency, kind: str, from_on: dt.date) -> Participation:
    """Return the participation, made unless it stands already; refuse one that overlaps."""
    overlapping = agreement.participations.filter(agency=district).filter(
        Q(until_on=None) | Q(until_on__gt=from_on)
    )
    if part := overlapping.first():
        if (part.kind, part.from_on, part.until_on) == (kind, from_on, None):
            return part
        raise AlreadyTakesPart(f"participation {part.pk}")
    try:
        return Participation.objects.create(agreement=agreement, agency=district, kind=kind, from_on=from_on)
    except IntegrityError as error:
        if broken_constraint(error) == "one_open_participation_per_agreement_and_agency":
            raise AlreadyTakesPart(f"agency {district.pk}") from error
        raise


def _joining_facts(
    agreement: Agreement, district: Agency, kind: str, facts: VersionFacts | None, today: dt.date
) -> list[Fact]:
    """Return what a joining district's families are told: the agreement and its data groups."""
    differences = compare(None, facts or VersionFacts())
    told = [d for d in differences if d.kind in (Kind.AGREEMENT_NEW, Kind.CATEGORY_ADDED)]
    names = names_for(agreement, *([facts] if facts else []))
    standing = standing_of(agreement, today) if facts else Standing.HISTORY
    first, *groups = facts_of(told, names, standing)
    event = "required" if kind == Participation.Kind.REQUIRED else "joined"
    said = event_sentences(event, district=district.name, agency=names.agency, vendor=names.vendor)
    return [Fact(first.kind, first.severity, said, after=first.after), *groups]
