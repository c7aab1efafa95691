"""What every admin class inherits: staff see and choose only what is their agency's; the rest is a 404."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import BaseModelAdmin, get_content_type_for_model
from django.contrib.admin.utils import unquote
from django.core.paginator import Paginator
from django.db import models
from django.forms import Field
from django.http import Http404, HttpRequest, HttpResponse

from districts.models import Agency

from ..access import seat_of, sees_all
from .words import HELP, LABELS

ENTRIES_OF_HISTORY = 100


class AgencyScope(BaseModelAdmin):
    """Narrows rows, choices and rights. Used by admin classes and by their inlines.

    `agency_lookup` leads from the model to its agency. `may_add`, `may_change` and `may_delete` say what
    staff may do at all; `is_editable` may refuse a single row.
    """

    agency_lookup = "agency"
    may_add = True
    may_change = True
    may_delete = False

    def own(self, request: HttpRequest, rows: models.QuerySet[Any], agency: Agency) -> models.QuerySet[Any]:
        """Return those of the rows an agency's staff may see."""
        return rows.filter(**{self.agency_lookup: agency})

    def is_editable(self, request: HttpRequest, obj: Any) -> bool:
        """Tell whether staff may change this one row."""
        return True

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Return only what is the agency's own."""
        return self.narrowed(request, super().get_queryset(request))

    def narrowed(self, request: HttpRequest, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Return those of the rows that the sender of a request may see."""
        if sees_all(request.user):
            return rows
        agency = seat_of(request.user)
        return self.own(request, rows, agency) if agency else rows.none()

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest | None
    ) -> models.QuerySet[Any] | None:
        """Return what a relation may be set to: what its own admin shows, and nothing where it has none."""
        model = db_field.remote_field.model
        try:
            related = self.admin_site.get_model_admin(model)
        except NotRegistered:
            return model._default_manager.none()
        assert request is not None
        return related.get_queryset(request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        """Give every field plain words and an example."""
        if isinstance(db_field, models.URLField):
            kwargs.setdefault("assume_scheme", "https")
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[arg-type]
        key = f"{db_field.model._meta.model_name}.{db_field.name}"
        if isinstance(field, Field):
            field.label = LABELS.get(key, field.label)
            field.help_text = HELP.get(key, field.help_text)
        return field

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return sees_all(request.user) or seat_of(request.user) is not None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self.may_add and self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.may_change or not self.has_view_permission(request):
            return False
        return obj is None or self.is_editable(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.may_delete or not self.has_view_permission(request):
            return False
        return obj is None or self.is_editable(request, obj)


class AgencyAdminMixin(AgencyScope, admin.ModelAdmin):
    """An admin class of one model, for staff of one agency. Rows are never deleted in bulk."""

    list_per_page = 50
    show_full_result_count = False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return the actions, without Django's own bulk delete."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Fill in the agency, which is the only one there is to choose."""
        initial: dict[str, Any] = dict(super().get_changeform_initial_data(request))
        agency = seat_of(request.user)
        if agency is not None and any(field.name == "agency" for field in self.opts.fields):
            initial.setdefault("agency", agency.pk)
        return initial

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        """Answer 404, for another agency's row too: Django itself would redirect and name the model."""
        raise Http404

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what colleagues did to a row; not what another agency's staff did to a shared one."""
        if not sees_all(request.user):
            agency = seat_of(request.user)
            entries = LogEntry.objects.filter(
                object_id=unquote(object_id),
                content_type=get_content_type_for_model(self.model),
                user__agency_seat__agency=agency,
            ).select_related("user", "content_type")
            page = Paginator(entries.order_by("action_time"), ENTRIES_OF_HISTORY).get_page(
                request.GET.get("p", 1)
            )
            extra_context = {**(extra_context or {}), "action_list": page}
        return super().history_view(request, object_id, extra_context)


class ReadOnlyAdmin(AgencyAdminMixin):
    """Rows that staff may look at, and that services write."""

    may_add = False
    may_change = False
