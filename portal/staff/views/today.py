"""Today: what is due. And the choice of an agency, for those who see all."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent.failures import mark_seen
from consent.untold import count_untold, untold_children
from districts.models import Agency

from .. import csv_of
from ..access import CHOSEN, StaffRequest, sees_all, staff_page
from ..due import about_of, due
from ..page import show
from ..second_step import staff_only

LISTED = 200


class AgencyForm(forms.Form):
    agency = forms.ModelChoiceField(
        label=gettext_lazy("District or state"), queryset=Agency.objects.order_by("name")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def agency(request: HttpRequest) -> HttpResponse:
    """Let somebody who sees every agency say for which one they work."""
    if not sees_all(request.user):
        raise Http404
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session[CHOSEN] = form.cleaned_data["agency"].pk
        return redirect("staff:today")
    return render(request, "staff/agency.html", {"form": form})


@require_safe
@staff_page
def today(request: StaffRequest) -> HttpResponse:
    """Show what is due."""
    found = due(request)
    return show(
        request,
        "today",
        {"due": found, "failures": [(each, about_of(each)) for each in found.failures]},
        place="today",
    )


@require_POST
@staff_page
def failures_seen(request: StaffRequest) -> HttpResponse:
    """Mark failed deliveries as seen."""
    ids = [int(pk) for pk in request.POST.getlist("delivery") if pk.isdigit()]
    count = mark_seen(agency_id=request.agency.pk, delivery_ids=ids, by=request.user)
    words = ngettext("%(n)s failure marked as seen.", "%(n)s failures marked as seen.", count)
    messages.success(request, words % {"n": count})
    return redirect("staff:today")


@require_safe
@staff_page
def untold(request: StaffRequest) -> HttpResponse:
    """List the children with nobody to tell."""
    return show(
        request,
        "untold",
        {
            "count": count_untold(request.agency.pk, request.today),
            "rows": [
                [child.shown_name, child.roster_id, ", ".join(child.schools), child.grade]
                for child in untold_children(request.agency.pk, request.today, limit=LISTED)
            ],
            "columns": [_("Child"), _("Number"), _("School"), _("Grade")],
            "limit": LISTED,
        },
        crumbs=[(_("Children with nobody to tell"), None)],
    )


@require_safe
@staff_page
def untold_csv(request: StaffRequest) -> StreamingHttpResponse:
    """Stream the list of children with nobody to tell."""
    rows = (
        [child.roster_id, child.shown_name, "; ".join(child.schools), child.grade]
        for child in untold_children(request.agency.pk, request.today)
    )
    return csv_of.response("children-with-nobody-to-tell", ["student", "name", "schools", "grade"], rows)
