"""The duty to reach each person, every attempt at it, and what was heard of it later."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from districts.models import Agency

from .decisions import Decision
from .families import Guardian
from .notices import Notice


class Bundle(models.Model):
    """One physical message that carries several deliveries."""

    message_id = models.CharField(max_length=120, unique=True)
    made_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))

    def __str__(self) -> str:
        return f"bundle {self.pk}"


class LetterRun(models.Model):
    """One printing of letters; staff say when they were handed over or posted."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    file = models.CharField(max_length=200, blank=True, help_text="path in the private storage")
    letters = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))
    printed_at = models.DateTimeField(null=True, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"letter run {self.pk}"


class Delivery(models.Model):
    """The duty to reach one person with one notice or one receipt: a work row.

    States move along the transitions a trigger allows (migration 0002). `about` lists the ids of the
    students concerned; students are never deleted, so the array can not dangle. Times are the `now` of
    the worker that set them; Attempt rows carry PostgreSQL's clock.
    """

    class State(models.TextChoices):
        DUE = "due", _("Due")
        LEASED = "leased", _("Being sent")
        SENT = "sent", _("Accepted by the mail server")
        PRINTED = "printed", _("Letter printed")
        POSTED = "posted", _("Letter handed over or posted")
        FAILED = "failed", _("Failed")
        FAILURE_SEEN = "failure_seen", _("Failed and seen by staff")
        WITHHELD = "withheld", _("Withheld")

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        LETTER = "letter", _("Letter")

    class Withheld(models.TextChoices):
        HOLD = "hold", _("A hold bars this person")
        NO_RIGHTS = "no_rights", _("No longer has rights")
        TURNED_18 = "turned_18", _("The student turned 18")
        LEFT = "left", _("The student left")

    public_id = models.UUIDField(unique=True, editable=False, db_default=Func(function="gen_random_uuid"))
    notice = models.ForeignKey(
        Notice, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    decision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="deliveries")
    about = ArrayField(models.BigIntegerField(), help_text="student ids")
    state = models.CharField(max_length=12, choices=State, db_default="due", default="due")
    channel = models.CharField(max_length=6, choices=Channel)
    withheld_because = models.CharField(
        max_length=10, choices=Withheld, blank=True, db_default="", default=""
    )
    next_attempt_at = models.DateTimeField()
    due_since = models.DateTimeField(
        editable=False, db_default=Func(function="clock_timestamp"), help_text=_("No retry moves it.")
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts_made = models.PositiveSmallIntegerField(db_default=0, default=0)
    bundle = models.ForeignKey(
        Bundle, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    letter_run = models.ForeignKey(
        LetterRun, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = _("deliveries")
        constraints = [
            models.CheckConstraint(
                condition=Q(notice=None, decision__isnull=False) | Q(notice__isnull=False, decision=None),
                name="delivery_is_notice_or_receipt",
            ),
            models.UniqueConstraint(
                fields=["notice", "guardian"], name="one_delivery_per_notice_and_guardian"
            ),
            models.UniqueConstraint(
                fields=["decision", "guardian"], name="one_receipt_per_decision_and_guardian"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "due",
                        "leased",
                        "sent",
                        "printed",
                        "posted",
                        "failed",
                        "failure_seen",
                        "withheld",
                    ]
                ),
                name="delivery_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["email", "letter"]), name="delivery_channel_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="withheld") ^ Q(withheld_because=""), name="a_withheld_delivery_says_why"
            ),
            models.CheckConstraint(
                condition=Q(withheld_because__in=["", "hold", "no_rights", "turned_18", "left"]),
                name="the_reason_to_withhold_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="leased") | Q(lease_until__isnull=False), name="a_lease_has_an_end"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["printed", "posted"]) | Q(channel="letter"),
                name="only_letters_are_printed",
            ),
        ]
        indexes = [
            models.Index(fields=["notice", "id"], condition=Q(state="due"), name="delivery_due_by_notice"),
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state__in=["due", "leased"]),
                name="delivery_next_attempt",
            ),
            models.Index(
                fields=["letter_run"], condition=Q(letter_run__isnull=False), name="delivery_letter_run"
            ),
            models.Index(
                fields=["guardian"],
                condition=Q(state__in=["failed", "printed"]),
                name="delivery_that_staff_see_to",
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class Attempt(models.Model):
    """One try at a delivery over one channel. Append-only; `made_at` is PostgreSQL's clock."""

    class Result(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted by the mail server")
        REFUSED = "refused", _("Refused for good")
        DEFERRED = "deferred", _("Put off; tried again")
        PRINTED = "printed", _("Letter printed")
        POSTED = "posted", _("Letter handed over or posted")

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    n = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=6, choices=Delivery.Channel)
    message_id = models.CharField(max_length=120, blank=True)
    result = models.CharField(max_length=10, choices=Result)
    code = models.CharField(max_length=12, blank=True, help_text=_("The server's answer code, e.g. 550."))
    made_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))

    class Meta:
        ordering = ["delivery", "n"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "n"], name="attempts_of_a_delivery_are_numbered"),
            models.CheckConstraint(
                condition=Q(result__in=["accepted", "refused", "deferred", "printed", "posted"]),
                name="attempt_result_is_known",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["email", "letter"]), name="attempt_channel_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="attempt_by_message_id"),
            BrinIndex(fields=["made_at"], name="attempt_by_time"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.delivery_id}.{self.n}"


class ProviderReport(models.Model):
    """What a mail provider said later of a message. Append-only; may come before its attempt is marked."""

    class Kind(models.TextChoices):
        BOUNCED = "bounced", _("Bounced for good")
        DEFERRED = "deferred", _("Put off")
        COMPLAINED = "complained", _("Marked as spam")

    message_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=12, blank=True)
    received_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message_id", "kind"], name="a_report_of_a_message_is_kept_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["bounced", "deferred", "complained"]), name="report_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"
