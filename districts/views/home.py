"""The first page: find a district by name, school, city or ZIP code."""

from django.contrib.postgres.search import TrigramSimilarity
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..models import Agency, School
from ..models.agencies import AgencyQuerySet
from ..public_room import public_page

PAGE_SIZE = 20
LIKENESS = 0.3  # below it a trigram match is another word, not a typing mistake


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show the search, and what it found."""
    asked = "q" in request.GET
    query = request.GET.get("q", "").strip()[:100]
    context: dict[str, object] = {"query": query, "asked": asked, "errors": []}
    if asked and not query:
        context["errors"] = [(_("Enter a school, district, city, or ZIP code."), "q")]
    elif query:
        found = find_districts(query)
        context["page"] = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    else:
        few = Agency.objects.districts().order_by("name")
        context["few"] = few[:PAGE_SIZE]
    return render(request, "districts/home.html", context)


def find_districts(query: str) -> AgencyQuerySet:
    """Return districts whose name, city, ZIP code or school is meant by the words, typing mistakes too."""
    schools = School.objects.filter(agency=OuterRef("pk"), ended_on=None)
    like = Greatest(TrigramSimilarity("name", query), TrigramSimilarity("city", query))
    return (
        Agency.objects.districts()
        .annotate(likeness=like)
        .filter(
            Q(name__icontains=query)
            | Q(city__icontains=query)
            | Q(zip_code__startswith=query)
            | Exists(schools.filter(Q(name__icontains=query) | Q(zip_code__startswith=query)))
            | Q(likeness__gt=LIKENESS)
        )
        .order_by(F("likeness").desc(), "name", "pk")
    )
