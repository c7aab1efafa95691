"""Makes the admin of district staff the site's admin."""

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    default_site = "portal.staff.site.StaffAdminSite"
