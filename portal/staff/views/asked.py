"""What people ask in public: staff show it, refuse it by a published reason, answer it, or take it down."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from districts.asked_in_public import asked_rows
from districts.blacking_out import NotInTheText
from districts.models import OpenQuestion
from districts.open_questions import IsWithdrawn, NothingSaid, withdraw_question
from portal.asking.moderating import NotWaiting, answer, publish, refuse
from portal.tasks import send_asker_mails

from ..access import StaffRequest, asked_or_404, open_question_or_404, staff_page
from ..asked_forms import AnswerForm, PublishForm, RefuseForm
from ..due import unanswered_in_public, waiting_in_public
from ..page import show
from ..withdrawal_forms import WithdrawForm

A_PAGE = 50


@require_safe
@staff_page
def listing(request: StaffRequest) -> HttpResponse:
    """List what waits to be looked at, and what is public and not answered, the oldest first."""
    page = Paginator(unanswered_in_public(request.agency), A_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "asked",
        {"waiting": waiting_in_public(request.agency)[:A_PAGE], "page": page, "query": request.GET},
        crumbs=[(_("Asked in public"), None)],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def moderate(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show one thing that was asked, and publish it, private words blacked out."""
    asked = asked_or_404(request.agency, public_id)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            publish(asked_id=asked.pk, passages=form.cleaned_data["passages"], now=request.now)
        except NotInTheText as missing:
            form.add_error("passages", _("This is not in the text: %(words)s") % {"words": missing.args[0]})
        except NotWaiting:
            return _was_first(request)
        else:
            return _done(request, _("It is public. Its asker is told."))
    return _ask(request, "asked_moderate", {"asked": asked, "form": form}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def refuse_one(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask why something is not shown, and refuse it."""
    asked = asked_or_404(request.agency, public_id)
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            refuse(asked_id=asked.pk, reason=form.cleaned_data["reason"], now=request.now)
        except NotWaiting:
            return _was_first(request)
        return _done(request, _("It is not shown. The reason is counted in public; its asker is told."))
    return _ask(request, "asked_refuse", {"asked": asked, "form": form}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def question(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a public question, and answer it in public."""
    found = open_question_or_404(request.agency, public_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer(question_id=found.pk, text=form.cleaned_data["text"], now=request.now)
        except (NothingSaid, IsWithdrawn):
            form.add_error("text", _("Write an answer. What was taken down takes none."))
        else:
            return _done(request, _("The answer is public. Its asker is told."))
    return _ask(request, "asked_question", _one(request, found, form), form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def withdraw(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask why a public question comes down, and take its words down."""
    found = open_question_or_404(request.agency, public_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_question(question_id=found.pk, reason=form.cleaned_data["reason"])
        except (NothingSaid, IsWithdrawn):
            form.add_error(None, _("It is down already."))
        else:
            return _done(request, _("It is down. The reason, the day and the fingerprint stay."))
    return _ask(request, "asked_withdraw", _one(request, found, form), form)


def _one(request: StaffRequest, found: OpenQuestion, form: forms.Form) -> dict[str, Any]:
    [row] = asked_rows([found], request.today)
    return {"question": found, "asked": row, "form": form}


def _ask(request: StaffRequest, name: str, context: dict[str, Any], form: forms.Form) -> HttpResponse:
    return show(
        request,
        name,
        context,
        crumbs=[(_("Asked in public"), reverse("staff:asked")), (_("One of them"), None)],
        status=422 if form.errors else 200,
    )


def _done(request: StaffRequest, words: str) -> HttpResponse:
    transaction.on_commit(send_asker_mails.delay, robust=True)  # the sweep covers a failed nudge
    messages.success(request, words)
    return redirect("staff:asked")


def _was_first(request: StaffRequest) -> HttpResponse:
    messages.warning(request, _("Somebody else decided about it first."))
    return redirect("staff:asked")
