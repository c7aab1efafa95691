"""The conversation with the mail server: one connection for a batch, one result for each message.

Only consent.mail.exit may use this module.
"""

import smtplib
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import structlog
from django.conf import settings

log = structlog.get_logger(__name__)


class Verdict(StrEnum):
    """What became of one message."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # the connection was lost while the message was under way
    UNTRIED = "untried"  # it never was under way


@dataclass(frozen=True, slots=True)
class Result:
    """A verdict with the server's answer code, e.g. 250, 550 or 550-5.1.1."""

    verdict: Verdict
    code: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message for one recipient, as bytes; `key` is the sender's own."""

    key: int
    recipient: str
    content: bytes


class _Lost(Exception):
    """The connection is gone. `under_way` says whether the message may have arrived."""

    def __init__(self, *, under_way: bool) -> None:
        super().__init__()
        self.under_way = under_way


class _NotServed(Exception):
    """The server takes nothing from us now; not the fault of any one recipient."""


UNTRIED = Result(Verdict.UNTRIED)


def send(envelopes: Iterable[Envelope], *, sender: str, seconds: float) -> Iterator[tuple[int, Result]]:
    """Send each envelope over one connection and yield its key with the result, in order.

    A lost connection is opened once more for the same message (same bytes, same Message-ID). If it is lost
    again, or when `seconds` have passed, the rest of the batch is left untried.
    """
    stop_at = time.monotonic() + seconds
    line = _Line(sender)
    try:
        for envelope in envelopes:
            result = UNTRIED if line.is_given_up or time.monotonic() > stop_at else line.send(envelope)
            yield envelope.key, result
    finally:
        line.close()


class _Line:
    """One connection, opened when first needed and once again when it is lost."""

    def __init__(self, sender: str) -> None:
        self.sender = sender
        self.server: smtplib.SMTP | None = None
        self.is_given_up = False
        self.is_under_way = False

    def send(self, envelope: Envelope) -> Result:
        may_have_arrived = False
        for _try in (1, 2):
            try:
                return self._converse(envelope)
            except _Lost as lost:
                may_have_arrived |= lost.under_way
                self.close()
            except _NotServed:
                break
        self.close()
        self.is_given_up = True
        return Result(Verdict.UNKNOWN) if may_have_arrived else UNTRIED

    def _converse(self, envelope: Envelope) -> Result:
        self.is_under_way = False
        try:
            return self._exchange(envelope)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("mail server lost", error=type(error).__name__, under_way=self.is_under_way)
            raise _Lost(under_way=self.is_under_way) from error

    def _exchange(self, envelope: Envelope) -> Result:
        server = self._open()
        code, answer = server.mail(self.sender)
        if code != 250:
            log.warning("mail server refuses the sender", code=code)
            raise _NotServed
        code, answer = server.rcpt(envelope.recipient)
        if code in (250, 251):
            self.is_under_way = True
            try:
                code, answer = server.data(envelope.content)
            except smtplib.SMTPDataError as error:  # the word DATA was refused: nothing was sent
                code, answer = error.smtp_code, _octets(error.smtp_error)
            self.is_under_way = False
        if code == 421:  # "closing the channel": said of the connection, not of the recipient
            raise smtplib.SMTPServerDisconnected
        if code not in (250, 251):
            server.rset()
        return verdict(code, answer)

    def _open(self) -> smtplib.SMTP:
        if self.server is None:
            self.server = connect()
        return self.server

    def close(self) -> None:
        if self.server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.server.quit()
            self.server.close()
            self.server = None


def connect() -> smtplib.SMTP:
    """Open a connection as the settings say: TLS from the start, by STARTTLS, or none; signed in if named."""
    kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    server = kind(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        # Named, because smtplib else asks the name service for it, which may take seconds.
        local_hostname=urlsplit(settings.SITE_URL).hostname or "localhost",
        timeout=settings.EMAIL_TIMEOUT,
    )
    if settings.EMAIL_USE_TLS:
        server.starttls(context=ssl.create_default_context())
    server.ehlo_or_helo_if_needed()
    if settings.EMAIL_HOST_USER:
        server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    return server


# Refusals that speak of us, not of the recipient: sign-in, relaying, policy, size. To count them as a dead
# address would turn one wrong setting into a letter for every family.
ABOUT_US = frozenset({500, 501, 502, 503, 504, 521, 530, 534, 535, 538, 552, 555})


def verdict(code: int, answer: bytes) -> Result:
    """Return what an answer of the server means for this recipient (RFC 5321, 4.2; RFC 3463)."""
    enhanced = answer.split(b" ", 1)[0].decode("ascii", "replace")
    known = enhanced if enhanced[:2] in ("2.", "4.", "5.") and len(enhanced) <= 8 else ""
    shown = f"{code}-{known}" if known else str(code)
    if 200 <= code < 300:
        return Result(Verdict.ACCEPTED, shown)
    if code >= 500 and code not in ABOUT_US and not known.startswith(("5.3", "5.5", "5.7")):
        return Result(Verdict.REFUSED, shown)
    return Result(Verdict.DEFERRED, shown)


def _octets(answer: bytes | str) -> bytes:
    return answer if isinstance(answer, bytes) else answer.encode("ascii", "replace")
