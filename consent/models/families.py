"""Guardians, students, and what ties them: guardianships, holds, enrollments."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from districts.models import Agency, Origin, School


class EighteenthBirthday(Func):
    """The day a person born on `birth_date` is 18; someone born on 29 February is on 1 March.

    34 CFR 99.3 "eligible student". make_date keeps the expression immutable, as a stored column needs.
    """

    template = (
        "(CASE WHEN EXTRACT(MONTH FROM %(expressions)s) = 2 AND EXTRACT(DAY FROM %(expressions)s) = 29"
        " THEN make_date(EXTRACT(YEAR FROM %(expressions)s)::int + 18, 3, 1)"
        " ELSE make_date(EXTRACT(YEAR FROM %(expressions)s)::int + 18,"
        " EXTRACT(MONTH FROM %(expressions)s)::int, EXTRACT(DAY FROM %(expressions)s)::int) END)"
    )
    output_field = models.DateField()


class Student(models.Model):
    """A child (or eligible student): the district's id, a name to show, a birth date, nothing more."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    public_id = models.UUIDField(unique=True, editable=False, db_default=Func(function="gen_random_uuid"))
    roster_id = models.CharField(max_length=80)
    shown_name = models.CharField(max_length=120, help_text=_("First name, or what the family uses."))
    birth_date = models.DateField(null=True, blank=True)
    rights_moved_on = models.DateField(
        null=True, blank=True, help_text=_("Day the student began college, if before 18 (34 CFR 99.5).")
    )
    eligible_on = models.GeneratedField(
        expression=models.functions.Least(
            F("rights_moved_on"), EighteenthBirthday(F("birth_date")), output_field=models.DateField()
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "roster_id"], name="student_ids_are_unique_in_an_agency"
            ),
        ]
        indexes = [models.Index(fields=["eligible_on"], name="student_eligible_on")]

    def __str__(self) -> str:
        return f"student {self.pk}"


class Guardian(models.Model):
    """One person who may have rights over children of one agency; never merged by name or address.

    An eligible student has a Guardian row of their own, tied by a guardianship `self`.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    public_id = models.UUIDField(unique=True, editable=False, db_default=Func(function="gen_random_uuid"))
    roster_id = models.CharField(max_length=80)
    given_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    email = models.CharField(
        max_length=254, blank=True, help_text=_("Lower case; empty when no mail can reach it.")
    )
    email_problem = models.CharField(
        max_length=40, blank=True, help_text=_("Why the roster's address counts as none.")
    )
    email_failed_at = models.DateTimeField(null=True, blank=True)
    email_since = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When the address last changed, by the database's clock; empty: never.",
    )
    language = models.CharField(max_length=8, blank=True)
    postal_address = models.TextField(blank=True)
    address_is_confidential = models.BooleanField(default=False)
    origin = models.CharField(max_length=6, choices=Origin, db_default=Origin.ROSTER, editable=False)
    corrected = models.JSONField(
        db_default=Value({}, models.JSONField()),
        editable=False,
        help_text=_("What the roster said of each field that staff corrected; until it says something else."),
    )
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "roster_id"], name="guardian_ids_are_unique_in_an_agency"
            ),
            models.CheckConstraint(
                condition=Q(email="") | Q(email__regex=r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$"),
                name="guardian_email_is_empty_or_an_address",
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["roster", "staff"]), name="guardian_origin_is_known"
            ),
        ]
        indexes = [models.Index(fields=["email"], condition=~Q(email=""), name="guardian_by_email")]

    def __str__(self) -> str:
        return f"guardian {self.pk}"


class Guardianship(models.Model):
    """The tie of a guardian to a student, with rights and dates (`self` for the eligible student)."""

    class Relation(models.TextChoices):
        MOTHER = "mother", _("Mother")
        FATHER = "father", _("Father")
        PARENT = "parent", _("Parent")
        GUARDIAN = "guardian", _("Guardian")
        FOSTER_PARENT = "foster_parent", _("Foster parent")
        STEPPARENT = "stepparent", _("Stepparent")
        GRANDPARENT = "grandparent", _("Grandparent")
        RELATIVE = "relative", _("Relative")
        OTHER = "other", _("Other")
        SELF = "self", _("The student")

    class Rights(models.TextChoices):
        DECIDES = "decides", _("Decides")
        REVIEW = "review", _("Waits for review")
        NONE = "none", _("Does not decide")

    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="guardianships")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="guardianships")
    relation = models.CharField(max_length=14, choices=Relation)
    rights = models.CharField(max_length=8, choices=Rights)
    rights_set_by_staff = models.BooleanField(default=False)
    origin = models.CharField(max_length=6, choices=Origin, db_default=Origin.ROSTER, editable=False)
    is_primary_contact = models.BooleanField(default=False)
    entered_at = models.DateTimeField(
        db_default=Func(function="clock_timestamp"),
        help_text=_("When this tie last began to give rights; newcomers are found by it."),
    )
    welcomed_at = models.DateTimeField(null=True, blank=True)
    welcomed_to = ArrayField(
        models.BigIntegerField(), null=True, blank=True, help_text="ids of the agreements the welcome covered"
    )
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guardian", "student"], name="one_tie_per_guardian_and_student"),
            models.CheckConstraint(
                condition=Q(rights__in=["decides", "review", "none"]), name="guardianship_rights_are_known"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["roster", "staff"]), name="guardianship_origin_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    relation__in=[
                        "mother",
                        "father",
                        "parent",
                        "guardian",
                        "foster_parent",
                        "stepparent",
                        "grandparent",
                        "relative",
                        "other",
                        "self",
                    ]
                ),
                name="guardianship_relation_is_known",
            ),
            models.UniqueConstraint(
                fields=["student"], condition=Q(relation="self"), name="a_student_is_one_self"
            ),
        ]
        indexes = [models.Index(fields=["entered_at"], name="guardianship_entered_at")]

    def __str__(self) -> str:
        return f"guardianship {self.pk}"


class Hold(models.Model):
    """A protective bar of one adult from one child. Staff record the order or lift it by the due day."""

    class Origin(models.TextChoices):
        ROSTER = "roster", _("“No contact” on the roster")
        STAFF = "staff", _("Entered by staff")

    guardianship = models.ForeignKey(Guardianship, on_delete=models.PROTECT, related_name="holds")
    origin = models.CharField(max_length=8, choices=Origin)
    evidence = models.TextField()
    placed_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    review_due_on = models.DateField()
    order_reference = models.CharField(max_length=120, blank=True)
    order_recorded_on = models.DateField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["review_due_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["guardianship"], condition=Q(lifted_at=None), name="one_open_hold_per_guardianship"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | ~Q(lifted_reason=""), name="a_lifted_hold_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(origin__in=["roster", "staff"]), name="hold_origin_is_known"),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"


class Enrollment(models.Model):
    """A student at a school. Ended, not deleted; the same pair coming back re-opens the row."""

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="enrollments")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=8, blank=True)
    programs = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    entered_at = models.DateTimeField(
        db_default=Func(function="clock_timestamp"),
        help_text=_("When school, grade or programs last changed; newcomers are found by it."),
    )
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student", "school"], name="one_enrollment_per_student_and_school"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "grade"], name="enrollment_by_school_and_grade"),
            models.Index(fields=["entered_at"], name="enrollment_entered_at"),
        ]

    def __str__(self) -> str:
        return f"enrollment {self.pk}"


class RosterLoad(models.Model):
    """The record of one roster load: which file, as of which day, with which counts. Append-only."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    file_sha256 = models.CharField(max_length=64)
    counts = models.JSONField()
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))

    class Meta:
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return f"roster load {self.pk}"
