"""The words of the mails to people who asked in public, in the language in which they asked."""

from typing import Any

from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from districts.addresses import absolute
from districts.asked_in_public import page_url, refusal_words

from .models import AskerMail
from .sending_in import token_of


def words_of(mail: AskerMail) -> dict[str, Any]:
    """Return what `emails/asker` shows, in the asker's language. It repeats nothing of what was asked.

    Anybody can type anybody's address: a mail must not carry a stranger's words to it.
    """
    with translation.override(mail.asked.language):
        say = {
            AskerMail.Kind.CONFIRM: _confirm,
            AskerMail.Kind.PUBLISHED: _published,
            AskerMail.Kind.REFUSED: _refused,
            AskerMail.Kind.ANSWERED: _answered,
        }[AskerMail.Kind(mail.kind)]
        said = say(mail)
        return {"subject": said["heading"], **said}


def _who(mail: AskerMail) -> dict[str, str]:
    agreement = mail.asked.agreement
    return {"district": agreement.agency.name, "company": agreement.vendor.name}


def _confirm(mail: AskerMail) -> dict[str, Any]:
    return {
        "heading": _("Confirm what you asked in public"),
        "lede": _("Someone gave your address to ask %(district)s about %(company)s.") % _who(mail),
        "paragraphs": [_("Was it you? Open the page and press the button. Then the district reads it.")],
        "button_url": absolute(reverse("asking:confirm", args=[token_of(mail.asked)])),
        "button_text": _("Open the page"),
        "button_note": _("The link works for 7 days."),
        "why": _("If it was not you, do nothing. We delete your address then."),
    }


def _published(mail: AskerMail) -> dict[str, Any]:
    question = mail.asked.question
    assert question is not None  # a published one has it: a constraint
    day = formats.date_format(question.due_on, "DATE_FORMAT")
    said = [_("The district says it answers by %(day)s. We write to you then.") % {"day": day}]
    if question.is_blacked_out:
        said.insert(0, _("The district blacked out private words in it."))
    return {
        "heading": _("What you asked is public"),
        "lede": _("Anybody can read what you asked %(district)s about %(company)s.") % _who(mail),
        "paragraphs": said,
        **_see(mail),
        "why": _keeps(),
    }


def _refused(mail: AskerMail) -> dict[str, Any]:
    return {
        "heading": _("What you asked is not shown"),
        "lede": _("You asked %(district)s about %(company)s.") % _who(mail),
        "box_lead": _("Why it is not shown:"),
        "box": f"{refusal_words()[mail.reason]}.",
        "paragraphs": [_("You can ask again in other words. The page counts how many are not shown.")],
        **_see(mail),
        "why": _keeps(),
    }


def _answered(mail: AskerMail) -> dict[str, Any]:
    return {
        "heading": _("The district answered you in public"),
        "lede": _("%(district)s answered what you asked about %(company)s.") % _who(mail),
        **_see(mail),
        "why": _keeps(),
    }


def _see(mail: AskerMail) -> dict[str, Any]:
    question = mail.asked.question
    place = f"#q-{question.public_id}" if question else ""
    return {"button_url": absolute(page_url(mail.asked.agreement)) + place, "button_text": _("See the page")}


def _keeps() -> str:
    return _("You asked in public. We delete your address 30 days after the answer or the refusal.")
