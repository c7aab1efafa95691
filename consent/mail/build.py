"""Which message a delivery gets: built once per notice, language and kind of reader, then reused."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from districts.models import Agency, Change, Publication

from ..models import Notice
from . import wording
from .facts import NoticeFacts, companies, facts_of, labels_of, next_last_day
from .message import TOKEN, Message, assemble
from .substitute import Marks
from .wording import Reader, Wording

# The languages messages are complete in, with how each offers itself to readers of another.
OFFERS = {"en": "Read this in English", "es": "Léalo en español"}
FALLBACK = "en"


def language_of(preferred: str, agency: Agency) -> str:
    """Return the language a person is written to in: theirs, else the district's first we are complete in."""
    for code in [preferred, *agency.languages]:
        if (base := code.lower().partition("-")[0]) in OFFERS:
            return base
    return FALLBACK


def address(language: str, path: str) -> str:
    """Return the address of a page in a language, without loading all pages as `reverse` would."""
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    return f"{settings.SITE_URL}{prefix}{path}"


def link(language: str, token: str) -> str:
    """Return the address of the page a message leads to: it shows, it changes nothing, it asks to sign in."""
    return address(language, f"/f/{token}/")


def rights_address(language: str, agency: Agency) -> str:
    """Return where a district says what parents may ask of it; every notice does (105 ILCS 85/27(a)(4))."""
    return address(language, f"/d/{agency.slug}/rights/")


class Builder:
    """Builds the messages of one agency for one run; the same message is built once."""

    def __init__(self, agency: Agency, *, now: dt.datetime) -> None:
        self.agency = agency
        self.today = agency.today(now)
        self._notices: dict[int, Notice] = {}
        self._messages: dict[tuple[Any, ...], Message] = {}
        self._wordings: dict[tuple[Any, ...], Wording] = {}

    def of_notices(self, notice_ids: Iterable[int], *, language: str, is_student: bool) -> Message:
        """Return the message of one notice, or the one message of several."""
        key = (frozenset(notice_ids), language, is_student)
        if key not in self._messages:
            words = self.wording_of(key[0], language=language, is_student=is_student)
            self._messages[key] = self._assembled(words, language)
        return self._messages[key]

    def of_receipt(self, *, language: str, has_acted: bool) -> Message:
        """Return the message of a receipt."""
        key = ("receipt", language, has_acted)
        if key not in self._messages:
            with translation.override(language):
                self._messages[key] = self._assembled(wording.receipt(has_acted=has_acted), language)
        return self._messages[key]

    def wording_of(self, notice_ids: Iterable[int], *, language: str, is_student: bool) -> Wording:
        """Return the words for one notice or several; a letter is written with them too."""
        ids = frozenset(notice_ids)
        key = (ids, language, is_student)
        if key not in self._wordings:
            notices = self._load(ids)
            with translation.override(language):
                words = self._worded(notices, language, Reader(is_student))
            self._wordings[key] = replace(words, is_for_student=is_student)
        return self._wordings[key]

    def _worded(self, notices: list[Notice], language: str, reader: Reader) -> Wording:
        asks = any(notice.severity == Change.Severity.ANSWER_NEEDED for notice in notices)
        if any(notice.is_generic for notice in notices):
            # One of several is enough: beside the others it would be told apart.
            return wording.generic(reader, asks=asks)
        kinds = {notice.publication.kind if notice.publication else "welcome" for notice in notices}
        if kinds == {Publication.Kind.BASELINE}:
            return wording.baseline(companies(self.agency, self.today), reader)
        if len(notices) > 1:
            return self._several(notices, language, reader, asks=asks)
        if kinds == {"welcome"}:
            return wording.welcome(
                companies(self.agency, self.today), next_last_day(self.agency, self.today), reader
            )
        facts = facts_of(notices[0], language, self.today)
        if facts.incident is not None:
            return wording.incident(facts, labels_of(facts.incident, language), reader)
        if asks and facts.asked is not None:
            return wording.choice(facts, reader)
        return wording.news(facts, reader, asks=asks)

    def _several(self, notices: list[Notice], language: str, reader: Reader, *, asks: bool) -> Wording:
        """Return the words of several notices; those that ask for an answer stand first."""
        told: list[str] = []
        asked: list[NoticeFacts] = []
        for notice in notices:
            if notice.publication is None or notice.publication.kind == Publication.Kind.BASELINE:
                told.append(wording.may_get(companies(self.agency, self.today)))
                continue
            facts = facts_of(notice, language, self.today)
            if notice.severity == Change.Severity.ANSWER_NEEDED and facts.asked is not None:
                asked.append(facts)
            else:
                told.append(facts.sentences[0] if facts.sentences else facts.company)
        return wording.digest(told, reader, asks=asks, asked=asked)

    def _load(self, ids: frozenset[int]) -> list[Notice]:
        if missing := ids - self._notices.keys():
            related = ("publication__agreement__vendor", "publication__incident", "version")
            self._notices |= Notice.objects.select_related(*related).in_bulk(missing)
        return [self._notices[pk] for pk in sorted(ids)]

    def _assembled(self, words: Wording, language: str) -> Message:
        marks = Marks([TOKEN])
        context = {
            **asdict(words),
            "preheader": words.preheader,
            "button_text": words.button,
            "button_url": link(language, marks[TOKEN]),
            "must_send": True,
            "rights_url": rights_address(language, self.agency),
            "other_languages": [
                (code, "ltr", offer, link(code, marks[TOKEN]))
                for code, offer in OFFERS.items()
                if code != language
            ],
        }
        with translation.override(language):
            context["facts_title"] = words.facts_title
            context["button_note"] = _(
                "You will be asked to sign in. Or go to %(site)s and choose My family."
            ) % {"site": urlsplit(settings.SITE_URL).netloc}
        return assemble(
            "emails/notice",
            context,
            language=language,
            marks=marks,
            agency=self.agency,
            is_generic=words.is_generic,
        )
