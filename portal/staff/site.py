"""The admin site: only classes that narrow to the staff member's agency are let in."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from . import second_step


class InWords(AutocompleteJsonView):
    """Offers rows of the catalogue by their words; `spoken` is the word an admin class puts beside a row."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """Return one choice: “Photo of the student (student-photo)”."""
        found = super().serialize_result(obj, to_field_name)
        if spoken := getattr(obj, "spoken", None):
            found["text"] = f"{spoken} ({obj})"
        return found


class StaffAdminSite(AdminSite):
    """Django's plain admin. Admin classes of other packages show all rows to everybody: they stay out."""

    index_title = _("Records")
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register a model with an admin class of ours; leave it out with any other."""
        if getattr(admin_class, "agency_lookup", None) is not None:
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who took both steps of signing in."""
        return super().has_permission(request) and not second_step.is_due(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Ask for the password, then for the second step."""
        if request.method == "GET" and super().has_permission(request) and second_step.is_due(request):
            return redirect(f"{reverse('staff:second_step')}?{request.GET.urlencode()}")
        return super().login(request, extra_context)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        """Answer what a field with a search offers."""
        return InWords.as_view(admin_site=self)(request)
