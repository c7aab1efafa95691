"""Settings of the tests: those of production, without a broker, without a mail server."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0" * 50)
os.environ["HTTPS"] = "0"
os.environ["PSEUDO_ARABIC"] = "1"

from portal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DUMPS_ROOT = VAR_DIR / "no-dumps"  # noqa: F405 - a test that makes some names a folder of its own
# Nothing listens here: tests call services; the tests of faults start real workers of their own.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT = None  # the one the address names
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
}
# Stamps come at the commit, which most tests never reach; those of the page cache turn it on.
PAGE_CACHE_PLACES = 0
# Staff of the tests are signed in by one step; those of the second step turn it on.
STAFF_SECOND_STEP = False
ALLOWED_HOSTS = ["*"]
