"""Rulings about companies, and remarks with the district's answers, in the admin: what is entered stands."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from districts.models import Agency, Remark, Ruling

from ..access import seat_of, sees_all
from .mixin import AgencyAdminMixin
from .register import SharedRecordAdmin


class RulingForm(forms.ModelForm):
    """A ruling is about a company no other agency deals with, and corrects one about the same company."""

    may_enter: Callable[..., bool]  # set by the admin class, which knows whose request it is

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        vendor, replaced = cleaned.get("vendor"), cleaned.get("replaces")
        if vendor and not self.may_enter(vendor):
            self.add_error(
                "vendor", _("Other districts deal with this company too: ask whoever runs this site.")
            )
        if vendor and replaced and replaced.vendor_id != vendor.pk:
            self.add_error("replaces", _("That entry is about another company."))
        return cleaned


@admin.register(Ruling)
class RulingAdmin(SharedRecordAdmin):
    """Judgments and orders. What is entered stands; a correction is a new entry that replaces it."""

    form = RulingForm
    may_change = False
    list_display = ["decided_on", "vendor", "kind", "body", "recorded_at"]
    list_select_related = ["vendor"]
    list_filter = ["kind"]
    search_fields = ["vendor__name", "body", "summary"]
    autocomplete_fields = ["vendor", "replaces"]
    fields = ["vendor", "kind", "body", "decided_on", "summary", "source_url", "replaces"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Let the form ask, as for other facts of a company, whether it is this agency's to enter."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"may_enter": lambda _self, v: self.is_editable(request, v)})


class RemarkForm(forms.ModelForm):
    """A remark is about an agreement the agency holds; an answer about the same one."""

    may_enter: Callable[..., bool]  # set by the admin class, which knows whose request it is

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        agreement, answered = cleaned.get("agreement"), cleaned.get("answers_to")
        if agreement and not self.may_enter(agreement):
            self.add_error("agreement", _("Another agency holds this agreement: it answers for the words."))
        if agreement and answered:
            if answered.agreement_id != agreement.pk:
                self.add_error("answers_to", _("That remark is about another agreement."))
            elif answered.answers_to_id and not cleaned.get("takes_down"):
                self.add_error("answers_to", _("That is an answer already. Answer the words before it."))
        return cleaned


@admin.register(Remark)
class RemarkAdmin(AgencyAdminMixin):
    """What a company or a reader says, and the district's answer. What is entered stands."""

    form = RemarkForm
    agency_lookup = "agreement__agency"
    may_change = False
    list_display = ["said_on", "agreement", "party", "takes_down", "recorded_at"]
    list_select_related = ["agreement"]
    list_filter = ["party"]
    search_fields = ["agreement__title", "agreement__vendor__name", "text"]
    autocomplete_fields = ["agreement", "answers_to"]
    fields = ["agreement", "party", "answers_to", "text", "said_on", "takes_down"]

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows.filter(agreement__agency=agency)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Let the form ask whose agreement it is."""
        form = super().get_form(request, obj, change=change, **kwargs)
        seat = seat_of(request.user)

        def may_enter(_self: Any, agreement: Any) -> bool:
            return sees_all(request.user) or (seat is not None and agreement.agency_id == seat.pk)

        return type(form.__name__, (form,), {"may_enter": may_enter})
