"""The catalogue in the admin: read-only, but for the elements a district added for itself."""

from typing import Any

from django.contrib import admin
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from districts.models import Agency, DataCategory, DataElement, ElementText, Purpose

from ..access import sees_all
from .mixin import AgencyAdminMixin, AgencyScope, ReadOnlyAdmin


class InWords(AgencyAdminMixin):
    """Rows of the catalogue with the newest word for each in English, which staff read."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        texts: Any = self.model._meta.get_field("texts").related_model
        newest = texts.objects.filter(**{texts.OWNER: OuterRef("pk")}, language="en").order_by("-revision")
        return super().get_queryset(request).annotate(spoken=Subquery(newest.values("label")[:1]))

    @admin.display(description=_("in words"), ordering="spoken")
    def in_words(self, obj: Any) -> str:
        return obj.spoken or ""


class OfEverybody(InWords, ReadOnlyAdmin):
    """Rows of the catalogue, which all agencies share."""

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows


@admin.register(DataCategory)
class DataCategoryAdmin(OfEverybody):
    list_display = ["code", "in_words", "position"]
    search_fields = ["code", "texts__label"]


@admin.register(Purpose)
class PurposeAdmin(OfEverybody):
    list_display = ["code", "in_words", "position"]
    search_fields = ["code", "texts__label"]


class ElementTextInline(AgencyScope, admin.StackedInline):
    """The words for an element. They only grow: a correction is a new revision."""

    model = ElementText
    extra = 0
    may_change = False
    fields = ["language", "label", "definition", "sensitivity_reason", "usual_source"]
    verbose_name = _("words")
    verbose_name_plural = _("Words (a correction is a new entry; the newest counts)")

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        mine = obj is None or sees_all(request.user) or obj.agency_id is not None
        return mine and super().has_add_permission(request)


@admin.register(DataElement)
class DataElementAdmin(InWords):
    list_display = [
        "code",
        "in_words",
        "category",
        "subject",
        "sensitivity",
        "sensitive_kind",
        "agency",
        "explained",
    ]
    list_select_related = ["category", "agency"]
    list_filter = ["subject", "sensitivity", "explained"]
    search_fields = ["code", "texts__label"]
    autocomplete_fields = ["category", "same_meaning_as"]
    inlines = [ElementTextInline]

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows.filter(Q(agency=None) | Q(agency=agency))

    def is_editable(self, request: HttpRequest, obj: Any) -> bool:
        return obj.agency_id is not None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Ask for the agency: what belongs to nobody comes from the project's catalogue only."""
        form = super().get_form(request, obj, change, **kwargs)
        if "agency" in form.base_fields:
            form.base_fields["agency"].required = True
        return form

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Number new words after the last ones of their language."""
        for text in formset.save(commit=False):
            texts = ElementText.objects.filter(element=form.instance, language=text.language)
            text.revision = (texts.aggregate(last=Max("revision"))["last"] or 0) + 1
            text.save()
        formset.save_m2m()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Keep the code of an element once it is made: agreements and files name it."""
        return ["code"] if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin as not yet explained: the words come with it, or later."""
        return {**super().get_changeform_initial_data(request), "explained": False}
