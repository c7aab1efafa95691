"""Records what a reader of an agreement found of each clause its law asks for."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from .clauses import Clause, clauses_for
from .models import AgreementVersion, ClauseReading


class NotAsked(Exception):
    """The law profile of the agreement's agency asks for no such clause."""


class NotPublished(Exception):
    """The version is a draft: what is read is a paper that stands."""


@dataclass(frozen=True)
class Checked:
    """One clause the law asks for and the newest reading of it; None is a gap."""

    clause: Clause
    reading: ClauseReading | None


@dataclass(frozen=True)
class Found:
    """What a reader found of one clause: an answer of ClauseReading.Answer, and where it stands."""

    answer: str
    place: str = ""


@transaction.atomic
def record_readings(
    *, version_id: int, found: Mapping[str, Found], reader: str, read_on: dt.date
) -> list[ClauseReading]:
    """Record what was found per clause code; one that says the same as the newest reading is left out.

    Raises NotPublished, NotAsked.
    """
    version = AgreementVersion.objects.select_related("agreement__agency").get(pk=version_id)
    if version.published_at is None:
        raise NotPublished(version_id)
    standing = {each.clause.code: each.reading for each in checklist(version)}
    if unknown := found.keys() - standing.keys():
        raise NotAsked(sorted(unknown))
    return [
        ClauseReading.objects.create(
            version=version,
            clause=code,
            answer=each.answer,
            place=each.place.strip(),
            reader=reader.strip(),
            read_on=read_on,
        )
        for code, each in found.items()
        if not _says(standing[code], each)
    ]


def checklist(version: AgreementVersion) -> list[Checked]:
    """Return the clauses asked of a version, each with its newest reading, in two queries at most."""
    newest = newest_readings([version])[version.pk]
    return [
        Checked(clause, newest.get(clause.code))
        for clause in clauses_for(version.agreement.agency.law_profile)
    ]


def newest_readings(versions: Sequence[AgreementVersion]) -> dict[int, dict[str, ClauseReading]]:
    """Return the newest reading of each clause, by the ids of versions and of clauses: two queries at most.

    A version that only corrects what this site said is the same agreement: it keeps the readings of the one
    it corrects until it has its own.
    """
    counted = _numbers(versions)
    of: dict[int, list[Any]] = defaultdict(list)
    rows: Any = ClauseReading.objects.filter(version__agreement__in={each.agreement_id for each in versions})
    rows = rows.annotate(number=F("version__number"), agreement_id=F("version__agreement"))
    for reading in rows.order_by("version__number", "recorded_at", "pk"):
        of[reading.agreement_id].append(reading)
    return {
        each.pk: {
            reading.clause: reading for reading in of[each.agreement_id] if reading.number in counted[each.pk]
        }
        for each in versions
    }


def _numbers(versions: Sequence[AgreementVersion]) -> dict[int, set[int]]:
    """Return whose readings count for each version: of a correction back to the first that is none."""
    numbers = {each.pk: {each.number} for each in versions}
    corrections = [each for each in versions if each.is_correction]
    if not corrections:
        return numbers
    published = AgreementVersion.objects.published().filter(
        agreement__in={each.agreement_id for each in corrections}
    )
    of: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for agreement, number, is_correction in published.order_by("-number").values_list(
        "agreement", "number", "is_correction"
    ):
        of[agreement].append((number, is_correction))
    for each in corrections:
        for number, is_correction in of[each.agreement_id]:
            if number < each.number:
                numbers[each.pk].add(number)
                if not is_correction:
                    break
    return numbers


def _says(reading: ClauseReading | None, found: Found) -> bool:
    return reading is not None and (reading.answer, reading.place) == (found.answer, found.place.strip())
