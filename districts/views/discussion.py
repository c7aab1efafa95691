"""The public discussion of one agreement: how to take part, the hearings, and what was said of both."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import published
from ..asked_in_public import asked_rows, not_shown, questions_of
from ..being_discussed import discussion_of, happened, in_order
from ..models import Agreement
from ..public_room import public_page
from ..saying import status_words

PAGE_SIZE = 25


@require_safe
@public_page
def discussion(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show when and how anybody can have their say about an agreement, and what was discussed so far."""
    agreements = published.agreements().select_related("agency", "vendor")
    found = get_object_or_404(agreements, public_id=public_id)
    now = timezone.now()
    discussed = discussion_of(found, now)
    page = Paginator(questions_of(found), PAGE_SIZE).get_page(request.GET.get("page"))
    district_url = reverse("districts:district", args=[found.agency.slug])
    return render(
        request,
        "districts/discussion.html",
        {
            "agreement": found,
            "district": found.agency,
            "district_url": district_url,
            "section": "companies",
            "status": status_words(found, discussed.today),
            "discussion": discussed,
            "page": page,
            "query": request.GET,
            "asked_rows": asked_rows(page, discussed.today),
            "refused": not_shown(found),
            "ask_url": _ask_url(found),
            "happened": in_order(happened(discussed)),
            "calendar": reverse("districts:district_calendar", args=[found.agency.slug]),
            "crumbs": [
                (found.agency.name, district_url),
                (found.vendor.name, reverse("districts:agreement", args=[public_id])),
                (_("Public discussion"), None),
            ],
        },
    )


def _ask_url(found: Agreement) -> str:
    """Return where to ask in public; empty for history, and where the frame has no such page."""
    if found.kind == Agreement.Kind.RECONSTRUCTION:
        return ""
    try:
        return reverse("asking:ask", args=[found.public_id])
    except NoReverseMatch:
        return ""
