"""One message of every kind, built from real rows, in any language and for either reader."""

import datetime as dt
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.db import transaction

from consent import notify
from consent.mail.build import Builder
from consent.mail.message import Message
from consent.models import Notice
from districts.models import (
    Agency,
    Basis,
    Change,
    ChoiceText,
    ElementText,
    Incident,
    Publication,
    PurposeText,
)
from tests import factories as f
from tests.consent import news

TOKEN = "0f9a2c1e-77aa-4b6e-9c11-5a1f0c2d3e4f"
VOICE = {"en": "Voice recordings", "es": "Grabaciones de voz"}
WHY = {"en": "Practice reading", "es": "Practicar la lectura"}
SILENT = {
    "en": "Nothing is sent. Your child can still use the app.",
    "es": "No se envía nada. Su hijo puede usarla.",
}
SENTENCES = {
    "en": "Lumino Reading may get “Voice recordings”.",
    "es": "Lumino Reading puede recibir «Grabaciones de voz».",
}
SAID = {
    "en": "Short clips of students reading out loud.",
    "es": "Partes cortas de la voz de los estudiantes cuando leen.",
}


def make_district(**fields) -> Agency:
    return f.make_district("Cedar Valley Schools", contact_phone="309-555-0147", **fields)


def read(message: Message, name: str = "Alice Núñez") -> EmailMessage:
    octets = message.to(
        name=name, email="alice@example.org", message_id="1@x.example", token=TOKEN, now=f.NOW
    )
    mail = message_from_bytes(octets, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def voice_version(district: Agency, basis: str = Basis.CONSENT, **fields):
    """Make a draft that asks for voice recordings, with words a district would write."""
    agreement = f.make_agreement(district, f.make_vendor("Lumino Reading"))
    version = f.make_draft(agreement, lines=[("voice-recordings", "contact", basis)], **fields)
    line = version.shared_elements.get()
    line.recipients, line.kept, line.kept_days = ["Clearwave Speech"], "after_collection", 30
    line.save()
    for language in ("en", "es"):
        words = {"language": language, "revision": 2}
        ElementText.objects.get_or_create(
            element=line.element,
            **words,
            defaults={"label": VOICE[language], "definition": SAID[language]},
        )
        PurposeText.objects.get_or_create(purpose=line.purpose, **words, defaults={"label": WHY[language]})
        ChoiceText.objects.filter(terms__version=version, language=language).update(
            if_silent=SILENT[language]
        )
    return version


def notice_of(publication: Publication) -> Notice:
    notify.announce(now=f.NOW)
    return Notice.objects.get(publication=publication)


def question(district: Agency, **fields) -> Notice:
    return notice_of(news.publish(voice_version(district, **fields)))


@transaction.atomic
def only_news(district: Agency, severity: str = "tell_now") -> Notice:
    """Tell of one more kind of data, with the sentence the register writes of it."""
    version = voice_version(district, Basis.SCHOOL_OFFICIAL)
    news.freeze(version)
    publication = Publication.objects.create(
        agreement=version.agreement, version=version, kind="version", day=f.TODAY
    )
    Change.objects.create(
        publication=publication,
        position=0,
        kind="element_added",
        severity=severity,
        element=version.shared_elements.get().element,
        sentences=SENTENCES,
    )
    return notice_of(publication)


def baseline(district: Agency) -> Notice:
    return notice_of(news.publish(voice_version(district), "digest", kind="baseline"))


def welcome(district: Agency) -> Notice:
    return Notice.objects.create(agency=district, welcome_day=f.TODAY, day=f.TODAY, severity="tell_now")


def generic(district: Agency, *severities: str) -> Notice:
    version = f.make_draft(
        f.make_agreement(district, f.make_vendor("Lumino Reading")),
        lines=[("asthma-plan", "health-care", Basis.CONSENT)],
        scope_programs=["asthma"],
    )
    return notice_of(news.publish(version, *severities))


def breach(district: Agency, vendor: bool = True) -> Notice:
    agreement = news.publish(voice_version(district), "digest").agreement
    incident = Incident.objects.create(
        agency=district,
        vendor=agreement.vendor if vendor else None,
        agreement=agreement,
        date_kind="range",
        began_on=f.TODAY - dt.timedelta(days=20),
        ended_on=f.TODAY - dt.timedelta(days=9),
        learned_on=f.TODAY - dt.timedelta(days=2),
        students_affected=1204,
        description="A password was stolen.",
    )
    incident.elements.add(f.make_element("voice-recordings"))
    return notice_of(news.record(agreement, ["tell_now"], "incident", incident=incident))


KINDS = {
    "question": lambda d: [question(d)],
    "question that silence answers with yes": lambda d: [question(d, basis=Basis.DIRECTORY)],
    "news": lambda d: [only_news(d)],
    "daily news": lambda d: [only_news(d, "digest"), only_news(d, "digest")],
    "baseline": lambda d: [baseline(d), baseline(d)],
    "welcome": lambda d: [welcome(d)],
    "generic": lambda d: [generic(d)],
    "incident": lambda d: [breach(d)],
}


def message(kind: str, language: str = "en", *, is_student: bool = False) -> EmailMessage:
    """Return a message of a kind as its reader gets it."""
    district = make_district()
    builder = Builder(district, now=f.NOW)
    if kind == "receipt":
        return read(builder.of_receipt(language=language, has_acted=is_student))
    notices = [notice.pk for notice in KINDS[kind](district)]
    return read(builder.of_notices(notices, language=language, is_student=is_student))
