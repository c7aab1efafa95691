"""Agencies (states, districts, cooperatives), their schools, closures and staff."""

import datetime as dt
import zoneinfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

DEFAULT_DECIDERS = ["mother", "father", "parent", "guardian", "foster_parent"]


class Origin(models.TextChoices):
    """Where a row came from: a full roster ends only what came from a roster."""

    ROSTER = "roster", _("The roster")
    STAFF = "staff", _("Entered by staff")


def default_deciders() -> list[str]:
    """Return the relations that decide for a child unless the district says otherwise."""
    return list(DEFAULT_DECIDERS)


def default_languages() -> list[str]:
    """Return the two languages every message is written in."""
    return ["en", "es"]


class AgencyQuerySet(models.QuerySet["Agency"]):
    """Agencies in the words of the domain."""

    def districts(self) -> "AgencyQuerySet":
        return self.filter(kind=Agency.Kind.DISTRICT)

    def by_code(self, code: str) -> "AgencyQuerySet":
        """Return the agencies known by this slug, NCES id or state id."""
        return self.filter(Q(slug=code) | Q(nces_id=code) | Q(state_agency_id=code))


class Agency(models.Model):
    """Whoever runs schools or holds agreements: a state, a district (LEA) or a cooperative."""

    class Kind(models.TextChoices):
        STATE = "state", _("State agency")
        DISTRICT = "district", _("School district")
        COOPERATIVE = "cooperative", _("Cooperative")

    class DecisionRule(models.TextChoices):
        MOST_PROTECTIVE = "most_protective", _("Any No wins; a silent guardian does not block a Yes")
        ALL_MUST_AGREE = "all_must_agree", _("Yes counts only when every guardian said Yes")

    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=200, help_text=_("As families know it, e.g. “Cedar Valley Schools”."))
    slug = models.SlugField(max_length=80, unique=True)
    state_code = models.CharField(max_length=2, help_text=_("Two capital letters, e.g. IL."))
    nces_id = models.CharField(max_length=7, null=True, blank=True, unique=True)
    state_agency_id = models.CharField(max_length=40, blank=True)
    state = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    city = models.CharField(max_length=80, blank=True)
    zip_code = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=40, default="America/Chicago")
    fiscal_year_start_month = models.PositiveSmallIntegerField(default=7)
    fiscal_year_start_day = models.PositiveSmallIntegerField(default=1)
    languages = ArrayField(models.CharField(max_length=8), default=default_languages)
    law_profile = models.SlugField(max_length=20, help_text=_("Which state's rules apply, e.g. us-il."))
    notice_window_days = models.PositiveSmallIntegerField(
        default=14, help_text=_("Days between telling families and the first sharing.")
    )
    public_answer_days = models.PositiveSmallIntegerField(
        default=30,
        db_default=30,
        help_text=_("Days in which the agency says it answers what it is asked in public. Public."),
    )
    decision_rule = models.CharField(
        max_length=20, choices=DecisionRule, default=DecisionRule.MOST_PROTECTIVE
    )
    decider_relations = ArrayField(models.CharField(max_length=20), default=default_deciders)
    roster_id_format = models.CharField(
        max_length=80,
        blank=True,
        help_text=_("A pattern for student numbers, e.g. \\d{9}. Declares that they are no SSNs."),
    )
    send_from_hour = models.PositiveSmallIntegerField(default=8)
    send_until_hour = models.PositiveSmallIntegerField(default=20)
    digest_hour = models.PositiveSmallIntegerField(default=16)
    hold_review_days = models.PositiveSmallIntegerField(default=10)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_title = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    postal_address = models.TextField(blank=True)
    complaint_route = models.TextField(blank=True)
    rights_text = models.TextField(blank=True)
    interpreters_are_free = models.BooleanField(default=False)
    has_families_here = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text=_(
            "A roster was loaded: its families are told through this site. Kept by the private room."
        ),
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["state", "district", "cooperative"]), name="agency_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state_code__regex=r"^[A-Z]{2}$"), name="agency_state_code_is_two_capitals"
            ),
            models.CheckConstraint(
                condition=Q(nces_id=None) | Q(nces_id__regex=r"^\d{7}$"), name="agency_nces_id_is_7_digits"
            ),
            models.CheckConstraint(
                condition=~Q(kind="district") | Q(state__isnull=False), name="district_belongs_to_a_state"
            ),
            models.CheckConstraint(
                condition=~Q(kind="state") | Q(state__isnull=True), name="state_belongs_to_no_state"
            ),
            models.CheckConstraint(
                condition=Q(decision_rule__in=["most_protective", "all_must_agree"]),
                name="agency_decision_rule_is_known",
            ),
            models.CheckConstraint(
                condition=Q(send_from_hour__lt=F("send_until_hour"), send_until_hour__lte=24),
                name="agency_send_window_is_a_window",
            ),
            models.CheckConstraint(
                condition=Q(public_answer_days__gte=1, public_answer_days__lte=365),
                name="agency_answers_in_public_within_a_year",
            ),
            models.UniqueConstraint(
                fields=["state_code", "state_agency_id"],
                condition=~Q(state_agency_id=""),
                name="state_agency_ids_are_unique_in_a_state",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def today(self, now: dt.datetime) -> dt.date:
        """Return the calendar day at this agency at the instant `now` (aware)."""
        return now.astimezone(zoneinfo.ZoneInfo(self.time_zone)).date()


class AgencyClosure(models.Model):
    """A day that is no business day for an agency (holiday calendar)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="closures")
    day = models.DateField()
    label = models.CharField(max_length=80)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "day"], name="one_closure_per_agency_and_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.label}"


class School(models.Model):
    """A school of a district."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="schools")
    name = models.CharField(max_length=200)
    roster_id = models.CharField(max_length=80, help_text=_("The id in the district's roster export."))
    nces_id = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=80, blank=True)
    zip_code = models.CharField(max_length=10, blank=True)
    origin = models.CharField(max_length=6, choices=Origin, db_default=Origin.ROSTER, editable=False)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(origin__in=["roster", "staff"]), name="school_origin_is_known"
            ),
            models.UniqueConstraint(
                fields=["agency", "roster_id"], name="school_ids_are_unique_in_an_agency"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AgencyStaff(models.Model):
    """The tie of a staff account to the agency whose objects it may see."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agency_seat"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="staff_seats")
    title = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name_plural = _("agency staff")

    def __str__(self) -> str:
        return f"{self.agency}: {self.title or self.pk}"
