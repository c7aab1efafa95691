"""The nightly dumps: their list, their files, and the address of the newest."""

import datetime as dt
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from ..addresses import page
from ..dumps import shelf
from ..dumps.shelf import Dump
from ..open_data import for_any_site
from ..public_room import public_page
from ..published import withdrawals

open_methods = require_http_methods(["GET", "HEAD", "OPTIONS"])


def standing() -> list[Dump]:
    """Return the dumps anybody may take, the newest first: none that may hold what was withdrawn since.

    Asked when a page or a file is served, so that nothing depends on when the task takes one down.
    """
    withdrawn = withdrawals()
    return [each for each in shelf.dumps() if not each.may_hold_what_was_withdrawn(withdrawn)]


@open_methods
@public_page
def dump_list(request: HttpRequest) -> HttpResponseBase:
    """Serve the manifests of all dumps, and what is left of those that had to come down."""
    with override("en"):
        latest = {name: page("latest_dump", name) for name in _files()}
    listed = {
        "latest": latest,
        "dumps": [each.about for each in standing()],
        "taken_down": shelf.tombstones(),
    }
    return for_any_site(JsonResponse(listed, json_dumps_params={"indent": 1}))


@open_methods
@public_page
def latest_dump(request: HttpRequest, file: str) -> HttpResponseBase:
    """Lead to a file of the newest dump."""
    newest = next(iter(standing()), None)
    if newest is None or newest.file(file) is None:
        raise Http404
    response = HttpResponseRedirect(reverse("districts:dump_file", args=[newest.name, file]))
    response["Cache-Control"] = "no-cache"
    return for_any_site(response)


@open_methods
@public_page
def dump_file(request: HttpRequest, name: str, file: str) -> HttpResponseBase:
    """Serve a file of a dump; one that had to come down is gone, and says why."""
    found = shelf.find(name)
    must_not_stand = found.may_hold_what_was_withdrawn(withdrawals()) if found else shelf.tombstone(name)
    if must_not_stand:
        return for_any_site(HttpResponse(_gone_words(), status=410, content_type="text/plain; charset=utf-8"))
    about = found.file(file) if found else None
    if found is None or about is None:
        raise Http404
    return for_any_site(_conditional(request, found, about))


def _conditional(request: HttpRequest, found: Dump, about: dict[str, Any]) -> HttpResponseBase:
    """Return the file, or 304 to whoever has it: its tag is its hash, its date is when it was made."""
    tag, date = f'"{about["sha256"]}"', int(found.made_at.timestamp())
    response: HttpResponseBase | None = get_conditional_response(request, etag=tag, last_modified=date)
    if response is None:
        try:
            opened = (found.folder / about["name"]).open("rb")
        except FileNotFoundError:  # taken down since we looked
            raise Http404 from None
        response = FileResponse(opened, content_type=about["media_type"])
        stem, _dot, ending = about["name"].partition(".")
        response["Content-Disposition"] = f'attachment; filename="{stem}-{found.name}.{ending}"'
    response["ETag"], response["Last-Modified"] = tag, http_date(date)
    response["Cache-Control"] = "public, no-cache"  # may be kept; asked for again, as it may come down
    return response


def dumps_for_page() -> dict[str, Any]:
    """Return what the page about open data says of the dumps."""
    there = standing()
    words = _format_words()
    newest = there[0] if there else None
    return {
        "newest": newest
        and {
            "day": newest.made_at,
            "files": [
                {
                    **each,
                    "words": words.get(each["name"], ""),
                    "address": reverse("districts:latest_dump", args=[each["name"]]),
                }
                for each in newest.about["files"]
            ],
            "records": newest.about["records"].items(),
        },
        "older": [
            {
                "day": each.made_at,
                "files": [
                    (file["name"], reverse("districts:dump_file", args=[each.name, file["name"]]))
                    for file in each.about["files"]
                ],
            }
            for each in there[1:]
        ],
        "gone": [
            {"day": _day(each["made_at"]), "on": _day(each["taken_down_at"])} for each in shelf.tombstones()
        ],
        "list": reverse("districts:dump_list"),
    }


def _files() -> list[str]:
    newest = next(iter(standing()), None)
    return [each["name"] for each in newest.about["files"]] if newest else []


def _day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _gone_words() -> str:
    return _("This copy was taken down. Something in it may not be shown any more. Take a newer one.")


def _format_words() -> dict[str, str]:
    return {
        "register.csv.zip": _("Tables for a spreadsheet (CSV)"),
        "register.jsonl.gz": _("One record a line (JSON Lines)"),
        "register.sqlite": _("One database file (SQLite)"),
    }
