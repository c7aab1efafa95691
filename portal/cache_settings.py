"""Where things are kept for a while: counted tries of sign-ins together, public pages apart from them."""

from pathlib import Path
from typing import Any

# A page's tag names the hour (districts/page_cache.py): nobody asks for a page older than that.
PAGES_SECONDS = 60 * 60
# A Redis that hangs must not hold a page up: it is drawn without it.
PATIENCE_SECONDS = 0.25


def cache_settings(*, redis_url: str, folder: Path, pages: int) -> dict[str, dict[str, Any]]:
    """Return Django's CACHES: all in Redis where there is one, else tries in files and pages in memory.

    `pages` is how many public pages there may be at most.
    """
    if redis_url:
        redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}
        patience = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
        return {
            "default": redis,
            "pages": {**redis, "KEY_PREFIX": "pages", "TIMEOUT": PAGES_SECONDS, "OPTIONS": patience},
        }
    return {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": folder},
        "pages": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "pages",
            "TIMEOUT": PAGES_SECONDS,
            "OPTIONS": {"MAX_ENTRIES": max(pages, 1)},
        },
    }
