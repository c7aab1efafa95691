"""The public register in the admin: the agency itself, its schools, companies, products, incidents."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from consent.models import Guardianship
from districts.breach_rules import may_be_left_off, was_before_the_list
from districts.models import (
    Agency,
    AgencyClosure,
    Agreement,
    Incident,
    Origin,
    Product,
    Publication,
    School,
    Vendor,
    VendorOwnership,
)

from ..access import seat_of, sees_all
from .mixin import AgencyAdminMixin, AgencyScope


class ClosureInline(AgencyScope, admin.TabularInline):
    model = AgencyClosure
    extra = 0
    may_delete = True
    verbose_name_plural = _("Days the office is closed")


class AgencyForm(forms.ModelForm):
    """An agency as its staff see it, with what they declare about their roster."""

    decider_relations = forms.MultipleChoiceField(
        label=_("Who decides"),
        choices=[choice for choice in Guardianship.Relation.choices if choice[0] != "self"],
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Everybody else waits for review, unless they are the first contact. From the next roster on."
        ),
    )

    def clean_roster_id_format(self) -> str:
        """Refuse what is no pattern: no roster could be read."""
        pattern: str = self.cleaned_data["roster_id_format"]
        try:
            re.compile(pattern)
        except re.error as error:
            raise forms.ValidationError(_("This is no pattern.")) from error
        return pattern


@admin.register(Agency)
class AgencyAdmin(AgencyAdminMixin):
    form = AgencyForm
    may_add = False
    list_display = ["name", "kind", "state_code", "city", "contact_name"]
    search_fields = ["name", "slug"]
    fieldsets = [
        (None, {"fields": ["name", "kind", "state_code", "nces_id", "law_profile", "time_zone"]}),
        (
            _("Whom families can reach"),
            {
                "fields": [
                    "contact_name",
                    "contact_title",
                    "contact_email",
                    "contact_phone",
                    "postal_address",
                    "complaint_route",
                    "rights_text",
                    "interpreters_are_free",
                    "public_answer_days",
                ]
            },
        ),
        (
            _("Hours and days"),
            {"fields": ["send_from_hour", "send_until_hour", "digest_hour", "hold_review_days"]},
        ),
        (_("The roster"), {"fields": ["decider_relations", "roster_id_format"]}),
    ]
    readonly_fields = ["name", "kind", "state_code", "nces_id", "law_profile", "time_zone"]
    inlines = [ClosureInline]

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows.filter(pk=agency.pk)


@admin.register(School)
class SchoolAdmin(AgencyAdminMixin):
    """Schools. Those of the roster follow it; one entered here stays when a roster does not have it."""

    list_display = ["name", "city", "roster_id", "origin", "ended_on", "agency"]
    list_select_related = ["agency"]
    search_fields = ["name", "roster_id"]
    of_the_roster = ["agency", "name", "roster_id", "nces_id", "ended_on"]

    def get_readonly_fields(self, request: HttpRequest, obj: School | None = None) -> list[str]:
        """Leave to the roster what the next load would overwrite."""
        return self.of_the_roster if obj and obj.origin == Origin.ROSTER else []

    def save_model(self, request: HttpRequest, obj: School, form: Any, change: bool) -> None:
        if not change:
            obj.origin = Origin.STAFF
        super().save_model(request, obj, form, change)


class OwnershipInline(AgencyScope, admin.TabularInline):
    """Who owned a company, and when. A new owner makes news, so it is not typed in here."""

    model = VendorOwnership
    fk_name = "vendor"
    extra = 0
    may_add = may_change = False
    verbose_name_plural = _("Owners")

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows.select_related("owner")


class SharedRecordAdmin(AgencyAdminMixin):
    """Companies and products belong to nobody; staff may change those that no other agency deals with."""

    vendor_lookup = "pk"

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows

    def is_editable(self, request: HttpRequest, obj: Any) -> bool:
        if sees_all(request.user):
            return True
        vendor = obj.pk if isinstance(obj, Vendor) else obj.vendor_id
        others = Agreement.objects.filter(vendor=vendor).exclude(agency=seat_of(request.user))
        return not others.exists()


@admin.register(Vendor)
class VendorAdmin(SharedRecordAdmin):
    list_display = ["name", "kind", "legal_name", "website"]
    list_filter = ["kind"]
    search_fields = ["name", "legal_name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [OwnershipInline]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """Fill in the address from the name, but never change one that is in use."""
        return {} if obj else dict(super().get_prepopulated_fields(request, obj))


@admin.register(Product)
class ProductAdmin(SharedRecordAdmin):
    list_display = ["name", "vendor", "summary"]
    list_select_related = ["vendor"]
    search_fields = ["name", "vendor__name"]
    autocomplete_fields = ["vendor"]


@admin.register(Incident)
class IncidentAdmin(AgencyAdminMixin):
    """Breaches. Once families were told, the words stand."""

    list_display = [
        "learned_on",
        "vendor",
        "agreement",
        "date_kind",
        "students_affected",
        "posting",
        "telling",
    ]
    list_select_related = ["vendor", "agreement"]
    list_filter = ["date_kind"]
    search_fields = ["description", "vendor__name"]
    autocomplete_fields = ["vendor", "agreement", "elements"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        told = Publication.objects.filter(incident=OuterRef("pk"))
        return super().get_queryset(request).annotate(is_told=Exists(told))

    def is_editable(self, request: HttpRequest, obj: Any) -> bool:
        return not Publication.objects.filter(incident=obj.pk).exists()

    @admin.display(description=_("public list"))
    def posting(self, obj: Any) -> Any:
        """Say what 105 ILCS 85/27(a)(5) asks of it: a tenth of the students or more must be posted."""
        if obj.is_told or (not obj.left_off_because and obj.vendor_id is None and obj.agreement_id is None):
            return _("posted")
        if obj.left_off_because:
            return obj.get_left_off_because_display()
        may_stay_off = may_be_left_off(obj.students_affected, obj.enrollment)
        before = was_before_the_list(obj.began_on, obj.ended_on)
        return _("may be left off") if may_stay_off or before else _("must be posted: tell families")

    @admin.display(description=_("families"))
    def telling(self, obj: Any) -> SafeString:
        """Say whether families were told, or lead to the page that tells them."""
        if obj.is_told:
            return format_html("{}", _("told"))
        return format_html('<a href="{}">{}</a>', reverse("staff:incident", args=[obj.public_id]), _("Tell"))
