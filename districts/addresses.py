"""Whole addresses of the public pages, for whatever leaves the site: API, feeds, calendars, dumps."""

from typing import Any

from django.conf import settings
from django.urls import reverse


def absolute(path: str) -> str:
    """Return the whole address of a path of this site."""
    return f"{settings.SITE_URL}{path}"


def page(name: str, *args: Any) -> str:
    """Return the whole address of a public page, in the language that is active."""
    return absolute(reverse(f"districts:{name}", args=args))
