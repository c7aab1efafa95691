"""What people asked a district in public, what it answered, and how much of it was not shown."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .agreements import Agreement


class OpenQuestion(models.Model):
    """A question or an open letter about an agreement. Append-only; a withdrawal empties name and text.

    Whoever asked it is not known here: their address stays where the public role cannot read.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        LETTER = "letter", _("Open letter")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="open_questions")
    kind = models.CharField(max_length=10, choices=Kind)
    shown_name = models.CharField(max_length=120)
    text = models.TextField()
    asked_on = models.DateField()
    due_on = models.DateField(help_text=_("By when the district says it answers."))
    is_blacked_out = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(default=False)
    published_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        ordering = ["-asked_on", "-id"]
        indexes = [models.Index(fields=["agreement", "-asked_on", "-id"], name="open_questions_newest_first")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["question", "letter"]), name="open_question_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(is_withdrawn=True) | Q(text__regex=r"\S", shown_name__regex=r"\S"),
                name="an_open_question_has_words_and_a_name",
            ),
            models.CheckConstraint(
                condition=Q(asked_on__lte=F("due_on")), name="an_open_question_is_due_after_it_was_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class OpenAnswer(models.Model):
    """What the district answered in public; it may answer again. Append-only."""

    question = models.ForeignKey(OpenQuestion, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField()
    answered_on = models.DateField()
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="an_open_answer_says_something"),
        ]

    def __str__(self) -> str:
        return f"answer to {self.question_id}"


class OpenRefusal(models.Model):
    """Something that was asked and is not shown: only the published reason and the day. Append-only."""

    class Reason(models.TextChoices):
        PRIVATE = "private", _("It tells private things about a child or a family")
        INSULT = "insult", _("It insults somebody")
        OFF_TOPIC = "off_topic", _("It is not about this agreement")
        ADVERTISING = "advertising", _("It is advertising")
        REPEATED = "repeated", _("The same was asked already")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="open_refusals")
    reason = models.CharField(max_length=12, choices=Reason)
    refused_on = models.DateField()
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=["private", "insult", "off_topic", "advertising", "repeated"]),
                name="open_refusal_reason_is_a_published_one",
            ),
        ]

    def __str__(self) -> str:
        return f"not shown: {self.reason}"


class OpenQuestionWithdrawal(models.Model):
    """The tombstone of words that had to come down; PostgreSQL hashes and empties them. Append-only."""

    question = models.OneToOneField(OpenQuestion, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64, editable=False)
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"), name="a_withdrawn_question_has_a_public_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"withdrawn {self.question_id}"
