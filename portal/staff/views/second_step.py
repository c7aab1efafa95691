"""The pages of the second step: give a code; the first time, tie a phone to the account."""

from typing import Any

import qrcode
import qrcode.image.svg
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import clear_totp_secret
from django.contrib.admin.views.decorators import staff_member_required
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import second_step as rules
from ..second_step_forms import CodeForm, SetUpForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_member_required
def second_step(request: Any) -> HttpResponse:
    """Ask for a code of the phone, then lead to what was asked for."""
    if not rules.is_due(request):
        return redirect(rules.way_on(request))
    if not rules.is_set_up(request.user):
        return _set_up(request)
    form = CodeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect(rules.way_on(request))
    return render(request, "staff/second_step.html", {"form": form})


def _set_up(request: Any) -> HttpResponse:
    """Show the secret to scan; with its first right code, tie the phone and show the codes for without it."""
    form = SetUpForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            codes = rules.set_up(request.user, form.secret)
        except IntegrityError:
            return redirect(request.get_full_path())
        phone = Authenticator.objects.get(user=request.user, type=Authenticator.Type.TOTP)
        post_authentication(request, phone)
        clear_totp_secret(request)
        return render(
            request, "staff/second_step_codes.html", {"codes": codes, "way_on": rules.way_on(request)}
        )
    address = get_adapter().build_totp_url(request.user, form.secret)
    return render(
        request,
        "staff/second_step_set_up.html",
        {"form": form, "secret": form.secret, "picture": _picture(address)},
    )


def _picture(address: str) -> SafeString:
    """Return a QR code as SVG; it is made of squares only, none of the words of the address."""
    made = qrcode.make(address, image_factory=qrcode.image.svg.SvgPathFillImage, border=2)
    return mark_safe(made.to_string(encoding="unicode"))  # noqa: S308
