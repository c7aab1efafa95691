"""The papers of a version: the public copy, its words, the original nobody outside sees, and withdrawals."""

import uuid

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .versions import AgreementVersion


def private_storage() -> Storage:
    """Return the storage whose files no URL reaches."""
    return storages["private"]


class AgreementDocument(models.Model):
    """The public copy of an agreement. Append-only: a correction is a new row."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="documents")
    file = models.FileField(upload_to="agreements/%Y/")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="bytes")
    pages = models.PositiveIntegerField(null=True, blank=True)
    redacted_provisions = models.TextField(blank=True)
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_hash_is_sha256"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class DocumentText(models.Model):
    """The words of a public copy, for everybody who cannot read a PDF. Append-only: the newest row counts."""

    class Origin(models.TextChoices):
        READ = "read", _("Read from the PDF by a program")
        WRITTEN = "written", _("Written by the district")

    document = models.ForeignKey(AgreementDocument, on_delete=models.PROTECT, related_name="texts")
    file = models.FileField(upload_to="agreement-texts/%Y/")
    sha256 = models.CharField(max_length=64)
    origin = models.CharField(max_length=7, choices=Origin)
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_text_hash_is_sha256"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["read", "written"]), name="document_text_origin_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"text of {self.document_id}"


class DocumentWithdrawal(models.Model):
    """The tombstone of a public file that had to come down: reason and day stay. Append-only."""

    document = models.OneToOneField(AgreementDocument, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="a_withdrawal_has_a_public_reason"),
        ]

    def __str__(self) -> str:
        return f"withdrawn {self.document_id}"


#: The free texts of a version that may have to come down.
WITHDRAWABLE = [
    "standing_note",
    "summary",
    "why_this_company",
    "who_decided",
    "signer_title",
    "cost",
    "short_notice_reason",
    "correction_note",
]


class TextWithdrawal(models.Model):
    """The tombstone of a free text of a published version: reason, day and hash stay. Append-only.

    PostgreSQL itself hashes the text and empties it when the row comes in (migration 0014), so that a
    tombstone never stands beside words that are still there.
    """

    class Field(models.TextChoices):
        STANDING_NOTE = "standing_note", _("The label over the page")
        SUMMARY = "summary", _("What the product is used for")
        WHY_THIS_COMPANY = "why_this_company", _("Why this company")
        WHO_DECIDED = "who_decided", _("Who decided")
        SIGNER_TITLE = "signer_title", _("Signed by")
        COST = "cost", _("Cost")
        SHORT_NOTICE_REASON = "short_notice_reason", _("Why so soon")
        CORRECTION_NOTE = "correction_note", _("What was corrected")

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="withdrawn_texts")
    field = models.CharField(max_length=20, choices=Field)
    reason = models.TextField()
    sha256 = models.CharField(max_length=64, editable=False, help_text="of the text, written by PostgreSQL")
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(field__in=WITHDRAWABLE), name="withdrawn_text_is_a_known_one"),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"), name="a_withdrawn_text_has_a_public_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"withdrawn {self.field} of {self.version_id}"


class AgreementOriginal(models.Model):
    """The unredacted original. Never public; the public role cannot read this table."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="originals")
    file = models.FileField(upload_to="originals/%Y/", storage=private_storage)
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    def __str__(self) -> str:
        return f"original of {self.version_id}"
