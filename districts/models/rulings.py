"""What courts and regulators decided about a company: public facts, each with its public source."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .vendors import Vendor


class RulingQuerySet(models.QuerySet["Ruling"]):
    """Rulings in the words of the domain."""

    def standing(self) -> "RulingQuerySet":
        """Return those that no later entry replaces, the newest first."""
        return self.filter(replaced_by=None).order_by("-decided_on", "-pk")


class Ruling(models.Model):
    """A court's judgment or a regulator's order about a company. Append-only: a correction is a new row.

    An entry made by mistake is replaced by one of the kind `taken_back`, whose summary says why.
    """

    class Kind(models.TextChoices):
        JUDGMENT = "judgment", _("Court judgment")
        ORDER = "order", _("Order of a regulator")
        SETTLEMENT = "settlement", _("Settlement with a regulator or a court")
        TAKEN_BACK = "taken_back", _("Entry taken back")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="rulings")
    kind = models.CharField(max_length=10, choices=Kind)
    body = models.CharField(max_length=200)
    decided_on = models.DateField()
    summary = models.CharField(max_length=300)
    source_url = models.URLField(blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    objects = RulingQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["judgment", "order", "settlement", "taken_back"]),
                name="ruling_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="taken_back") | Q(source_url__regex=r"^https?://"),
                name="a_ruling_has_a_public_source",
                violation_error_message=_("Give the address where anybody can read it."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="taken_back") | Q(replaces__isnull=False),
                name="what_is_taken_back_was_entered",
                violation_error_message=_("Say which entry is taken back."),
            ),
            models.CheckConstraint(
                condition=~Q(body="") & ~Q(summary=""), name="a_ruling_says_who_decided_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.decided_on} {self.body}"

    @property
    def is_taken_back(self) -> bool:
        """Tell whether only the mark of an earlier entry is left."""
        return self.kind == self.Kind.TAKEN_BACK
