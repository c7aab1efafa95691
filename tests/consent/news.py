"""Plain functions that make news: a publication with its changes, as the public register records it."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone

from consent import notify
from consent.models import Delivery, Notice
from districts.models import Agency, Agreement, AgreementVersion, Change, Publication
from tests import factories as f


def freeze(version: AgreementVersion) -> AgreementVersion:
    """Make a draft a published version; PostgreSQL stamps the time."""
    version.published_at = timezone.now()
    version.save(update_fields=["published_at"])
    return version


@transaction.atomic
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


def tell(
    district: Agency,
    agreement: Agreement | None = None,
    kind: str = "version",
    severity: str = "answer_needed",
    **version: object,
) -> Notice:
    """Publish a version and write down whom it concerns."""
    publish(f.make_draft(agreement or f.make_agreement(district), **version), severity, kind=kind)
    [notice] = notify.announce(now=f.NOW)
    notify.fan_out(notice, now=f.NOW)
    return Notice.objects.get(pk=notice)


def catch_up(now: dt.datetime = f.NOW) -> dict[str, list[int]]:
    """Catch up and return whom it welcomed, about which children."""
    before = set(Delivery.objects.values_list("pk", flat=True))
    people = notify.catch_up(now=now)
    new = Delivery.objects.exclude(pk__in=before)
    assert all(delivery.notice.welcome_day for delivery in new)
    assert new.count() == people
    return dict(new.values_list("guardian__given_name", "about"))


def let_days_pass() -> None:
    """Move all that happened three days back, and look once: only what comes now is new to the next look."""
    with connection.cursor() as cursor:
        cursor.execute("""
            UPDATE consent_guardianship SET entered_at = entered_at - interval '3 days',
                   welcomed_at = welcomed_at - interval '3 days';
            UPDATE consent_enrollment SET entered_at = entered_at - interval '3 days';
            UPDATE consent_notice SET fan_out_started_at = fan_out_started_at - interval '3 days',
                   fanned_out_at = fanned_out_at - interval '3 days';
            UPDATE consent_catchup SET looked_until = looked_until - interval '3 days'
        """)
    assert catch_up() == {}
