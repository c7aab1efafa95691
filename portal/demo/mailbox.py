"""The demo's mailbox: every mail that was sent, read from the sink's folder."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

NAME = re.compile(r"[0-9T]+-\d+-\d+")
PAGE_SIZE = 50
# Whose mails one wants to see first; `manage.py demo_people` says who they are.
PEOPLE = [
    "alice@example.org",
    "bob@example.org",
    "grace@example.org",
    "ellis@example.org",
    "carol@example.org",
]
# Mails may bring their own styles and nothing else; no script, no form, no picture from elsewhere.
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
HEADERS = ("Date", "From", "To", "Subject", "Message-ID", "List-Id", "List-Unsubscribe", "Auto-Submitted")


@dataclass(frozen=True)
class Mail:
    """One mail of the sink."""

    name: str
    message: EmailMessage

    @property
    def to(self) -> str:
        return str(self.message["X-Envelope-To"] or "")

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def sent_at(self) -> object:
        date = self.message["Date"]
        return parsedate_to_datetime(str(date)) if date else None

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(self.message[name])) for name in HEADERS if self.message[name]]

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        body = self.message.get_body(preferencelist=(kind,))
        return str(body.get_content()) if isinstance(body, EmailMessage) else ""


def folder() -> Path:
    """Return the sink's folder."""
    return Path(settings.VAR_DIR) / "mailbox"


def names() -> list[str]:
    """Return the names of all mails, the newest first."""
    return sorted((path.stem for path in folder().glob("*.eml")), reverse=True)


def read(name: str) -> Mail:
    """Return one mail. Raises Http404 for a name that is none."""
    if not NAME.fullmatch(name):
        raise Http404
    try:
        content = (folder() / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        raise Http404 from None
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return Mail(name=name, message=message)


@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what was sent to whom, page by page; `?to=` keeps one person's."""
    to = request.GET.get("to", "").strip().lower()
    every = names()
    chosen = [name for name in every if to in read(name).to.lower()] if to else every
    page = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page"))
    mails = [read(name) for name in page.object_list]
    return render(
        request,
        "portal/mailbox.html",
        {"mails": mails, "page": page, "to": to, "count": len(chosen), "people": PEOPLE},
    )


@never_cache
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail: its headers and its plain text, whose links work."""
    return render(request, "portal/mailbox_mail.html", {"mail": read(name)})


@never_cache
@require_safe
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail's HTML as a page of its own that may do nothing."""
    html = read(name).html
    if not html:
        raise Http404
    response = HttpResponse(html, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = MAIL_POLICY
    return response
