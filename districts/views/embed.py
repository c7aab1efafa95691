"""A district's list inside the district's own website: one line of HTML, no script, no counting of visits."""

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from ..addresses import page
from ..agreement_list import agreement_list, narrowed
from ..models import Agency
from ..public_room import public_page

ANYBODY = "*"


# Nothing is asked or pressed in it but links, so that no other site can trick a visitor by framing it.
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": [ANYBODY]})  # type: ignore[arg-type]  # it knows views of one argument
@public_page
def embedded(request: HttpRequest, slug: str) -> HttpResponse:
    """Show only the list, for a frame on another site; its links open this site in the whole window."""
    agency = get_object_or_404(Agency, slug=slug)
    found = narrowed(agency, request.GET, agency.today(timezone.now()))
    return render(
        request,
        "districts/embedded.html",
        {
            "agency": agency,
            "home": reverse("districts:district", args=[slug]),
            "canonical": page("district", slug),
            "list": agreement_list(found, request.GET),
        },
    )


@require_safe
@public_page
def how_to_embed(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the line of HTML that gives a district's own website its list."""
    agency = get_object_or_404(Agency, slug=slug)
    line = format_html(
        '<iframe src="{}" title="{}" width="100%" height="600" loading="lazy"></iframe>',
        page("embedded", slug),
        _("Companies that may get student data: %(district)s") % {"district": agency.name},
    )
    home = reverse("districts:district", args=[slug])
    return render(
        request,
        "districts/how_to_embed.html",
        {
            "district": agency,
            "district_url": home,
            "canonical": page("how_to_embed", slug),
            "line": line,
            "preview": reverse("districts:embedded", args=[slug]),
            "crumbs": [(agency.name, home), (_("Put this list on your website"), None)],
        },
    )
