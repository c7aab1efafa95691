"""A district's page: which companies may get data, how much of it families can refuse, whom to ask."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..law import BASES_WITH_A_CHOICE
from ..models import Agency, Agreement, AgreementVersion, SharedElement
from ..news_feeds import of_district
from ..page_cache import cached_page
from ..saying import status_words
from ..timeline import history
from .reuse import feed_links
from .state_forms import form_links

PAGE_SIZE = 25


@dataclass(frozen=True)
class Figures:
    """What a district's page counts, honestly."""

    agreements: int
    with_a_choice: int


@require_safe
@cached_page("page", "choice")
def district(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a district's agreements, 25 a page, those in use first."""
    agency = get_object_or_404(Agency, slug=slug)
    today = agency.today(timezone.now())
    only_choice = request.GET.get("choice") == "1"
    agreements = listed(agency)
    if only_choice:
        agreements = agreements.filter(has_choice=True)
    page = Paginator(agreements, PAGE_SIZE).get_page(request.GET.get("page"))
    news = of_district(agency).order_by("-day", "-pk").prefetch_related("changes")[:5]
    return render(
        request,
        "districts/district.html",
        {
            "agency": agency,
            "district": agency,
            "district_url": reverse("districts:district", args=[slug]),
            "section": "companies",
            "page": page,
            "query": request.GET,
            "rows": [_row(agreement, today) for agreement in page],
            "figures": figures(agency, today),
            "only_choice": only_choice,
            "news": history(news),
            "incidents": agency.incidents.public().select_related("vendor")[:5],
            "feeds": feed_links("district_feed", slug),
            "forms": form_links(agency),
            "calendar": reverse("districts:district_calendar", args=[slug]),
            "record": reverse("api:agency", args=[agency.pk]),
        },
    )


def listed(agency: Agency) -> Any:
    """Return the agreements to list: those with a public version, newest first, with what a row needs."""
    published = AgreementVersion.objects.published().filter(agreement=OuterRef("pk"))
    newest = published.order_by("-number").values("pk")[:1]
    choices = SharedElement.objects.filter(version=OuterRef("newest_version"), basis__in=BASES_WITH_A_CHOICE)
    return (
        Agreement.objects.concerning(agency)
        .filter(Exists(published))
        .annotate(newest_version=Subquery(newest))
        .annotate(has_choice=Exists(choices))
        .select_related("vendor", "agency")
        .order_by("-state", Lower("vendor__name"), "pk")
    )


def figures(agency: Agency, today: dt.date) -> Figures:
    """Return how many agreements are in use today, and in how many families can say no to parts."""
    running = AgreementVersion.objects.in_force_on(today).filter(
        agreement__in=Agreement.objects.concerning(agency)
    )
    choices = SharedElement.objects.filter(version=OuterRef("pk"), basis__in=BASES_WITH_A_CHOICE)
    counted = running.aggregate(every=Count("pk"), some=Count("pk", filter=Exists(choices)))
    return Figures(counted["every"], counted["some"])


def _row(agreement: Any, today: dt.date) -> dict[str, Any]:
    kind, status = status_words(agreement, today)
    return {
        "name": agreement.vendor.name,
        "url": reverse("districts:agreement", args=[agreement.public_id]),
        "summary": agreement.vendor.summary,
        "marks": [(kind, status)]
        + ([("choice", _("You can say no to parts"))] if agreement.has_choice else []),
        "begins_on": agreement.begins_on,
        "ends_on": agreement.ends_on,
    }
