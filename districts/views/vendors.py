"""Companies: the list, a company's page, and the page of a product."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import published
from ..models import AgreementVersion, Product, Vendor
from ..news_feeds import newest_told
from ..owner_chain import owner_chain
from ..page_cache import cached_page
from ..public_room import public_page
from ..side_by_side import agreements_of
from .company_terms import agreements_context, breaches_context
from .reuse import feed_links

PAGE_SIZE = 25
NEWS = 20


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
    """Show a company: agreements side by side, labels, owners, rulings, breaches, what is said, history."""
    found = get_object_or_404(Vendor, slug=slug)
    if not published.vendor_is_public(found.pk):
        raise Http404
    context = agreements_context(request, found)
    is_public = context["figures"]["all"] > 0
    return render(
        request,
        "districts/vendor.html",
        {
            **context,
            **_one_district(context),
            **breaches_context(found),
            "vendor": found,
            "about": about(found),
            "owners": owner_chain(found),
            "rulings": found.rulings.standing(),
            "products": found.products.all() if is_public else [],
            "news": newest_told(found, NEWS),
            "feeds": feed_links("vendor_feed", slug) if is_public else [],
            "calendar": reverse("districts:vendor_calendar", args=[slug]) if is_public else "",
            "record": reverse("api:vendor", args=[found.pk]) if is_public else "",
            "section": "companies",
            "crumbs": [(_("Companies"), reverse("districts:companies")), (found.name, None)],
        },
    )


@require_safe
@public_page
def product(request: HttpRequest, slug: str, product: str) -> HttpResponse:
    """Show a product: the agreements that name it, and what is known of the company that runs it."""
    found = get_object_or_404(Product.objects.select_related("vendor"), vendor__slug=slug, slug=product)
    if not published.vendor_is_public(found.vendor_id):
        raise Http404
    company = found.vendor
    context = agreements_context(request, company, found)
    unnamed = agreements_of(company).filter(products=None).order_by().count()
    company_url = reverse("districts:vendor", args=[slug])
    return render(
        request,
        "districts/product.html",
        {
            **context,
            **_one_district(context),
            "product": found,
            "vendor": company,
            "about": about(company),
            "company_url": company_url,
            "unnamed": unnamed,
            "others": company.products.exclude(pk=found.pk),
            "record": reverse("api:product", args=[found.pk]),
            "section": "companies",
            "crumbs": [
                (_("Companies"), reverse("districts:companies")),
                (company.name, company_url),
                (found.name, None),
            ],
        },
    )


def about(vendor: Vendor) -> list[tuple[str, str]]:
    """Return what is known of a company itself; what is empty is shown as a gap."""
    kind = "" if vendor.kind == Vendor.Kind.UNKNOWN else str(vendor.get_kind_display())
    return [
        (_("Kind of company"), kind),
        (_("Name in contracts"), vendor.legal_name),
        (_("Business address"), vendor.business_address),
    ]


def _one_district(context: dict[str, Any]) -> dict[str, Any]:
    """Return whose page it is, where all agreements are one agency's: its name stands in the header."""
    if context["figures"]["agencies"] != 1 or not context["shown"]:
        return {}
    agency = context["shown"][0]["agreement"].agency
    return {"district": agency, "district_url": reverse("districts:district", args=[agency.slug])}
