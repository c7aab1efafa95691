"""What is shared about children without asking: the lines whose legal ground leaves no choice."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from districts.models import BASES_WITH_A_CHOICE, AgreementVersion, SharedElement

from . import shown

Concerning = dict[int, dict[tuple[int, int], dt.date]]
"""Per student the (agreement, version) ids that concern them, and from when on their district takes part."""


@dataclass(frozen=True)
class Shared:
    """What one agreement shares about a child without asking: one legal ground of one version."""

    student_id: int
    version: AgreementVersion
    starts_on: dt.date
    basis: str
    lines: tuple[dict[str, Any], ...]


def shared_without_asking(concerning: Concerning, today: dt.date, language: str) -> Iterable[Shared]:
    """Yield what is shared without asking: of each agreement the version in force, else the one to come."""
    ids = {version for pairs in concerning.values() for _agreement, version in pairs}
    versions = {
        v.pk: v
        for v in AgreementVersion.objects.filter(pk__in=ids).select_related(
            "agreement__vendor", "agreement__agency"
        )
    }
    lines = list(
        SharedElement.objects.filter(version__in=ids)
        .exclude(basis__in=BASES_WITH_A_CHOICE)
        .exclude(element__subject="staff")
        .select_related("element__category", "element__same_meaning_as", "purpose")
        .order_by("element__category__position", "element__code", "pk")
    )
    described = shown.describe_lines(lines, language)
    grouped: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for line in lines:
        grouped.setdefault((line.version_id, line.basis), []).append(described[line.pk])
    for student, pairs in concerning.items():
        for version in _standing([versions[pk] for _agreement, pk in pairs], today):
            from_on = pairs[version.agreement_id, version.pk]
            starts_on = max(version.effective_from or from_on, from_on)
            for (version_id, basis), group in grouped.items():
                if version_id == version.pk:
                    yield Shared(student, version, starts_on, basis, tuple(group))


def _standing(versions: Iterable[AgreementVersion], today: dt.date) -> list[AgreementVersion]:
    """Return one version per agreement: the one in force today, else the one to come."""
    best: dict[int, AgreementVersion] = {}
    for version in versions:
        other = best.get(version.agreement_id)
        if other is None or _rank(version, today) > _rank(other, today):
            best[version.agreement_id] = version
    return sorted(best.values(), key=lambda v: (v.agreement.vendor.name, v.pk))


def _rank(version: AgreementVersion, today: dt.date) -> tuple[bool, int]:
    in_force = version.effective_from is not None and version.effective_from <= today
    return (in_force, version.number)
