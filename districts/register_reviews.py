"""Staff say what words of a register sheet mean; it goes into the drafts the words are about."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q

from .drafts import open_draft
from .importers.register.entries import Doubt
from .importers.register.plan import BASIS_UNTIL_SAID, NO_BASIS
from .importers.register.report import RegisterReport
from .importers.register.reviews import ReviewWriter
from .models import AgreementVersion, Basis, DataElement, Purpose, RegisterReview, SharedElement

OTHER_DATA = "student-other-data"
LONGEST = 200

Kind = RegisterReview.Kind
Outcome = RegisterReview.Outcome


class NoSuchMeaning(Exception):
    """What was said is no element, purpose or legal ground, or words of this kind have none."""


@transaction.atomic
def settle(
    *, review_id: int, outcome: str, meaning: str = "", by: Any, now: dt.datetime
) -> list[RegisterReview]:
    """Settle words wherever they wait in the agency, and return those that were settled by this.

    A kind of data becomes a line of each agreement's draft; a legal ground or a reason goes into the lines
    the words stand beside, where staff have not set another. Settled words stay settled: asked twice, the
    second answer changes nothing. Raises NoSuchMeaning.
    """
    asked = RegisterReview.objects.get(pk=review_id)
    same = RegisterReview.objects.waiting().filter(
        agency=asked.agency_id, kind=asked.kind, words_sha256=asked.words_sha256
    )
    settled = list(same.select_for_update(of=("self",)).select_related("agreement").order_by("pk"))
    apply = _verb(asked.agency_id, asked.kind, outcome, meaning)
    for review in settled:
        if review.agreement_id is not None and apply is not None:
            apply(review, open_draft(review.agreement_id))
        review.outcome, review.meaning = outcome, meaning
        review.settled_at, review.settled_by_id = now, getattr(by, "pk", None)
        review.save(update_fields=["outcome", "meaning", "settled_at", "settled_by"])
    return settled


def _verb(agency_id: int, kind: str, outcome: str, meaning: str) -> Any:
    """Return what an answer does to a draft, None if it does nothing. Raises NoSuchMeaning."""
    if outcome == Outcome.DISMISSED:
        return None
    if outcome == Outcome.OTHER and kind in (Kind.ELEMENT, Kind.MARK):
        other = DataElement.objects.get(code=OTHER_DATA)
        return lambda review, draft: _add(review, draft, other, _cut(review.words))
    if outcome == Outcome.MEANS and kind in (Kind.ELEMENT, Kind.MARK):
        element = DataElement.objects.filter(Q(agency=None) | Q(agency=agency_id), code=meaning).first()
        if element is not None:
            return lambda review, draft: _add(review, draft, element, "")
    if outcome == Outcome.MEANS and kind == Kind.BASIS and meaning in Basis.values:
        return lambda review, draft: _set(review, draft, {"basis": BASIS_UNTIL_SAID}, {"basis": meaning})
    if outcome == Outcome.MEANS and kind == Kind.PURPOSE:
        purpose = Purpose.objects.filter(code=meaning).first()
        if purpose is not None:
            return lambda review, draft: _set(review, draft, {"purpose_id": None}, {"purpose_id": purpose.pk})
    raise NoSuchMeaning(meaning)


def _add(review: RegisterReview, draft: AgreementVersion, element: DataElement, detail: str) -> None:
    """Add a line for the words, unless the draft has one; where no legal ground is known, ask for it."""
    if draft.shared_elements.filter(element=element, detail=detail).exists():
        return
    SharedElement.objects.create(
        version=draft,
        element=element,
        basis=review.basis or BASIS_UNTIL_SAID,
        detail=detail,
        reported_as=[_cut(review.words)],
    )
    if not review.basis:
        _ask_for_basis(review, element.code)


def _ask_for_basis(review: RegisterReview, code: str) -> None:
    asked = RegisterReview.objects.filter(agreement=review.agreement_id, kind=Kind.BASIS).first()
    if asked is None:
        writer = ReviewWriter(RegisterReport("", dry_run=False), review.file, "")
        doubt = Doubt(Kind.BASIS, review.line, "", NO_BASIS, about=(code,))
        writer.take(review.agency_id, review.agreement_id, doubt)
        writer.flush()
    elif asked.settled_at is None:
        asked.about = sorted({*asked.about, code})
        asked.save(update_fields=["about"])
    elif asked.outcome == Outcome.MEANS:
        SharedElement.objects.filter(
            version__agreement=review.agreement_id,
            version__published_at=None,
            element__code=code,
            basis=BASIS_UNTIL_SAID,
        ).update(basis=asked.meaning)


def _set(
    review: RegisterReview, draft: AgreementVersion, where: dict[str, Any], values: dict[str, Any]
) -> None:
    """Fill values into the lines a review is about that still have the ones given by `where`."""
    for line in draft.shared_elements.filter(element__code__in=review.about, **where):
        key = {
            "element": line.element_id,
            "detail": line.detail,
            "basis": line.basis,
            "purpose": line.purpose_id,
        }
        key |= {name.removesuffix("_id"): value for name, value in values.items()}
        if not draft.shared_elements.filter(**key).exclude(pk=line.pk).exists():
            SharedElement.objects.filter(pk=line.pk).update(**values)


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
