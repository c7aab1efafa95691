"""What waits, one page per child, and the family's own records."""

import csv
import json
import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import access
from ..models import Decision, Objection
from ..open_questions import Overview, overview
from ..presenting import answer_row, question_card, question_subject, shared_row


@login_required
@never_cache
@require_safe
def family(request: HttpRequest) -> HttpResponse:
    """Show what waits for an answer, child by child."""
    now = timezone.now()
    children = access.children(request.user, now)
    seen = overview_of(children)
    blocks = [_block(child, seen) for child in children]
    waiting = sum(len(block["waiting"]) for block in blocks)
    one = {child.seat.agency.pk: child.seat.agency for child in children}
    return render(
        request,
        "consent/family.html",
        {
            "section": "family",
            "parts": blocks,
            "waiting": waiting,
            "has_seats": bool(access.seats(request.user, now)),
            **_district(list(one.values())),
        },
    )


@login_required
@never_cache
@require_safe
def child(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show one child: what waits, what was answered, what is shared without asking."""
    found = access.child_or_404(request.user, public_id, timezone.now(), as_whom=request.GET.get("as", ""))
    seen = overview_of([found])
    objections = Objection.objects.filter(student=found.student, guardian=found.seat.guardian)
    return render(
        request,
        "consent/child.html",
        {
            "section": "family",
            "part": _block(found, seen),
            "child": found,
            "objections": objections.select_related("agreement__vendor").prefetch_related("replies"),
            "crumbs": [(_("My family"), reverse("consent:family")), (found.student.shown_name, None)],
            **_district([found.seat.agency]),
        },
    )


@login_required
@never_cache
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """List every answer this user's guardians gave about their children, newest first; also as CSV."""
    now = timezone.now()
    pairs = {(child.student.pk, child.seat.guardian.pk) for child in access.children(request.user, now)}
    found = (
        Decision.objects.filter(
            student__in={student for student, _guardian in pairs},
            decider__in={guardian for _student, guardian in pairs},
        )
        .select_related(
            "student__agency", "question__agreement__vendor", "question__category", "shown", "voiding"
        )
        .order_by("-decided_at", "-pk")
    )
    mine = [decision for decision in found if (decision.student_id, decision.decider_id) in pairs]
    if request.GET.get("as") == "csv":
        return _csv(mine)
    return render(
        request,
        "consent/answers.html",
        {
            "section": "family",
            "answers": [(each, question_subject(json.loads(each.shown.body))) for each in mine],
            "crumbs": [(_("My family"), reverse("consent:family")), (_("My answers"), None)],
        },
    )


@login_required
@never_cache
@require_safe
def delivery(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Lead from a message's link to what it was about. Opening it changes nothing."""
    found = access.delivery_or_404(request.user, public_id, timezone.now())
    if found.decision is not None:
        return redirect("consent:receipt", found.decision.public_id)
    return redirect("consent:family")


def overview_of(children: list[access.ChildSeat]) -> Overview:
    """Return the overview of some children, each agency on its own day."""
    days = {child.seat.today for child in children}
    language = get_language() or "en"
    parts = [
        overview(
            deciders=[(c.student.pk, c.seat.guardian.pk) for c in children if c.seat.today == day],
            today=day,
            language=language,
        )
        for day in sorted(days)
    ]
    return Overview(
        tuple(asked for part in parts for asked in part.asked),
        tuple(shared for part in parts for shared in part.shared),
    )


def _block(child: access.ChildSeat, seen: Overview) -> dict[str, Any]:
    pk, me = child.student.pk, child.seat.guardian
    return {
        "child": child,
        "name": child.student.shown_name,
        "line": ", ".join(
            _("Grade %(grade)s, %(school)s") % {"grade": grade.lstrip("0") or grade, "school": school}
            if grade
            else school
            for school, grade in child.schools
        ),
        "as_whom": me.given_name if child.has_others else "",
        "url": child.address("consent:child"),
        "today": child.seat.today,
        "waiting": [question_card(asked, child) for asked in seen.open_of(pk) if asked.guardian_id == me.pk],
        "answered": [
            answer_row(asked, child) for asked in seen.answered_of(pk) if asked.guardian_id == me.pk
        ],
        "shared": [shared_row(shared, child, child.seat.today) for shared in seen.shared_of(pk)],
    }


def _district(agencies: list[Any]) -> dict[str, Any]:
    """Return the district of the page's head, where all children are in one."""
    if len(agencies) != 1:
        return {}
    agency = agencies[0]
    return {"district": agency, "district_url": reverse("districts:district", args=[agency.slug])}


def _csv(decisions: Any) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-answers.csv"'
    writer = csv.writer(response)
    writer.writerow(["receipt", "child", "company", "data", "answer", "saved_at", "shown_sha256"])
    for decision in decisions:
        question = decision.question
        writer.writerow(
            [
                decision.public_id,
                _plain(decision.student.shown_name),
                _plain(question.agreement.vendor.name),
                question.category.code,
                decision.answer,
                decision.decided_at.isoformat(),
                decision.shown.sha256,
            ]
        )
    return response


def _plain(text: str) -> str:
    """Return text that a spreadsheet takes for text, not for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
