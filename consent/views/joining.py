"""Add a child with the code of a letter: code, mailbox, “Is this your child?”, done."""

import datetime as dt

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from .. import accounts
from ..forms import LetterCodeForm


@sensitive_post_parameters("code", "email")
@never_cache
@require_http_methods(["GET", "POST"])
def letter_code(request: HttpRequest) -> HttpResponse:
    """Step 1: the code; who is not signed in also proves a mailbox."""
    signed_in = request.user.is_authenticated
    form = LetterCodeForm(request.POST or None, signed_in=signed_in)
    if request.method == "POST":
        if not _may_try(request):
            return render(request, "429.html", status=429)
        if form.is_valid():
            request.session[accounts.WAITING_CODE] = form.cleaned_data["code"]
            if signed_in:
                return redirect("consent:letter_child")
            return _prove_mailbox(request, form.cleaned_data["email"])
    return render(request, "consent/letter_code.html", {"form": form, "section": "family"})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def letter_child(request: HttpRequest) -> HttpResponse:
    """Step 2: show first name and grade only; Yes ties the mailbox to the letter's reader."""
    code = request.session.get(accounts.WAITING_CODE, "")
    try:
        found = accounts.look_up_code(code=code, now=timezone.now())
        if request.method == "POST":
            del request.session[accounts.WAITING_CODE]
            if request.POST.get("answer") == "yes":
                accounts.use_code(code=code, user=request.user, now=timezone.now())  # type: ignore[arg-type]
                messages.success(request, _("Done. You can answer now."))
            return redirect("consent:family")
    except accounts.CodeNotAccepted:
        request.session.pop(accounts.WAITING_CODE, None)
        messages.error(
            request, _("That code did not work. Check the letter, or ask the school for a new one.")
        )
        return redirect("consent:letter_code")
    today = found.guardian.agency.today(timezone.now())
    return render(
        request,
        "consent/letter_child.html",
        {
            "children": _children(found.guardian_id, today),
            "section": "family",
            "district": found.guardian.agency,
        },
    )


def _children(guardian_id: int, today: dt.date) -> list[tuple[str, str]]:
    """Return first name and grade of the children the letter was about: enough to know one's own."""
    with connection.cursor() as cursor:
        cursor.execute(_THEIR_CHILDREN, {"day": today, "guardian": guardian_id})
        return [(name, grade.lstrip("0")) for name, grade in cursor.fetchall()]


_THEIR_CHILDREN = """
    SELECT s.shown_name, coalesce((SELECT min(n.grade) FROM consent_enrollment n
                                    WHERE n.student_id = s.id AND n.ended_on IS NULL), '')
      FROM consent_student s JOIN consent_entitled(%(day)s) e ON e.student_id = s.id
     WHERE e.guardian_id = %(guardian)s ORDER BY s.shown_name, s.id
"""


def _prove_mailbox(request: HttpRequest, email: str) -> HttpResponse:
    """Mail a sign-in code to the address given; the letter's code is used up only after it came back."""
    user = accounts.user_of_letter(email=email)
    LoginCodeVerificationProcess.initiate(request=request, user=user, email=accounts.normalise(email))
    return redirect(f"{reverse('account_confirm_login_code')}?next={reverse('consent:letter_child')}")


def _may_try(request: HttpRequest) -> bool:
    """Count tries by session, so that no address of a computer is kept."""
    if not request.session.session_key:
        request.session.create()
    return bool(ratelimit.consume(request, action="letter_code", key=request.session.session_key))
