"""A state of any size as the public pages read it: districts, companies, published agreements with lines."""

import datetime as dt
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench.town import settle
from districts.models import (
    Agency,
    Agreement,
    AgreementVersion,
    Change,
    Participation,
    Product,
    Promise,
    Publication,
    RegisterVersion,
    SharedElement,
    Vendor,
)
from tests import factories as f

LINES = 8  # kinds of data of each agreement
KINDS = 60
_next = count(1)
SUMMARIES = [
    "Makes exercises for reading and math.",
    "Books that are read aloud, at school and at home.",
    "Takes attendance and writes to families.",
    "Plans bus routes.",
    "Scores tests and draws how a class is doing.",
    "Lends instruments; keeps who has which.",
    "Prints report cards.",
]


def begin() -> tuple[Agency, list[Any]]:
    """Make a state and its catalogue; return the state and the kinds of data."""
    RegisterVersion.objects.get_or_create(pk=1, defaults={"number": 1})
    kinds = [f.make_element(f"kind-{n}", f"group-{n % 12}") for n in range(KINDS)]
    f.make_purpose()
    return f.make_state(), kinds


def add_districts(state: Agency, kinds: list[Any], districts: int, agreements: int) -> list[Agency]:
    """Add districts with so many agreements each, every one with a company that half of them share."""
    with _without_triggers():
        made = [f.make_district(f"District {next(_next)}", state=state) for _ in range(districts)]
        for district in made:
            publish(add_drafts(district, kinds, agreements))
    settle()
    return made


def add_drafts(district: Agency, kinds: list[Any], agreements: int) -> list[AgreementVersion]:
    """Give a district signed agreements, each with a draft; companies it shares with others come first."""
    purpose = f.make_purpose()
    shared = list(Vendor.objects.order_by("pk")[: agreements // 2])
    vendors = shared + Vendor.objects.bulk_create(
        Vendor(name=f"Company {n}", slug=f"company-{n}", summary=SUMMARIES[n % len(SUMMARIES)])
        for n in (next(_next) for _ in range(agreements - len(shared)))
    )
    Product.objects.bulk_create(
        Product(vendor=vendor, name=f"{vendor.name} Reader", slug=f"{vendor.slug}-reader")
        for vendor in vendors[len(shared) :]
    )
    began = dt.date(2025, 8, 1)
    signed = Agreement.objects.bulk_create(
        Agreement(
            agency=district,
            vendor=vendor,
            title="Reading",
            state="signed",
            begins_on=began,
            ends_on=dt.date(2099, 7, 31),
        )
        for vendor in vendors
    )
    Participation.objects.bulk_create(
        Participation(agreement=one, agency=district, kind="own", from_on=began) for one in signed
    )
    versions = AgreementVersion.objects.bulk_create(
        AgreementVersion(
            agreement=one,
            number=1,
            effective_from=began,
            sharing_starts_on=began,
            subcontractors_answer="none_stated",
            summary="Used for reading at school and at home.",
        )
        for one in signed
    )
    SharedElement.objects.bulk_create(
        SharedElement(
            version=version,
            element=kinds[(place * 7 + n) % KINDS],
            purpose=purpose,
            basis="consent" if n == 0 and place % 10 == 0 else "school_official",
            source="school_record",
            kept="after_agreement",
            kept_days=60,
        )
        for place, version in enumerate(versions)
        for n in range(LINES)
    )
    Promise.objects.bulk_create(
        Promise(version=version, code=code, answer="yes", clause="4.2", reader="Dana", read_on=began)
        for version in versions
        for code in ("no_sale", "no_advertising")
    )
    return versions


def publish(versions: list[AgreementVersion]) -> None:
    """Make drafts public, each with one change."""
    now, began, element = timezone.now(), dt.date(2025, 8, 1), f.make_element("kind-0")
    AgreementVersion.objects.filter(pk__in=[version.pk for version in versions]).update(published_at=now)
    news = Publication.objects.bulk_create(
        Publication(
            agreement_id=version.agreement_id, version=version, kind="version", day=began, published_at=now
        )
        for version in versions
    )
    Change.objects.bulk_create(
        Change(
            publication=one,
            position=1,
            kind="element_added",
            severity="digest",
            element=element,
            sentences={"en": "It adds a kind of data."},
        )
        for one in news
    )


@contextmanager
def _without_triggers() -> Any:
    """Fill tables without what keeps stamps, search and history: none of it is read by the pages measured."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
