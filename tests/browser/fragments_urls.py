"""Addresses that only tests serve: the fragments with sample content, beside the real site."""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from portal.urls import urlpatterns as site
from tests.browser import samples


@csrf_exempt
def sample(request: HttpRequest, name: str) -> HttpResponse:
    """Draw one sample page with its made-up content."""
    return render(request, f"samples/{name}.html", samples.context_of(name))


def broken(request: HttpRequest) -> HttpResponse:
    """Break, as a page with a bug would."""
    raise RuntimeError("broken on purpose")


urlpatterns = [
    *site,
    path("samples/broken/", broken),
    *i18n_patterns(path("samples/<slug:name>/", sample, name="sample"), prefix_default_language=False),
]
