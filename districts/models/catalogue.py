"""The catalogue: data categories, data elements and purposes, with words that only ever grow."""

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .agencies import Agency

SENSITIVE_KINDS = ["disability", "health", "discipline", "housing", "language", "income", "migration"]


class TextQuerySet(models.QuerySet[Any]):
    """Append-only texts; the current one is the highest revision in a language."""

    def current(self, language: str) -> "TextQuerySet":
        """Return the newest revision of each text in one language."""
        owner: str = self.model.OWNER
        return self.filter(language=language).order_by(owner, "-revision").distinct(owner)


class Text(models.Model):
    """One revision of the words for something, in one language. Append-only."""

    OWNER = ""

    language = models.CharField(max_length=8)
    revision = models.PositiveIntegerField()
    label = models.CharField(max_length=120)
    definition = models.TextField(blank=True)
    reviewed = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    objects = TextQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label


class DataCategory(models.Model):
    """A group of data elements, e.g. “contact details”."""

    code = models.SlugField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        verbose_name_plural = _("data categories")

    def __str__(self) -> str:
        return self.code


class CategoryText(Text):
    """Words for a category."""

    OWNER = "category_id"
    category = models.ForeignKey(DataCategory, on_delete=models.PROTECT, related_name="texts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["category", "language", "revision"],
                name="one_category_text_per_language_and_revision",
            ),
        ]


class ElementQuerySet(models.QuerySet["DataElement"]):
    """Elements in the words of the domain."""

    def catalogued(self) -> "ElementQuerySet":
        """Return those the catalogue lists: every agency's, each meaning once."""
        return self.filter(agency=None, same_meaning_as=None)


class DataElement(models.Model):
    """One kind of data about a person, in words a parent would use.

    `same_meaning_as` points from a re-coded or renamed element to the one it stands for, so that a
    comparison of two versions sees neither a removal nor something new.
    """

    class Subject(models.TextChoices):
        STUDENT = "student", _("About the student")
        FAMILY = "family", _("About the family")
        STAFF = "staff", _("About school staff")

    class Sensitivity(models.TextChoices):
        LOW = "low", _("Low sensitivity")
        MEDIUM = "medium", _("Medium sensitivity")
        HIGH = "high", _("High sensitivity")

    code = models.SlugField(max_length=80, unique=True)
    category = models.ForeignKey(DataCategory, on_delete=models.PROTECT, related_name="elements")
    subject = models.CharField(max_length=8, choices=Subject)
    sensitivity = models.CharField(max_length=8, choices=Sensitivity)
    sensitive_kind = models.CharField(max_length=12, blank=True)
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="own_elements"
    )
    explained = models.BooleanField(default=True)
    same_meaning_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="other_codes"
    )

    objects = ElementQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__in=["student", "family", "staff"]), name="element_subject_is_known"
            ),
            models.CheckConstraint(
                condition=Q(sensitivity__in=["low", "medium", "high"]), name="element_sensitivity_is_known"
            ),
            models.CheckConstraint(
                condition=Q(sensitive_kind__in=["", *SENSITIVE_KINDS]), name="element_sensitive_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(same_meaning_as=None) | ~Q(same_meaning_as=F("id")),
                name="element_does_not_stand_for_itself",
            ),
            models.CheckConstraint(
                condition=Q(explained=True) | Q(agency__isnull=False),
                name="only_agency_elements_may_wait_for_an_explanation",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Say in words what the trigger of migration 0006 refuses."""
        target = self.same_meaning_as
        if target and (target.same_meaning_as_id or (self.pk and self.other_codes.exists())):
            raise ValidationError(
                {"same_meaning_as": _("Choose an element that does not stand for another one itself.")}
            )
        before = DataElement.objects.filter(pk=self.pk).first()
        moved = before and (before.category_id, before.same_meaning_as_id) != (
            self.category_id,
            self.same_meaning_as_id,
        )
        if moved and self.is_published():
            raise ValidationError(
                _("It was published, so its group and its meaning stay. Add a new element.")
            )

    def is_published(self) -> bool:
        """Tell whether a published version lists the element, or a code that stands for it."""
        listed = Q(element=self.pk) | Q(element__same_meaning_as=self.pk)
        lines = apps.get_model("districts", "SharedElement").objects.filter(listed)
        return bool(lines.exclude(version__published_at=None).exists())

    @property
    def meaning_id(self) -> int:
        """Return the id under which two versions are compared."""
        return self.same_meaning_as_id or self.pk

    @property
    def meaning_category_id(self) -> int:
        """Return the category families are asked under: that of what the element stands for."""
        return (self.same_meaning_as or self).category_id


class ElementText(Text):
    """Words for an element: label, definition, why it is (not) sensitive, where it usually comes from."""

    OWNER = "element_id"
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="texts")
    sensitivity_reason = models.TextField(blank=True)
    usual_source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["element", "language", "revision"], name="one_element_text_per_language_and_revision"
            ),
        ]


class Crosswalk(models.Model):
    """The element an identifier of another scheme means; each identifier means exactly one."""

    scheme = models.CharField(max_length=12, help_text="inbloom, ndpa, oneroster, ceds, dpv")
    identifier = models.CharField(max_length=200)
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="crosswalks")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "identifier"], name="an_identifier_means_one_element"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.identifier}"


class Prohibition(models.Model):
    """An element that a law profile forbids to share or collect."""

    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="prohibitions")
    law_profile = models.SlugField(max_length=20)
    citation = models.CharField(max_length=200)
    note_en = models.TextField(blank=True)
    note_es = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["element", "law_profile"], name="one_prohibition_per_element_and_profile"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element_id} {self.law_profile}"


class Purpose(models.Model):
    """Why an element is shared."""

    code = models.SlugField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class PurposeText(Text):
    """Words for a purpose; `definition` holds its one-sentence explanation."""

    OWNER = "purpose_id"
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="texts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "language", "revision"], name="one_purpose_text_per_language_and_revision"
            ),
        ]
