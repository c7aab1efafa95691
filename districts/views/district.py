"""A district's page: which companies may get data, how much of it families can refuse, whom to ask."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..addresses import page
from ..agreement_list import agreement_list, narrowed
from ..being_discussed import discussed_in
from ..breaches_shown import newest_breaches
from ..filters import address
from ..models import Agency, Incident
from ..news_feeds import newest_told
from ..page_cache import cached_page
from ..public_room import public_page
from ..rights import rights_under
from .reuse import feed_links
from .schools import open_schools, school_links
from .state_forms import form_links

NEWS = 5
BREACHES = 5
FEW_SCHOOLS = 12  # so many are links on the district's own page; more have a page


@require_safe
@cached_page("status", "choice", "new", "kind", "sensitivity", "data", "grade", "gaps", "school")
def district(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a district's agreements, 25 a page, those in use first."""
    agency = get_object_or_404(Agency, slug=slug)
    now = timezone.now()
    today = agency.today(now)
    schools = dict(open_schools(agency).values_list("pk", "name")[: FEW_SCHOOLS + 1])
    few = schools if len(schools) <= FEW_SCHOOLS else {}
    found = narrowed(agency, request.GET, today, schools=few)
    newest = newest_breaches(agency, BREACHES)
    breaches = Incident.objects.select_related("vendor").in_bulk(newest)
    return render(
        request,
        "districts/district.html",
        {
            "agency": agency,
            "district": agency,
            "district_url": reverse("districts:district", args=[slug]),
            "canonical": page("district", slug),
            "section": "companies",
            "list": agreement_list(found, request.GET),
            "schools": school_links(few, found),
            "all_schools": ""
            if few or not schools
            else reverse("districts:schools", args=[slug]) + address(found.chosen),
            "news": newest_told(agency, NEWS),
            "discussed": discussed_in(agency, now),
            "incidents": [breaches[pk] for pk in newest],
            "feeds": feed_links("district_feed", slug),
            "forms": form_links(agency),
            "calendar": reverse("districts:district_calendar", args=[slug]),
            "record": reverse("api:agency", args=[agency.pk]),
        },
    )


@require_safe
@public_page
def rights(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what parents may ask of a district, how, and whom (105 ILCS 85/27(a)(4) in Illinois)."""
    agency = get_object_or_404(Agency, slug=slug)
    home = reverse("districts:district", args=[slug])
    return render(
        request,
        "districts/district_rights.html",
        {
            "agency": agency,
            "district": agency,
            "district_url": home,
            "canonical": page("district_rights", slug),
            "rights": rights_under(agency.law_profile),
            "crumbs": [(agency.name, home), (_("Your rights"), None)],
        },
    )
