"""The admin site: only classes that narrow to the staff member's agency are let in."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _


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

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        """Answer what a field with a search offers."""
        return InWords.as_view(admin_site=self)(request)
