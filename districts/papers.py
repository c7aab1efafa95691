"""Attaches the papers of an agreement: the public copy, its words, the original nobody outside sees."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction

from .models import AgreementDocument, AgreementOriginal, AgreementVersion, DocumentText
from .pdf_check import LARGEST, PdfProblem, count_pages, problem_of
from .pdf_text import text_of_pdf, tidy
from .withdrawals import was_withdrawn
from .wording import LONGEST_TEXT

_HTML = ("<!doctype", "<html", "<?xml", "{\\rtf")


class PaperRefused(Exception):
    """The file is not taken; `problem` says why."""

    def __init__(self, problem: PdfProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@transaction.atomic
def attach_public_copy(*, version_id: int, data: bytes, redacted: str = "") -> AgreementDocument:
    """Add the public copy to a version, a published one too; the same file again changes nothing.

    Its words are read and stand beside it where it has any. Raises PaperRefused: too big, no PDF, encrypted,
    with parts that run or open by themselves, or taken down before.
    """
    sha256 = _checked(data)
    standing = AgreementDocument.objects.filter(version=version_id, sha256=sha256, withdrawal=None).first()
    if standing:
        return standing
    agency = AgreementVersion.objects.values_list("agreement__agency", flat=True).get(pk=version_id)
    if was_withdrawn(sha256=sha256, agency_id=agency):
        raise PaperRefused(PdfProblem.TAKEN_DOWN)
    document = AgreementDocument.objects.create(
        version_id=version_id,
        file=ContentFile(data, name=f"{sha256[:32]}.pdf"),
        sha256=sha256,
        size=len(data),
        pages=count_pages(data),
        redacted_provisions=redacted,
    )
    if text := text_of_pdf(data):
        _add_text(document, text, DocumentText.Origin.READ)
    return document


@transaction.atomic
def attach_text(*, document_id: int, data: bytes) -> DocumentText:
    """Put words the district wrote in the place of those a program read; the same again changes nothing.

    Raises PaperRefused: the document is withdrawn, or the bytes are no plain text in UTF-8, or too long.
    """
    document = AgreementDocument.objects.select_related("withdrawal").get(pk=document_id)
    if hasattr(document, "withdrawal"):
        raise PaperRefused(PdfProblem.TAKEN_DOWN)
    if len(data) > 4 * LONGEST_TEXT:
        raise PaperRefused(PdfProblem.TEXT_TOO_LONG)
    try:
        text = tidy(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise PaperRefused(PdfProblem.NOT_A_TEXT) from None
    if not text or b"\0" in data or data.startswith(b"%PDF") or text.lower().startswith(_HTML):
        raise PaperRefused(PdfProblem.NOT_A_TEXT)
    if len(text) > LONGEST_TEXT:
        raise PaperRefused(PdfProblem.TEXT_TOO_LONG)
    newest = document.texts.first()
    if newest and newest.sha256 == hashlib.sha256(text.encode()).hexdigest():
        return newest
    return _add_text(document, text, DocumentText.Origin.WRITTEN)


def public_text(document: AgreementDocument) -> tuple[DocumentText, str] | None:
    """Return the words of a public copy and where they came from; None where there are none to show."""
    newest = None if hasattr(document, "withdrawal") else document.texts.first()
    if newest is None:
        return None
    try:
        with newest.file.open("rb") as file:
            return newest, file.read().decode()
    except FileNotFoundError:  # taken down between the look into the database and this one
        return None


@transaction.atomic
def attach_original(*, version_id: int, data: bytes) -> AgreementOriginal:
    """Keep the unredacted original in the private storage; the same file again changes nothing.

    Raises PaperRefused.
    """
    sha256 = _checked(data)
    standing = AgreementOriginal.objects.filter(version=version_id, sha256=sha256).first()
    return standing or AgreementOriginal.objects.create(
        version_id=version_id, file=ContentFile(data, name=f"{sha256[:32]}.pdf"), sha256=sha256
    )


def _add_text(document: AgreementDocument, text: str, origin: DocumentText.Origin) -> DocumentText:
    data = text.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    return DocumentText.objects.create(
        document=document, file=ContentFile(data, name=f"{sha256[:32]}.txt"), sha256=sha256, origin=origin
    )


def _checked(data: bytes) -> str:
    """Return the hash of a file that may be kept."""
    if problem := problem_of(data):
        raise PaperRefused(problem)
    return hashlib.sha256(data).hexdigest()


__all__ = [
    "LARGEST",
    "PaperRefused",
    "PdfProblem",
    "attach_original",
    "attach_public_copy",
    "attach_text",
    "public_text",
]
