"""The search: one box over districts, schools, companies, products, kinds of data and agreements."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..finding import LONGEST, Found, Mark, find, plain
from ..public_room import public_page
from ..search_words import KINDS
from ..words import FALLBACK
from .reuse import feed_links

FEW = 5  # of each kind, where all kinds are shown
PAGE_SIZE = 25


@require_safe
@public_page
def search(request: HttpRequest) -> HttpResponse:
    """Show what the words mean: a few things of each kind, or one kind page by page."""
    asked = "q" in request.GET
    typed = plain(request.GET.get("q", ""))
    kind = request.GET.get("kind", "")
    kinds = (kind,) if kind in KINDS else KINDS
    found = find(
        typed=typed,
        language=get_language() or FALLBACK,
        kinds=kinds,
        limit=PAGE_SIZE if kind in KINDS else FEW,
        after=Mark.read(request.GET.get("after", "")) if kind in KINDS else None,
    )
    context = {
        "query": typed[:LONGEST],
        "longest": LONGEST if len(typed) > LONGEST else 0,
        "asked": asked,
        "errors": [(_("Enter a name or a word."), "q")] if asked and not found.key else [],
        "groups": [_group(one, those, typed, one in found.more) for one, those in found.groups.items()],
        "guessed": found.guessed,
        "filters": _filters(typed, kind) if found.key else [],
        "one_kind": kind in KINDS,
        "feeds": _feeds(typed) if found.key else [],
        "watch_query": f"?{urlencode({'q': typed[:LONGEST]})}",
        "first_url": _address(typed, kind) if "after" in request.GET else "",
    }
    return render(request, "districts/search.html", context)


def _group(kind: str, those: list[Found], typed: str, more: bool) -> dict[str, Any]:
    return {
        "kind": kind,
        "label": kind_words(kind),
        "rows": [{"title": one.title, "note": one.note, "url": _page_of(one)} for one in those],
        "all_url": _address(typed, kind) if more else "",
        "next_url": _address(typed, kind, after=str(those[-1].mark)) if more else "",
    }


def kind_words(kind: str) -> str:
    """Return what things of a kind are called on pages."""
    return {
        "agency": _("School districts and state offices"),
        "school": _("Schools"),
        "vendor": _("Companies"),
        "product": _("Products"),
        "element": _("Kinds of data"),
        "agreement": _("Agreements"),
    }[kind]


def _page_of(found: Found) -> str:
    """Return where a thing is shown: a product below its company."""
    if found.kind == "school":
        return reverse("districts:school", args=[found.reference, found.mark.object_id])
    page = {
        "agency": "districts:district",
        "vendor": "districts:vendor",
        "product": "districts:product",
        "element": "districts:element",
        "agreement": "districts:agreement",
    }[found.kind]
    return reverse(page, args=found.reference.split("/"))


def _filters(typed: str, kind: str) -> list[dict[str, Any]]:
    every = [("", _("All")), *((one, kind_words(one)) for one in KINDS)]
    chosen = kind if kind in KINDS else ""
    return [{"label": label, "url": _address(typed, one), "current": one == chosen} for one, label in every]


def _feeds(typed: str) -> list[tuple[str, str, str]]:
    """Return the feeds of a search; one that finds nothing yet has them too, and will tell when it does."""
    query = urlencode({"q": typed[:LONGEST]})
    return [(kind, name, f"{address}?{query}") for kind, name, address in feed_links("search_feed")]


def _address(typed: str, kind: str, **more: str) -> str:
    parts = {"q": typed[:LONGEST], **({"kind": kind} if kind in KINDS else {}), **more}
    return f"?{urlencode(parts)}"
