"""Agreements for lists: in use since long ago unless told otherwise, published as the database has them."""

import datetime as dt
from typing import Any

from django.db import connection
from django.utils import timezone

from districts.models import (
    Agency,
    Agreement,
    AgreementDocument,
    AgreementEvent,
    AgreementVersion,
    Basis,
    Promise,
    Publication,
)
from tests import factories as f

LONG_AGO, LATER = dt.date(2020, 1, 1), dt.date(2099, 1, 1)
GRADE = ("grade", "school", Basis.SCHOOL_OFFICIAL)
VOICE = ("voice-recording", "voice", Basis.CONSENT)

#: What a version must have besides lines, promises and a paper, so that no field of it is empty.
FILLED = {
    "summary": "Reading.",
    "cost": "No cost",
    "signer_title": "Superintendent",
    "why_this_company": "It teaches reading.",
    "who_decided": "The board",
    "checked_on": LONG_AGO,
}


def published(
    agreement: Agreement,
    *lines: Any,
    day: dt.date | None = LONG_AGO,
    kind: str = "version",
    promises: bool = False,
    schools: Any = (),
    **fields: Any,
) -> AgreementVersion:
    """Publish a version, news of a day (None: no news); of some schools if any are given."""
    version = f.make_draft(agreement, lines or [GRADE], **{"effective_from": LONG_AGO, **fields})
    version.scope_schools.set(schools)
    if promises:
        Promise.objects.bulk_create(
            Promise(version=version, code=code, answer=Promise.Answer.YES) for code in Promise.Code.values
        )
    version.published_at = timezone.now()
    version.save()
    if day:
        Publication.objects.create(kind=kind, agreement=agreement, version=version, day=day)
    return version


def held(district: Agency, company: str = "Lumino", vendor: Any = None, **fields: Any) -> Agreement:
    """Make an agreement of a company of its own, in use since long ago, with no version yet."""
    values = {"begins_on": LONG_AGO, "ends_on": LATER, **fields}
    return f.make_agreement(district, vendor or f.make_vendor(company), **values)


def listed(district: Agency, company: str = "Lumino", *lines: Any, **fields: Any) -> Agreement:
    """Make an agreement in use with one published version that has these lines; fields are the version's."""
    agreement = held(district, company)
    published(agreement, *lines, **fields)
    return agreement


def complete(district: Agency, company: str = "Whole") -> Agreement:
    """Make an agreement without an empty field."""
    vendor = f.make_vendor(company, business_address="12 Oak Street")
    agreement = held(district, vendor=vendor)
    paper(published(agreement, promises=True, **FILLED))
    happened(agreement, "executed")
    return agreement


def happened(agreement: Agreement, kind: str, day: dt.date | None = LONG_AGO) -> None:
    AgreementEvent.objects.create(agreement=agreement, kind=kind, happened_on=day)


def paper(version: AgreementVersion, at: dt.datetime | None = None) -> AgreementDocument:
    """Add the public copy, now, or at a moment without the trigger that sets the database's own."""
    made = AgreementDocument(version=version, file="a.pdf", sha256="0" * 64, size=1)
    if at:
        made.recorded_at = at
    with connection.cursor() as cursor:
        if at:
            cursor.execute("SET LOCAL session_replication_role = replica")
        made.save()
        cursor.execute("SET LOCAL session_replication_role = origin")
    return made
