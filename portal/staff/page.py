"""Draws a staff page in the site's look."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from .access import StaffRequest, seat_of, sees_all

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
        "today": request.today,
        "may_change_agency": sees_all(request.user) and seat_of(request.user) is None,
        "place": place,
        "crumbs": trail,
        **context,
    }
    return render(request, f"staff/{name}.html", given, status=status)
