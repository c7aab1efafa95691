"""What the public sees of a published version: take a paper or a text down, enter which clauses are there."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from districts.clause_readings import checklist, record_readings
from districts.models import AgreementVersion, TextWithdrawal
from districts.withdrawals import NothingToWithdraw, withdraw_document, withdraw_text

from ..access import StaffRequest, public_version_or_404, staff_page, standing_paper_or_404
from ..page import Crumbs, show
from ..withdrawal_forms import ClausesForm, WithdrawForm


@require_safe
@staff_page
def listing(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the papers and texts of a published version, each with the way to take it down."""
    version = public_version_or_404(request.agency, pk)
    checked = checklist(version)
    return show(
        request,
        "public_parts",
        {
            "version": version,
            "papers": version.documents.select_related("withdrawal").prefetch_related("texts"),
            "texts": [
                (field, label, getattr(version, field))
                for field, label in TextWithdrawal.Field.choices
                if getattr(version, field)
            ],
            "withdrawn": version.withdrawn_texts.all(),
            "read": sum(each.reading is not None for each in checked),
            "clauses": len(checked),
        },
        place="agreements",
        crumbs=_crumbs(version),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def withdraw_paper(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask why a paper comes down, and take it down."""
    paper = standing_paper_or_404(request.agency, public_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdraw_document(document_id=paper.pk, reason=form.cleaned_data["reason"])
        return _is_down(request, paper.version)
    return _ask(request, paper.version, form, _("The paper (PDF) and its text"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def withdraw_words(request: StaffRequest, pk: int, field: str) -> HttpResponse:
    """Ask why a free text comes down, and take it down."""
    version = public_version_or_404(request.agency, pk)
    if field not in TextWithdrawal.Field.values or not getattr(version, field):
        raise Http404
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_text(version_id=pk, field=field, reason=form.cleaned_data["reason"])
        except NothingToWithdraw:
            raise Http404 from None
        return _is_down(request, version)
    return _ask(request, version, form, str(TextWithdrawal.Field(field).label))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def clauses(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask which of the clauses the law asks for are in the agreement, and record what was found."""
    version = public_version_or_404(request.agency, pk)
    checked = checklist(version)
    form = ClausesForm(
        request.POST or None, checked=checked, today=request.today, initial={"read_on": request.today}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        record_readings(version_id=pk, found=form.found(), reader=given["reader"], read_on=given["read_on"])
        messages.success(request, _("Entered. It stands on the public page."))
        return redirect("staff:public_parts", pk)
    return show(
        request,
        "clauses",
        {"version": version, "form": form},
        place="agreements",
        crumbs=[*_crumbs(version, is_last=False), (_("Clauses"), None)],
        status=422 if form.errors else 200,
    )


def _ask(request: StaffRequest, version: AgreementVersion, form: WithdrawForm, what: str) -> HttpResponse:
    return show(
        request,
        "withdraw",
        {"version": version, "form": form, "what": what},
        place="agreements",
        crumbs=[*_crumbs(version, is_last=False), (_("Take down"), None)],
        status=422 if form.errors else 200,
    )


def _is_down(request: StaffRequest, version: AgreementVersion) -> HttpResponse:
    messages.success(request, _("It is down. The reason, the day and the fingerprint stay."))
    return redirect("staff:public_parts", version.pk)


def _crumbs(version: AgreementVersion, *, is_last: bool = True) -> Crumbs:
    agreement = version.agreement
    return [
        (_("Agreements"), reverse("staff:agreements")),
        (agreement.title, reverse("staff:agreement", args=[agreement.public_id])),
        (
            _("Version %(n)s") % {"n": version.number},
            None if is_last else reverse("staff:public_parts", args=[version.pk]),
        ),
    ]
