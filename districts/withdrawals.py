"""Takes public files and texts down: the words go, a tombstone with reason, day and hash stays."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile

from .models import AgreementDocument, AgreementVersion, DocumentText, DocumentWithdrawal, TextWithdrawal
from .recording import lock_agreement


class NoReason(Exception):
    """A public reason is needed."""


class NothingToWithdraw(Exception):
    """There is no such public file or text, or it was taken down already."""


@dataclass(frozen=True)
class Tombstone:
    """What is left of something that was taken down. `what` is `document`, or the name of a version's text.

    `document` is the document's public id, None for a text; `sha256` is of the bytes that must be nowhere.
    """

    what: str
    version_id: int
    sha256: str
    document: str | None
    reason: str
    recorded_at: dt.datetime


def withdrawn() -> list[Tombstone]:
    """Return everything that was taken down, oldest first: what no file, dump or cache may hold any more.

    Reads what the public role may read. Of a document the hashes of its texts are listed too.
    """
    papers = DocumentWithdrawal.objects.select_related("document").prefetch_related("document__texts")
    found = [
        Tombstone(
            what="document",
            version_id=each.document.version_id,
            sha256=sha256,
            document=str(each.document.public_id),
            reason=each.reason,
            recorded_at=each.recorded_at,
        )
        for each in papers
        for sha256 in (each.document.sha256, *(text.sha256 for text in each.document.texts.all()))
    ]
    found += [
        Tombstone(each.field, each.version_id, each.sha256, None, each.reason, each.recorded_at)
        for each in TextWithdrawal.objects.all()
    ]
    return sorted(found, key=lambda each: each.recorded_at)


@transaction.atomic
def withdraw_document(*, document_id: int, reason: str) -> list[DocumentWithdrawal]:
    """Take a public copy down, and every other copy of the same bytes that its agency holds.

    The files are deleted once this is committed; `delete_withdrawn_files` covers a process that dies
    meanwhile. Raises NoReason, NothingToWithdraw.
    """
    reason = _public(reason)
    document = AgreementDocument.objects.select_related("version__agreement").get(pk=document_id)
    lock_agreement(document.version.agreement_id)
    standing = AgreementDocument.objects.filter(
        sha256=document.sha256,
        version__agreement__agency=document.version.agreement.agency_id,
        withdrawal=None,
    )
    if not standing.filter(pk=document_id).exists():
        raise NothingToWithdraw(document_id)
    made = [
        DocumentWithdrawal.objects.create(document=each, reason=reason) for each in standing.order_by("pk")
    ]
    transaction.on_commit(lambda: _delete_files([each.document_id for each in made]), robust=True)
    return made


@transaction.atomic
def withdraw_text(*, version_id: int, field: str, reason: str) -> list[TextWithdrawal]:
    """Take a free text of a published version down, from every version of the agreement that says the same.

    Drafts lose it too, without a tombstone. Raises NoReason, NothingToWithdraw; ValueError for a field that
    is no free text of a version.
    """
    reason, name = _public(reason), TextWithdrawal.Field(field).value
    lock_agreement(AgreementVersion.objects.values_list("agreement", flat=True).get(pk=version_id))
    version = AgreementVersion.objects.published().filter(pk=version_id).first()
    text = getattr(version, name, "")
    if not text:
        raise NothingToWithdraw(version_id)
    same = AgreementVersion.objects.filter(agreement=version.agreement_id, **{name: text})  # type: ignore[union-attr]
    same.drafts().update(**{name: ""})
    return [
        TextWithdrawal.objects.create(version=each, field=name, reason=reason)
        for each in same.published().order_by("number")
    ]


def delete_withdrawn_files() -> int:
    """Delete the files of withdrawn documents that are still there; return how many."""
    return _delete_files(list(DocumentWithdrawal.objects.values_list("document", flat=True)))


def was_withdrawn(*, sha256: str, agency_id: int) -> bool:
    """Return whether an agency took a file with this hash down: it does not come back by the next upload."""
    gone: QuerySet[Any] = DocumentWithdrawal.objects.filter(document__version__agreement__agency=agency_id)
    return gone.filter(document__sha256=sha256).exists()


def _public(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise NoReason
    return reason


def _delete_files(document_ids: list[int]) -> int:
    """Delete each document's file and its texts' files; their rows keep names that nothing is served by."""
    files: list[FieldFile] = [
        each.file for each in AgreementDocument.objects.filter(pk__in=document_ids).only("file")
    ]
    files += [each.file for each in DocumentText.objects.filter(document__in=document_ids).only("file")]
    deleted = 0
    for file in files:
        if file.name and file.storage.exists(file.name):
            file.storage.delete(file.name)
            deleted += 1
    return deleted
