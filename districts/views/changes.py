"""A change page: one publication, at an address that stays."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..models import Change, Publication
from ..public_room import public_page
from ..timeline import mark_of, sentence_of
from ..words import Words, words


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
    agreement = found.agreement
    return render(
        request,
        "districts/change.html",
        {
            "publication": found,
            "agreement": agreement,
            "version": found.version,
            "cards": [_card(each, texts) for each in changes],
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
        "url": reverse("districts:element", args=[element.code]) if element else "",
        "url_text": _("What is this?") if element else "",
    }
