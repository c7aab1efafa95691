"""Pages of a watch: ask for it, confirm it, stop it. No page says whether an address is known here.

Not served from the public room: a form needs its CSRF token, and an address is written down. They touch
neither session nor user all the same.
"""

import uuid

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from portal.tasks import send_watch_mails

from . import asking
from .about import SEARCH
from .forms import AddressForm
from .models import Watch
from .things import RELATED, fields, find, name_of, names, page_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Ask where to write to; then send the question to that address, whoever typed it in."""
    thing = find(kind, key)
    if thing is None:
        raise Http404
    watch = Watch(**fields(kind, thing))
    form = AddressForm(request.POST or None)
    language = get_language() or "en"
    if request.method == "POST" and form.is_valid():
        email, now = form.cleaned_data["email"], timezone.now()
        asking.ask(email=email, kind=kind, thing=thing, language=language, now=now)
        transaction.on_commit(send_watch_mails.delay, robust=True)  # the sweep covers a failed nudge
        return redirect("watching:asked")
    name, page = name_of(watch), page_of(watch, language)
    context = {
        "form": form,
        "name": name,
        "page": page,
        "days": asking.DAYS_TO_CONFIRM,
        "crumbs": _crumbs(name, page),
    }
    return render(request, "portal/watch_ask.html", context)


def search(request: HttpRequest) -> HttpResponse:
    """Ask likewise for the news of a search, whose words the address carries as those of its page do."""
    return ask(request, SEARCH, request.GET.get("q", ""))


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Say that a message is on its way: the same words for every address."""
    return render(request, "portal/watch_asked.html", {"days": asking.DAYS_TO_CONFIRM})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show what was asked for, with a button that confirms it; a link that is too old says so."""
    now = timezone.now()
    is_post = request.method == "POST"
    watch = asking.confirm(key, now=now) if is_post else asking.open_watch(key, now=now)
    if watch is None:
        return render(request, "portal/watch_too_old.html", status=404)
    context = {
        "name": name_of(watch),
        "page": page_of(watch, get_language() or "en"),
        "confirmed": is_post,
        "stop": watch.watcher.key,
    }
    return render(request, "portal/watch_confirm.html", context)


@csrf_exempt  # one click in a mailbox (RFC 8058) brings no token of ours; the key cannot be guessed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show what an address watches, with buttons that stop it: one thing, or all of it and at one click."""
    if request.method == "POST":
        asking.stop(key, only=_one(request))
    watches = list(
        Watch.objects.filter(watcher__key=key, confirmed_at__isnull=False)
        .select_related(*RELATED)
        .order_by("pk")
    )
    said, language = names(watches), get_language() or "en"
    rows = [(watch.key, said[watch.pk], page_of(watch, language)) for watch in watches]
    return render(request, "portal/watch_stop.html", {"rows": rows, "stopped": request.method == "POST"})


def _one(request: HttpRequest) -> uuid.UUID | None:
    """Return the one watch a button names; without one all of them are meant."""
    if "watch" not in request.POST:
        return None
    try:
        return uuid.UUID(request.POST["watch"])
    except ValueError:
        raise Http404 from None


def _crumbs(name: str, page: str) -> list[tuple[str, str | None]]:
    return [(name, page), (_("News by email"), None)]
