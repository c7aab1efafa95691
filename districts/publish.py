"""Publishes a draft: freezes it, computes what it changes, and makes it news."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction

from .contents import NO_STUDENT_DATA, VersionFacts
from .diff import compare
from .facts import names_for, version_facts
from .models import AgreementVersion, Change, Publication
from .recording import Fact, broken_constraint, facts_of, lock_agreement, record
from .refusals import Refusal, refusals
from .sentences import Names, category_in_use, event_sentences
from .severity import Case, begins_sharing, severity_of
from .standing import Standing, sharing_starts, standing_of, told_version

__all__ = ["NotADraft", "PublishRefused", "Refusal", "publish_version", "refusals"]

#: Constraints and triggers that say: somebody else published it first.
PUBLISHED_BY_ANOTHER = {"a_version_is_published_once", "published_version_is_frozen"}


class NotADraft(Exception):
    """The version is published already."""


class PublishRefused(Exception):
    """The draft may not be published; `refusals` says why."""

    def __init__(self, refused: list[Refusal]) -> None:
        super().__init__(" ".join(refusal.message for refusal in refused))
        self.refusals = refused


@transaction.atomic
def publish_version(
    *, version_id: int, by: Any = None, now: dt.datetime, baseline: bool = False
) -> Publication:
    """Make a draft public for good and record what it changes for families.

    `now` decides the agency's calendar day; the time of publication is PostgreSQL's. With `baseline` it is
    the first version of an agreement that was in use before this site opened: nothing is called new.

    A version of an agreement that is only proposed, or that is over, may be published so that people can
    read it. It makes no notice: every change is for the public page only. Sharing that has begun already is
    published and marked with the days by which families were told late.

    Raises NotADraft if it is published already, also by somebody at the same time; PublishRefused with every
    reason why it may not be published; AgreementVersion.DoesNotExist.
    """
    agreement = lock_agreement(
        AgreementVersion.objects.values_list("agreement", flat=True).get(pk=version_id)
    )
    # Read again behind both locks: lines are written under a lock of the version, so none slips in now.
    version = agreement.versions.select_for_update(of=("self",)).get(pk=version_id)
    if version.published_at is not None:
        raise NotADraft(version_id)
    today = agreement.agency.today(now)
    if refused := refusals(version_id, today=today, baseline=baseline):
        raise PublishRefused(refused)
    standing = standing_of(agreement, today, baseline=baseline)
    new = version_facts(version)
    told = told_version(agreement, today)
    old = version_facts(told) if told else None
    differences = compare(old, new)
    names = names_for(agreement, *filter(None, (old, new)))
    is_late = standing == Standing.NEWS and begins_sharing(differences)
    with _another_was_first(version_id):
        version.published_at, version.is_baseline = now, baseline
        version.save(update_fields=["published_at", "is_baseline"])
        return record(
            kind=Publication.Kind.BASELINE if baseline else Publication.Kind.VERSION,
            agreement=agreement,
            version=version,
            day=today,
            by=by,
            facts=baseline_facts(new, names) if baseline else facts_of(differences, names, standing),
            days_late=days_late(version, today) if is_late else 0,
        )


def baseline_facts(facts: VersionFacts, names: Names) -> list[Fact]:
    """Return what is told of an agreement that was in use before this site opened: that, and its groups."""
    loudness = severity_of(Case.BASELINE)
    told = event_sentences("already_in_use", agency=names.agency, vendor=names.vendor)
    groups = sorted({line.category for line in facts.lines if line.element_code != NO_STUDENT_DATA})
    return [
        Fact(Change.Kind.ALREADY_IN_USE, loudness, told, after={"categories": groups}),
        *(
            Fact(Change.Kind.ALREADY_IN_USE, loudness, category_in_use(group, names), category=group)
            for group in groups
        ),
    ]


def days_late(version: AgreementVersion, today: dt.date) -> int:
    """Return how many days after sharing began families are told; 0 if they are told in time."""
    starts = sharing_starts(version)
    return max((today - starts).days, 0) if starts else 0


@contextmanager
def _another_was_first(version_id: int) -> Iterator[None]:
    """Turn the broken rule that a version is published once into NotADraft; let all others through."""
    try:
        yield
    except IntegrityError as error:
        if broken_constraint(error) in PUBLISHED_BY_ANOTHER:
            raise NotADraft(version_id) from error
        raise
