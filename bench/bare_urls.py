"""The site's addresses, and a bare view: constant bytes, by the same middleware and server."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.urls import urlpatterns as site

BYTES = b"x" * 25_000  # as many as a page has


def bare(request: HttpRequest) -> HttpResponse:
    """Return always the same."""
    return HttpResponse(BYTES)


# Last, as the pages are: both are looked for among all addresses of the site.
urlpatterns = [*site, path("bare/", bare)]
