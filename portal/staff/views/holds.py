"""Holds: bar an adult from a child at once, record the order behind it, or lift it with a reason."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent.holds import (
    HoldIsLiftedError,
    ReasonMissingError,
    lift_hold,
    place_hold,
    record_order,
    slipped_out,
)
from consent.models import Guardianship, Hold, Student

from ..access import StaffRequest, guardianship_or_404, hold_or_404, staff_page
from ..admin.families import person
from ..forms import FindChildForm, LiftForm, OrderForm, PlaceHoldForm
from ..page import show

LISTED = 200


@require_safe
@staff_page
def listing(request: StaffRequest) -> HttpResponse:
    """List open holds, the most urgent first; find a child to place one."""
    holds = Hold.objects.filter(guardianship__guardian__agency=request.agency, lifted_at=None)
    holds = holds.select_related("guardianship__guardian", "guardianship__student")
    form = FindChildForm(request.GET or None)
    ties: list[tuple[Guardianship, str]] = []
    if form.is_valid():
        student = Student.objects.filter(
            agency=request.agency, roster_id=form.cleaned_data["child"].strip()
        ).first()
        if student is None:
            form.add_error("child", _("No student here has this number."))
        else:
            ties = [
                (tie, person(tie.guardian))
                for tie in student.guardianships.filter(ended_on=None).select_related("guardian", "student")
            ]
    return show(
        request,
        "holds",
        {
            "holds": [
                (hold, person(hold.guardianship.guardian))
                for hold in holds.order_by("review_due_on")[:LISTED]
            ],
            "form": form,
            "ties": ties,
        },
        place="holds",
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def place(request: StaffRequest, pk: int) -> HttpResponse:
    """Bar one adult from one child."""
    tie = guardianship_or_404(request.agency, pk)
    form = PlaceHoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        hold = place_hold(
            guardianship_id=tie.pk,
            origin=Hold.Origin.STAFF,
            evidence=form.cleaned_data["evidence"],
            by=request.user,
            now=request.now,
        )
        messages.success(request, _("The hold is in force."))
        return redirect("staff:hold", hold.pk)
    who = person(tie.guardian)
    return show(
        request,
        "hold_place",
        {"form": form, "who": who, "tie": tie},
        place="holds",
        crumbs=[(_("Holds"), reverse("staff:holds")), (who, None)],
        status=422 if form.errors else 200,
    )


@require_safe
@staff_page
def hold(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a hold, and by name what had already gone out when it came."""
    return _page(request, hold_or_404(request.agency, pk), OrderForm(), LiftForm())


@require_POST
@staff_page
def order(request: StaffRequest, pk: int) -> HttpResponse:
    """Record the order behind a hold."""
    found = hold_or_404(request.agency, pk)
    form = OrderForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, LiftForm(), status=422)
    try:
        record_order(
            hold_id=found.pk, reference=form.cleaned_data["reference"], by=request.user, now=request.now
        )
    except (HoldIsLiftedError, ReasonMissingError):
        messages.error(request, _("This hold was lifted already."))
    else:
        messages.success(request, _("The order is recorded. The hold stands."))
    return redirect("staff:hold", pk)


@require_POST
@staff_page
def lift(request: StaffRequest, pk: int) -> HttpResponse:
    """Lift a hold for a reason."""
    found = hold_or_404(request.agency, pk)
    form = LiftForm(request.POST)
    if not form.is_valid():
        return _page(request, found, OrderForm(), form, status=422)
    try:
        lift_hold(hold_id=found.pk, reason=form.cleaned_data["reason"], by=request.user, now=request.now)
    except (HoldIsLiftedError, ReasonMissingError):
        messages.error(request, _("This hold was lifted already."))
    else:
        messages.success(request, _("The hold is lifted. The family is told what it missed."))
    return redirect("staff:hold", pk)


def _page(
    request: StaffRequest, found: Hold, order_form: Any, lift_form: Any, status: int = 200
) -> HttpResponse:
    who = person(found.guardianship.guardian)
    errors = [
        (text, form[name].id_for_label)
        for form in (order_form, lift_form)
        for name, texts in form.errors.items()
        for text in texts
    ]
    return show(
        request,
        "hold",
        {
            "hold": found,
            "who": who,
            "student": found.guardianship.student,
            "slipped": slipped_out(found),
            "order_form": order_form,
            "lift_form": lift_form,
            "errors": errors,
        },
        place="holds",
        crumbs=[(_("Holds"), reverse("staff:holds")), (who, None)],
        status=status,
    )
