"""The schools of a district, and the page of one: what may concern its children."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..addresses import page
from ..agreement_list import AFTER, Narrowed, agreement_list, narrowed
from ..filters import address
from ..models import Agency, School
from ..news_feeds import of_school
from ..public_room import public_page
from ..timeline import history
from .reuse import feed_links

PAGE_SIZE = 100


def open_schools(agency: Agency) -> QuerySet[School]:
    """Return the schools of an agency that are open, by name."""
    return agency.schools.filter(ended_on=None).order_by("name", "pk")


def school_links(schools: Mapping[int, str], found: Narrowed) -> list[dict[str, Any]]:
    """Return each school with the address of its page, which keeps what was chosen, and how many it has."""
    slug = found.wanted.agency.slug
    return [
        {
            "name": name,
            "url": reverse("districts:school", args=[slug, pk]) + address(found.chosen),
            "n": found.of_school(pk),
        }
        for pk, name in schools.items()
    ]


@require_safe
@public_page
def schools(request: HttpRequest, slug: str) -> HttpResponse:
    """List the schools of a district, each with how many agreements may concern its children."""
    agency = get_object_or_404(Agency, slug=slug)
    rows = open_schools(agency)
    last = _school(agency, request.GET.get(AFTER, ""))
    if last:
        rows = rows.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    shown = dict(rows.values_list("pk", "name")[: PAGE_SIZE + 1])
    more = len(shown) > PAGE_SIZE
    if more:
        shown.popitem()
    found = narrowed(agency, request.GET, agency.today(timezone.now()), schools=shown)
    home = reverse("districts:district", args=[slug])
    return render(
        request,
        "districts/schools.html",
        {
            "agency": agency,
            "district": agency,
            "district_url": home,
            "canonical": page("schools", slug),
            "section": "companies",
            "rows": school_links(shown, found),
            "taken_away": found.taken_away,
            "all_url": home + address(found.chosen),
            "first_url": address(found.chosen) if last else "",
            "next_url": address(found.chosen, **{AFTER: str(list(shown)[-1])}) if more else "",
            "crumbs": [(agency.name, home), (_("Schools"), None)],
        },
    )


@require_safe
@public_page
def school(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show the agreements that may concern children of one school: those for all schools, and its own."""
    found = get_object_or_404(School.objects.select_related("agency"), agency__slug=slug, pk=pk)
    agency = found.agency
    agreements = narrowed(agency, request.GET, agency.today(timezone.now()), school=pk)
    home = reverse("districts:district", args=[slug])
    return render(
        request,
        "districts/school.html",
        {
            "school": found,
            "agency": agency,
            "district": agency,
            "district_url": home,
            "canonical": page("school", slug, pk),
            "section": "companies",
            "list": agreement_list(agreements, request.GET),
            "all_url": home + address(agreements.chosen),
            "schools_url": reverse("districts:schools", args=[slug]) + address(agreements.chosen),
            "news": history(of_school(found).order_by("-day", "-pk").prefetch_related("changes")[:5]),
            "feeds": feed_links("school_feed", slug, pk),
            "calendar": reverse("districts:district_calendar", args=[slug]),
            "crumbs": [
                (agency.name, home),
                (_("Schools"), reverse("districts:schools", args=[slug])),
                (found.name, None),
            ],
        },
    )


def _school(agency: Agency, text: str) -> School | None:
    """Return the school an address names as the last one before its page; none begins the list anew."""
    if not text.isascii() or not text.isdigit():
        return None
    return agency.schools.filter(pk=int(text[:18])).first()
