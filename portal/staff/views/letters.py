"""Letters: ask for printing, fetch the PDF, say that they were posted or that one came back."""

from django import forms
from django.contrib import messages
from django.core.files.storage import storages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from consent.letters import NotPrintedError, find_by_reference, mark_posted, mark_returned
from consent.models import LetterRun
from portal.tasks import print_letters

from ..access import StaffRequest, letter_run_or_404, staff_page
from ..due import letters_due, runs_to_post
from ..page import show

LISTED = 30


class ReturnedForm(forms.Form):
    reference = forms.CharField(
        label=gettext_lazy("Number on the letter"), max_length=40, help_text=gettext_lazy("e.g. 1204-7F3A.")
    )


@require_safe
@staff_page
def listing(request: StaffRequest) -> HttpResponse:
    """Show what is to be printed and posted."""
    return _page(request, ReturnedForm())


@require_POST
@staff_page
def printing(request: StaffRequest) -> HttpResponse:
    """Ask the letters' worker to print what is due."""
    agency_id = request.agency.pk
    transaction.on_commit(lambda: print_letters.delay(agency_id), robust=True)
    messages.success(request, _("The letters are being printed. Look again in a minute."))
    return redirect("staff:letters")


@require_safe
@staff_page
def file(request: StaffRequest, pk: int) -> FileResponse:
    """Hand out the PDF of a printing, to staff of its agency only."""
    run = letter_run_or_404(request.agency, pk)
    if not run.file or not storages["private"].exists(run.file):
        raise Http404
    return FileResponse(
        storages["private"].open(run.file, "rb"),
        as_attachment=True,
        filename=f"letters-{run.pk}.pdf",
        content_type="application/pdf",
    )


@require_POST
@staff_page
def posted(request: StaffRequest, pk: int) -> HttpResponse:
    """Record that the letters of a printing were handed over or posted."""
    run = letter_run_or_404(request.agency, pk)
    try:
        mark_posted(run_id=run.pk, by=request.user, now=request.now)
    except NotPrintedError:
        messages.error(request, _("No letter of this printing waits to be posted."))
    else:
        words = ngettext("%(n)s letter marked as posted.", "%(n)s letters marked as posted.", run.letters)
        messages.success(request, words % {"n": run.letters})
    return redirect("staff:letters")


@require_POST
@staff_page
def returned(request: StaffRequest) -> HttpResponse:
    """Record that a letter came back."""
    form = ReturnedForm(request.POST)
    if form.is_valid():
        delivery = find_by_reference(agency_id=request.agency.pk, words=form.cleaned_data["reference"])
        try:
            if delivery is None:
                raise NotPrintedError
            mark_returned(delivery_id=delivery.pk, by=request.user)
        except NotPrintedError:
            form.add_error("reference", _("No posted letter has this number."))
        else:
            messages.success(request, _("The letter counts as failed. See Today."))
            return redirect("staff:letters")
    return _page(request, form, status=422)


def _page(request: StaffRequest, form: ReturnedForm, status: int = 200) -> HttpResponse:
    past = LetterRun.objects.filter(agency=request.agency, posted_at__isnull=False).order_by("-posted_at")
    return show(
        request,
        "letters",
        {
            "due": letters_due(request),
            "to_post": runs_to_post(request.agency),
            "printing": LetterRun.objects.filter(agency=request.agency, printed_at=None).count(),
            "past": past[:LISTED],
            "form": form,
        },
        place="letters",
        status=status,
    )
