"""What makes news: publications, the changes they group, and incidents."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .agencies import Agency
from .agreements import Agreement, Participation
from .breach_rules import LEFT_OFF_RULES
from .catalogue import DataCategory, DataElement
from .vendors import Vendor, VendorOwnership
from .versions import AgreementVersion


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Incidents in the words of the domain."""

    def public(self) -> "IncidentQuerySet":
        """Return those told to families, and of those at a district itself what it does not leave off."""
        return self.filter(
            models.Exists(Publication.objects.filter(incident=models.OuterRef("pk")))
            | Q(vendor=None, agreement=None, left_off_because="")
        )


class Incident(models.Model):
    """A breach: who, when, which data, how many; the posting rule is 105 ILCS 85/27(a)(5)."""

    class DateKind(models.TextChoices):
        EXACT = "exact", _("on this day")
        ESTIMATED = "estimated", _("about this day")
        RANGE = "range", _("between these days")
        UNKNOWN = "unknown", _("day not known")

    class LeftOff(models.TextChoices):
        BELOW_A_TENTH = "below_a_tenth", _("Fewer than 1 in 10 students")
        BEFORE_JULY_2021 = "before_july_2021", _("It was before July 1, 2021")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="incidents")
    vendor = models.ForeignKey(
        Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents"
    )
    agreement = models.ForeignKey(
        Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents"
    )
    date_kind = models.CharField(max_length=10, choices=DateKind, default=DateKind.UNKNOWN)
    began_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    learned_on = models.DateField()
    elements = models.ManyToManyField(DataElement, blank=True, related_name="incidents")
    students_affected = models.PositiveIntegerField(null=True, blank=True)
    enrollment = models.PositiveIntegerField(null=True, blank=True)
    count_is_suppressed = models.BooleanField(
        default=False, help_text=_("The law forbids to print the number here.")
    )
    left_off_because = models.CharField(max_length=16, choices=LeftOff, blank=True)
    description = models.TextField()

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-learned_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date_kind__in=["exact", "estimated", "range", "unknown"]),
                name="incident_date_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(date_kind="unknown") | Q(began_on__isnull=False), name="dated_incident_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(began_on=None) | Q(ended_on=None) | Q(began_on__lte=F("ended_on")),
                name="incident_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(left_off_because__in=["", "below_a_tenth", "before_july_2021"]),
                name="incident_left_off_reason_is_known",
            ),
            *LEFT_OFF_RULES,
        ]

    def __str__(self) -> str:
        return f"incident {self.public_id}"


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Publications in the words of the domain."""

    def concerning(self, agency: Agency) -> "PublicationQuerySet":
        """Return those of agreements an agency holds or takes part in."""
        return self.filter(agreement__in=Agreement.objects.concerning(agency))


class Publication(models.Model):
    """The append-only event that makes news. `published_at` is PostgreSQL's clock."""

    class Kind(models.TextChoices):
        VERSION = "version", _("A version was published")
        BASELINE = "baseline", _("Already in use when this site opened")
        JOINED = "joined", _("A district joined")
        LEFT = "left", _("A district left")
        ENDED = "ended", _("The agreement ended early")
        EXPIRED = "expired", _("The agreement ran out")
        EXTENDED = "extended", _("The agreement was extended")
        OWNER_CHANGED = "owner_changed", _("The company has a new owner")
        INCIDENT = "incident", _("A breach was reported")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=14, choices=Kind)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="publications")
    version = models.ForeignKey(
        AgreementVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="publications"
    )
    participation = models.ForeignKey(
        Participation, null=True, blank=True, on_delete=models.PROTECT, related_name="publications"
    )
    ownership = models.ForeignKey(
        VendorOwnership, null=True, blank=True, on_delete=models.PROTECT, related_name="publications"
    )
    incident = models.ForeignKey(
        Incident, null=True, blank=True, on_delete=models.PROTECT, related_name="publications"
    )
    days_late = models.PositiveIntegerField(
        default=0, help_text=_("Families were told this many days after sharing began.")
    )
    day = models.DateField(help_text=_("The agency's calendar day of the publication."))
    published_at = models.DateTimeField(editable=False, db_default=models.functions.Now())
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "version",
                        "baseline",
                        "joined",
                        "left",
                        "ended",
                        "expired",
                        "extended",
                        "owner_changed",
                        "incident",
                    ]
                ),
                name="publication_kind_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["version", "baseline"]) | Q(version__isnull=False),
                name="a_version_publication_names_its_version",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["joined", "left"]) | Q(participation__isnull=False),
                name="joining_and_leaving_name_their_participation",
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(kind__in=["version", "baseline"]),
                name="a_version_is_published_once",
            ),
            models.UniqueConstraint(
                fields=["participation", "kind"],
                condition=Q(participation__isnull=False),
                name="a_participation_is_announced_once_per_kind",
            ),
            models.UniqueConstraint(
                fields=["agreement", "ownership"],
                condition=Q(ownership__isnull=False),
                name="an_owner_is_announced_once_per_agreement",
            ),
            models.UniqueConstraint(
                fields=["agreement", "incident"],
                condition=Q(incident__isnull=False),
                name="an_incident_is_announced_once_per_agreement",
            ),
            models.UniqueConstraint(
                fields=["agreement", "kind", "day"],
                condition=Q(kind__in=["expired", "ended"]),
                name="an_end_is_announced_once_per_agreement_and_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


CHANGE_KINDS = [
    "agreement_new",
    "category_added",
    "category_ended",
    "element_added",
    "element_ended",
    "purpose_changed",
    "basis_changed",
    "recipient_added",
    "recipient_ended",
    "subcontractor_added",
    "subcontractor_ended",
    "retention_changed",
    "source_changed",
    "promise_changed",
    "scope_widened",
    "scope_narrowed",
    "already_in_use",
    "joined",
    "left",
    "ended",
    "extended",
    "owner_changed",
    "incident",
]


class Change(models.Model):
    """One computed fact of a publication: what was added, ended or changed. Append-only, never typed.

    `before` and `after` hold the compared values; `sentences` one neutral sentence per language.
    """

    class Kind(models.TextChoices):
        AGREEMENT_NEW = "agreement_new", _("New agreement")
        CATEGORY_ADDED = "category_added", _("Data group added")
        CATEGORY_ENDED = "category_ended", _("Data group ended")
        ELEMENT_ADDED = "element_added", _("Data added")
        ELEMENT_ENDED = "element_ended", _("Data ended")
        PURPOSE_CHANGED = "purpose_changed", _("Reason changed")
        BASIS_CHANGED = "basis_changed", _("Legal ground changed")
        RECIPIENT_ADDED = "recipient_added", _("Seen by more")
        RECIPIENT_ENDED = "recipient_ended", _("Seen by fewer")
        SUBCONTRACTOR_ADDED = "subcontractor_added", _("Other company added")
        SUBCONTRACTOR_ENDED = "subcontractor_ended", _("Other company ended")
        RETENTION_CHANGED = "retention_changed", _("Kept for a different time")
        SOURCE_CHANGED = "source_changed", _("Comes from somewhere else")
        PROMISE_CHANGED = "promise_changed", _("Promise changed")
        SCOPE_WIDENED = "scope_widened", _("More students")
        SCOPE_NARROWED = "scope_narrowed", _("Fewer students")
        ALREADY_IN_USE = "already_in_use", _("In use before this site opened")
        JOINED = "joined", _("District joined")
        LEFT = "left", _("District left")
        ENDED = "ended", _("Agreement ended")
        EXTENDED = "extended", _("Agreement extended")
        OWNER_CHANGED = "owner_changed", _("New owner")
        INCIDENT = "incident", _("Breach")

    class Severity(models.TextChoices):
        ANSWER_NEEDED = "answer_needed", _("An answer is needed")
        TELL_NOW = "tell_now", _("Families are told now")
        DIGEST = "digest", _("Families are told in the daily message")
        PUBLIC_ONLY = "public_only", _("Public page only")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="changes")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=22, choices=Kind)
    severity = models.CharField(max_length=14, choices=Severity)
    element = models.ForeignKey(DataElement, null=True, on_delete=models.PROTECT, related_name="changes")
    category = models.ForeignKey(DataCategory, null=True, on_delete=models.PROTECT, related_name="changes")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    sentences = models.JSONField(help_text="language -> one neutral sentence")

    class Meta:
        ordering = ["publication", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__in=["answer_needed", "tell_now", "digest", "public_only"]),
                name="change_severity_is_known",
            ),
            models.CheckConstraint(condition=Q(kind__in=CHANGE_KINDS), name="change_kind_is_known"),
            models.UniqueConstraint(
                fields=["publication", "position"], name="changes_of_a_publication_have_an_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"
