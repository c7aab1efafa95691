"""The one way out: every message to anybody passes here, and is checked here.

No other module may speak to a mail server (tests/architecture/test_one_exit.py reads all imports and calls).
Django's own mail functions are switched off: they end in ClosedBackend.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import structlog
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from districts.models import Agency

from ..standing import JUDGE, look_up_by_index
from . import smtp
from .message import Message, assemble, message_id, sender_address
from .smtp import Result, Verdict
from .substitute import Marks, UnsafeValueError, ascii_address

log = structlog.get_logger(__name__)

SIGN_IN_SECONDS = 60.0


class SensitiveMessageError(RuntimeError):
    """A message that tells its subject was to carry a notice that must not."""


class ClosedBackendError(RuntimeError):
    """Something tried to send mail by Django's own functions."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one person. It carries one delivery, or several as a bundle."""

    deliveries: tuple[int, ...]
    message: Message
    name: str
    email: str
    message_id: str
    token: str
    own: Mapping[str, str] = field(default_factory=dict)  # further headers of this person


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of one message. `barred` says, per delivery that may not go out, why.

    `is_to_be_claimed_anew`: the claim no longer fits (a member is barred, the address is another).
    """

    outgoing: Outgoing
    result: Result
    barred: dict[int, str] = field(default_factory=dict)
    is_to_be_claimed_anew: bool = False


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a delivery stands at this moment."""

    reason: str
    may_be_mailed: bool
    must_be_generic: bool
    email: str


_STANDING = f"""
    WITH picked AS (
        SELECT d.id, d.guardian_id, d.about, d.state, n.is_generic
          FROM consent_delivery d LEFT JOIN consent_notice n ON n.id = d.notice_id
         WHERE d.id = ANY (%(ids)s)
    ), judged AS MATERIALIZED ({JUDGE})
    SELECT p.id, j.reason, p.state = 'leased' AND NOT j.no_address, coalesce(p.is_generic, true), j.email
      FROM picked p JOIN judged j ON j.id = p.id
"""  # noqa: S608 - no value is put into this text


def hand_over(
    outgoing: Sequence[Outgoing], *, agency: Agency, now: dt.datetime, seconds: float
) -> list[Handed]:
    """Hand messages of one agency to the mail server, each only if it may still go out at this moment.

    Entitlement, holds and addresses are read again, for the whole batch in one query: a hold placed since the
    claim bars here. A notice that must be generic goes out in a generic message only; anything else raises
    SensitiveMessageError before the first word is sent. Messages not sent come back as untried.
    """
    standing = _standings([pk for one in outgoing for pk in one.deliveries], agency.today(now))
    ready: list[Outgoing] = []
    handed: list[Handed] = []
    for one in outgoing:
        mine = {pk: standing[pk] for pk in one.deliveries}
        if any(s.must_be_generic for s in mine.values()) and not one.message.is_generic:
            raise SensitiveMessageError(f"deliveries {sorted(mine)}")
        barred = {pk: s.reason for pk, s in mine.items() if s.reason}
        if barred or not all(s.may_be_mailed and s.email == one.email for s in mine.values()):
            handed.append(Handed(one, smtp.UNTRIED, barred, is_to_be_claimed_anew=True))
        else:
            ready.append(one)
    return handed + list(_send(ready, now=now, seconds=seconds))


def hand_over_sign_in_code(email: str, code: str, language: str) -> bool:
    """Send a code to sign in to whoever asked for it, at once; it tells nothing of any family or child.

    Returns whether the mail server took it. Who may ask is decided before (accounts.user_who_may_sign_in).
    """
    marks = Marks(["none"])
    message = assemble("emails/sign_in_code", {"code": code}, language=language, marks=marks, is_generic=True)
    one = Outgoing((), message, "", email, message_id(str(uuid.uuid4()), 1), "")
    (handed,) = _send([one], now=dt.datetime.now(dt.UTC), seconds=SIGN_IN_SECONDS)
    return handed.result.verdict is Verdict.ACCEPTED


def hand_over_public_words(
    outgoing: Sequence[Outgoing], *, now: dt.datetime, seconds: float
) -> Iterator[Handed]:
    """Hand over messages about public matters only, to whoever asked for them by address.

    They go to nobody as a guardian, so no entitlement is read (docs/decisions/0025). Each result comes as
    soon as it is known, so that it can be marked before the next message goes out. A message that carries a
    delivery raises SensitiveMessageError before the first word is sent: it would pass unchecked.
    """
    if carrying := [pk for one in outgoing for pk in one.deliveries]:
        raise SensitiveMessageError(f"deliveries {sorted(carrying)}")
    return _send(outgoing, now=now, seconds=seconds)


class ClosedBackend(BaseEmailBackend):
    """Stands where Django keeps its way to send mail (EMAIL_BACKEND), and sends nothing."""

    def send_messages(self, email_messages: Sequence[Any]) -> NoReturn:
        """Refuse. Raises ClosedBackendError."""
        raise ClosedBackendError("mail goes out through consent.mail.exit only")


@transaction.atomic
def _standings(ids: list[int], day: dt.date) -> dict[int, _Standing]:
    with connection.cursor() as cursor:
        look_up_by_index(cursor)
        cursor.execute(_STANDING, {"ids": ids, "day": day})
        return {row[0]: _Standing(*row[1:]) for row in cursor.fetchall()}


def _send(outgoing: Sequence[Outgoing], *, now: dt.datetime, seconds: float) -> Iterator[Handed]:
    refused: list[Handed] = []

    def envelopes() -> Iterator[smtp.Envelope]:
        for key, one in enumerate(outgoing):
            try:
                content = one.message.to(
                    name=one.name,
                    email=one.email,
                    message_id=one.message_id,
                    token=one.token,
                    now=now,
                    own=one.own,
                )
            except UnsafeValueError:  # no mail server would take this address
                refused.append(Handed(one, Result(Verdict.REFUSED, "553-local")))
            else:
                yield smtp.Envelope(key, ascii_address(one.email), content)

    for key, result in smtp.send(envelopes(), sender=sender_address(), seconds=seconds):
        yield Handed(outgoing[key], result)
    yield from refused
