"""Who asked in public and waits for word: addresses, where the public role cannot read, and not for long."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.models import Agreement, OpenAnswer, OpenQuestion, OpenRefusal


class AskedInPublic(models.Model):
    """A question on its way: sent in, confirmed by its address, then published or refused by staff.

    A work row. Once staff have decided, its words are gone from here; thirty days after the answer or the
    refusal the whole row is. It is never joined to a guardian or a user.
    """

    class State(models.TextChoices):
        SENT = "sent", _("Waits for its address to be confirmed")
        WAITING = "waiting", _("Waits for staff")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Not shown")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=OpenQuestion.Kind)
    shown_name = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)
    question = models.OneToOneField(OpenQuestion, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["asked_at", "id"]
        indexes = [models.Index(fields=["email", "asked_at"], name="asked_by_address_and_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["question", "letter"]), name="asked_in_public_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "waiting", "published", "refused"]),
                name="asked_in_public_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", confirmed_at=None)
                | (~Q(state="sent") & Q(confirmed_at__isnull=False)),
                name="only_a_confirmed_address_asks_in_public",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "waiting"]) | Q(text="", shown_name=""),
                name="moderated_words_are_gone_from_here",
            ),
            models.CheckConstraint(
                condition=Q(state="published", question__isnull=False)
                | (~Q(state="published") & Q(question=None)),
                name="what_is_published_names_its_question",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="asker_address_is_lower_case"),
        ]

    def __str__(self) -> str:
        return f"asked {self.public_id}"


class AskerMail(models.Model):
    """One mail that is owed to somebody who asked: a work row with its tries, gone with what was asked."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("Confirm your address")
        PUBLISHED = "published", _("It is public")
        REFUSED = "refused", _("It is not shown")
        ANSWERED = "answered", _("It is answered")

    class State(models.TextChoices):
        DUE = "due", _("Due")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    asked = models.ForeignKey(AskedInPublic, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=10, choices=Kind)
    answer = models.ForeignKey(OpenAnswer, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=OpenRefusal.Reason, blank=True)
    state = models.CharField(max_length=6, choices=State, default=State.DUE)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="due"), name="asker_mails_due")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["confirm", "published", "refused", "answered"]),
                name="asker_mail_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["due", "sent", "failed"]), name="asker_mail_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="refused", reason__in=OpenRefusal.Reason.values)
                | (~Q(kind="refused") & Q(reason="")),
                name="only_a_refusal_is_mailed_with_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind="answered", answer__isnull=False) | (~Q(kind="answered") & Q(answer=None)),
                name="only_an_answer_is_mailed_as_one",
            ),
            models.UniqueConstraint(
                fields=["asked", "kind"], condition=Q(answer=None), name="an_asker_is_told_each_thing_once"
            ),
            models.UniqueConstraint(fields=["asked", "answer"], name="an_asker_is_told_of_an_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} mail {self.pk}"
