"""The districts room's place among the installed apps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DistrictsConfig(AppConfig):
    name = "districts"
    verbose_name = _("Agreements and companies")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers, where the room has any."""
        from django.utils.module_loading import module_has_submodule

        if module_has_submodule(self.module, "receivers"):
            __import__(f"{self.name}.receivers")
