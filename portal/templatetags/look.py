"""What every page of the site needs to draw itself: its name, links, languages, a few filters."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.conf.urls.i18n import is_language_prefix_patterns_used
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.template import Context
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from districts.addresses import absolute

register = template.Library()

# The one list of pages that every page links to: key -> URL name.
PAGES = {
    "home": "districts:home",
    "search": "districts:search",
    "companies": "districts:companies",
    "data": "districts:data",
    "family": "consent:family",
    "letter": "consent:letter_code",
    "sign_in": "account_request_login_code",
    "sign_out": "account_logout",
    "help": "help",
    "rights": "rights",
    "accessibility": "accessibility",
    "privacy": "privacy",
    "open_data": "districts:open_data",
}

#: Parts of an address without which it is another page: what is looked for, a page of a list, a day.
MAKES_ANOTHER_PAGE = ("q", "kind", "about", "on", "page", "after")

_ZONES = {
    "America/New_York": gettext_lazy("Eastern Time"),
    "America/Detroit": gettext_lazy("Eastern Time"),
    "America/Indiana/Indianapolis": gettext_lazy("Eastern Time"),
    "America/Chicago": gettext_lazy("Central Time"),
    "America/Denver": gettext_lazy("Mountain Time"),
    "America/Boise": gettext_lazy("Mountain Time"),
    "America/Phoenix": gettext_lazy("Arizona Time"),
    "America/Los_Angeles": gettext_lazy("Pacific Time"),
    "America/Anchorage": gettext_lazy("Alaska Time"),
    "Pacific/Honolulu": gettext_lazy("Hawaii Time"),
    "America/Puerto_Rico": gettext_lazy("Atlantic Time"),
}


@dataclass(frozen=True)
class LanguageLink:
    """One line of the language menu: the same page in another language."""

    code: str
    name: str
    direction: str
    url: str
    is_current: bool


@register.simple_tag
def site_name() -> str:
    """Return the name families know this site by."""
    return getattr(settings, "SITE_NAME", "") or _("Student Data Guide")


@register.simple_tag
def site_links() -> dict[str, str]:
    """Return the address of each page in PAGES; a page that is not installed has an empty one.

    Never raises: the error pages are drawn with it.
    """
    return _links(get_language())


@lru_cache
def _links(_language: str | None) -> dict[str, str]:
    return {key: _address(name) for key, name in PAGES.items()}


@register.simple_tag(takes_context=True)
def language_menu(context: Context) -> list[LanguageLink]:
    """Return the current page in each language of the site, in the languages' own names.

    Touches neither session nor user, so public pages may use it.
    """
    request = context.get("request")
    path = request.get_full_path() if request is not None else ""
    current = get_language() or settings.LANGUAGE_CODE
    links = []
    for code, _name in settings.LANGUAGES:
        info = get_language_info(code)
        links.append(
            LanguageLink(
                code=code,
                name=info["name_local"].capitalize(),
                direction="rtl" if info["bidi"] else "ltr",
                url=_in_language(path, code, current),
                is_current=code == current,
            )
        )
    return links


@register.simple_tag(takes_context=True)
def page_address(context: Context, given: str = "") -> str:
    """Return the whole address that stands for the current page: as given, else its own path.

    Of its query only what makes it another page is kept. Empty where there is no request, as on error pages.
    """
    request = context.get("request")
    if given or request is None:
        return given
    kept = [(name, request.GET[name]) for name in MAKES_ANOTHER_PAGE if request.GET.get(name)]
    return absolute(request.path) + (f"?{urlencode(kept)}" if kept else "")


@register.simple_tag
def piece(template_name: str, **values: Any) -> SafeString:
    """Draw a small template by its values alone, once: marks and days stand on a page by the dozen.

    For templates that look at nothing else: no context, no clock, no database. The values must be hashable.
    """
    # Text that is safe and text that is not are equal, and must not stand in for each other.
    known = tuple((key, value, type(value)) for key, value in values.items())
    draw = _drawn.__wrapped__ if settings.DEBUG else _drawn
    return draw(template_name, known, get_language(), timezone.get_current_timezone_name())


@lru_cache(maxsize=4096)
def _drawn(
    name: str, values: tuple[tuple[str, Any, type], ...], language: str | None, zone: str
) -> SafeString:
    return SafeString(get_template(name).render({key: value for key, value, _type in values}))


@receiver(setting_changed)
def _forget(**_changed: Any) -> None:
    _links.cache_clear()
    _drawn.cache_clear()


@register.filter
def tel(number: str) -> str:
    """Return a telephone number as the address of a call; ten digits are a number in the USA."""
    digits = re.sub(r"[^\d+]", "", number or "")
    return f"tel:+1{digits}" if re.fullmatch(r"\d{10}", digits) else f"tel:{digits}"


@register.filter
def nth(items: Sequence[object], position: int) -> object:
    """Return the item at a position counted from 0."""
    return items[position]


@register.filter
def zone_name(zone: str) -> str:
    """Return a time zone in the words people use: “Central Time”; elsewhere the nearest city."""
    name = _ZONES.get(zone)
    return str(name) if name else zone.rpartition("/")[2].replace("_", " ")


@register.filter
def in_words(day: dt.date, today: dt.date) -> str:
    """Return how far off a day is, in words: “in 3 weeks”, “tomorrow”. Empty for a day gone by."""
    days = (day - today).days
    if days < 0:
        return ""
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days < 14:
        return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    weeks = days // 7
    return ngettext("in %(n)d week", "in %(n)d weeks", weeks) % {"n": weeks}


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _in_language(path: str, code: str, current: str) -> str:
    """Return `path` in another language, or that language's home where the path is nobody's (a 404)."""
    if code == current:
        return path
    elsewhere = translate_url(path, code) if path else path
    if elsewhere != path:
        return elsewhere
    prefixed, default_too = is_language_prefix_patterns_used(settings.ROOT_URLCONF)
    if not prefixed or (code == settings.LANGUAGE_CODE and not default_too):
        return "/"
    return f"/{code}/"


@register.filter
def having(rows: Iterable[Any], name: str) -> list[Any]:
    """Return the rows that say something under a name (`{% for p in promises|having:"answer" %}`)."""
    return [row for row in rows if row[name]]


@register.filter
def lacking(rows: Iterable[Any], name: Any) -> list[Any]:
    """Return the rows that say nothing under a name or at a place: gaps are named in one sentence."""
    return [row for row in rows if not row[name]]
