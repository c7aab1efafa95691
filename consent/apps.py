"""The consent room's place among the installed apps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = _("Families and messages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers, where the room has any."""
        from django.utils.module_loading import module_has_submodule

        if module_has_submodule(self.module, "receivers"):
            __import__(f"{self.name}.receivers")
