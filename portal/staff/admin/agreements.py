"""Agreements and their versions in the admin. What is published stands; publishing has a page of its own."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from districts.models import (
    Agency,
    Agreement,
    AgreementEvent,
    AgreementVersion,
    Participation,
    Promise,
    ScopeSchool,
    Subcontractor,
)
from districts.registering import register_agreement

from ..access import seat_of, sees_all
from .mixin import AgencyAdminMixin, AgencyScope


class OfAgreement(AgencyScope, admin.TabularInline):
    """Facts that services write; shown below an agreement."""

    extra = 0
    may_add = may_change = False

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows.filter(
            Q(agreement__agency=agency) | Q(agreement__participations__agency=agency)
        ).distinct()


class VersionInline(OfAgreement):
    model = AgreementVersion
    readonly_fields = ["number", "published_at", "effective_from", "page"]
    fields = [*readonly_fields]
    show_change_link = True
    verbose_name_plural = _("Versions")

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows.filter(Q(agreement__agency=agency) | Q(published_at__isnull=False))

    @admin.display(description=_("page"))
    def page(self, obj: AgreementVersion) -> SafeString:
        """Lead to where a draft is checked and published."""
        return draft_link(obj)


class ParticipationInline(OfAgreement):
    model = Participation
    verbose_name_plural = _("Districts that take part")

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        mine = Q(agreement__agency=agency) | Q(agency=agency)
        return rows.filter(mine).select_related("agency")


class EventInline(OfAgreement):
    model = AgreementEvent
    verbose_name_plural = _("What happened")


@admin.register(Agreement)
class AgreementAdmin(AgencyAdminMixin):
    """Agreements the agency holds, and (to look at) those it takes part in."""

    list_display = ["title", "vendor", "agency", "kind", "state", "begins_on", "ends_on", "page"]
    list_select_related = ["vendor", "agency"]
    list_filter = ["state", "kind"]
    search_fields = ["title", "vendor__name"]
    autocomplete_fields = ["vendor", "products"]
    fields = ["agency", "vendor", "products", "title", "kind", "state", "begins_on", "ends_on", "term_note"]
    inlines = [VersionInline, ParticipationInline, EventInline]

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows & Agreement.objects.concerning(agency)

    def is_editable(self, request: HttpRequest, obj: Agreement) -> bool:
        """Leave alone what another agency holds, and what was published: verbs with dates change that."""
        mine = sees_all(request.user) or obj.agency == seat_of(request.user)
        return mine and not obj.versions.published().exists()

    def get_readonly_fields(self, request: HttpRequest, obj: Agreement | None = None) -> list[str]:
        """Let the state be chosen once; from then on signing and ending change it."""
        return ["agency", "state"] if obj else []

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the states an agreement may begin with."""
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        if db_field.name == "state" and field is not None:
            field.choices = [
                choice for choice in Agreement.State.choices if choice[0] != Agreement.State.ENDED
            ]
        return field

    def save_model(self, request: HttpRequest, obj: Agreement, form: Any, change: bool) -> None:
        """Save; a new agreement is taken in with its event and the district's own part in it."""
        super().save_model(request, obj, form, change)
        if not change:
            register_agreement(agreement_id=obj.pk, now=timezone.now())

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Show what hangs on an agreement once there is one."""
        return list(self.inlines) if obj else []

    @admin.display(description=_("page"))
    def page(self, obj: Agreement) -> SafeString:
        """Lead to the page with versions, papers, export and steps."""
        return format_html('<a href="{}">{}</a>', reverse("staff:agreement", args=[obj.public_id]), _("Open"))


def draft_link(version: AgreementVersion) -> SafeString:
    """Return the link to where a version is checked, previewed and published."""
    if version.published_at is not None or version.pk is None:
        return format_html("{}", "–")
    url = reverse("staff:version", args=[version.pk])
    return format_html('<a href="{}">{}</a>', url, _("Check and publish"))


class OfDraft(AgencyScope, admin.TabularInline):
    """Parts of a version: to be edited while it is a draft, to look at for good afterwards."""

    extra = 0
    may_delete = True

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows.filter(Q(version__agreement__agency=agency) | Q(version__published_at__isnull=False))

    def is_editable(self, request: HttpRequest, obj: AgreementVersion) -> bool:
        return may_edit(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or may_edit(request, obj)) and super().has_add_permission(request)


def may_edit(request: HttpRequest, version: AgreementVersion) -> bool:
    """Tell whether a version is a draft of the staff member's own agency."""
    if version.published_at is not None:
        return False
    return sees_all(request.user) or version.agreement.agency == seat_of(request.user)


class ScopeInline(OfDraft):
    model = ScopeSchool
    autocomplete_fields = ["school"]
    verbose_name_plural = _("Only these schools (none: every school)")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("school")


class SubcontractorInline(OfDraft):
    model = Subcontractor
    verbose_name_plural = _("Other companies that get data")


class PromiseInline(OfDraft):
    model = Promise
    verbose_name_plural = _("Promises")
    max_num = len(Promise.Code)


@admin.register(AgreementVersion)
class AgreementVersionAdmin(AgencyAdminMixin):
    """A draft in steps. Its lines and the texts beside a choice have lists of their own."""

    def response_post_save_change(self, request: HttpRequest, obj: AgreementVersion) -> HttpResponseRedirect:
        """Lead back to the draft, where the next step is."""
        return redirect("staff:version", obj.pk)

    list_display = ["__str__", "agreement", "published_at", "effective_from", "sharing_starts_on", "page"]
    list_select_related = ["agreement"]
    search_fields = ["agreement__title", "agreement__vendor__name"]
    autocomplete_fields = ["agreement"]
    inlines = [SubcontractorInline, PromiseInline, ScopeInline]
    fieldsets = [
        (_("Step 1: which agreement, from when"), {"fields": ["agreement", "number", "steps"]}),
        (
            None,
            {"fields": ["effective_from", "sharing_starts_on", "short_notice_reason", "standing_note"]},
        ),
        (_("Only for a correction"), {"fields": ["is_correction", "correction_note"]}),
        (_("Step 2: what it is for"), {"fields": ["summary", "why_this_company", "who_decided"]}),
        (
            _("Step 3: the contract"),
            {"fields": ["signer_title", "cost", "subcontractors_answer", "checked_on"]},
        ),
        (_("Step 4: which students"), {"fields": ["scope_grades", "scope_programs"]}),
    ]

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        joined = Q(published_at__isnull=False, agreement__in=Agreement.objects.concerning(agency))
        return rows.filter(Q(agreement__agency=agency) | joined)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("agreement__agency")

    def is_editable(self, request: HttpRequest, obj: AgreementVersion) -> bool:
        return may_edit(request, obj)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Leave opening a draft to the agreement's page: it begins as a copy of the newest version."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["agreement", "number", "steps"]

    @admin.display(description=_("page"))
    def page(self, obj: AgreementVersion) -> SafeString:
        return draft_link(obj)

    @admin.display(description=_("More of this version"))
    def steps(self, obj: AgreementVersion) -> SafeString:
        """Lead to the lines, the choices and the page that checks and publishes."""
        lines = reverse("admin:districts_sharedelement_changelist") + f"?version__id__exact={obj.pk}"
        terms = reverse("admin:districts_choiceterms_changelist") + f"?version__id__exact={obj.pk}"
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a> · {}',
            lines,
            _("What may be shared"),
            terms,
            _("Texts beside Yes and No"),
            draft_link(obj),
        )
