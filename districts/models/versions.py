"""Agreement versions: numbered states of an agreement, frozen for good when published."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..law import Basis, Control, control_of
from .agencies import School
from .agreements import Agreement, AgreementEvent, term_contains
from .catalogue import DataElement, Purpose


class VersionQuerySet(models.QuerySet["AgreementVersion"]):
    """Versions in the words of the domain."""

    def published(self) -> "VersionQuerySet":
        return self.filter(published_at__isnull=False)

    def drafts(self) -> "VersionQuerySet":
        return self.filter(published_at=None)

    def in_force_on(self, day: dt.date) -> "VersionQuerySet":
        """Return, per running agreement, the highest published version effective by the day."""
        return self._newest_on(day).filter(agreement__state=Agreement.State.SIGNED)

    def stood_on(self, day: dt.date) -> "VersionQuerySet":
        """Return what was in force on a day gone by: also of agreements that have ended since.

        One that ended without ever being signed was never in force.
        """
        signed = AgreementEvent.objects.filter(
            agreement=models.OuterRef("agreement"), kind=AgreementEvent.Kind.EXECUTED
        )
        ended_since = Q(agreement__state=Agreement.State.ENDED, agreement__ends_on__isnull=False)
        return self._newest_on(day).filter(
            Q(agreement__state=Agreement.State.SIGNED) | ended_since & models.Exists(signed)
        )

    def _newest_on(self, day: dt.date) -> "VersionQuerySet":
        newest = (
            AgreementVersion.objects.published()
            .filter(agreement=models.OuterRef("agreement"), effective_from__lte=day)
            .order_by("-number")
            .values("pk")[:1]
        )
        return self.filter(term_contains(day, "agreement__"), pk=models.Subquery(newest))


class AgreementVersion(models.Model):
    """What an agreement says from a day on. A draft until `published_at` is set, then unchangeable."""

    class Subcontractors(models.TextChoices):
        LISTED = "listed", _("Listed below")
        NONE_STATED = "none_stated", _("The company states none")
        NOT_FILLED_IN = "not_filled_in", _("The district has not filled this in")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(null=True, editable=False)
    is_baseline = models.BooleanField(default=False, editable=False)
    effective_from = models.DateField(null=True, blank=True)
    sharing_starts_on = models.DateField(null=True, blank=True)
    standing_note = models.CharField(
        max_length=200, blank=True, help_text=_("A label that stands over the page.")
    )
    summary = models.TextField(blank=True, help_text=_("What the product is used for, in plain words."))
    why_this_company = models.TextField(blank=True)
    who_decided = models.CharField(max_length=200, blank=True)
    signer_title = models.CharField(max_length=120, blank=True)
    cost = models.CharField(max_length=120, blank=True, help_text=_("e.g. $18,400 a year. Empty is a gap."))
    subcontractors_answer = models.CharField(
        max_length=14, choices=Subcontractors, default=Subcontractors.NOT_FILLED_IN
    )
    scope_grades = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    scope_programs = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    scope_schools = models.ManyToManyField(School, through="ScopeSchool", related_name="scoping_versions")
    short_notice_reason = models.TextField(
        blank=True, help_text=_("Public. Needed when sharing starts before the notice window has passed.")
    )
    checked_on = models.DateField(null=True, blank=True)
    is_correction = models.BooleanField(
        default=False,
        db_default=False,
        verbose_name=_("this corrects what the version before said wrongly"),
        help_text=_("The agreement itself is the same. Families are told only of what it changes."),
    )
    correction_note = models.TextField(
        blank=True, default="", db_default="", help_text=_("Public. What was wrong, and what is right.")
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"], name="version_numbers_are_unique_in_an_agreement"
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(published_at=None),
                name="agreement_has_at_most_one_draft",
                violation_error_message=_("Publish or discard the open draft first."),
            ),
            models.CheckConstraint(
                condition=Q(subcontractors_answer__in=["listed", "none_stated", "not_filled_in"]),
                name="subcontractors_answer_is_known",
            ),
            models.CheckConstraint(
                condition=Q(is_correction=False) | Q(number__gt=1),
                name="a_first_version_corrects_nothing",
                violation_error_message=_("The first version cannot correct another."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} v{self.number}"


class ScopeSchool(models.Model):
    """A school a version is limited to; no row means every school."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE)
    school = models.ForeignKey(School, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "school"], name="a_school_is_in_a_scope_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.school_id}"


SOURCES = ["school_record", "student", "family", "use", "other_company", "not_filled_in"]
RETENTION_RULES = [
    "not_filled_in",
    "not_stated",
    "date",
    "after_agreement",
    "after_leaving",
    "after_collection",
    "school_year",
]


class SharedElement(models.Model):
    """One line of a version: an element that may be shared, why, on what ground, with whom, until when."""

    class Source(models.TextChoices):
        SCHOOL_RECORD = "school_record", _("From school records")
        STUDENT = "student", _("The student enters it")
        FAMILY = "family", _("The family enters it")
        USE = "use", _("Made by using the product")
        OTHER_COMPANY = "other_company", _("From another company")
        NOT_FILLED_IN = "not_filled_in", _("The district has not filled this in")

    class Kept(models.TextChoices):
        NOT_FILLED_IN = "not_filled_in", _("The district has not filled this in")
        NOT_STATED = "not_stated", _("The agreement does not say")
        DATE = "date", _("Until a date")
        AFTER_AGREEMENT = "after_agreement", _("Days after the agreement ends")
        AFTER_LEAVING = "after_leaving", _("Days after the student leaves")
        AFTER_COLLECTION = "after_collection", _("Days after it was collected")
        SCHOOL_YEAR = "school_year", _("Until the end of the school year")

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="shared_elements")
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="shared_in")
    purpose = models.ForeignKey(Purpose, null=True, blank=True, on_delete=models.PROTECT)
    basis = models.CharField(max_length=20, choices=Basis)
    source = models.CharField(max_length=14, choices=Source, default=Source.NOT_FILLED_IN)
    recipients = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        help_text=_("Who besides the company sees it; names of subcontractors as listed."),
    )
    kept = models.CharField(max_length=18, choices=Kept, default=Kept.NOT_FILLED_IN)
    kept_days = models.PositiveIntegerField(null=True, blank=True)
    kept_until = models.DateField(null=True, blank=True)
    detail = models.CharField(max_length=200, blank=True, help_text=_("Free words of the agreement."))
    reported_as = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    prohibited_reason = models.TextField(
        blank=True, help_text=_("Public. Needed when a law forbids this element.")
    )

    class Meta:
        ordering = ["element__category__position", "element__code", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="shared_element_basis_is_known"),
            models.CheckConstraint(condition=Q(source__in=SOURCES), name="shared_element_source_is_known"),
            models.CheckConstraint(
                condition=Q(kept__in=RETENTION_RULES), name="shared_element_kept_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(kept="date") | Q(kept_until__isnull=False), name="kept_until_a_date_has_a_date"
            ),
            models.CheckConstraint(
                condition=~Q(kept__in=["after_agreement", "after_leaving", "after_collection"])
                | Q(kept_days__isnull=False),
                name="kept_for_days_has_days",
            ),
            models.UniqueConstraint(
                fields=["version", "element", "purpose", "basis", "detail"],
                nulls_distinct=False,
                name="a_line_stands_once_in_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element_id} in {self.version_id}"

    @property
    def control(self) -> Control:
        """Return what a family may do about this line."""
        return control_of(self.basis)


class Subcontractor(models.Model):
    """Another company the vendor passes data to. Its elements are the lines that name it as recipient."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="subcontractors")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=200, blank=True)
    location = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "name"], name="a_subcontractor_stands_once_in_a_version"
            ),
        ]

    def __str__(self) -> str:
        return self.name
