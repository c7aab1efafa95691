"""The lines of a version and the texts beside its choices, as lists: hundreds fit where an inline breaks."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from districts.models import Agency, AgreementVersion, ChoiceTerms, ChoiceText, SharedElement

from ..access import seat_of, sees_all
from .agreements import may_edit
from .mixin import AgencyAdminMixin, AgencyScope


class OfVersion(AgencyAdminMixin):
    """Rows that belong to a version: changed while it is a draft, published ones only looked at."""

    may_delete = True
    beside: tuple[str, ...] = ()  # further relations of a row that its list shows
    autocomplete_fields = ["version"]

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows.filter(Q(version__agreement__agency=agency))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("version__agreement__agency", *self.beside)

    def is_editable(self, request: HttpRequest, obj: Any) -> bool:
        return may_edit(request, obj.version)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest | None) -> Any:
        """Let a row belong to a draft only."""
        rows = super().get_field_queryset(db, db_field, request)
        if db_field.name == "version" and rows is not None and request is not None:
            rows = rows.filter(published_at=None)
            if not sees_all(request.user):
                rows = rows.filter(agreement__agency=seat_of(request.user))
        return rows

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow the list of one version."""
        return lookup == "version__id__exact" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Add to the version whose list the staff member comes from."""
        came_from = QueryDict(request.GET.get("_changelist_filters", ""))
        version = came_from.get("version__id__exact")
        return {**super().get_changeform_initial_data(request), **({"version": version} if version else {})}

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Lead back to the draft, where the next step is."""
        return redirect("staff:version", obj.version_id)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Lead back to the draft, where the next step is."""
        return redirect("staff:version", obj.version_id)

    @admin.display(description=_("draft"))
    def draft(self, obj: Any) -> SafeString:
        """Lead back to the version."""
        url = reverse("admin:districts_agreementversion_change", args=[obj.version_id])
        return format_html('<a href="{}">{}</a>', url, obj.version)


class StateOfVersion(admin.SimpleListFilter):
    """Drafts first: what is published is only looked at."""

    title = _("version")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("draft", _("Draft")), ("published", _("Published"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in ("draft", "published"):
            return queryset.filter(version__published_at__isnull=self.value() == "draft")
        return queryset


@admin.register(SharedElement)
class SharedElementAdmin(OfVersion):
    list_display = ["element", "purpose", "basis", "source", "kept", "kept_days", "detail", "draft"]
    beside = ("element", "purpose")
    list_filter = [StateOfVersion, "basis", "kept"]
    search_fields = ["element__code", "detail"]
    autocomplete_fields = ["version", "element", "purpose"]
    actions = ["take_out"]
    fieldsets = [
        (_("What, and why"), {"fields": ["version", "element", "detail", "purpose", "basis"]}),
        (_("From where, to whom"), {"fields": ["source", "recipients"]}),
        (_("Until when"), {"fields": ["kept", "kept_days", "kept_until"]}),
        (_("Only where a law forbids it"), {"fields": ["prohibited_reason"]}),
    ]
    formfield_overrides = {ArrayField: {"delimiter": ";"}}

    @admin.action(description=_("Take the selected lines out of their draft"))
    def take_out(self, request: HttpRequest, queryset: QuerySet[SharedElement]) -> None:
        """Remove lines from drafts; those of published versions stay."""
        drafts = AgreementVersion.objects.drafts()
        if not sees_all(request.user):
            drafts = drafts.filter(agreement__agency=seat_of(request.user))
        taken, _kinds = SharedElement.objects.filter(
            pk__in=queryset.values("pk"), version__in=drafts
        ).delete()
        words = ngettext("%(n)s line was taken out.", "%(n)s lines were taken out.", taken)
        messages.success(request, words % {"n": taken})


class ChoiceTextInline(AgencyScope, admin.StackedInline):
    """The four texts of the district, once per language."""

    model = ChoiceText
    extra = 0
    may_delete = True
    verbose_name_plural = _("The four texts, in each language")

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows.filter(terms__version__agreement__agency=agency)

    def is_editable(self, request: HttpRequest, obj: ChoiceTerms) -> bool:
        return may_edit(request, obj.version)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or may_edit(request, obj.version)) and super().has_add_permission(request)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Offer one empty form per language of a new choice."""
        return 0 if obj else 2


@admin.register(ChoiceTerms)
class ChoiceTermsAdmin(OfVersion):
    list_display = ["category", "basis", "answer_by", "equal_alternative", "draft"]
    beside = ("category",)
    list_filter = [StateOfVersion, "basis"]
    autocomplete_fields = ["version", "category"]
    inlines = [ChoiceTextInline]
