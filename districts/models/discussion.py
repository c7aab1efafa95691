"""When anybody may comment on an agreement, and its public hearings. All of it is append-only."""

import datetime as dt
import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .agreements import Agreement


class CommentWindowQuerySet(models.QuerySet["CommentWindow"]):
    """Comment windows in the words of the domain."""

    def with_last_day(self) -> "CommentWindowQuerySet":
        """Annotate `last_day`: what the newest change says, else what was said at first."""
        newest = CommentWindowChange.objects.filter(window=models.OuterRef("pk")).order_by("-pk")
        return self.annotate(
            last_day=Coalesce(models.Subquery(newest.values("closes_on")[:1]), F("closes_on"))
        )

    def open_on(self, day: dt.date) -> "CommentWindowQuerySet":
        """Return those in which comments are taken on a day."""
        rows: Any = self.with_last_day()
        return rows.filter(opens_on__lte=day, last_day__gte=day)


class CommentWindow(models.Model):
    """The days on which anybody may comment on a public agreement; `closes_on` is the last of them.

    A district that closes it on another day adds a CommentWindowChange. Append-only.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="comment_windows")
    opens_on = models.DateField()
    closes_on = models.DateField(help_text=_("The last day."))
    how_to_take_part = models.TextField()
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    objects = CommentWindowQuerySet.as_manager()

    class Meta:
        ordering = ["opens_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("closes_on")), name="a_comment_window_opens_before_it_closes"
            ),
            models.CheckConstraint(
                condition=Q(how_to_take_part__regex=r"\S"), name="a_comment_window_says_how_to_take_part"
            ),
        ]

    def __str__(self) -> str:
        return f"comments {self.opens_on} to {self.closes_on}"


class CommentWindowChange(models.Model):
    """Another last day of a comment window, with the public reason; the newest one counts. Append-only."""

    window = models.ForeignKey(CommentWindow, on_delete=models.PROTECT, related_name="changes")
    closes_on = models.DateField(help_text=_("The last day."))
    reason = models.CharField(max_length=500)
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"), name="a_changed_comment_window_has_a_public_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"comments until {self.closes_on}"


class Hearing(models.Model):
    """A public meeting about an agreement. One that is moved is cancelled, and another is announced."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="hearings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=300, blank=True)
    online_url = models.URLField(max_length=500, blank=True)
    note = models.TextField(blank=True, help_text=_("How to speak there, which languages are spoken."))
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at__lt=F("ends_at")),
                name="a_hearing_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(place__regex=r"\S") | Q(online_url__regex=r"\S"),
                name="a_hearing_has_a_place_or_a_link",
            ),
        ]

    def __str__(self) -> str:
        return f"hearing {self.public_id}"


class HearingCancellation(models.Model):
    """A hearing does not take place, with the public reason. Append-only: a hearing is never deleted."""

    hearing = models.OneToOneField(Hearing, on_delete=models.PROTECT, related_name="cancellation")
    reason = models.CharField(max_length=500)
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"), name="a_cancelled_hearing_has_a_public_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"no hearing {self.hearing_id}"
