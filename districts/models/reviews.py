"""What staff still have to look at of a register sheet: words that nobody could place for certain."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .agencies import Agency
from .agreements import Agreement

REVIEW_KINDS = ["element", "mark", "status", "term", "basis", "purpose", "choice", "name"]


class RegisterReviewQuerySet(models.QuerySet["RegisterReview"]):
    """Words to look at, in the words of the domain."""

    def waiting(self) -> "RegisterReviewQuerySet":
        """Return those that nobody has settled."""
        return self.filter(settled_at=None)

    def stop_publishing(self) -> "RegisterReviewQuerySet":
        """Return those without whose answer families would be told too little."""
        return self.waiting().filter(kind__in=RegisterReview.STOPS_PUBLISHING)


class RegisterReview(models.Model):
    """Words of a sheet, where they stand, what they may mean. A work row; staff settle it once.

    The same words about the same agreement stand here once, so that a sheet handed in again asks nothing
    that was asked before.
    """

    class Kind(models.TextChoices):
        ELEMENT = "element", _("Kind of data")
        MARK = "mark", _("Neither marked nor empty")
        STATUS = "status", _("Status")
        TERM = "term", _("Dates that differ")
        BASIS = "basis", _("Legal ground")
        PURPOSE = "purpose", _("Reason")
        CHOICE = "choice", _("Choice of families")
        NAME = "name", _("Company or product")

    class Outcome(models.TextChoices):
        MEANS = "means", _("It was said what they mean")
        OTHER = "other", _("Taken as other data, in these words")
        DISMISSED = "dismissed", _("Seen; nothing to do")

    STOPS_PUBLISHING = ("element", "mark", "basis", "choice")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="register_reviews")
    agreement = models.ForeignKey(
        Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="register_reviews"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    words = models.TextField()
    words_sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=200)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True, db_column="header")
    might_be = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    about = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    basis = models.CharField(max_length=20, blank=True)
    found_at = models.DateTimeField(editable=False, db_default=models.functions.Now())
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    meaning = models.CharField(max_length=80, blank=True)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RegisterReviewQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "words_sha256", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=REVIEW_KINDS), name="register_review_kind_is_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "means", "other", "dismissed"]),
                name="register_review_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None) | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="register_review_is_settled_with_an_outcome",
            ),
            models.UniqueConstraint(
                fields=["agency", "agreement", "kind", "words_sha256"],
                nulls_distinct=False,
                name="words_are_asked_about_once_per_agreement",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "kind", "words_sha256"],
                condition=Q(settled_at=None),
                name="reviews_that_wait",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.words[:40]}"
