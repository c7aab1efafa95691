"""Records what a reader of an agreement found of each clause its law asks for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

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
    """Return the clauses that are asked of a version, each with its newest reading, in two queries at most.

    A version that only corrects what this site said is the same agreement: it keeps the readings of the one
    it corrects until it has its own.
    """
    numbers = [version.number]
    if version.is_correction:
        numbers += _corrected(version)
    readings = ClauseReading.objects.filter(
        version__agreement=version.agreement_id, version__number__in=numbers
    ).order_by("version__number", "recorded_at", "pk")
    newest = {reading.clause: reading for reading in readings}
    return [
        Checked(clause, newest.get(clause.code))
        for clause in clauses_for(version.agreement.agency.law_profile)
    ]


def _corrected(version: AgreementVersion) -> list[int]:
    """Return the numbers of the versions a correction stands for: back to the first that is none."""
    before = AgreementVersion.objects.published().filter(
        agreement=version.agreement_id, number__lt=version.number
    )
    numbers = []
    for number, is_correction in before.order_by("-number").values_list("number", "is_correction"):
        numbers.append(number)
        if not is_correction:
            break
    return numbers


def _says(reading: ClauseReading | None, found: Found) -> bool:
    return reading is not None and (reading.answer, reading.place) == (found.answer, found.place.strip())
