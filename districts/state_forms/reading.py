"""Reads the agreements a district uses, some at a time, each with all that a form asks for."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from ..clause_readings import newest_readings
from ..models import (
    Agency,
    AgreementVersion,
    ClauseReading,
    Incident,
    Participation,
    Promise,
    SharedElement,
)
from ..published import products
from ..saying import reading_words
from ..words import Words, words

#: Agreements read at once.
CHUNK = 50


@dataclass(frozen=True)
class Reading:
    """One agreement in use, as of its version in force."""

    agency: Agency
    version: AgreementVersion
    lines: list[SharedElement]
    words: Words
    promises: dict[str, Promise]
    incidents: list[Incident]
    clauses: dict[str, ClauseReading]

    @property
    def vendor_name(self) -> str:
        """Return the name in the contract, or else the one families know."""
        vendor = self.version.agreement.vendor
        return vendor.legal_name or vendor.name

    def clause(self, code: str) -> str:
        """Return what a reader found of a clause, where, and who it was; empty where nobody has looked."""
        if code not in self.clauses:
            return ""
        answer, place, by = reading_words(self.clauses[code])
        return ". ".join(filter(None, [answer, place, by]))

    def text(self, field: str) -> str:
        """Return a free text of the version; one that came down is said to be, and is no gap."""
        if any(each.field == field for each in self.version.withdrawn_texts.all()):
            return _("Taken down")
        return str(getattr(self.version, field))


def in_use(agency: Agency, today: dt.date) -> QuerySet[AgreementVersion]:
    """Return the versions in force on a day of the agreements an agency holds or takes part in that day."""
    takes_part = Participation.objects.open_on(today).filter(agreement=OuterRef("agreement"), agency=agency)
    return AgreementVersion.objects.in_force_on(today).filter(
        Q(agreement__agency=agency) | Exists(takes_part)
    )


def read(agency: Agency, today: dt.date, *, after: int = 0, limit: int | None = None) -> Iterator[Reading]:
    """Yield the agreements in use, in the order of their ids, from the one behind `after` on.

    By key: memory holds CHUNK of them, and a page costs the same wherever it is.
    """
    left = limit
    while left is None or left > 0:
        size = CHUNK if left is None else min(CHUNK, left)
        found = list(_with_parts(in_use(agency, today).filter(agreement__gt=after))[:size])
        yield from _readings(agency, found)
        if len(found) < size:
            return
        after = found[-1].agreement_id
        left = None if left is None else left - size


def _with_parts(versions: QuerySet[AgreementVersion]) -> QuerySet[AgreementVersion]:
    lines = SharedElement.objects.select_related("element__category", "purpose")
    return (
        versions.select_related("agreement__agency", "agreement__vendor")
        .prefetch_related(
            Prefetch("shared_elements", lines),
            Prefetch("agreement__products", products()),
            "promises",
            "subcontractors",
            "documents__withdrawal",
            "withdrawn_texts",
            "agreement__events",
        )
        .order_by("agreement")
    )


def _readings(agency: Agency, versions: list[AgreementVersion]) -> Iterator[Reading]:
    lines = {version.pk: list(version.shared_elements.all()) for version in versions}
    every = [line for some in lines.values() for line in some]
    said = words(
        elements=(line.element_id for line in every),
        categories=(line.element.category_id for line in every),
        purposes=(line.purpose_id for line in every),
    )
    vendors = {version.agreement.vendor_id for version in versions}
    breaches = list(agency.incidents.public().filter(vendor__in=vendors)) if vendors else []
    read_for = newest_readings(versions)
    for version in versions:
        yield Reading(
            agency,
            version,
            lines[version.pk],
            said,
            {promise.code: promise for promise in version.promises.all()},
            [each for each in breaches if each.vendor_id == version.agreement.vendor_id],
            read_for[version.pk],
        )


def joined(texts: Any) -> str:
    """Return texts in one cell, each once, in their order; empty ones are left out."""
    return "; ".join(dict.fromkeys(text for text in texts if text))
