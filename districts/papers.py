"""Attaches the papers of an agreement: the copy for everybody, and the original nobody outside sees."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction

from .models import AgreementDocument, AgreementOriginal
from .pdf_check import LARGEST, PdfProblem, count_pages, problem_of


class PaperRefused(Exception):
    """The file is not taken; `problem` says why."""

    def __init__(self, problem: PdfProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@transaction.atomic
def attach_public_copy(*, version_id: int, data: bytes, redacted: str = "") -> AgreementDocument:
    """Add the public copy to a version, a published one too; the same file again changes nothing.

    Raises PaperRefused: too big, no PDF, encrypted, or with parts that run or open by themselves.
    """
    sha256 = _checked(data)
    standing = AgreementDocument.objects.filter(version=version_id, sha256=sha256, withdrawal=None).first()
    return standing or AgreementDocument.objects.create(
        version_id=version_id,
        file=ContentFile(data, name=f"{sha256[:32]}.pdf"),
        sha256=sha256,
        size=len(data),
        pages=count_pages(data),
        redacted_provisions=redacted,
    )


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


def _checked(data: bytes) -> str:
    """Return the hash of a file that may be kept."""
    if problem := problem_of(data):
        raise PaperRefused(problem)
    return hashlib.sha256(data).hexdigest()


__all__ = ["LARGEST", "PaperRefused", "PdfProblem", "attach_original", "attach_public_copy"]
