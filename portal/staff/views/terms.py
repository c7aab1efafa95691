"""Sign, end, extend, join: one page with a form for each, and the reasons where it is refused."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from districts.models import Agreement
from districts.publish import PublishRefused

from ..access import StaffRequest, agreement_or_404, staff_page
from ..page import show
from ..terms import REFUSED, VERBS, offers, verbs_for


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def verb(request: StaffRequest, public_id: uuid.UUID, name: str) -> HttpResponse:
    """Show one thing to do with an agreement, and do it."""
    chosen = VERBS.get(name)
    if chosen is None:
        raise Http404
    agreement = (
        _joinable(request, public_id) if name == "join" else agreement_or_404(request.agency, public_id)
    )
    if name != "join" and chosen not in verbs_for(request, agreement):
        raise Http404
    form = chosen.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            chosen.do(agreement, request.agency, form.cleaned_data, request.user, request.now)
        except PublishRefused as refused:
            for refusal in refused.refusals:
                form.add_error(None, refusal.message)
        except REFUSED:
            form.add_error(None, _("That does not fit this agreement and its dates."))
        else:
            messages.success(request, str(chosen.done))
            return redirect("staff:agreement", public_id)
    return show(
        request,
        "verb",
        {"verb": chosen, "form": form, "agreement": agreement},
        place="agreements",
        crumbs=[
            (_("Agreements"), reverse("staff:agreements")),
            (agreement.title, None if name == "join" else reverse("staff:agreement", args=[public_id])),
            (str(chosen.title), None),
        ],
        status=422 if form.errors else 200,
    )


def _joinable(request: StaffRequest, public_id: uuid.UUID) -> Agreement:
    """Return an agreement that is offered to the district."""
    for agreement in offers(request):
        if agreement.public_id == public_id:
            return agreement
    raise Http404
