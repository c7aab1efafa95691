"""What is told, to which district's families, and how far newcomers were followed."""

from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from districts.models import Agency, AgreementVersion, Change, Publication


class Announcement(models.Model):
    """The mark that a publication was turned into notices, or needs none.

    A trigger makes the row with the publication (migration 0005), so what waits is found by a partial index
    that is empty when nothing does. The publication of an agreement that is only proposed waits for its
    signature.
    """

    publication = models.OneToOneField(
        Publication, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    announced_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["publication"], condition=Q(announced_at=None), name="announcement_that_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"announcement of {self.publication_id}"


class Notice(models.Model):
    """What one district tells its families: one per publication, or the welcome of one day.

    The audience are the people entitled on `day` over children in the scope of `version`, or of
    `also_version` where a second one counts (docs/decisions/0019), on `scope_day`: the same day, or the
    nearest one on which the district takes part (an agreement that begins next month is told of today; one
    that ended yesterday, too).
    """

    publication = models.ForeignKey(
        Publication, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    welcome_day = models.DateField(null=True, blank=True)
    severity = models.CharField(max_length=14, choices=Change.Severity)
    is_generic = models.BooleanField(
        default=False, help_text=_("Says nothing of its subject: a program or sensitive data is concerned.")
    )
    day = models.DateField(help_text=_("The agency's calendar day the audience was computed for."))
    version = models.ForeignKey(
        AgreementVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    also_version = models.ForeignKey(
        AgreementVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    scope_day = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))
    fan_out_started_at = models.DateTimeField(null=True, blank=True)
    fanned_out_at = models.DateTimeField(null=True, blank=True)
    audience = models.PositiveIntegerField(null=True, blank=True, help_text=_("People concerned at fan-out."))

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(publication=None, welcome_day__isnull=False)
                | Q(publication__isnull=False, welcome_day=None),
                name="notice_is_of_a_publication_or_a_welcome",
            ),
            models.CheckConstraint(
                condition=Q(severity__in=["answer_needed", "tell_now", "digest", "public_only"]),
                name="notice_severity_is_known",
            ),
            models.UniqueConstraint(
                fields=["publication", "agency"], name="one_notice_per_publication_and_district"
            ),
            models.UniqueConstraint(
                fields=["agency", "welcome_day"],
                condition=Q(publication=None),
                name="one_welcome_per_district_and_day",
            ),
        ]
        indexes = [
            models.Index(fields=["agency"], condition=Q(fanned_out_at=None), name="notice_not_fanned_out"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"

    @property
    def asks_all(self) -> bool:
        """Tell whether all questions of the version are open to some it tells: they were not asked before."""
        if self.publication is None:
            return False
        joined = self.publication.kind == Publication.Kind.JOINED
        return joined or self.publication.changes.filter(kind=Change.Kind.SCOPE_WIDENED).exists()


class CatchUp(models.Model):
    """How far one agency has been followed: what entered later, or changes by the day, is looked at next."""

    agency = models.OneToOneField(Agency, primary_key=True, on_delete=models.PROTECT, related_name="+")
    looked_until = models.DateTimeField()
    looked_on = models.DateField(help_text=_("The agency's calendar day of the look, for birthdays."))
    states_on = models.DateField(
        null=True, help_text=_("The calendar day the effective states were last brought into.")
    )

    def __str__(self) -> str:
        return f"newcomers of {self.agency_id}"
