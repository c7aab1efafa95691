"""What a message may say, read from frozen lines and the catalogue's words, in one language."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from districts.models import (
    Agency,
    AgreementVersion,
    CategoryText,
    Change,
    Control,
    ElementText,
    Incident,
    Participation,
    Publication,
    SharedElement,
)

from ..models import Fulfilment, Notice, QuestionVersion
from ..questions import LINE, keys_of, kind_of
from ..rules import Control as RuleControl
from ..rules import last_day
from ..shown import describe_lines
from ..words import kept_words

LOUDEST_FIRST = [
    Change.Severity.ANSWER_NEEDED,
    Change.Severity.TELL_NOW,
    Change.Severity.DIGEST,
    Change.Severity.PUBLIC_ONLY,
]
FALLBACK = "en"


@dataclass(frozen=True)
class Lines:
    """What some lines of an agreement say, each value once, in the order of the lines."""

    labels: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """The choice a message asks for. `control` is None where both kinds are asked for at once."""

    questions: int
    control: Control | None
    answer_by: dt.date | None
    if_silent: str
    categories: tuple[str, ...]
    lines: Lines


@dataclass(frozen=True)
class NoticeFacts:
    """What one notice is about, in one language. `widened` says which children are new to it."""

    company: str
    sentences: tuple[str, ...]
    lines: Lines
    starts_on: dt.date | None
    asked: Asked | None
    incident: Incident | None
    widened: tuple[str, ...] = ()


def facts_of(notice: Notice, language: str, today: dt.date) -> NoticeFacts:
    """Return what a publication's notice is about, told today. Called with `language` active."""
    publication = notice.publication
    assert publication is not None
    changes = _loudest_first(publication)
    version = notice.version
    told = version is not None and publication.kind in (
        Publication.Kind.VERSION,
        Publication.Kind.JOINED,
    )
    lines = _lines(version, language) if version is not None and told else []
    return NoticeFacts(
        company=publication.agreement.vendor.name,
        sentences=tuple(_sentence(change, language) for change in changes),
        lines=_summed(_concerned(lines, changes, publication)),
        starts_on=version.sharing_starts_on if version is not None and told else None,
        asked=_asked(notice, version, lines, language, today) if version is not None and told else None,
        incident=publication.incident,
        widened=tuple(
            _sentence(change, language) for change in changes if change.kind == Change.Kind.SCOPE_WIDENED
        ),
    )


def companies(agency: Agency, day: dt.date) -> int:
    """Return how many companies and offices may get data of a district's students on a day."""
    takes_part = Participation.objects.open_on(day).filter(agreement=OuterRef("agreement"), agency=agency)
    in_force = AgreementVersion.objects.in_force_on(day).filter(Exists(takes_part))
    return in_force.values("agreement__vendor").distinct().count()


def labels_of(incident: Incident, language: str) -> tuple[str, ...]:
    """Return the kinds of data of an incident."""
    ids = list(incident.elements.values_list("pk", flat=True))
    rows = ElementText.objects.filter(element__in=ids, language__in={language, FALLBACK})
    newest = rows.order_by("element_id", "language", "-revision").distinct("element_id", "language")
    labels: dict[int, str] = {}
    for row in newest:
        if row.language == language or row.element_id not in labels:
            labels[row.element_id] = row.label
    return tuple(sorted(labels.values()))


def acted_on(decision_ids: Collection[int]) -> set[int]:
    """Return those of the answers on which the district has acted."""
    if not decision_ids:
        return set()
    acted = Fulfilment.objects.filter(decision__in=decision_ids, step=Fulfilment.Step.DISTRICT_ACTED)
    return set(acted.values_list("decision_id", flat=True))


@dataclass(frozen=True)
class _Line:
    shared: SharedElement
    label: str
    definition: str
    purpose: str
    kept: str


def _lines(version: AgreementVersion, language: str) -> list[_Line]:
    shared = list(
        SharedElement.objects.filter(version=version)
        .select_related("element__category", "purpose", *LINE)
        .order_by("element__category__position", "element__code", "pk")
    )
    described = describe_lines(shared, language)
    return [
        _Line(
            shared=line,
            label=described[line.pk]["label"],
            definition=described[line.pk]["definition"],
            purpose=described[line.pk]["purpose"]["label"],
            kept=kept_words(described[line.pk]["kept"]),
        )
        for line in shared
    ]


def _concerned(lines: list[_Line], changes: list[Change], publication: Publication) -> list[_Line]:
    """Return the lines the changes are about; all of them where the agreement itself is new here."""
    kinds = {change.kind for change in changes}
    if publication.kind == Publication.Kind.JOINED or Change.Kind.AGREEMENT_NEW in kinds:
        return lines
    elements = {change.element_id for change in changes} - {None}
    return [line for line in lines if line.shared.element_id in elements]


def _asked(
    notice: Notice, version: AgreementVersion, lines: list[_Line], language: str, today: dt.date
) -> Asked | None:
    """Return the choice that is open to some who are told today, or None."""
    asked = _open_lines(notice, version)
    if not asked:
        return None
    new = {(qv.question.category_id, qv.question.basis): keys for qv, keys in asked}
    controls = {qv.question.control for qv, _keys in asked}
    days = [_last_day(qv, notice.agency, today) for qv, _keys in asked]
    silent = _if_silent(version, set(new), language)
    return Asked(
        questions=len(asked),
        control=controls.pop() if len(controls) == 1 else None,
        answer_by=min((day for day in days if day), default=None),
        if_silent=silent.pop() if len(silent) == 1 else "",
        categories=_categories({category for category, _basis in new}, language),
        lines=_summed(
            line for line in lines
            if new.get(kind_of(line.shared), set()).intersection(keys_of(line.shared).values())
        ),
    )  # fmt: skip


def _open_lines(notice: Notice, version: AgreementVersion) -> list[tuple[QuestionVersion, set[str]]]:
    """Return the questions that a notice opens, with the lines that are open.

    To a district that joins, and to children who come under the agreement, all of its questions are new, also
    those that an earlier version asked.
    """
    questions = QuestionVersion.objects.select_related("question")
    if not notice.asks_all:
        return [(qv, set(qv.new)) for qv in questions.filter(version=version) if qv.new]
    standing = questions.filter(
        question__agreement=version.agreement_id, version__number__lte=version.number
    ).order_by("question", "-number")
    return [(qv, set(qv.covers)) for qv in standing.distinct("question") if qv.covers]


def next_last_day(agency: Agency, day: dt.date) -> dt.date | None:
    """Return the first last day of somebody who is told on a day of everything a district asks."""
    takes_part = Participation.objects.filter(agency=agency).exclude(until_on__lte=day)
    asked = QuestionVersion.objects.filter(
        question__agreement__in=takes_part.values("agreement"), question__agreement__state="signed"
    ).exclude(question__agreement__ends_on__lt=day)
    standing = asked.select_related("question").order_by("question", "-number").distinct("question")
    days = [_last_day(qv, agency, day) for qv in standing if qv.covers]
    return min((day for day in days if day), default=None)


def _last_day(asked: QuestionVersion, agency: Agency, told_on: dt.date) -> dt.date | None:
    return last_day(
        RuleControl(asked.question.control),
        asked.answer_by,
        told_on=told_on,
        window=agency.notice_window_days,
    )


def _if_silent(version: AgreementVersion, asked: set[tuple[int, str]], language: str) -> set[str]:
    """Return the district's words on silence for the questions asked, in the language or not at all."""
    return {
        text.if_silent.strip()
        for terms in version.choice_terms.prefetch_related("texts")
        if (terms.category_id, terms.basis) in asked
        for text in terms.texts.all()
        if text.language == language
    }


def _categories(ids: Collection[int], language: str) -> tuple[str, ...]:
    words = CategoryText.objects.filter(category__in=ids)
    labels = dict(words.current(FALLBACK).values_list("category_id", "label"))
    labels |= dict(words.current(language).values_list("category_id", "label"))
    return tuple(sorted(labels.values()))


def _loudest_first(publication: Publication) -> list[Change]:
    changes = publication.changes.exclude(severity=Change.Severity.PUBLIC_ONLY).order_by("position")
    return sorted(changes, key=lambda change: LOUDEST_FIRST.index(Change.Severity(change.severity)))


def _sentence(change: Change, language: str) -> str:
    return str(change.sentences.get(language) or change.sentences.get(FALLBACK, ""))


def _summed(lines: Iterable[_Line]) -> Lines:
    lines = list(lines)
    return Lines(
        labels=_once(line.label for line in lines),
        definitions=_once(line.definition for line in lines),
        purposes=_once(line.purpose for line in lines),
        recipients=_once(name for line in lines for name in line.shared.recipients),
        kept=_once(line.kept for line in lines),
    )


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
