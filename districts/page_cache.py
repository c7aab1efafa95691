"""Keeps whole public pages while nothing they are made of has changed (docs/decisions/0027).

A page is kept under a tag made of the register's version, the hour, the release, the address and the
language. The tag is also its ETag. Nothing is ever taken out because of news: under a new version each tag is
another one, and what was kept under an older tag is not asked for again.
"""

import hashlib
import logging
import re
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

import django
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from .models import RegisterVersion
from .public_room import public_page, read_one_as_public

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

log = logging.getLogger(__name__)

#: Bytes; a longer page is drawn each time. With the number of places it bounds what all pages may take.
LARGEST = 256 * 1024
#: What a value in an address may look like. Free text has too many values to keep a page for each.
SHORT_VALUE = re.compile(r"[0-9a-z_-]{0,20}", re.ASCII)
#: What a page is drawn with, besides the register: the project's own folders.
DRAWN_WITH = ("districts", "consent", "portal", "templates", "locale", "static")
DRAWN_WITH_FILES = {".py", ".html", ".svg", ".css", ".mo"}

_TAG = "_page_tag"
#: The address that was last served at each place, by this process: no more than there are places.
_known: dict[str, str] = {}


def cached_page(*asked: str) -> Callable[[Page[P]], Page[P]]:
    """Serve a view from the public room and keep what it returns while the register stays as it is.

    `asked` names what the view reads of the query; an address that asks anything else, or in free text, is
    answered anew each time, as is anything but a 200. The register's version is read before the page, which
    may then be newer than its tag, never older. A view that reads what no version covers may not be kept: a
    test holds the tables each one reads against PostgreSQL's triggers.
    """

    def decorate(view: Page[P]) -> Page[P]:
        page = public_page(view)

        @wraps(page)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not _may_be_kept(request, asked):
                return page(request, *args, **kwargs)
            address = _address(request)
            place = place_of(address)
            tag = getattr(request, _TAG, "")
            response: HttpResponseBase | None = None
            if not tag:  # nobody has looked yet: serve_kept() did not know the address
                tag = _tag(address)
                response = _unchanged(request, tag) or _kept(place, tag)
            if response is None:
                response = page(request, *args, **kwargs)
                if not isinstance(response, HttpResponse) or response.status_code != 200:
                    return response
                _keep(request, place, tag, response)
            _known[place] = address
            return _tagged(response, tag)

        wrapped.is_cached_page = True  # type: ignore[attr-defined]
        return wrapped

    return decorate


def serve_kept(request: HttpRequest) -> HttpResponseBase | None:
    """Return the answer to who asks for a page that is kept, or has it, before anything looks who is asking.

    Only for addresses at which this process has served a kept page: what may be kept is for its view to say.
    None where the page has to be drawn; the view then goes by the version that was read here.
    """
    if request.method not in ("GET", "HEAD") or not settings.PAGE_CACHE_PLACES:
        return None
    address = _address(request)
    place = place_of(address)
    if _known.get(place) != address:
        return None
    tag = _tag(address)
    response = _unchanged(request, tag) or _kept(place, tag)
    if response is None:
        setattr(request, _TAG, tag)
        return None
    return _tagged(response, tag)


def _tagged(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"  # what is taken down must not live on elsewhere
    return response


def _may_be_kept(request: HttpRequest, asked: tuple[str, ...]) -> bool:
    """Return whether this address is one of few: the page alone, or with short values the view knows."""
    if request.method not in ("GET", "HEAD") or not settings.PAGE_CACHE_PLACES:
        return False
    if not request.META.get("QUERY_STRING"):
        return True
    return all(
        name in asked and len(values) == 1 and SHORT_VALUE.fullmatch(values[0]) is not None
        for name, values in request.GET.lists()
    )


def _tag(address: str) -> str:
    """Return a tag that differs by register, hour, release, address and language. Weak: bytes may be packed.

    The hour, because a page may depend on which day it is at an agency, and midnights fall on the hour
    everywhere in the US.
    """
    hour = timezone.now().strftime("%Y-%m-%dT%H")
    register = read_one_as_public(RegisterVersion.CURRENT_AND_WRITER)
    about = (register, hour, page_release(), address)
    return f'W/"{hashlib.sha256(repr(about).encode()).hexdigest()[:24]}"'


def _unchanged(request: HttpRequest, tag: str) -> HttpResponse | None:
    """Return 304 to whoever has this very page. “*” says nothing of a page, and is no reason."""
    asked = request.META.get("HTTP_IF_NONE_MATCH", "")
    if asked == tag and "HTTP_IF_MATCH" not in request.META:
        return HttpResponseNotModified()
    if tag not in asked:
        return None
    answer: HttpResponse | None = get_conditional_response(request, etag=tag)
    return answer


def _address(request: HttpRequest) -> str:
    """Return what is asked for: the language and the path with its query."""
    return f"{get_language()} {request.get_full_path()}"


def place_of(address: str) -> str:
    """Return where an address is kept, beside others that share the place: there are never more places."""
    digest = hashlib.sha256(address.encode()).digest()
    return f"page-{int.from_bytes(digest[:8]) % settings.PAGE_CACHE_PLACES}"


def _kept(place: str, tag: str) -> HttpResponse | None:
    """Return the page that is kept under this very tag, if any. A cache that fails is one that is empty."""
    try:
        found = caches["pages"].get(place)
    except Exception:
        log.warning("pages_cannot_be_read_from_the_cache", exc_info=True)
        return None
    if not isinstance(found, tuple) or len(found) != 3 or found[0] != tag:
        return None
    return HttpResponse(found[2], content_type=found[1])


def _keep(request: HttpRequest, place: str, tag: str, response: HttpResponse) -> None:
    """Keep a page, unless it is long, sets a cookie, or there is no cache to keep it in."""
    if request.method != "GET" or len(response.content) > LARGEST or response.cookies:
        return
    try:
        caches["pages"].set(place, (tag, response.headers["Content-Type"], response.content))
    except Exception:
        log.warning("page_cannot_be_kept", exc_info=True)


@cache
def page_release() -> str:
    """Return a name for what draws the pages here: code, templates, words, settings. Read once a process."""
    about = (django.get_version(), settings.SITE_NAME, settings.SITE_URL, settings.STATIC_URL, settings.DEMO)
    digest = hashlib.sha256(repr((*about, [code for code, _name in settings.LANGUAGES])).encode())
    for folder in DRAWN_WITH:
        for path in sorted((Path(settings.BASE_DIR) / folder).rglob("*")):
            if path.suffix in DRAWN_WITH_FILES:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
