"""The admin site: only classes that narrow to the staff member's agency are let in."""

from typing import Any

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class StaffAdminSite(AdminSite):
    """Django's plain admin. Admin classes of other packages show all rows to everybody: they stay out."""

    index_title = _("Records")
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register a model with an admin class of ours; leave it out with any other."""
        if getattr(admin_class, "agency_lookup", None) is not None:
            super().register(model_or_iterable, admin_class, **options)
