"""Who may get a kind of data, or a group of them, on a day: agreement by agreement, for the public pages."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Min, Q
from django.urls import reverse

from .models import AgreementVersion, DataElement, SharedElement, Vendor
from .models.versions import VersionQuerySet
from .saying import control_words, ground_words, kept_words
from .words import Words

LISTED = 200  # holders on a page; what is beyond is said in words


def versions_on(day: dt.date, today: dt.date) -> VersionQuerySet:
    """Return the versions in force on a day, by what is known today; for a day gone by, ended ones too."""
    if day < today:
        return AgreementVersion.objects.stood_on(day)
    return AgreementVersion.objects.in_force_on(day)


def means(element: DataElement) -> Q:
    """Return the condition that a line shares this kind of data, under whatever code."""
    return Q(element=element.meaning_id) | Q(element__same_meaning_as=element.meaning_id)


def lines_on(which: Q, day: dt.date, today: dt.date) -> list[SharedElement]:
    """Return the lines in force on a day, by company, one more than are listed where there are more."""
    return list(
        SharedElement.objects.filter(which, version__in=versions_on(day, today))
        .select_related("version__agreement__vendor", "version__agreement__agency", "element")
        .order_by("version__agreement__vendor__name", "version__agreement_id", "pk")[: LISTED + 1]
    )


def others(which: Q, lines: Iterable[SharedElement]) -> list[dict[str, Any]]:
    """Return the agreements that allowed it at another time: before, or not yet."""
    versions = (
        SharedElement.objects.filter(which, version__published_at__isnull=False)
        .exclude(version__agreement__in=[line.version.agreement_id for line in lines])
        .select_related("version__agreement__vendor", "version__agreement__agency")
        .order_by("version__agreement__vendor__name", "version__agreement_id", "-version__number")
        .distinct("version__agreement__vendor__name", "version__agreement_id")[:LISTED]
    )
    return [{**_who(line), "ends_on": line.version.agreement.ends_on} for line in versions]


def holders(which: Q, lines: list[SharedElement], texts: Words) -> list[dict[str, Any]]:
    """Return each line in plain words. It is allowed since the first version of the agreement that had it."""
    first = dict(
        SharedElement.objects.filter(
            which,
            version__published_at__isnull=False,
            version__agreement__in={line.version.agreement_id for line in lines},
        )
        .order_by()
        .values_list("version__agreement_id")
        .annotate(Min("version__effective_from"))
    )
    return [
        {
            **_who(line),
            "what": texts.element(line.element_id),
            "why": texts.purpose(line.purpose_id),
            "ground": ground_words(line.basis),
            "since": first.get(line.version.agreement_id),
            "until": kept_words(line),
            "others": line.recipients,
            "control": control_words(line.basis),
            "detail": line.detail,
        }
        for line in lines
    ]


def counted(lines: Iterable[SharedElement]) -> tuple[int, int]:
    """Return how many companies and how many public offices hold the lines."""
    vendors = {line.version.agreement.vendor_id: line.version.agreement.vendor.kind for line in lines}
    offices = sum(kind == Vendor.Kind.PUBLIC_OFFICE for kind in vendors.values())
    return len(vendors) - offices, offices


def _who(line: SharedElement) -> dict[str, Any]:
    agreement = line.version.agreement
    return {
        "name": agreement.vendor.name,
        "kind": "" if agreement.vendor.kind == Vendor.Kind.UNKNOWN else agreement.vendor.get_kind_display(),
        "agency": agreement.agency.name,
        "url": reverse("districts:agreement_version", args=[agreement.public_id, line.version.number]),
    }
