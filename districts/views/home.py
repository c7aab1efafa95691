"""The first page: what this site is for, the search, and its districts where they are few."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ..models import Agency
from ..page_cache import cached_page

FEW = 20


@require_safe
@cached_page()
def home(request: HttpRequest) -> HttpResponse:
    """Show the search box, and the districts where they are few; words that come here go on to the search."""
    if "q" in request.GET:
        return redirect(f"{reverse('districts:search')}?{urlencode({'q': request.GET['q']})}")
    districts = Agency.objects.districts()
    n = districts.count()
    few = districts.order_by("name")[:FEW] if n <= FEW else []
    return render(request, "districts/home.html", {"few": few, "n": n})
