"""A publication on its way: what became of each person and child, until the sums meet the audience."""

import uuid

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..access import StaffRequest, notices_of, publication_or_404, staff_page
from ..counting import progress_of
from ..page import show

REFRESH_SECONDS = 10


@require_safe
@staff_page
def progress(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show how far the telling has come; on demand again and again while work is left for machines."""
    publication = publication_or_404(request.agency, public_id)
    agreement = publication.agreement
    parts = [
        progress_of(notice, notice.agency.today(request.now))
        for notice in notices_of(publication, request.agency)
    ]
    waits = not parts and publication.changes.exclude(severity="public_only").exists()
    is_over = not waits and all(part["is_over"] for part in parts)
    watches = "watch" in request.GET and not is_over
    response = show(
        request,
        "progress",
        {
            "publication": publication,
            "parts": parts,
            "waits": waits and agreement.state != "proposed",
            "is_over": is_over,
            "watches": watches,
            "seconds": REFRESH_SECONDS,
        },
        place="agreements",
        crumbs=[
            (_("Agreements"), reverse("staff:agreements")),
            (agreement.title, reverse("staff:agreement", args=[agreement.public_id])),
            (_("Progress"), None),
        ],
    )
    if watches:  # asked for by a link, and ended by one: a page must not jump under a reader by itself
        response["Refresh"] = str(REFRESH_SECONDS)
    return response
