"""Why a draft may not be published yet: one small check for each reason, with words for staff."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .diff import Difference, compare
from .facts import version_facts
from .law import Control, control_of
from .models import (
    Agreement,
    AgreementVersion,
    ChoiceTerms,
    Participation,
    Prohibition,
    SharedElement,
)
from .severity import SHARING_BEGINS, begins_sharing, case_of
from .standing import Standing, sharing_starts, standing_of, told_version
from .words import words

#: So many names stand in a message; the rest is counted.
NAMES_IN_A_MESSAGE = 5


@dataclass(frozen=True)
class Refusal:
    """One reason why a draft may not be published, and what it says to staff."""

    code: str
    message: str


class Draft:
    """A draft with everything the checks look at, each read once."""

    def __init__(self, version: AgreementVersion, today: dt.date, baseline: bool) -> None:
        self.version = version
        self.agreement: Agreement = version.agreement
        self.today = today
        self.baseline = baseline
        self.standing = standing_of(self.agreement, today, baseline=baseline)

    @cached_property
    def lines(self) -> list[SharedElement]:
        lines = self.version.shared_elements.select_related("element__same_meaning_as", "purpose")
        return list(lines.order_by("pk"))

    @cached_property
    def choices(self) -> list[tuple[int, str]]:
        """Return (category id, basis) of every question the draft would leave to families."""
        found = {(x.element.meaning_category_id, x.basis) for x in self.lines if x.control != Control.INFORM}
        return sorted(found)

    @cached_property
    def terms(self) -> dict[tuple[int, str], ChoiceTerms]:
        terms = ChoiceTerms.objects.filter(version=self.version).prefetch_related("texts")
        return {(term.category_id, term.basis): term for term in terms}

    @cached_property
    def participations(self) -> list[Participation]:
        """Return those that hold today or begin later."""
        parts = self.agreement.participations.exclude(until_on__lte=self.today)
        return list(parts.select_related("agency"))

    @cached_property
    def differences(self) -> list[Difference]:
        old = told_version(self.agreement, self.today)
        return compare(version_facts(old) if old else None, version_facts(self.version))

    def category(self, pk: int) -> str:
        return words(categories=[pk]).category(pk)

    def names(self, lines: Iterable[SharedElement]) -> str:
        """Return the first few elements in words, and how many more there are."""
        ids = list(dict.fromkeys(line.element_id for line in lines))
        said = words(elements=ids[:NAMES_IN_A_MESSAGE])
        codes = {line.element_id: line.element.code for line in self.lines}
        named = ", ".join(said.element(pk) or codes[pk] for pk in ids[:NAMES_IN_A_MESSAGE])
        more = len(ids) - NAMES_IN_A_MESSAGE
        if more <= 0:
            return named
        return ngettext("%(named)s and %(n)d more", "%(named)s and %(n)d more", more) % {
            "named": named,
            "n": more,
        }


def refusals(version_id: int, *, today: dt.date, baseline: bool = False) -> list[Refusal]:
    """Return every reason why a draft may not be published on `today`, the agency's calendar day.

    Gaps refuse what would be news. They are shown, and counted, in what was in use before this site opened
    (a baseline) and in what is over; `docs/decisions/0010-gaps-are-shown-not-hidden.md` says why.
    """
    version = AgreementVersion.objects.select_related("agreement__agency", "agreement__vendor").get(
        pk=version_id
    )
    draft = Draft(version, today, baseline)
    return [
        refusal
        for check, standings in CHECKS.items()
        if draft.standing in standings
        for refusal in check(draft)
    ]


def _nothing_shared(draft: Draft) -> Iterator[Refusal]:
    """Check that data is listed, but of what was in use already: there it is a gap that pages show.

    What was asked for and not approved shares none, and may list none.
    """
    if not draft.lines and not Agreement.objects.turned_down().filter(pk=draft.agreement.pk).exists():
        yield Refusal("nothing_shared", _("No data is listed. Add what may be shared."))


def _words_wait(draft: Draft) -> Iterator[Refusal]:
    """Check that no words of a register sheet wait: families would be told of less than the sheet lists."""
    waiting = draft.agreement.register_reviews.stop_publishing().count()
    if waiting:
        text = ngettext(
            "%(n)d entry of the register sheet still waits: say what it means.",
            "%(n)d entries of the register sheet still wait: say what they mean.",
            waiting,
        )
        yield Refusal("words_wait", text % {"n": waiting})


def _no_effective_date(draft: Draft) -> Iterator[Refusal]:
    if draft.version.effective_from is None:
        yield Refusal("no_effective_date", _("The day this version takes effect is missing."))


def _no_purpose(draft: Draft) -> Iterator[Refusal]:
    if without := [line for line in draft.lines if line.purpose is None]:
        text = _("No reason for sharing is filled in for: %(names)s.")
        yield Refusal("no_purpose", text % {"names": draft.names(without)})


def _no_retention(draft: Draft) -> Iterator[Refusal]:
    if without := [line for line in draft.lines if line.kept == SharedElement.Kept.NOT_FILLED_IN]:
        text = _("How long data is kept is not filled in for: %(names)s.")
        yield Refusal("no_retention", text % {"names": draft.names(without)})


def _not_explained(draft: Draft) -> Iterator[Refusal]:
    if without := [line for line in draft.lines if not line.element.explained]:
        text = _("These are not explained to families yet: %(names)s.")
        yield Refusal("not_explained", text % {"names": draft.names(without)})


def _prohibited(draft: Draft) -> Iterator[Refusal]:
    """Check what the agency's law profile forbids, by meaning: another code does not get round it."""
    profile = draft.agreement.agency.law_profile
    forbidden = {
        found.element.meaning_id: found.citation
        for found in Prohibition.objects.filter(law_profile=profile).select_related("element")
    }
    for line in draft.lines:
        if line.element.meaning_id in forbidden and not line.prohibited_reason.strip():
            text = _("The law forbids %(name)s (%(citation)s). A public reason is needed.")
            named = {"name": draft.names([line]), "citation": forbidden[line.element.meaning_id]}
            yield Refusal("prohibited_without_reason", text % named)


def _no_consequence_text(draft: Draft) -> Iterator[Refusal]:
    """Check that all four texts beside Yes and No are there, in every language of the agency."""
    for choice in draft.choices:
        terms = draft.terms.get(choice)
        texts = {text.language: text for text in terms.texts.all()} if terms else {}
        for language in draft.agreement.agency.languages:
            if language not in texts or texts[language].missing():
                text = _(
                    "The four texts beside Yes and No are not complete for “%(category)s” (%(language)s)."
                )
                named = {"category": draft.category(choice[0]), "language": language}
                yield Refusal("no_consequence_text", text % named)


def _no_equal_alternative(draft: Draft) -> Iterator[Refusal]:
    for choice in draft.choices:
        terms = draft.terms.get(choice)
        if terms is None or not terms.equal_alternative:
            text = _(
                "“%(category)s” is no free choice: a child whose family says No has no equal alternative."
            )
            yield Refusal("no_equal_alternative", text % {"category": draft.category(choice[0])})


def _no_time_to_answer(draft: Draft) -> Iterator[Refusal]:
    """Check that families can still say No before silence counts as Yes."""
    asked = {
        (line.meaning, line.basis)
        for difference in draft.differences
        if case_of(difference) in SHARING_BEGINS
        for line in (difference.line, *difference.lines)
        if line
    }
    ids = {line.element.meaning_id: line.element.meaning_category_id for line in draft.lines}
    opened = {(ids[meaning], basis) for meaning, basis in asked if meaning in ids}
    for choice in draft.choices:
        terms = draft.terms.get(choice)
        if terms is None or choice not in opened or control_of(choice[1]) != Control.OPT_OUT:
            continue
        if terms.answer_by is None or terms.answer_by <= draft.today:
            text = _("“%(category)s” needs a last day to answer that is still to come.")
            yield Refusal("no_time_to_answer", text % {"category": draft.category(choice[0])})


def _starts_too_soon(draft: Draft) -> Iterator[Refusal]:
    """Check the notice window of every district that takes part.

    Sharing that already began can not be put off any more: it is published, and marked as told late.
    """
    starts = sharing_starts(draft.version)
    if not begins_sharing(draft.differences) or starts is None or starts < draft.today:
        return
    if draft.version.short_notice_reason.strip():
        return
    for district in {part.agency for part in draft.participations}:
        earliest = draft.today + dt.timedelta(days=district.notice_window_days)
        if starts < earliest:
            text = _(
                "%(district)s needs %(days)d days to tell families: from %(day)s, or give a public reason."
            )
            named = {
                "district": district.name,
                "days": district.notice_window_days,
                "day": date_format(earliest),
            }
            yield Refusal("starts_too_soon", text % named)


def _no_baseline(draft: Draft) -> Iterator[Refusal]:
    """Check that a baseline tells only what was already so."""
    if not draft.baseline:
        return
    if draft.standing != Standing.BASELINE:
        yield Refusal("baseline_not_signed", _("Only a signed agreement can have been in use already."))
    if draft.agreement.versions.published().exists():
        yield Refusal("baseline_not_first", _("Only the first version can have been in use already."))
    starts = draft.version.effective_from
    if starts is not None and starts > draft.today:
        yield Refusal("baseline_not_in_use", _("It takes effect later, so it is not in use already."))


def _correction_not_explained(draft: Draft) -> Iterator[Refusal]:
    """Check that a correction says what was wrong: readers of the version before were told otherwise."""
    if draft.version.is_correction and not draft.version.correction_note.strip():
        yield Refusal("correction_not_explained", _("Say what was wrong and what is right: it is public."))


_ALL = frozenset(Standing)
_NEWS = frozenset({Standing.NEWS})
_IN_USE = frozenset({Standing.NEWS, Standing.BASELINE})
_AHEAD = frozenset({Standing.NEWS, Standing.PROPOSED})

#: Which check applies to what.
CHECKS: dict[Callable[[Draft], Iterator[Refusal]], frozenset[Standing]] = {
    _nothing_shared: _ALL - {Standing.BASELINE},
    _words_wait: _IN_USE | _AHEAD,
    _no_effective_date: _IN_USE,
    _no_purpose: _AHEAD,
    _no_retention: _AHEAD,
    _not_explained: _AHEAD,
    _prohibited: _ALL,
    _no_consequence_text: _IN_USE | _AHEAD,
    _no_equal_alternative: _IN_USE | _AHEAD,
    _no_time_to_answer: _NEWS,
    _starts_too_soon: _NEWS,
    _no_baseline: _ALL,
    _correction_not_explained: _ALL,
}
