"""The portal's place among the installed apps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks, and make our Celery app the one that the tasks belong to."""
        from portal import celery, checks  # noqa: F401  (both register themselves)
        from portal.watching import receivers  # noqa: F401
