"""Draws a staff page in the site's look."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from .access import StaffRequest

Crumbs = Sequence[tuple[str, str | None]]


def show(
    request: StaffRequest,
    name: str,
    context: dict[str, Any],
    *,
    place: str = "",
    crumbs: Crumbs = (),
    status: int = 200,
) -> HttpResponse:
    """Return the page `templates/staff/<name>.html`; `place` marks the light bar."""
    trail = [(_("Today"), reverse("staff:today")), *crumbs] if crumbs else []
    given = {
        "district": request.agency,
        "district_url": reverse("staff:today"),
        "today": request.today,
        "place": place,
        "crumbs": trail,
        **context,
    }
    return render(request, f"staff/{name}.html", given, status=status)
