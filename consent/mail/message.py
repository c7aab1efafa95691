"""One rendered message: its three templates, its headers, and the marks for each person's own parts."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import format_datetime, parseaddr
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from districts.models import Agency

from .substitute import Marks, Prepared, clean, mailbox, prepare

TOKEN = "token"  # noqa: S105 - the name of the place where the link differs from person to person
NOTHING: Mapping[str, str] = MappingProxyType({})
MOST_OF_A_SUBJECT = 60  # characters; more is cut off on a phone


@dataclass(frozen=True)
class Message:
    """A message ready to be filled in. `is_generic`: it names neither company nor kind of data."""

    prepared: Prepared
    subject: str
    is_generic: bool

    def to(
        self,
        *,
        name: str,
        email: str,
        message_id: str,
        token: str,
        now: dt.datetime,
        own: Mapping[str, str] = NOTHING,
    ) -> bytes:
        """Return the message of one person; `own` fills the headers that were left open for them.

        Raises UnsafeValueError for an address that is none.
        """
        return self.prepared.fill(
            {
                "to": mailbox(name, email),
                "message_id": f"<{message_id}>",
                "date": format_datetime(now),
                TOKEN: token,
                **own,
            }
        )


def host() -> str:
    """Return the host name that our Message-IDs and List-Ids end in."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def message_id(public_id: str, n: int) -> str:
    """Return the Message-ID of attempt `n` of a delivery, the same whenever it is asked for."""
    return f"{public_id}.{n}@{host()}"


def bundle_message_id(public_id: str, n: int) -> str:
    """Return the Message-ID of a bundle, after the first delivery in it."""
    return f"bundle.{public_id}.{n}@{host()}"


def sender_address() -> str:
    """Return the address mail goes out from, and bounces come back to."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def assemble(
    templates: str,
    context: Mapping[str, Any],
    *,
    language: str,
    marks: Marks,
    agency: Agency | None = None,
    is_generic: bool,
    headers: Mapping[str, str] = NOTHING,
    own_headers: Mapping[str, str] = NOTHING,
) -> Message:
    """Render `<templates>.subject.txt`, `.txt` and `.html` in one language into a message.

    `headers` are further ones, the same for everybody; `own_headers` names further values (Message.to).
    """
    values = {**context, "language": language, "district": agency}
    with translation.override(language):
        subject = clean(render_to_string(f"{templates}.subject.txt", values))
        text = _squeezed(render_to_string(f"{templates}.txt", values))
        html = render_to_string(f"{templates}.html", values)
    static = {"From": _from(agency), "Subject": subject, **headers}
    if agency is not None:
        static["List-Id"] = f"<{agency.slug}.notices.{host()}>"
        if agency.contact_email:
            static["Reply-To"] = agency.contact_email
    static |= {"Auto-Submitted": "auto-generated", "Content-Language": language}
    own = {"To": "to", "Message-ID": "message_id", "Date": "date", **own_headers}
    prepared = prepare(headers=static, own_headers=own, text=text, html=html, marks=marks)
    return Message(prepared=prepared, subject=subject, is_generic=is_generic)


def fitting(subjects: Iterable[str]) -> str:
    """Return the first subject that is short enough; the last is cut if none is."""
    subject = ""
    for subject in subjects:
        if len(subject) <= MOST_OF_A_SUBJECT:
            return subject
    return subject[: MOST_OF_A_SUBJECT - 1].rstrip() + "…"


def _from(agency: Agency | None) -> str:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return str(Address(display_name=clean(agency.name) if agency else name, addr_spec=address))


def _squeezed(text: str) -> str:
    """Return the text with at most one empty line in a row: templates leave more where a part is absent."""
    lines: list[str] = []
    for line in (raw.rstrip() for raw in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines)
