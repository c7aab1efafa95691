"""Agreements between an agency and a vendor, what happened to them, and who takes part."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .agencies import Agency
from .vendors import Product, Vendor


def term_contains(day: dt.date, prefix: str = "") -> Q:
    """Return the condition that an agreement's term contains a day; an empty end is open."""
    begins, ends = f"{prefix}begins_on", f"{prefix}ends_on"
    return (Q(**{begins: None}) | Q(**{f"{begins}__lte": day})) & (
        Q(**{ends: None}) | Q(**{f"{ends}__gte": day})
    )


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Agreements in the words of the domain."""

    def running_on(self, day: dt.date) -> "AgreementQuerySet":
        """Return the signed agreements whose term contains the day."""
        return self.filter(term_contains(day), state=Agreement.State.SIGNED)

    def concerning(self, agency: Agency) -> "AgreementQuerySet":
        """Return the agreements an agency holds or takes (or took) part in.

        A union, not an OR: PostgreSQL reads the agency's own rows by index, not everybody's.
        """
        held = Agreement.objects.filter(agency=agency).order_by().values("pk")
        joined = Participation.objects.filter(agency=agency).order_by().values("agreement")
        return self.filter(pk__in=held.union(joined))

    def turned_down(self) -> "AgreementQuerySet":
        """Return those somebody asked for and the agency did not approve: over, and never signed."""
        events = AgreementEvent.objects.filter(agreement=models.OuterRef("pk"))
        return self.filter(
            models.Exists(events.filter(kind=AgreementEvent.Kind.DECLINED)),
            ~models.Exists(events.filter(kind=AgreementEvent.Kind.EXECUTED)),
            state=Agreement.State.ENDED,
        )


class Agreement(models.Model):
    """The contract of an agency with a vendor about products."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        SIGNED = "signed", _("Signed")
        ENDED = "ended", _("Ended")

    class Kind(models.TextChoices):
        CONTRACT = "contract", _("Contract")
        GENERAL_OFFER = "general_offer", _("General offer other districts may join")
        CLICK_THROUGH = "click_through", _("Terms accepted online, no contract")
        RECONSTRUCTION = "reconstruction", _("Reconstruction from public sources")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="agreements")
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="agreements")
    products = models.ManyToManyField(Product, blank=True, related_name="agreements")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.CONTRACT)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True, help_text=_("The last day of the term."))
    term_note = models.CharField(
        max_length=200, blank=True, help_text=_("Dates as written, when not certain.")
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "signed", "ended"]), name="agreement_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["contract", "general_offer", "click_through", "reconstruction"]),
                name="agreement_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(begins_on=None) | Q(ends_on=None) | Q(begins_on__lte=F("ends_on")),
                name="agreement_begins_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgreementEvent(models.Model):
    """Something that happened to an agreement. Append-only; an unknown day stays empty."""

    class Kind(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        EXECUTED = "executed", _("Signed")
        EXTENDED = "extended", _("Extended")
        ENDED = "ended", _("Ended")
        TERMINATED = "terminated", _("Terminated early")
        DECLINED = "declined", _("Asked, not approved")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    happened_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    source_url = models.URLField(blank=True)
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        ordering = [F("happened_on").asc(nulls_first=True), "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["proposed", "executed", "extended", "ended", "terminated", "declined"]),
                name="agreement_event_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_on or '?'}"


class ParticipationQuerySet(models.QuerySet["Participation"]):
    """Participations in the words of the domain."""

    def open_on(self, day: dt.date) -> "ParticipationQuerySet":
        """Return those that hold on a day; `until_on` is the first day outside."""
        return self.filter(Q(from_on__lte=day) & (Q(until_on=None) | Q(until_on__gt=day)))


class Participation(models.Model):
    """A district's part in an agreement. `until_on` is the first day it no longer takes part."""

    class Kind(models.TextChoices):
        OWN = "own", _("Its own agreement")
        JOINED = "joined", _("Joined")
        REQUIRED = "required", _("Required by the state")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="participations")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="participations")
    kind = models.CharField(max_length=10, choices=Kind)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["agency__name", "from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["own", "joined", "required"]), name="participation_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(from_on__lte=F("until_on")),
                name="participation_starts_before_it_ends",
            ),
            models.UniqueConstraint(
                fields=["agreement", "agency"],
                condition=Q(until_on=None),
                name="one_open_participation_per_agreement_and_agency",
                violation_error_message=_("This district already takes part."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} in {self.agreement}"
