"""What the company promises in a version: one commitment per row, with its clause and its reader."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .versions import AgreementVersion

PROMISE_CODES = [
    "no_sale",
    "no_advertising",
    "no_profiling",
    "no_ai_training",
    "not_to_colleges",
    "not_to_employers",
    "not_to_insurers",
    "tells_before_police",
    "tells_before_immigration",
    "encryption",
    "breach_notice",
    "deletion",
    "liability",
]


class Promise(models.Model):
    """A commitment of the company, with the clause that makes it and who read it."""

    class Code(models.TextChoices):
        NO_SALE = "no_sale", _("Does not sell the data")
        NO_ADVERTISING = "no_advertising", _("No ads from the data")
        NO_PROFILING = "no_profiling", _("Builds no profile")
        NO_AI_TRAINING = "no_ai_training", _("Does not train AI with the data")
        NOT_TO_COLLEGES = "not_to_colleges", _("Not passed to colleges")
        NOT_TO_EMPLOYERS = "not_to_employers", _("Not passed to employers")
        NOT_TO_INSURERS = "not_to_insurers", _("Not passed to insurers")
        TELLS_BEFORE_POLICE = "tells_before_police", _("Tells the district before police get data")
        TELLS_BEFORE_IMMIGRATION = (
            "tells_before_immigration",
            _("Tells the district before immigration officers get data"),
        )
        ENCRYPTION = "encryption", _("Locks the data (encryption)")
        BREACH_NOTICE = "breach_notice", _("Tells the district of a breach")
        DELETION = "deletion", _("Deletes the data at the end")
        LIABILITY = "liability", _("Pays for harm it causes")

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        UNCLEAR = "unclear", _("Unclear")
        NOT_STATED = "not_stated", _("The agreement does not say")
        NOT_ENTERED = "not_entered", _("Not entered yet")

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="promises")
    code = models.CharField(max_length=26, choices=Code)
    answer = models.CharField(max_length=12, choices=Answer, default=Answer.NOT_ENTERED)
    days = models.PositiveIntegerField(null=True, blank=True)
    clause = models.CharField(max_length=60, blank=True)
    reader = models.CharField(max_length=120, blank=True, help_text=_("Who read the agreement for this."))
    read_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=["yes", "no", "unclear", "not_stated", "not_entered"]),
                name="promise_answer_is_one_of_five",
            ),
            models.CheckConstraint(condition=Q(code__in=PROMISE_CODES), name="promise_code_is_known"),
            models.CheckConstraint(
                condition=~Q(answer="not_stated") | (~Q(reader="") & Q(read_on__isnull=False)),
                name="not_stated_needs_a_reader_and_a_day",
            ),
            models.UniqueConstraint(fields=["version", "code"], name="a_promise_stands_once_in_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.answer}"
