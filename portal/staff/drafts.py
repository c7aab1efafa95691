"""Everything a draft's pages show, read in one go: the checklist, what would be told, and to how many."""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from consent.audience import AudiencePreview, preview
from districts.diff import compare
from districts.facts import names_for, version_facts
from districts.models import (
    Agency,
    Agreement,
    AgreementVersion,
    Change,
    ChoiceText,
    Participation,
    Publication,
)
from districts.publish import NotADraft, baseline_facts, publish_version
from districts.recording import Fact, facts_of, lock_agreement
from districts.refusals import Refusal, refusals
from districts.severity import Severity
from districts.standing import Standing, standing_of, told_version

PARTS = ("shared_elements", "subcontractors", "promises", "choice_terms")


class ChangedMeanwhile(Exception):
    """The draft, or whom it concerns, is not what the staff member saw."""


@dataclass(frozen=True)
class Audience:
    """One district's families concerned."""

    agency: Agency
    preview: AudiencePreview


@dataclass(frozen=True)
class DraftState:
    """A draft as its pages show it. `also` is a second version whose families are told; `fingerprint` stands
    for all of it.
    """

    version: AgreementVersion
    baseline: bool
    may_be_baseline: bool
    standing: Standing
    refusals: list[Refusal]
    facts: list[Fact]
    audiences: list[Audience]
    also: int | None
    fingerprint: str

    @property
    def is_told(self) -> bool:
        """Tell whether publishing makes messages."""
        return any(fact.severity != Severity.PUBLIC_ONLY for fact in self.facts)

    @property
    def people(self) -> int:
        """Return how many people are told."""
        return sum(each.preview.people for each in self.audiences) if self.is_told else 0

    @property
    def children(self) -> int:
        """Return how many children it is about."""
        return sum(each.preview.children for each in self.audiences)

    @property
    def nobody_to_tell(self) -> int:
        """Return how many of the children have nobody to tell."""
        return sum(each.preview.nobody_to_tell for each in self.audiences)


def draft_state(version: AgreementVersion, *, today: dt.date, baseline: bool = False) -> DraftState:
    """Return a draft as it stands: a fixed number of queries for each district that takes part."""
    agreement = version.agreement
    standing = standing_of(agreement, today, baseline=baseline)
    facts = _facts(version, today, standing, baseline)
    also = _also_told(version, facts, today)
    audiences = [
        Audience(agency, preview(version.pk, agency.pk, today, also=also))
        for agency in _taking_part(agreement, today)
    ]
    return DraftState(
        version=version,
        baseline=baseline,
        may_be_baseline=agreement.state == Agreement.State.SIGNED
        and not agreement.versions.published().exists(),
        standing=standing,
        refusals=refusals(version.pk, today=today, baseline=baseline),
        facts=facts,
        audiences=audiences,
        also=also,
        fingerprint=_fingerprint(version, audiences, baseline, today),
    )


@transaction.atomic
def publish_as_shown(
    *, version_id: int, fingerprint: str, baseline: bool, by: Any, now: dt.datetime
) -> Publication:
    """Publish a draft if it is still exactly what the confirmation page showed, numbers included.

    Raises ChangedMeanwhile, and what publish_version raises. Compared behind the locks, so nothing slips in
    between.
    """
    agreement = lock_agreement(
        AgreementVersion.objects.values_list("agreement", flat=True).get(pk=version_id)
    )
    version = agreement.versions.select_for_update(of=("self",)).get(pk=version_id)
    if version.published_at is not None:
        raise NotADraft(version_id)
    version.agreement = agreement
    standing = draft_state(version, today=agreement.agency.today(now), baseline=baseline)
    if standing.fingerprint != fingerprint:
        raise ChangedMeanwhile(version_id)
    return publish_version(version_id=version_id, by=by, now=now, baseline=baseline)


def sentence_of(fact: Fact) -> str:
    """Return a fact's sentence in the reader's language."""
    return fact.sentences.get(get_language() or "en") or fact.sentences.get("en", "")


def _taking_part(agreement: Agreement, today: dt.date) -> list[Agency]:
    parts = Participation.objects.filter(agreement=agreement).exclude(until_on__lte=today)
    return list(Agency.objects.filter(pk__in=parts.values("agency")).order_by("name"))


def _facts(version: AgreementVersion, today: dt.date, standing: Standing, baseline: bool) -> list[Fact]:
    """Return the changes that publishing would record."""
    new = version_facts(version)
    told = told_version(version.agreement, today)
    old = version_facts(told) if told else None
    names = names_for(version.agreement, *filter(None, (old, new)))
    return baseline_facts(new, names) if baseline else facts_of(compare(old, new), names, standing)


def _also_told(version: AgreementVersion, facts: list[Fact], today: dt.date) -> int | None:
    """Return the version before, where families hear that it ends for them (consent.notify says the same)."""
    narrower = any(fact.kind == Change.Kind.SCOPE_NARROWED for fact in facts)
    asks = any(fact.severity == Severity.ANSWER_NEEDED for fact in facts)
    before = told_version(version.agreement, today)
    return before.pk if before and narrower and not asks else None


def _fingerprint(version: AgreementVersion, audiences: list[Audience], baseline: bool, today: dt.date) -> str:
    """Return a hash of all that is published with a draft, and of whom it concerns, as counted today."""
    agreement = version.agreement
    said: dict[str, Any] = {
        "version": _row(version),
        "agreement": _row(agreement),
        "schools": sorted(version.scope_schools.values_list("pk", flat=True)),
        "texts": list(ChoiceText.objects.filter(terms__version=version).order_by("pk").values()),
        "audiences": [[each.agency.pk, asdict(each.preview)] for each in audiences],
        "baseline": baseline,
        "today": today,
    }
    for part in PARTS:
        said[part] = list(getattr(version, part).order_by("pk").values())
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _row(instance: Any) -> dict[str, Any]:
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}
