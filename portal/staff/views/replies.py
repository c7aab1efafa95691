"""Questions and disagreements of families, with the district's reply; and breaches, told on confirmation."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consent.models import Objection
from consent.objections import NothingSaid, reply
from districts.incidents import report_incident
from districts.models import Agreement, Incident, Publication

from ..access import StaffRequest, objection_or_404, staff_page
from ..admin.families import person
from ..forms import ReplyForm
from ..page import show

A_PAGE = 50


@require_safe
@staff_page
def listing(request: StaffRequest) -> HttpResponse:
    """List what families asked or said, the newest first."""
    rows = Objection.objects.filter(student__agency=request.agency).select_related(
        "student", "agreement__vendor"
    )
    page = Paginator(rows.prefetch_related("replies").order_by("-made_at"), A_PAGE).get_page(
        request.GET.get("page")
    )
    return show(
        request, "objections", {"page": page, "query": request.GET}, crumbs=[(_("From families"), None)]
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def objection(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what one family said, and take the reply."""
    found = objection_or_404(request.agency, public_id)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reply(objection_id=found.pk, text=form.cleaned_data["text"], by=request.user)
        except NothingSaid:
            form.add_error("text", _("Write a reply of at most 5,000 letters."))
        else:
            messages.success(request, _("The reply stands on the family’s page."))
            return redirect("staff:today")
    return show(
        request,
        "objection",
        {"objection": found, "who": person(found.guardian), "replies": found.replies.all(), "form": form},
        crumbs=[(_("From families"), reverse("staff:objections")), (found.student.shown_name, None)],
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def incident(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show which agreements a breach is told for, and tell it on confirmation."""
    found = get_object_or_404(
        Incident.objects.select_related("vendor"), agency=request.agency, public_id=public_id
    )
    told = Publication.objects.filter(incident=found).select_related("agreement")
    if request.method == "POST":
        report_incident(incident_id=found.pk, by=request.user, now=request.now)
        messages.success(request, _("Families are told."))
        return redirect("staff:incident", public_id)
    return show(
        request,
        "incident",
        {"incident": found, "told": told, "concerned": _concerned(request, found)},
        crumbs=[(_("Breach"), None)],
    )


def _concerned(request: StaffRequest, found: Incident) -> list[Agreement]:
    """Return the agreements whose families would hear of it."""
    if found.agreement_id:
        return list(Agreement.objects.filter(pk=found.agreement_id))
    if not found.vendor_id:
        return []
    rows = Agreement.objects.concerning(request.agency).filter(vendor=found.vendor_id)
    return list(rows.exclude(state=Agreement.State.PROPOSED).order_by("title"))
