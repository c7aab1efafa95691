"""The papers of a version: the public copy, the original nobody outside sees, and withdrawals."""

import uuid

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q

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


class DocumentWithdrawal(models.Model):
    """The tombstone of a public file that had to come down: reason and day stay. Append-only."""

    document = models.OneToOneField(AgreementDocument, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    def __str__(self) -> str:
        return f"withdrawn {self.document_id}"


class AgreementOriginal(models.Model):
    """The unredacted original. Never public; the public role cannot read this table."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="originals")
    file = models.FileField(upload_to="originals/%Y/", storage=private_storage)
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    def __str__(self) -> str:
        return f"original of {self.version_id}"
