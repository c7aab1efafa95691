"""Pages of a hook: ask for it, and look after it. No page says whether an address is known here.

As the pages of a watch they touch neither session nor user. A secret is in the answer to one POST only.
"""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.tasks import send_hook_calls, send_hook_mails
from portal.watching.about import SEARCH
from portal.watching.things import fields, find, name_of, page_of

from . import registering
from .forms import HookForm
from .models import Hook
from .registering import TooMany
from .signing import name_of as call_name_of

SHOWN_CALLS = 20


def everything(request: HttpRequest) -> HttpResponse:
    """Ask for calls about all news of the site."""
    return _ask(request, "", None)


def search(request: HttpRequest) -> HttpResponse:
    """Ask for calls about the news of a search, whose words the address carries as those of its page do."""
    return about(request, SEARCH, request.GET.get("q", ""))


def about(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Ask for calls about one public thing."""
    thing = find(kind, key)
    if thing is None:
        raise Http404
    return _ask(request, kind, thing)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _ask(request: HttpRequest, kind: str, thing: Any) -> HttpResponse:
    hook = Hook(**fields(kind, thing))
    form = HookForm(request.POST or None)
    language = get_language() or "en"
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            registering.ask(
                **form.cleaned_data, target=form.target, kind=kind, thing=thing, language=language,
                now=timezone.now(),
            )  # fmt: skip
        except TooMany:
            form.add_error("url", _("Too many webhooks call this site already."))
            status = 429
        else:
            transaction.on_commit(send_hook_mails.delay, robust=True)  # the sweep covers a failed nudge
            return redirect("hooks:asked")
    name, page = name_of(hook), page_of(hook, language)
    context = {
        "form": form,
        "name": name,
        "page": page,
        "days": registering.DAYS_TO_CONFIRM,
        "crumbs": [(name, page), (_("Webhook"), None)] if kind else [(_("Webhook"), None)],
    }
    return render(request, "portal/hook_ask.html", context, status=status)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way: the same words for every address."""
    return render(request, "portal/hook_asked.html", {"days": registering.DAYS_TO_CONFIRM})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """Show how a hook stands and its last calls; a button confirms it, calls now, renews or stops it."""
    hook = registering.hook_of(token, now=timezone.now())
    if hook is None:
        return render(request, "portal/hook_none.html", status=404)
    secret, error = "", ""
    if request.method == "POST":
        try:
            secret = _act(request.POST.get("do", ""), hook.pk)
        except TooMany:
            error = _("Too many. Try again later.")
        if not secret and not error:
            return redirect("hooks:manage", token)
        hook.refresh_from_db(fields=["state"])
    calls = hook.calls.order_by("-made_at", "-pk")[:SHOWN_CALLS]
    context = {
        "hook": hook,
        "name": name_of(hook),
        "page": page_of(hook, get_language() or "en"),
        "secret": secret,
        "error": error,
        "calls": [(call, call_name_of(call)) for call in calls],
        "asks": hook.state == Hook.State.ASKED,
        "runs": hook.state == Hook.State.ACTIVE,
    }
    return render(request, "portal/hook.html", context, status=429 if error else 200)


def _act(what: str, pk: int) -> str:
    """Do what a button says; return a secret to be shown, this once. Raises TooMany, and Http404."""
    now = timezone.now()
    if what == "confirm":
        return registering.confirm(pk=pk, now=now)
    if what == "secret":
        return registering.new_secret(pk=pk)
    if what == "call":
        registering.call_now(pk=pk, now=now)
        transaction.on_commit(send_hook_calls.delay, robust=True)
    elif what == "stop":
        registering.stop(pk=pk)
    else:
        raise Http404
    return ""
