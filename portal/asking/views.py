"""Pages for anybody who asks in public. They have a form, so are no public pages; they use no session."""

import uuid
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from districts import published
from districts.asked_in_public import refusal_words
from districts.models import Agreement
from portal.tasks import send_asker_mails

from .forms import AskForm
from .models import AskedInPublic
from .sending_in import NoSuchLink, TooMany, asked_by, confirm, send_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the form with the rules beside it; keep what is sent in, and owe a mail to confirm it."""
    found = _agreement_or_404(public_id)
    form = AskForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            send_in(agreement=found, language=get_language() or "en", now=timezone.now(), **form.cleaned_data)
        except TooMany:
            form.add_error(None, _("Too much was sent in today. Try again tomorrow."))
            status = 429
        else:
            transaction.on_commit(send_asker_mails.delay, robust=True)
            return redirect("asking:sent", public_id)
    return _show(request, "ask", found, {"form": form, "reasons": list(refusal_words().values())}, status)


@require_safe
def sent(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say that a mail is on its way."""
    return _show(request, "ask_sent", _agreement_or_404(public_id), {})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button that confirms an address; pressing it hands the question to staff."""
    try:
        asked = asked_by(token)
        if request.method == "POST":
            confirm(token=token, now=timezone.now())
            return redirect("asking:confirm", token)
    except NoSuchLink:
        raise Http404 from None
    is_confirmed = asked.state != AskedInPublic.State.SENT
    return _show(request, "ask_confirm", asked.agreement, {"asked": asked, "is_confirmed": is_confirmed})


def _agreement_or_404(public_id: uuid.UUID) -> Agreement:
    found = published.agreements().exclude(kind=Agreement.Kind.RECONSTRUCTION)
    return get_object_or_404(found.select_related("agency", "vendor"), public_id=public_id)


def _show(
    request: HttpRequest, name: str, found: Agreement, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    district_url = reverse("districts:district", args=[found.agency.slug])
    given = {
        "agreement": found,
        "district": found.agency,
        "district_url": district_url,
        "section": "companies",
        "discussion_url": reverse("districts:discussion", args=[found.public_id]),
        "crumbs": [
            (found.agency.name, district_url),
            (found.vendor.name, reverse("districts:agreement", args=[found.public_id])),
            (_("Public discussion"), reverse("districts:discussion", args=[found.public_id])),
            (_("Ask in public"), None),
        ],
        **context,
    }
    return render(request, f"portal/{name}.html", given, status=status)
