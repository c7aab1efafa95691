"""The pages every page links to at its foot: help, rights, accessibility, privacy. Words for anybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

NAMES = ("help", "rights", "accessibility", "privacy")


@require_safe
def words(request: HttpRequest, name: str) -> HttpResponse:
    """Show one of the pages; asks nothing of session, user or database."""
    return render(request, f"portal/{name}.html")


urlpatterns = [path(f"{name}/", words, {"name": name}, name=name) for name in NAMES]
