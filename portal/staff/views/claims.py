"""Which mailboxes act for a person; ending a claim that should never have been, with its answers."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consent.models import Claim
from consent.undoing import ClaimIsEndedError, end_claim

from ..access import StaffRequest, claim_or_404, guardian_or_404, staff_page
from ..admin.families import person
from ..forms import EndClaimForm
from ..page import show


@require_safe
@staff_page
def listing(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """List the mailboxes that act, or acted, for a person."""
    guardian = guardian_or_404(request.agency, public_id)
    found = guardian.claims.select_related("user").order_by("-proven_at")
    who = person(guardian)
    return show(
        request,
        "claims",
        {"who": who, "claims": [(claim, masked(claim)) for claim in found]},
        place="answers",
        crumbs=[(_("Answers"), reverse("staff:answers")), (who, None)],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def claim(request: StaffRequest, pk: int) -> HttpResponse:
    """End one claim, with the reason; its answers are taken out of force if that is asked for."""
    found = claim_or_404(request.agency, pk)
    who, back = person(found.guardian), reverse("staff:claims", args=[found.guardian.public_id])
    form = EndClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_claim(
                claim_id=found.pk,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=request.now,
                void_answers=form.cleaned_data["void_answers"],
            )
        except ClaimIsEndedError:
            messages.error(request, _("This was ended already."))
        else:
            messages.success(request, _("This mailbox no longer acts for this person."))
        return redirect(back)
    return show(
        request,
        "claim",
        {
            "form": form,
            "claim": found,
            "mailbox": masked(found),
            "who": who,
            "answers": found.decisions.filter(voiding=None).count(),
        },
        place="answers",
        crumbs=[(_("Answers"), reverse("staff:answers")), (who, back), (masked(found), None)],
        status=422 if form.errors else 200,
    )


def masked(claim: Claim) -> str:
    """Return enough of a mailbox to know it again on the telephone; the whole is the family's own."""
    name, _at, host = claim.user.get_username().partition("@")
    return f"{name[:1]}…@{host}"
