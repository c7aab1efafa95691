"""A real mail server on loopback that can be told to refuse, put off, drop the line, or be closed."""

import asyncio
import email
import socket
from collections import Counter
from email import policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"


class PostOffice:
    """Keeps what it takes. Answers are given per address, each once, in order; then it takes everything."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.connections = 0
        self.answers_to_recipient: dict[str, list[str]] = {}
        self.answers_to_content: dict[str, list[str]] = {}
        self.answers_to_sender: list[str] = []
        self.drops: Counter[str] = Counter()  # address -> how often the line is cut before its mail is taken
        self.drops_after_taking: Counter[str] = Counter()
        self.when_taken = lambda address: None
        with socket.create_server((LOOPBACK, 0)) as free:
            self.port = free.getsockname()[1]
        self._controller: Controller | None = None

    def open(self) -> None:
        self._controller = Controller(self, hostname=LOOPBACK, port=self.port, enable_SMTPUTF8=False)
        self._controller.start()

    def close(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]

    async def handle_EHLO(self, server, session, envelope, hostname, responses: list[str]) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address, options) -> str:
        if self.answers_to_sender:
            return self.answers_to_sender.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address, options) -> str:
        if answers := self.answers_to_recipient.get(address):
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        [address] = envelope.rcpt_tos
        if answers := self.answers_to_content.get(address):
            return answers.pop(0)
        if self.drops[address]:
            self.drops[address] -= 1
            return await self._cut(server)
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.recipients.append(address)
        self.raw.append(envelope.content)
        self.mails.append(message)
        await asyncio.to_thread(self.when_taken, address)
        if self.drops_after_taking[address]:
            self.drops_after_taking[address] -= 1
            return await self._cut(server)
        return "250 OK"

    async def _cut(self, server: SMTP) -> str:
        server.transport.abort()
        await asyncio.sleep(0)
        return "250 nobody hears this"


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """Return one part of a mail, its words only."""
    part = mail.get_body(preferencelist=(kind,))
    assert isinstance(part, EmailMessage)
    return part.get_content()
