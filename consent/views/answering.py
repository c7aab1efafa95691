"""Yes or No: the check page, the ledger, the receipt; and asking or disagreeing where there is no choice."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from districts.models import Agreement

from .. import access, decide
from ..forms import AnswerForm, ObjectionForm
from ..models import Decision, Fulfilment
from ..presenting import facts, ground_words, no_words, question_card, question_title, yes_words
from ..words import status_words
from .family import overview_of


@login_required
@never_cache
@require_POST
def answer(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take Yes or No: first show what will be saved, then save it. A bare No costs as many steps as a Yes."""
    child = access.child_or_404(request.user, public_id, timezone.now(), as_whom=request.GET.get("as", ""))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose yes or no."))
        return redirect(child.address("consent:child"))
    given = form.cleaned_data
    if "save" not in request.POST:
        return _check(request, child, given)
    try:
        decision = decide.record(
            student_id=child.student.pk,
            question_version_id=given["question_version"],
            decider_id=child.seat.guardian.pk,
            answer=given["answer"],
            shown_sha256=given["shown"],
            replaces_id=given["replaces"],
            language=request.POST.get("language") or get_language() or "en",
            by_user=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
    except decide.AlreadyAnswered as already:
        return redirect("consent:receipt", already.args[0].public_id)
    except decide.StalePage:
        messages.error(
            request, _("The agreement changed while you were reading. Read the new part, then answer.")
        )
        return redirect(child.address("consent:child"))
    except (decide.NoChoice, decide.NotEntitled) as refused:
        raise Http404 from refused
    return redirect("consent:receipt", decision.public_id)


def _check(request: HttpRequest, child: access.ChildSeat, given: dict[str, Any]) -> HttpResponse:
    """Show what will be saved, if it is still what the page showed."""
    asked = next(
        (a for a in overview_of([child]).asked if a.question_version.pk == given["question_version"]), None
    )
    if asked is None:
        raise Http404
    if asked.sha256 != given["shown"] or (asked.tip.pk if asked.tip else None) != given["replaces"]:
        messages.error(
            request, _("The agreement changed while you were reading. Read the new part, then answer.")
        )
        return redirect(child.address("consent:child"))
    card = question_card(asked, child)
    said_yes = given["answer"] == "yes"
    return render(
        request,
        "consent/check.html",
        {
            "section": "family",
            "card": card,
            "child_url": child.address("consent:child"),
            "child": child,
            "said_yes": said_yes,
            "words": yes_words(child) if said_yes else no_words(child),
            "follows": card["if_yes"] if said_yes else card["if_no"],
            "hidden": [*card["hidden"], ("answer", given["answer"]), ("language", get_language() or "en")],
            "district": child.seat.agency,
            "crumbs": [
                (_("My family"), reverse("consent:family")),
                (child.student.shown_name, child.address("consent:child")),
                (_("Check your answer"), None),
            ],
        },
    )


@login_required
@never_cache
@require_safe
def receipt(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what was saved, and only what is true at this moment of what followed."""
    decision, child = access.receipt_or_404(request.user, public_id, timezone.now())
    body = json.loads(decision.shown.body)
    steps = dict(Fulfilment.objects.filter(decision=decision).values_list("step", "done_on"))
    return render(
        request,
        "consent/receipt.html",
        {
            "section": "family",
            "decision": decision,
            "child_url": child.address("consent:child"),
            "child": child,
            "title": question_title(body, child),
            "facts": facts(body),
            "language": body["language"],
            "status": status_words(steps, body["agreement"]["company"]),
            "is_current": Decision.objects.current().filter(pk=decision.pk).exists(),
            "is_voided": hasattr(decision, "voiding"),
            "zone": child.seat.agency.time_zone,
            "agreement_url": reverse(
                "districts:agreement_version", args=[body["agreement"]["id"], body["agreement"]["version"]]
            ),
            "version": body["agreement"]["version"],
            "company": body["agreement"]["company"],
            "district": child.seat.agency,
            "crumbs": [(_("My family"), reverse("consent:family")), (_("Receipt"), None)],
        },
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, public_id: uuid.UUID, agreement_id: uuid.UUID) -> HttpResponse:
    """Take a question or a disagreement about one agreement and one child."""
    child = access.child_or_404(request.user, public_id, timezone.now(), as_whom=request.GET.get("as", ""))
    agreement = get_object_or_404(
        Agreement.objects.concerning(child.seat.agency).select_related("vendor"), public_id=agreement_id
    )
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decide.object_to(
                student_id=child.student.pk,
                agreement_id=agreement.pk,
                guardian_id=child.seat.guardian.pk,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except (decide.NoChoice, decide.NotEntitled) as refused:
            raise Http404 from refused
        messages.success(request, _("We sent it to the school district. You see the answer on this page."))
        return redirect(child.address("consent:child"))
    shared = [
        s for s in overview_of([child]).shared_of(child.student.pk) if s.version.agreement_id == agreement.pk
    ]
    return render(
        request,
        "consent/objection.html",
        {
            "section": "family",
            "form": form,
            "agreement": agreement,
            "child": child,
            "grounds": [ground_words(one.basis) for one in shared],
            "district": child.seat.agency,
            "cancel_url": child.address("consent:child"),
            "crumbs": [
                (_("My family"), reverse("consent:family")),
                (child.student.shown_name, child.address("consent:child")),
                (_("Ask or say you disagree"), None),
            ],
        },
    )
