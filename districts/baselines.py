"""Publishes all that an agency had in use before this site opened, in one act."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from .models import Agency, Agreement, AgreementEvent, AgreementVersion, Participation, Publication
from .publish import NotADraft, PublishRefused, Refusal, publish_version
from .recording import lock_agreement


@dataclass(frozen=True)
class Refused:
    """A draft that stayed a draft, and every reason why."""

    version: AgreementVersion
    reasons: list[Refusal]


@dataclass
class BaselineReport:
    """What became of an agency's first drafts. `by_another` were published by somebody else meanwhile."""

    published: list[Publication] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    by_another: int = 0
    not_in_use: int = 0

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Return the codes of all reasons, the most frequent first, with the number of drafts of each."""
        counted = Counter(code for each in self.refused for code in {reason.code for reason in each.reasons})
        return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def first_drafts(agencies: Iterable[Agency]) -> list[AgreementVersion]:
    """Return the drafts of agreements of which nothing is published yet, by agency and company."""
    seen = AgreementVersion.objects.published().values("agreement")
    drafts = AgreementVersion.objects.drafts().filter(agreement__agency__in=agencies)
    return list(
        drafts.exclude(agreement__in=seen)
        .select_related("agreement__agency", "agreement__vendor")
        .order_by("agreement__agency__name", "agreement__vendor__name", "agreement")
    )


def publish_baselines(
    *,
    agencies: Iterable[Agency],
    now: dt.datetime,
    in_use_since: dt.date | None = None,
    by: Any = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> BaselineReport:
    """Publish the first draft of every signed agreement of these agencies as in use already.

    Each agreement is published whole or not at all, in its own transaction: one that is refused stays a
    draft and stops no other, and what a broken run did stays done. What is proposed, not approved or over is
    left alone and counted: it was not in use. Running it again goes on with what is left. A dry run takes
    each back at once.

    A draft without the day it takes effect gets the first day of the agreement, else the day it was signed,
    else `in_use_since`: the day by which the agency says that all of it was in use. No day is made up.
    """
    report = BaselineReport()
    drafts = first_drafts(agencies)
    for done, draft in enumerate(drafts, start=1):
        if draft.agreement.state != Agreement.State.SIGNED:
            report.not_in_use += 1
            continue
        try:
            report.published.append(_publish(draft, in_use_since, now=now, by=by, dry_run=dry_run))
        except PublishRefused as refused:
            report.refused.append(Refused(draft, refused.refusals))
        except NotADraft:
            report.by_another += 1
        progress(done, len(drafts))
    return report


@transaction.atomic
def _publish(
    draft: AgreementVersion, in_use_since: dt.date | None, *, now: dt.datetime, by: Any, dry_run: bool
) -> Publication:
    """Publish one draft; in a dry run the publication that is returned was taken back."""
    agreement = lock_agreement(draft.agreement_id)
    undated = agreement.versions.drafts().filter(pk=draft.pk, effective_from=None)
    if day := agreement.begins_on or _signed_on(agreement) or in_use_since:
        undated.update(effective_from=day)
        # An import that knew no first day let the district take part from the day of the import.
        own = agreement.participations.filter(kind=Participation.Kind.OWN, until_on=None)
        own.filter(from_on__gt=day).update(from_on=day)
    publication = publish_version(version_id=draft.pk, by=by, now=now, baseline=True)
    if dry_run:
        transaction.set_rollback(True)
    return publication


def _signed_on(agreement: Agreement) -> dt.date | None:
    signed = agreement.events.filter(kind=AgreementEvent.Kind.EXECUTED, happened_on__isnull=False)
    return signed.order_by("happened_on").values_list("happened_on", flat=True).first()
