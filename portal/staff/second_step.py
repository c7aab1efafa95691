"""The second step of staff who sign in: after the password a code from their phone.

A password that leaked opens nothing of a family. allauth keeps the secrets and checks the codes; that the
step was taken is kept in the session, which ends when they sign out.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from consent.claims import end_sign_ins

P = ParamSpec("P")


def is_due(request: HttpRequest) -> bool:
    """Tell whether a signed-in staff member has yet to take the second step."""
    if not settings.STAFF_SECOND_STEP:
        return False
    return not any(
        record.get("method") == "mfa" for record in get_authentication_records(request, request.user)
    )


def is_set_up(user: AbstractBaseUser) -> bool:
    """Tell whether an account has a phone that makes its codes."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


@transaction.atomic
def set_up(user: AbstractBaseUser, secret: str) -> list[str]:
    """Tie a phone to an account and return ten codes to use without it, each once.

    Raises IntegrityError where the account has one already: another browser was faster.
    """
    TOTP.activate(user, secret)
    return RecoveryCodes.activate(user).get_unused_codes()


@transaction.atomic
def forget(user: AbstractBaseUser) -> bool:
    """Forget a lost phone and its codes, and end the account's sign-ins; False where none was set up.

    The next sign-in sets up another phone.
    """
    forgotten, _by_kind = Authenticator.objects.filter(user=user).delete()
    end_sign_ins([user.pk])
    return forgotten > 0


def led_there(request: HttpRequest) -> HttpResponseRedirect:
    """Lead to the second step, and from there on to what was asked for."""
    return redirect(f"{reverse('staff:second_step')}?{urlencode({'next': request.get_full_path()})}")


def way_on(request: HttpRequest) -> str:
    """Return the page of this site that was asked for, or today's."""
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("staff:today")


def staff_only(
    view: Callable[Concatenate[Any, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let staff in who took both steps of signing in; lead others to the step that is missing."""

    @staff_member_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if is_due(request):
            return led_there(request)
        return view(request, *args, **kwargs)

    return wrapped
