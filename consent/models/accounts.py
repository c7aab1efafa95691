"""How a signed-in user is tied to a guardian: claims, and the codes of letters."""

from django.conf import settings
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from .families import Guardian


class Claim(models.Model):
    """The tie of a user (a mailbox) to a guardian, saying how it was proven and until when."""

    class Proof(models.TextChoices):
        ROSTER_EMAIL = "roster_email", _("The roster's address, used by nobody else")
        LETTER_CODE = "letter_code", _("The code of a letter")
        STAFF = "staff", _("Shown to staff")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="claims")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="claims")
    proof = models.CharField(max_length=14, choices=Proof)
    proven_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))
    valid_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.TextField(blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The staff member who found that the mailbox is not this person's.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "guardian"],
                condition=Q(ended_at=None),
                name="one_open_claim_per_user_and_guardian",
            ),
            models.CheckConstraint(
                condition=Q(proof__in=["roster_email", "letter_code", "staff"]), name="claim_proof_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(ended_why=""), name="an_ended_claim_says_why"
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None) | Q(ended_at__isnull=False),
                name="only_an_ended_claim_was_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}"


class ClaimCode(models.Model):
    """The code printed in a letter. Only its digest is stored; it opens one guardian once."""

    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="claim_codes")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"claim code {self.pk}"
