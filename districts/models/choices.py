"""What stands beside Yes and No of a version: a last day, an equal alternative, and four texts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..law import BASES_WITH_A_CHOICE, Basis
from .catalogue import DataCategory
from .versions import AgreementVersion


class ChoiceTerms(models.Model):
    """What stands beside a choice: until when to answer, and that No has an equal alternative."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="choice_terms")
    category = models.ForeignKey(DataCategory, on_delete=models.PROTECT)
    basis = models.CharField(max_length=20, choices=Basis)
    answer_by = models.DateField(null=True, blank=True, help_text=_("The last day to answer."))
    equal_alternative = models.BooleanField(
        default=False, help_text=_("A child whose family says No does the same work another way.")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__in=BASES_WITH_A_CHOICE), name="choice_terms_only_where_there_is_a_choice"
            ),
            models.UniqueConstraint(
                fields=["version", "category", "basis"], name="one_choice_per_version_category_and_basis"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.category_id} {self.basis}"


class ChoiceText(models.Model):
    """The four texts of the district beside Yes and No, in one language."""

    terms = models.ForeignKey(ChoiceTerms, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    if_yes = models.TextField(blank=True)
    if_no = models.TextField(blank=True, help_text=_("What the child does instead."))
    if_silent = models.TextField(blank=True)
    data_already_sent = models.TextField(blank=True)

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(fields=["terms", "language"], name="one_choice_text_per_language"),
        ]

    def __str__(self) -> str:
        return f"{self.terms_id} {self.language}"

    def missing(self) -> list[str]:
        """Return the names of the four texts that are empty."""
        names = ["if_yes", "if_no", "if_silent", "data_already_sent"]
        return [name for name in names if not getattr(self, name).strip()]
