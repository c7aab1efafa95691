"""Answers on paper or by telephone: find the child, the decider, the question; enter what was said."""

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.storage import storages
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from consent import decide
from consent.models import Guardian, Guardianship, Student
from consent.open_questions import Asked, overview
from consent.presenting import facts, question_title

from ..access import StaffRequest, guardian_or_404, staff_page, student_or_404
from ..admin.families import person
from ..forms import FindChildForm, PaperAnswerForm
from ..page import show
from ..scans import ScanRefused, checked_suffix

LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Decider:
    """A person who may decide for a child today."""

    guardian: Guardian
    relation: str


@require_safe
@staff_page
def find(request: StaffRequest) -> HttpResponse:
    """Find a child by the number in the roster."""
    form = FindChildForm(request.GET or None)
    if form.is_valid():
        student = Student.objects.filter(
            agency=request.agency, roster_id=form.cleaned_data["child"].strip()
        ).first()
        if student is not None:
            return redirect("staff:answers_of", student.public_id)
        form.add_error("child", _("No student here has this number."))
    return show(request, "answers", {"form": form}, place="answers", status=422 if form.errors else 200)


@require_safe
@staff_page
def of_child(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show who may decide for a child, and what each of them can be asked."""
    student = student_or_404(request.agency, public_id)
    rows = []
    for decider in deciders_of(student, request.today):
        asked = _asked(student, decider.guardian, request.today, _language(decider.guardian))
        rows.append(
            (decider, person(decider.guardian), [(each, question_title(each.body)) for each in asked])
        )
    return show(
        request,
        "answers_child",
        {"student": student, "rows": rows},
        place="answers",
        crumbs=[(_("Answers"), reverse("staff:answers")), (student.shown_name, None)],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def enter(
    request: StaffRequest, public_id: uuid.UUID, guardian_id: uuid.UUID, question_version: int
) -> HttpResponse:
    """Show one question as the family's page shows it, and take the answer that came in."""
    student = student_or_404(request.agency, public_id)
    guardian = guardian_or_404(request.agency, guardian_id)
    if guardian.pk not in {each.guardian.pk for each in deciders_of(student, request.today)}:
        raise Http404
    language = request.GET.get("language", "")
    language = language if language in LANGUAGES else _language(guardian)
    asked = _one(student, guardian, request.today, language, question_version)
    initial = {
        "shown": asked.sha256,
        "replaces": asked.tip.pk if asked.tip else None,
        "language": language,
        "received_on": request.today,
    }
    form = PaperAnswerForm(request.POST or None, request.FILES or None, initial=initial, today=request.today)
    if request.method == "POST" and form.is_valid():
        done = _record(request, student, guardian, question_version, form)
        if done is not None:
            return done
    with override(language):
        title, said = question_title(asked.body), facts(asked.body)
    return show(
        request,
        "answer_enter",
        {
            "student": student,
            "who": person(guardian),
            "title": title,
            "facts": said,
            "texts": asked.body["texts"],
            "language": language,
            "tip": asked.tip,
            "form": form,
        },
        place="answers",
        crumbs=[
            (_("Answers"), reverse("staff:answers")),
            (student.shown_name, reverse("staff:answers_of", args=[public_id])),
            (_("Enter an answer"), None),
        ],
        status=422 if form.errors else 200,
    )


def deciders_of(student: Student, today: dt.date) -> list[Decider]:
    """Return who may decide for a child today; nobody on hold, nobody whose right has ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.guardian_id, gs.relation FROM consent_entitled(%s) e"
            " JOIN consent_guardianship gs ON gs.id = e.guardianship_id WHERE e.student_id = %s",
            [today, student.pk],
        )
        relations = dict(cursor.fetchall())
    words = dict(Guardianship.Relation.choices)
    people = Guardian.objects.filter(pk__in=relations).order_by("family_name", "given_name", "pk")
    return [Decider(each, str(words.get(relations[each.pk], ""))) for each in people]


def _asked(student: Student, guardian: Guardian, today: dt.date, language: str) -> list[Asked]:
    seen = overview(deciders=[(student.pk, guardian.pk)], today=today, language=language)
    return [each for each in seen.asked if each.student_id == student.pk]


def _one(student: Student, guardian: Guardian, today: dt.date, language: str, question_version: int) -> Asked:
    for each in _asked(student, guardian, today, language):
        if each.question_version.pk == question_version:
            return each
    raise Http404


def _language(guardian: Guardian) -> str:
    return guardian.language if guardian.language in LANGUAGES else LANGUAGES[0]


def _record(
    request: StaffRequest, student: Student, guardian: Guardian, question_version: int, form: PaperAnswerForm
) -> HttpResponse | None:
    """Record the answer; None (with an error in the form) where it is not taken. Then no scan is kept."""
    given = form.cleaned_data
    try:
        scan = _keep_scan(given["scan"])
    except ScanRefused:
        form.add_error("scan", _("Use a PDF, JPEG or PNG of at most 20 MB."))
        return None
    try:
        decision = decide.record(
            student_id=student.pk,
            question_version_id=question_version,
            decider_id=guardian.pk,
            answer=given["answer"],
            shown_sha256=given["shown"],
            replaces_id=given["replaces"],
            language=given["language"],
            by_user=None,
            now=request.now,
            channel=given["channel"],
            entered_by=request.user,
            received_on=given["received_on"],
            scan=scan,
        )
    except decide.AnswerRefused as refused:
        if scan:
            storages["private"].delete(scan)
        form.add_error(None, _refusal_words(refused))
        return None
    messages.success(request, _("Saved. Receipt number: %(number)s.") % {"number": decision.public_id})
    return redirect("staff:answers_of", student.public_id)


def _keep_scan(file: Any) -> str:
    if not file:
        return ""
    suffix = checked_suffix(file)
    return str(storages["private"].save(f"scans/{secrets.token_hex(16)}{suffix}", file))


def _refusal_words(refused: decide.AnswerRefused) -> str:
    if isinstance(refused, decide.AlreadyAnswered):
        return _("This answer stands already.")
    if isinstance(refused, decide.StalePage):
        return _("The question or an answer changed meanwhile. Read it again, then enter the answer.")
    if isinstance(refused, decide.NotEntitled):
        return _("This person may not decide for this child today.")
    return _("There is no such choice for this child.")
