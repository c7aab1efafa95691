"""Add a child with the code of a letter: code, mailbox, “Is this your child?”, done."""

import datetime as dt

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
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

from .. import accounts, letter_codes
from ..forms import LetterCodeForm
from ..models import Guardianship

EVERYBODY = "site"  # wrong codes are counted for the whole site


@sensitive_post_parameters("code", "email")
@never_cache
@require_http_methods(["GET", "POST"])
def letter_code(request: HttpRequest) -> HttpResponse:
    """Step 1: the code; who is not signed in also proves a mailbox."""
    user = request.user if request.user.is_authenticated else None
    form = LetterCodeForm(request.POST or None, user=user)
    if request.method == "POST":
        if not _may_try(request):
            return render(request, "429.html", status=429)
        if form.is_valid():
            request.session[letter_codes.WAITING] = form.cleaned_data["code"]
            if user is not None:
                return redirect("consent:letter_child")
            return _prove_mailbox(request, form.cleaned_data["email"], form.cleaned_data["code"])
        if "code" in form.errors:
            ratelimit.consume(request, action="wrong_letter_code", key=EVERYBODY)
    return render(request, "consent/letter_code.html", {"form": form, "section": "family"})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def letter_child(request: HttpRequest) -> HttpResponse:
    """Step 2: show first name and grade only; Yes ties the mailbox to the letter's reader."""
    digest, now = request.session.get(letter_codes.WAITING, ""), timezone.now()
    user: AbstractBaseUser = request.user  # type: ignore[assignment]
    try:
        found = letter_codes.look_up(digest=digest, now=now, user=user)
        if request.method == "POST":
            del request.session[letter_codes.WAITING]
            if request.POST.get("answer") == "yes":
                letter_codes.use(digest=digest, user=user, now=now)
                messages.success(request, _("Done. You can answer now."))
            return redirect("consent:family")
    except letter_codes.CodeNotAccepted:
        request.session.pop(letter_codes.WAITING, None)
        messages.error(
            request, _("That code did not work. Check the letter, or ask the school for a new one.")
        )
        return redirect("consent:letter_code")
    today = found.guardian.agency.today(now)
    return render(
        request,
        "consent/letter_child.html",
        {
            "children": _children(found.guardian_id, today),
            "is_oneself": found.guardian.guardianships.filter(relation=Guardianship.Relation.SELF).exists(),
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


def _prove_mailbox(request: HttpRequest, email: str, digest: str) -> HttpResponse:
    """Mail a sign-in code to the address given; the letter's code is used up only after it came back."""
    user = letter_codes.user_of_letter(email=email, digest=digest, now=timezone.now())
    LoginCodeVerificationProcess.initiate(request=request, user=user, email=accounts.normalise(email))
    return redirect(f"{reverse('account_confirm_login_code')}?next={reverse('consent:letter_child')}")


def _may_try(request: HttpRequest) -> bool:
    """Count tries by session, so that no address of a computer is kept; and wrong ones of everybody together,
    because a guesser need not keep a session.
    """
    if not ratelimit.consume(request, action="wrong_letter_code", key=EVERYBODY, dry_run=True):
        return False
    if not request.session.session_key:
        request.session.create()
    return bool(ratelimit.consume(request, action="letter_code", key=request.session.session_key))
