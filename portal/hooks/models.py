"""Whose program is called about what of the public register, and which calls and mails are due.

Work rows, not history: a hook that is stopped is forgotten whole. The public pages' role cannot read these
tables. They name nobody, and nothing in them points at a user, a guardian or a child. No secret is in them:
it is derived when it is needed (signing.py); `secret_proof` tells from which of the site's keys.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from districts.models import Publication
from portal.watching.about import THINGS, AboutOneThing, exactly_one, words_have_a_key


class Hook(AboutOneThing):
    """One address that is called about one thing, or about the whole register."""

    class State(models.TextChoices):
        ASKED = "asked", _("Not confirmed yet")
        CONFIRMED = "confirmed", _("Confirmed; your program has not answered yet")
        ACTIVE = "active", _("Running")
        PAUSED = "paused", _("Paused; your program could not be reached")
        GONE = "gone", _("Stopped by your program")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(max_length=254)
    url = models.CharField(max_length=500)
    host = models.CharField(max_length=253)
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    secret_number = models.PositiveIntegerField(default=0)
    secret_proof = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    stands_since = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "confirmed", "active", "paused", "gone"]),
                name="hook_state_is_known",
            ),
            models.CheckConstraint(
                condition=exactly_one() | Q(**{f"{thing}__isnull": True for thing in THINGS}),
                name="a_hook_is_about_one_thing_or_about_all",
            ),
            models.CheckConstraint(condition=words_have_a_key(), name="a_hooked_search_has_words_and_a_key"),
            models.CheckConstraint(
                condition=Q(email=Lower("email")) & ~Q(email=""), name="hook_email_is_lower_case_and_there"
            ),
            models.CheckConstraint(
                condition=Q(host=Lower("host")) & ~Q(host=""), name="hook_host_is_lower_case_and_there"
            ),
            models.CheckConstraint(
                condition=Q(url__regex="^https?://[!-~]+$"), name="hook_address_is_plain_http"
            ),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(secret_number__gt=0) & ~Q(secret_proof=""),
                name="a_confirmed_hook_has_a_secret",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "confirmed"]) | Q(started_at__isnull=False),
                name="a_hook_that_runs_or_ran_says_since_when",
            ),
        ]
        indexes = [models.Index(fields=["email"], name="hooks_of_an_address")]

    def __str__(self) -> str:
        return f"hook {self.pk}"


class HookCall(models.Model):
    """One thing to tell one hook, with how often and how it was tried. `public_id` is its webhook-id."""

    class Kind(models.TextChoices):
        CHALLENGE = "challenge", _("Question whether it wants this")
        TEST = "test", _("Test")
        NEWS = "news", _("News")

    class State(models.TextChoices):
        DUE = "due", _("Waiting")
        DONE = "done", _("Taken")
        FAILED = "failed", _("Given up")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="calls")
    publication = models.ForeignKey(Publication, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    state = models.CharField(max_length=6, choices=State, default=State.DUE)
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, blank=True, help_text="A status of HTTP, or what went wrong.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["challenge", "test", "news"]), name="hook_call_is_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["due", "done", "failed"]), name="hook_call_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="news", publication__isnull=False) | ~Q(kind="news") & Q(publication=None),
                name="a_call_with_news_names_its_publication_and_others_do_not",
            ),
            models.CheckConstraint(
                condition=Q(tried_at=None, result="", attempts=0) | Q(tried_at__isnull=False) & ~Q(result=""),
                name="a_tried_call_says_when_and_what_came",
            ),
            models.UniqueConstraint(
                fields=["hook", "publication"], name="a_hook_is_called_about_a_publication_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["hook", "next_attempt_at", "id"], condition=Q(state="due"), name="hook_calls_due"
            ),
        ]

    def __str__(self) -> str:
        return f"hook call {self.pk}"


class HookMail(models.Model):
    """One mail to whoever is responsible for a hook: did you ask for it, or: it does not run any more."""

    class Kind(models.TextChoices):
        QUESTION = "question"
        STOPPED = "stopped"

    class State(models.TextChoices):
        DUE = "due"
        SENT = "sent"
        FAILED = "failed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=6, choices=State, default=State.DUE)
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["question", "stopped"]), name="hook_mail_is_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["due", "sent", "failed"]), name="hook_mail_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], condition=Q(state="due"), name="hook_mails_due"),
        ]

    def __str__(self) -> str:
        return f"hook mail {self.pk}"
