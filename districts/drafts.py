"""Opens the next draft of an agreement as a copy of its newest version, and throws drafts away."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Max, ProtectedError

from .models import (
    AgreementVersion,
    ChoiceTerms,
    ChoiceText,
    Promise,
    ScopeSchool,
    SharedElement,
    Subcontractor,
)
from .publish import NotADraft
from .recording import lock_agreement

#: Parts that hang on the version itself; the texts of choices hang on their terms.
PARTS = (SharedElement, Subcontractor, Promise, ScopeSchool, ChoiceTerms)

#: What a new version has to state anew: its days, why it starts so soon, what it corrects.
STATED_ANEW = (
    "effective_from",
    "sharing_starts_on",
    "short_notice_reason",
    "is_correction",
    "correction_note",
)


class DraftHasPapers(Exception):
    """A document was attached to the draft; papers are for good, so the draft stays."""


@transaction.atomic
def open_draft(agreement_id: int) -> AgreementVersion:
    """Return the draft of an agreement; where there is none, a copy of the newest version with all its parts.

    The day it takes effect, the day sharing starts and a reason for short notice are left out. Two calls at
    once return the same draft.
    """
    agreement = lock_agreement(agreement_id)
    if draft := agreement.versions.drafts().first():
        return draft
    newest = agreement.versions.order_by("-number").first()
    number = (agreement.versions.aggregate(highest=Max("number"))["highest"] or 0) + 1
    if newest is None:
        return AgreementVersion.objects.create(agreement=agreement, number=number)
    kept = {
        field.attname: getattr(newest, field.attname)
        for field in AgreementVersion._meta.concrete_fields
        if not field.primary_key and field.editable and field.name not in STATED_ANEW
    }
    draft = AgreementVersion.objects.create(**{**kept, "number": number})
    with connection.cursor() as cursor:
        for part in PARTS:
            columns = _columns(part, "version_id")
            cursor.execute(
                f"INSERT INTO {part._meta.db_table} (version_id, {columns})"  # noqa: S608 - names of our own
                f" SELECT %s, {columns} FROM {part._meta.db_table} WHERE version_id = %s ORDER BY id",
                [draft.pk, newest.pk],
            )
        texts = _columns(ChoiceText, "terms_id")
        cursor.execute(
            f"INSERT INTO districts_choicetext (terms_id, {texts})"  # noqa: S608
            f" SELECT copy.id, {_columns(ChoiceText, 'terms_id', 'text.')} FROM districts_choicetext text"
            " JOIN districts_choiceterms old ON old.id = text.terms_id"
            " JOIN districts_choiceterms copy"
            " ON (copy.category_id, copy.basis) = (old.category_id, old.basis)"
            " WHERE copy.version_id = %s AND old.version_id = %s ORDER BY text.id",
            [draft.pk, newest.pk],
        )
    return draft


@transaction.atomic
def discard_draft(*, version_id: int) -> None:
    """Throw a draft away with all its parts and leave its number free.

    Raises NotADraft, DraftHasPapers.
    """
    lock_agreement(AgreementVersion.objects.values_list("agreement", flat=True).get(pk=version_id))
    version = AgreementVersion.objects.get(pk=version_id)
    if version.published_at is not None:
        raise NotADraft(version_id)
    try:
        version.delete()
    except ProtectedError as error:
        raise DraftHasPapers(version_id) from error


def _columns(model: Any, owner: str, prefix: str = "") -> str:
    """Return the columns of a table but its key and its owner, for SQL."""
    names = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    return ", ".join(f"{prefix}{name}" for name in names if name != owner)
