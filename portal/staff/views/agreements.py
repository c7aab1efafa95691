"""Agreements: their versions, the export of what is permitted, and the steps that follow answers."""

import datetime as dt
import tempfile
import uuid

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from consent.exports import export_choices, moment_between_answers
from consent.fulfilment import StepRefused, record_steps
from consent.models import Decision, Fulfilment
from districts.drafts import open_draft
from districts.models import Agreement

from ..access import StaffRequest, agreement_or_404, agreements, staff_page
from ..forms import StepForm
from ..page import show
from ..terms import offers, verbs_for

EXPORTED = "staff_exported"


@require_safe
@staff_page
def listing(request: StaffRequest) -> HttpResponse:
    """List the agreements the agency holds or takes part in."""
    rows = agreements(request.agency).prefetch_related("versions")
    return show(request, "agreements", {"agreements": rows, "offers": offers(request)}, place="agreements")


@require_safe
@staff_page
def agreement(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show one agreement: versions, the export, what was done with the answers."""
    found = agreement_or_404(request.agency, public_id)
    exported = request.session.get(EXPORTED, {}).get(str(found.pk), "")
    return _page(request, found, StepForm(initial={"until": exported, "done_on": request.today}))


@require_POST
@staff_page
def draft(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open the next draft: a copy of the newest version."""
    found = _own(request, public_id)
    return redirect("staff:version", open_draft(found.pk).pk)


@require_POST
@staff_page
def export(request: StaffRequest, public_id: uuid.UUID) -> FileResponse:
    """Hand out what is permitted about the agency's students, and remember up to which answers it goes.

    The file is whole before the first byte leaves, so half a list can not be taken for all of it.
    """
    found = agreement_or_404(request.agency, public_id)
    moment = moment_between_answers(request.agency)
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    export_choices(agency=request.agency, agreement=found, today=request.today, out=out)
    out.seek(0)
    request.session[EXPORTED] = {**request.session.get(EXPORTED, {}), str(found.pk): moment.isoformat()}
    stamp = moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H%M%SZ")
    name = f"permitted-{slugify(found.title)[:60] or 'agreement'}-{stamp}.csv"
    return FileResponse(out, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


@require_POST
@staff_page
def steps(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enter that the district acted on an export, that the company was told, or that it confirmed."""
    found = agreement_or_404(request.agency, public_id)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    given = form.cleaned_data
    try:
        count = record_steps(
            agency_id=request.agency.pk,
            step=given["step"],
            done_on=given["done_on"],
            by=request.user,
            today=request.today,
            agreement_id=found.pk,
            until=given["until"],
        )
    except StepRefused:
        form.add_error("done_on", _("This day is still to come."))
        return _page(request, found, form, status=422)
    words = ngettext("Entered for %(n)s answer.", "Entered for %(n)s answers.", count)
    messages.success(request, words % {"n": count})
    return redirect("staff:agreement", public_id)


def _own(request: StaffRequest, public_id: uuid.UUID) -> Agreement:
    found = agreement_or_404(request.agency, public_id)
    if found.agency_id != request.agency.pk:
        raise Http404
    return found


def _page(request: StaffRequest, found: Agreement, form: StepForm, status: int = 200) -> HttpResponse:
    versions = found.versions.order_by("-number")
    is_own = found.agency_id == request.agency.pk
    if not is_own:
        versions = versions.published()
    return show(
        request,
        "agreement",
        {
            "agreement": found,
            "is_own": is_own,
            "versions": versions,
            "publications": found.publications.order_by("-published_at")[:20],
            "form": form,
            "steps": _step_counts(request, found),
            "verbs": verbs_for(request, found),
            "has_draft": is_own and any(version.published_at is None for version in versions),
        },
        place="agreements",
        crumbs=[(_("Agreements"), reverse("staff:agreements")), (found.title, None)],
        status=status,
    )


def _step_counts(request: StaffRequest, found: Agreement) -> list[tuple[str, str]]:
    """Return how many answers stand, and how many of them have got how far."""
    standing = Decision.objects.current().filter(question__agreement=found.pk, student__agency=request.agency)
    counts: list[tuple[str, str]] = [(_("Answers that stand"), str(standing.count()))]
    for step, label in Fulfilment.Step.choices:
        counts.append((str(label), str(standing.filter(fulfilments__step=step).count())))
    return counts
