"""The public discussion of an own agreement: open comments, move their end, announce and cancel hearings."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from districts.discussion import (
    DoesNotFit,
    NotPublic,
    announce_hearing,
    cancel_hearing,
    last_day,
    move_end,
    open_comments,
)
from districts.models import Agreement

from ..access import StaffRequest, hearing_or_404, own_agreement_or_404, staff_page, window_or_404
from ..discussion_forms import CancelHearingForm, HearingForm, MoveEndForm, OpenCommentsForm
from ..page import Crumbs, show


@require_safe
@staff_page
def listing(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the comment windows and hearings of an agreement, and what can be done with them."""
    found = own_agreement_or_404(request.agency, public_id)
    windows = [(each, last_day(each)) for each in found.comment_windows.prefetch_related("changes")]
    return show(
        request,
        "discussion",
        {
            "agreement": found,
            "is_public": found.versions.published().exists(),
            "windows": [(each, until, until >= request.today) for each, until in reversed(windows)],
            "hearings": [
                (each, getattr(each, "cancellation", None), each.starts_at > request.now)
                for each in found.hearings.select_related("cancellation").order_by("-starts_at", "-pk")
            ],
        },
        place="agreements",
        crumbs=_crumbs(found),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def comments(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open an agreement for comments."""
    found = own_agreement_or_404(request.agency, public_id)
    form = OpenCommentsForm(request.POST or None, initial={"opens_on": request.today})

    def act(given: dict[str, Any]) -> None:
        open_comments(agreement_id=found.pk, now=request.now, **given)

    return _ask(request, found, form, act, _("Open it for comments"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Move the last day of a comment window."""
    window = window_or_404(request.agency, pk)
    form = MoveEndForm(request.POST or None, initial={"closes_on": last_day(window)})

    def act(given: dict[str, Any]) -> None:
        move_end(window_id=pk, now=request.now, **given)

    return _ask(request, window.agreement, form, act, _("Change the last day"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def hearing(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Announce a public hearing."""
    found = own_agreement_or_404(request.agency, public_id)

    def act(given: dict[str, Any]) -> None:
        kept = {name: given[name] for name in ("starts_at", "ends_at", "place", "online_url", "note")}
        announce_hearing(agreement_id=found.pk, now=request.now, **kept)

    return _ask(request, found, HearingForm(request.POST or None), act, _("Announce a hearing"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def cancel(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say that a hearing does not take place."""
    found = hearing_or_404(request.agency, public_id)

    def act(given: dict[str, Any]) -> None:
        cancel_hearing(hearing_id=found.pk, now=request.now, **given)

    form = CancelHearingForm(request.POST or None)
    return _ask(request, found.agreement, form, act, _("Cancel the hearing"))


def _ask(
    request: StaffRequest,
    found: Agreement,
    form: forms.Form,
    act: Callable[[dict[str, Any]], None],
    title: str,
) -> HttpResponse:
    """Show a form; act on what is given, and go back to the list."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except NotPublic:
            form.add_error(None, _("Nobody can read this agreement yet. Publish a version first."))
        except DoesNotFit:
            form.add_error(None, _("That does not fit: look at the days, in their order and from today on."))
        else:
            messages.success(request, _("Done. It stands on the public page."))
            return redirect("staff:discussion", found.public_id)
    return show(
        request,
        "discussion_form",
        {"agreement": found, "form": form, "title": title},
        place="agreements",
        crumbs=[*_crumbs(found, is_last=False), (title, None)],
        status=422 if form.errors else 200,
    )


def _crumbs(found: Agreement, *, is_last: bool = True) -> Crumbs:
    own = None if is_last else reverse("staff:discussion", args=[found.public_id])
    return [
        (_("Agreements"), reverse("staff:agreements")),
        (found.title, reverse("staff:agreement", args=[found.public_id])),
        (_("Public discussion"), own),
    ]
