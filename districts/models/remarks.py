"""What a company, or a reader, says against a district's text, and what the district answers."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .agreements import Agreement


class Remark(models.Model):
    """Words about the page of an agreement, shown beside it. Append-only; staff enter them, no public form.

    A company's reply and a reader's "this is wrong" begin; the district answers. Nobody's name is kept. Words
    that must come down are answered with `takes_down`: from then on only the district's reason is shown.
    """

    class Party(models.TextChoices):
        COMPANY = "company", _("The company")
        READER = "reader", _("A reader of this page")
        DISTRICT = "district", _("The district")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="remarks")
    party = models.CharField(max_length=8, choices=Party)
    answers_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )
    takes_down = models.BooleanField(default=False)
    text = models.TextField(max_length=2000)
    said_on = models.DateField()
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        ordering = ["said_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(party__in=["company", "reader", "district"]), name="remark_party_is_known"
            ),
            models.CheckConstraint(
                condition=Q(party="district", answers_to__isnull=False)
                | (~Q(party="district") & Q(answers_to__isnull=True)),
                name="the_district_answers_and_others_begin",
                violation_error_message=_("The district answers somebody; others answer nobody."),
            ),
            models.CheckConstraint(
                condition=Q(takes_down=False) | Q(party="district"),
                name="only_the_district_takes_words_down",
                violation_error_message=_("Only the district takes words down."),
            ),
            models.CheckConstraint(condition=~Q(text=""), name="a_remark_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.said_on}"
