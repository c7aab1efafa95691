"""Plain functions that make news: a publication with its changes, as the public register records it."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from districts.models import Agreement, AgreementVersion, Change, Publication
from tests import factories as f


def freeze(version: AgreementVersion) -> AgreementVersion:
    """Make a draft a published version; PostgreSQL stamps the time."""
    version.published_at = timezone.now()
    version.save(update_fields=["published_at"])
    return version


def record(
    agreement: Agreement,
    severities: Sequence[str] = ("answer_needed",),
    kind: str = "version",
    day: dt.date = f.TODAY,
    **fields: object,
) -> Publication:
    """Record a publication with one change per severity."""
    publication = Publication.objects.create(agreement=agreement, kind=kind, day=day, **fields)
    for position, severity in enumerate(severities):
        Change.objects.create(
            publication=publication,
            position=position,
            kind="element_added",
            severity=severity,
            sentences={"en": "Something is new.", "es": "Hay algo nuevo."},
        )
    return publication


def publish(version: AgreementVersion, *severities: str, kind: str = "version") -> Publication:
    """Freeze a draft and record its publication."""
    return record(freeze(version).agreement, severities or ("answer_needed",), kind, version=version)
