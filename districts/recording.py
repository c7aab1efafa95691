"""Writes a publication with its changes, and tells the other rooms: the one place that does."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError

from .diff import Difference, Kind
from .models import Agreement, Change, DataCategory, DataElement, Publication
from .sentences import Names, sentences
from .severity import Case, Severity, severity, severity_of
from .signals import changes_recorded
from .standing import Standing


@dataclass(frozen=True)
class Fact:
    """One change about to be written; `element` and `category` are codes, empty where none is concerned."""

    kind: str
    severity: Severity
    sentences: dict[str, str]
    element: str = ""
    category: str = ""
    before: object = None
    after: object = None


def lock_agreement(agreement_id: int) -> Agreement:
    """Return an agreement behind its row lock, which every verb that makes news takes first.

    Rows that only point at it (a question, an incident) may still be written meanwhile. Raises
    Agreement.DoesNotExist.
    """
    locked = Agreement.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("agency", "vendor").get(pk=agreement_id)


def broken_constraint(error: IntegrityError) -> str:
    """Return the name of the constraint or trigger that PostgreSQL says was broken; empty if it says none."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def facts_of(differences: Iterable[Difference], names: Names, standing: Standing) -> list[Fact]:
    """Return the changes that the differences between two versions amount to.

    Of an agreement that is not in use nobody gets a message, whatever its versions say.
    """
    is_told = standing == Standing.NEWS
    facts = []
    for difference in differences:
        before, after = _before_and_after(difference)
        facts.append(
            Fact(
                kind=difference.kind.value,
                severity=severity(difference) if is_told else severity_of(Case.NOT_IN_USE),
                sentences=sentences(difference, names, standing),
                element=difference.line.element_code if difference.line else "",
                category=_category(difference),
                before=before,
                after=after,
            )
        )
    return facts


def record(
    *, kind: str, agreement: Agreement, day: dt.date, facts: Sequence[Fact], by: Any = None, **about: Any
) -> Publication:
    """Write a publication and its changes, and send `changes_recorded` inside the transaction.

    `about` names the version, participation, ownership or incident it is about, and `days_late`.
    """
    publication = Publication.objects.create(
        kind=kind, agreement=agreement, day=day, published_by=by, **about
    )
    elements = _ids(DataElement, {fact.element for fact in facts})
    categories = _ids(DataCategory, {fact.category for fact in facts})
    Change.objects.bulk_create(
        [
            Change(
                publication=publication,
                position=position,
                kind=fact.kind,
                severity=fact.severity.value,
                element_id=elements.get(fact.element),
                category_id=categories.get(fact.category),
                before=fact.before,
                after=fact.after,
                sentences=fact.sentences,
            )
            for position, fact in enumerate(facts, start=1)
        ],
        batch_size=1000,
    )
    changes_recorded.send(sender=Publication, publication_id=publication.pk)
    return publication


def _ids(model: Any, codes: set[str]) -> dict[str, int]:
    return dict(model.objects.filter(code__in=codes - {""}).values_list("code", "pk"))


def _category(difference: Difference) -> str:
    if difference.kind in (Kind.CATEGORY_ADDED, Kind.CATEGORY_ENDED):
        return difference.name
    return difference.line.category if difference.line else ""


def _before_and_after(difference: Difference) -> tuple[dict[str, object] | None, dict[str, object] | None]:
    """Return what a Change keeps of both sides; of what is new as a whole, what came with it."""
    if difference.kind == Kind.SUBCONTRACTOR_ADDED:
        return None, {"name": difference.name}
    if difference.kind == Kind.SUBCONTRACTOR_ENDED:
        return {"name": difference.name}, None
    if difference.lines and difference.kind != Kind.SCOPE_WIDENED:
        elements = {line.element_code for line in difference.lines}
        categories = {line.category for line in difference.lines}
        return None, {
            "categories": sorted(categories),
            "elements": sorted(elements),
            "controls": sorted(control.value for control in difference.controls),
        }
    before, after = difference.before, difference.after
    return before.as_json() if before else None, after.as_json() if after else None
