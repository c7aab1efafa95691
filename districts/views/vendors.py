"""Companies: the list, and a company's page with its data label in each district."""

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import published
from ..label import data_label, parts_of
from ..models import AgreementVersion, Vendor
from ..news_feeds import of_vendor
from ..page_cache import cached_page
from ..saying import status_words, subcontractor_words
from ..standing import agreement_state
from ..timeline import history
from ..version_notes import other_companies, version_note
from .agreements import promises
from .reuse import feed_links

PAGE_SIZE = 25
LABELS = 3  # whole labels on a company's page; further districts are links


@require_safe
@cached_page("page")
def companies(request: HttpRequest) -> HttpResponse:
    """List all companies with a public agreement, with a search by name."""
    query = request.GET.get("q", "").strip()[:100]
    public = AgreementVersion.objects.published().filter(agreement__vendor=OuterRef("pk"))
    found = Vendor.objects.filter(Exists(public)).order_by(Lower("name"), "pk")
    if query:
        found = found.filter(Q(name__icontains=query) | Q(legal_name__icontains=query))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "query": query, "params": request.GET, "section": "companies"}
    return render(request, "districts/companies.html", context)


@require_safe
@cached_page()
def vendor(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a company: label per district, promises, incidents, owners, history."""
    found = get_object_or_404(published.vendors(), slug=slug)
    now = timezone.now()
    newest = (
        AgreementVersion.objects.published()
        .filter(agreement=OuterRef("agreement"))
        .order_by("-number")
        .values("pk")[:1]
    )
    versions = list(
        AgreementVersion.objects.filter(agreement__vendor=found, pk=newest)
        .select_related("agreement__agency", "agreement__vendor")
        .order_by("agreement__state", "agreement__agency__name")
        .reverse()
    )
    news = of_vendor(found).order_by("-day", "-pk").prefetch_related("changes")[:20]
    one = versions[0].agreement.agency if len({v.agreement.agency_id for v in versions}) == 1 else None
    return render(
        request,
        "districts/vendor.html",
        {
            "vendor": found,
            "shown": [_shown(version) for version in versions[:LABELS]],
            "others": versions[LABELS:],
            "several": len(versions) > 1,
            "in_use": any(_is_signed(version, now) for version in versions),
            "incidents": found.incidents.public().prefetch_related("elements"),
            "owners": found.ownerships.select_related("owner"),
            "news": history(news),
            "products": found.products.all(),
            "district": one,
            "district_url": reverse("districts:district", args=[one.slug]) if one else "",
            "feeds": feed_links("vendor_feed", slug) if versions else [],
            "record": reverse("api:vendor", args=[found.pk]) if versions else "",
            "section": "companies",
            "crumbs": [(_("Companies"), reverse("districts:companies")), (found.name, None)],
        },
    )


def _is_signed(version: AgreementVersion, now: dt.datetime) -> bool:
    found = version.agreement
    return agreement_state(found, found.agency.today(now)) == found.State.SIGNED


def _shown(version: AgreementVersion) -> dict[str, Any]:
    parts = parts_of(version)
    label = data_label(parts)
    today = version.agreement.agency.today(timezone.now())
    return {
        "version": version,
        "agreement": version.agreement,
        "status": status_words(version.agreement, today),
        "label": label,
        "promises": promises(parts),
        "note": version_note(version, today),
        "state": agreement_state(version.agreement, today),
        "others": other_companies(version),
        "no_others": subcontractor_words(version),
        "documents": version.documents.filter(withdrawal=None),
        "with_choice": [row["category"] for row in label["rows"] if row["marks"]],
        "url": reverse("districts:agreement_version", args=[version.agreement.public_id, version.number]),
    }
