"""The door to what leaves the site as data: for anybody, from any other site, asked for twice at no cost."""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe
from django.utils.translation import get_language

from .models import RegisterVersion
from .public_room import public_page

P = ParamSpec("P")

#: Creative Commons Zero: anybody may use the data for anything, without asking.
LICENCE_NAME = "CC0 1.0"
LICENCE_URL = "https://creativecommons.org/publicdomain/zero/1.0/"

ANY_SITE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link",
    "Access-Control-Max-Age": "86400",
}


def open_data(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Serve a view's data from the public room, to pages of any site, with an ETag that costs one query.

    The ETag is the register's version: it is another one as soon as anything public has changed. It is read
    before the data, which may then be newer than its tag, never older.
    """
    return _opened(view, _tag)


def open_data_of_the_day(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Serve a view's data likewise, where it also depends on which day it is at an agency.

    A version may begin to count at midnight, with nothing written. Midnights fall on the hour everywhere in
    the US, so the tag is another one each hour.
    """
    return _opened(view, _tag_of_the_hour)


def _opened(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase], tag_of: Callable[[HttpRequest], str]
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    @public_page
    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return for_any_site(HttpResponse(status=204))
        tag = tag_of(request)
        known = "If-None-Match" in request.headers
        response: HttpResponseBase | None = get_conditional_response(request, etag=tag) if known else None
        if response is None:
            response = view(request, *args, **kwargs)
            if response.status_code == 200:
                response = _dated(request, response, tag)
        if response.status_code in (200, 304):
            response["ETag"] = tag
            response["Cache-Control"] = "public, no-cache"  # may be kept; asked for again every time
        return for_any_site(response)

    return wrapped


def _dated(request: HttpRequest, response: HttpResponseBase, tag: str) -> HttpResponseBase:
    """Return 304 instead, to somebody who knows no tag but has seen the date the response carries."""
    if "Last-Modified" not in response:
        return response
    date = parse_http_date_safe(response["Last-Modified"])
    again = get_conditional_response(request, etag=tag, last_modified=date)
    if again is None:
        return response
    again["Last-Modified"] = response["Last-Modified"]
    return again


def for_any_site(response: HttpResponseBase) -> HttpResponseBase:
    """Let pages of any site read the answer, and say what one may do with it."""
    for name, value in ANY_SITE.items():
        response[name] = value
    response["Link"] = f'<{LICENCE_URL}>; rel="license"'
    return response


def _tag_of_the_hour(request: HttpRequest) -> str:
    return _tag(request, timezone.now().strftime("%Y-%m-%dT%H"))


def _tag(request: HttpRequest, *more: str) -> str:
    """Return a tag that differs by register, release, address and language. Weak: bytes may be packed."""
    where = (request.get_full_path(), get_language(), settings.SITE_URL)
    about = (RegisterVersion.current(), release(), *where, *more)
    return f'W/"{hashlib.sha256(repr(about).encode()).hexdigest()[:24]}"'


@cache
def release() -> str:
    """Return a name for this release of the room's code: another release may write the data another way."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
