"""What somebody found who read a signed agreement for the clauses its state's law asks for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .versions import AgreementVersion


class ClauseReading(models.Model):
    """Whether one clause stands in a published version. Append-only: the newest reading counts.

    It is a reading of the paper and no part of the version, so it may come after the publication, and a
    renewed agreement begins with none. Which clauses are asked for is in `clauses.py`.
    """

    class Answer(models.TextChoices):
        YES = "yes", _("It is there")
        NO = "no", _("It is not there")
        UNCLEAR = "unclear", _("The agreement is not clear")

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="clause_readings")
    clause = models.CharField(max_length=40)
    answer = models.CharField(max_length=7, choices=Answer)
    place = models.CharField(max_length=80, blank=True, help_text=_("e.g. 4.2, page 3"))
    reader = models.CharField(max_length=120, help_text=_("The title of who read it, e.g. privacy officer."))
    read_on = models.DateField()
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=["yes", "no", "unclear"]), name="clause_answer_is_one_of_three"
            ),
            models.CheckConstraint(
                condition=~Q(answer="yes") | Q(place__regex=r"\S"), name="a_clause_that_is_there_has_a_place"
            ),
            models.CheckConstraint(condition=Q(reader__regex=r"\S"), name="a_clause_reading_has_a_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.clause}: {self.answer}"
