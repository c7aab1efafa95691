"""A change page: one publication, at an address that stays."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..models import Change, Publication
from ..phrases import LANGUAGES
from ..public_room import public_page
from ..sentences import kept_phrase
from ..timeline import mark_of, sentence_of
from ..words import Words, words

OPEN = 20  # changes in view; what is beyond is folded, as an agreement may bring hundreds


@require_safe
@public_page
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what one publication changed: in short, counted, and one by one."""
    found = get_object_or_404(
        Publication.objects.select_related("agreement__agency", "agreement__vendor", "version", "incident"),
        public_id=public_id,
    )
    changes = list(found.changes.select_related("element", "category"))
    texts = words(
        elements=(c.element_id for c in changes if c.element_id),
        categories=(c.category_id for c in changes if c.category_id),
    )
    marks = [mark_of(each) for each in changes]
    cards = [_card(each, texts) for each in changes]
    agreement = found.agreement
    return render(
        request,
        "districts/change.html",
        {
            "publication": found,
            "agreement": agreement,
            "version": found.version,
            "cards": cards[:OPEN],
            "more_cards": cards[OPEN:],
            "asks": any(each.severity == Change.Severity.ANSWER_NEEDED for each in changes),
            "tally": [
                (marks.count("added"), "added", _("Added")),
                (marks.count("removed"), "removed", _("Removed")),
                (marks.count("changed"), "changed", _("Changed")),
            ],
            "district": agreement.agency,
            "district_url": reverse("districts:district", args=[agreement.agency.slug]),
            "section": "companies",
            "crumbs": [
                (agreement.agency.name, reverse("districts:district", args=[agreement.agency.slug])),
                (agreement.vendor.name, reverse("districts:vendor", args=[agreement.vendor.slug])),
                (_("What changed"), None),
            ],
        },
    )


def _before(each: Change) -> str:
    """Return what a sentence about a changed time leaves out: how long it was before."""
    if each.kind != Change.Kind.RETENTION_CHANGED or not each.before:
        return ""
    language = get_language() or "en"
    return kept_phrase(each.before["kept"], language if language in LANGUAGES else "en")


def _card(each: Change, texts: Words) -> dict[str, Any]:
    element = each.element
    title = texts.element(element.pk) if element else ""
    title = title or (texts.category(each.category_id) if each.category_id else "")
    return {
        "kind": mark_of(each),
        "title": title or each.get_kind_display(),
        "tag": each.get_kind_display(),
        "sensitivity": element.sensitivity if element else "",
        "sentence": sentence_of(each),
        "before": _before(each),
        "url": reverse("districts:element", args=[element.code]) if element else "",
        "url_text": _("What is this?") if element else "",
    }
