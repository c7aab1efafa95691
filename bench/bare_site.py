"""The site's settings, with one address more: the yardstick of the pages (bench/bare_urls.py)."""

from typing import Any

from portal import settings

globals().update({name: value for name, value in vars(settings).items() if name.isupper()})

ROOT_URLCONF = "bench.bare_urls"
# As deployed, but nothing has to be collected first.
STORAGES: dict[str, Any] = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
