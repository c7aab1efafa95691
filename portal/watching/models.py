"""Who asked to be mailed about what of the public register, and which messages are due.

Work rows, not history: whoever stops is forgotten whole. The public pages' role cannot read these tables, and
nothing here points at a user, a guardian or a child.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from districts.models import Publication

from .about import THINGS, AboutOneThing, exactly_one, words_have_a_key


class Watcher(models.Model):
    """An address that asked. `key` is in the links of its messages, which let anybody stop them."""

    email = models.EmailField(max_length=254)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    language = models.CharField(max_length=10)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="one_watcher_per_address"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="watcher_address_is_lower_case"),
            models.CheckConstraint(condition=~Q(email=""), name="watcher_has_an_address"),
        ]

    def __str__(self) -> str:
        return f"watcher {self.pk}"


class Watch(AboutOneThing):
    """One thing an address asked about: nothing is sent but the question until it is confirmed."""

    watcher = models.ForeignKey(Watcher, on_delete=models.CASCADE, related_name="watches")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "watches"
        constraints = [
            models.CheckConstraint(condition=exactly_one(), name="a_watch_is_about_exactly_one_thing"),
            *[
                models.UniqueConstraint(
                    fields=["watcher", thing], name=f"an_address_watches_one_{thing}_once"
                )
                for thing in THINGS
                if thing != "words"
            ],
            models.UniqueConstraint(
                fields=["watcher", "words_key"], name="an_address_watches_one_search_once"
            ),
            models.CheckConstraint(condition=words_have_a_key(), name="a_watched_search_has_words_and_a_key"),
        ]

    def __str__(self) -> str:
        return f"watch {self.pk}"


class WatchMail(models.Model):
    """One message to one watcher: the question whether they asked, or the news of a day."""

    class Kind(models.TextChoices):
        QUESTION = "question"
        NEWS = "news"

    class State(models.TextChoices):
        DUE = "due"
        SENT = "sent"
        FAILED = "failed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    watcher = models.ForeignKey(Watcher, on_delete=models.CASCADE, related_name="mails")
    watch = models.ForeignKey(Watch, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=6, choices=State, default=State.DUE)
    day = models.DateField(help_text="The day (UTC) it counts for.")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["question", "news"]), name="watch_mail_is_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["due", "sent", "failed"]), name="watch_mail_state_is_known"
            ),
            models.CheckConstraint(
                condition=(~Q(kind="question") | Q(watch__isnull=False)) & (~Q(kind="news") | Q(watch=None)),
                name="a_question_names_its_watch_and_news_do_not",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at=None),
                name="a_sent_watch_mail_says_when",
            ),
            models.UniqueConstraint(
                fields=["watcher", "day"], condition=Q(kind="news"), name="news_come_once_a_day_at_most"
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "next_attempt_at", "id"], condition=Q(state="due"), name="watch_mails_due"
            ),
        ]

    def __str__(self) -> str:
        return f"watch mail {self.pk}"


class WatchNews(models.Model):
    """One publication told to one watch, and in which message. Kept so that nothing is told twice."""

    mail = models.ForeignKey(WatchMail, on_delete=models.CASCADE, related_name="news")
    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="news")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "watch news"
        constraints = [
            models.UniqueConstraint(
                fields=["watch", "publication"], name="a_watch_is_told_of_a_publication_once"
            ),
        ]

    def __str__(self) -> str:
        return f"watch news {self.pk}"
