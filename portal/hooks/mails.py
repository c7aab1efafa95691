"""The mails to whoever is responsible for a hook: claimed, sent, then marked; tried again if it fails."""

import datetime as dt
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from consent.mail import exit as mail_exit
from consent.mail.build import FALLBACK, OFFERS, address
from consent.mail.exit import Outgoing
from consent.mail.message import assemble, message_id
from consent.mail.substitute import Marks
from consent.outcomes import RETRY_AFTER, UNTRIED_AFTER
from portal.leasing import lease

from .models import HookMail
from .registering import DAYS_AT_REST, DAYS_TO_CONFIRM
from .signing import token_of

BATCH = 50
BATCH_SECONDS = 300.0
LEASE = dt.timedelta(minutes=15)  # longer than a batch: who leased it is dead then
#: Written out, because to look it up would load every page into the worker; a test compares the two.
PAGE = "/watch/hooks/{}/"


def send_due(*, now: dt.datetime) -> int:
    """Send what is due, over one connection; return how many the mail server took. May run beside itself.

    At least once: a mail is marked right after the mail server answered, and sent again has the Message-ID
    it had. A mail server that takes nothing costs time, no tries.
    """
    mails = _leased(now)
    by_id = {_id_of(mail): mail for mail in mails}
    taken = 0
    outgoing = [_outgoing(mail) for mail in mails]
    for handed in mail_exit.hand_over_public_words(outgoing, now=now, seconds=BATCH_SECONDS):
        verdict = str(handed.result.verdict)
        _mark(by_id[handed.outgoing.message_id], verdict, now)
        taken += verdict == "accepted"
    return taken


def _leased(now: dt.datetime) -> list[HookMail]:
    due = HookMail.objects.filter(state=HookMail.State.DUE)
    ids = lease(due, column="next_attempt_at", now=now, length=LEASE, most=BATCH)
    return list(HookMail.objects.filter(pk__in=ids).select_related("hook").order_by("pk"))


def _id_of(mail: HookMail) -> str:
    return message_id(f"hook.{mail.public_id}", 1)


def _outgoing(mail: HookMail) -> Outgoing:
    language = mail.hook.language if mail.hook.language in OFFERS else FALLBACK
    with translation.override(language):
        words = _words(mail, language)
    message = assemble(
        "emails/hook", words, language=language, marks=Marks(["none"]), agency=None, is_generic=True
    )
    return Outgoing((), message, "", mail.hook.email, _id_of(mail), "")


def _words(mail: HookMail, language: str) -> dict[str, Any]:
    """Return what `emails/hook` shows. It repeats nothing that was typed: anybody can type any address."""
    link = address(language, PAGE.format(token_of(mail.hook)))
    if mail.kind == HookMail.Kind.QUESTION:
        return {
            "subject": _("Did you ask for a webhook?"),
            "heading": _("Did you ask for a webhook?"),
            "lede": _(
                "Someone typed your address on our site. Was it you? Open this page, and press the button."
            ),
            "paragraphs": [_("Keep this email. Its link is the only way to your webhook.")],
            "button_url": link,
            "button_text": _("Open the page"),
            "why": _("If it was not you, do nothing. After %(n)s days we delete your address.")
            % {"n": DAYS_TO_CONFIRM},
        }
    return {
        "subject": _("Your webhook has stopped"),
        "heading": _("Your webhook has stopped"),
        "lede": _("Your program did not take our calls, or told us to stop. We call it no more."),
        "paragraphs": [_("On this page you see what went wrong. You can start it again there.")],
        "button_url": link,
        "button_text": _("Open the page"),
        "why": _("We write this once. After %(n)s days we delete your webhook and your address.")
        % {"n": DAYS_AT_REST},
    }


def _mark(mail: HookMail, verdict: str, now: dt.datetime) -> None:
    row = HookMail.objects.filter(pk=mail.pk)
    tries = mail.attempts + 1
    if verdict == "untried":
        row.update(next_attempt_at=now + UNTRIED_AFTER)
    elif verdict == "accepted":
        row.update(state=HookMail.State.SENT, attempts=tries)
    elif verdict == "refused" or mail.attempts >= len(RETRY_AFTER):
        row.update(state=HookMail.State.FAILED, attempts=tries)
    else:
        row.update(next_attempt_at=now + RETRY_AFTER[mail.attempts], attempts=tries)
