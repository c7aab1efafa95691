"""What a family may be asked, and what is shared without asking, for any number of children at once."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from districts.models import BASES_WITH_A_CHOICE, AgreementVersion, SharedElement

from . import shown
from .asked import ASKED_VERSIONS
from .models import Decision, EffectiveState, Fulfilment, QuestionVersion

_CONCERNING = f"""
    SELECT DISTINCT scope.student_id, asked.agreement_id, asked.version_id
      FROM ({ASKED_VERSIONS}) asked
     CROSS JOIN LATERAL consent_in_scope(asked.version_id, %(day)s) scope
     WHERE scope.student_id = ANY(%(students)s)
"""  # noqa: S608


@dataclass(frozen=True)
class Asked:
    """One question about one child, as one of the child's deciders stands to it."""

    student_id: int
    guardian_id: int
    question_version: QuestionVersion
    body: dict[str, Any]
    sha256: str
    tip: Decision | None
    is_open: bool
    new_elements: frozenset[str]
    is_contested: bool = False
    steps: dict[str, dt.date] = field(default_factory=dict)

    @property
    def was_asked_before(self) -> bool:
        """Tell whether this person answered an earlier form of the question."""
        return self.tip is not None


@dataclass(frozen=True)
class Shared:
    """What one agreement shares about a child without asking: one legal ground of one version."""

    student_id: int
    version: AgreementVersion
    basis: str
    lines: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Overview:
    """Everything a family's pages show of some children, in one language."""

    asked: tuple[Asked, ...]
    shared: tuple[Shared, ...]

    def open_of(self, student_id: int) -> list[Asked]:
        """Return what waits for an answer about a child: earliest last day first, then most sensitive."""
        rank = {"high": 0, "medium": 1, "low": 2}
        return sorted(
            (asked for asked in self.asked if asked.student_id == student_id and asked.is_open),
            key=lambda asked: (
                asked.question_version.answer_by or dt.date.max,
                min((rank[line["sensitivity"]] for line in asked.body["lines"]), default=3),
                asked.body["agreement"]["company"],
            ),
        )

    def answered_of(self, student_id: int) -> list[Asked]:
        """Return what this person answered about a child."""
        return [a for a in self.asked if a.student_id == student_id and not a.is_open]

    def shared_of(self, student_id: int) -> list[Shared]:
        """Return what is shared about a child without asking."""
        return [shared for shared in self.shared if shared.student_id == student_id]


def overview(*, deciders: Collection[tuple[int, int]], today: dt.date, language: str) -> Overview:
    """Return the questions and the sharing that concern children today, in a fixed number of queries.

    `deciders` are (student id, guardian id) of people entitled today: the caller asked `access`.
    """
    concerning = _concerning({student for student, _guardian in deciders}, today)
    agreements = {agreement for pairs in concerning.values() for agreement, _version in pairs}
    return Overview(
        tuple(_asked(deciders, concerning, agreements, language)),
        tuple(_shared(concerning, today, language)),
    )


def _concerning(students: Collection[int], today: dt.date) -> dict[int, set[tuple[int, int]]]:
    """Return, per student, the (agreement, version) pairs that concern them."""
    found: dict[int, set[tuple[int, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNING, {"students": list(students), "day": today})
        for student, agreement, version in cursor.fetchall():
            found.setdefault(student, set()).add((agreement, version))
    return found


def _asked(
    deciders: Collection[tuple[int, int]],
    concerning: dict[int, set[tuple[int, int]]],
    agreements: Collection[int],
    language: str,
) -> Iterable[Asked]:
    newest = [
        qv
        for qv in QuestionVersion.objects.filter(question__agreement__in=agreements)
        .select_related("question__agreement__vendor", "version")
        .order_by("question", "-number")
        .distinct("question")
        if qv.covers
    ]
    tips = _tips(deciders, newest)
    answered = {tip.question_version_id for tip in tips.values()}
    bodies = shown.bodies({qv.pk for qv in newest} | answered, language)
    hashes = {qv.pk: shown.sha256_of(bodies[qv.pk]) for qv in newest}
    reopened = _reopened(tips.values())
    contested = set(
        EffectiveState.objects.filter(
            student__in=[student for student, _guardian in deciders],
            question__in=[qv.question_id for qv in newest],
            is_contested=True,
        ).values_list("student_id", "question_id")
    )
    steps = _steps(tips.values())
    for student, guardian in deciders:
        mine = {agreement for agreement, _version in concerning.get(student, ())}
        for qv in newest:
            if qv.question.agreement_id not in mine:
                continue
            tip = tips.get((student, guardian, qv.question_id))
            yield Asked(
                student_id=student,
                guardian_id=guardian,
                question_version=qv,
                body=bodies[qv.pk],
                sha256=hashes[qv.pk],
                tip=tip,
                is_open=tip is None
                or hasattr(tip, "voiding")
                or (tip.answer == "yes" and tip.pk in reopened),
                new_elements=_elements(bodies[qv.pk])
                - (_elements(bodies[tip.question_version_id]) if tip else frozenset()),
                is_contested=(student, qv.question_id) in contested,
                steps=steps.get(tip.pk, {}) if tip else {},
            )


def _tips(
    deciders: Collection[tuple[int, int]], newest: Collection[QuestionVersion]
) -> dict[tuple[int, int, int], Decision]:
    pairs = set(deciders)
    rows = Decision.objects.filter(
        student__in=[student for student, _guardian in pairs],
        decider__in=[guardian for _student, guardian in pairs],
        question__in=[qv.question_id for qv in newest],
        replaced_by=None,
    ).select_related("voiding", "question_version")
    return {(d.student_id, d.decider_id, d.question_id): d for d in rows}


def _reopened(tips: Iterable[Decision]) -> set[int]:
    """Return the answers after which a question version brought something new."""
    by_question = {}
    for tip in tips:
        by_question.setdefault(tip.question_id, []).append(tip)
    later = QuestionVersion.objects.filter(question__in=by_question).exclude(new=[])
    found = set()
    for question_id, number in later.values_list("question_id", "number"):
        found |= {tip.pk for tip in by_question[question_id] if tip.question_version.number < number}
    return found


def _steps(tips: Iterable[Decision]) -> dict[int, dict[str, dt.date]]:
    found: dict[int, dict[str, dt.date]] = {}
    for decision, step, day in Fulfilment.objects.filter(decision__in=[tip.pk for tip in tips]).values_list(
        "decision_id", "step", "done_on"
    ):
        found.setdefault(decision, {})[step] = day
    return found


def _elements(body: dict[str, Any]) -> frozenset[str]:
    """Return what a body asks about, as a parent tells it apart: element, reason, who sees it."""
    return frozenset(
        f"{line['element']}|{line['purpose']['code']}|{line['detail']}|{who}"
        for line in body["lines"]
        for who in ["", *line["recipients"]]
    )


def _shared(concerning: dict[int, set[tuple[int, int]]], today: dt.date, language: str) -> Iterable[Shared]:
    """Yield what is shared without asking: of each agreement the version in force, else the one to come."""
    ids = {version for pairs in concerning.values() for _agreement, version in pairs}
    versions = {
        v.pk: v
        for v in AgreementVersion.objects.filter(pk__in=ids).select_related(
            "agreement__vendor", "agreement__agency"
        )
    }
    lines = list(
        SharedElement.objects.filter(version__in=ids)
        .exclude(basis__in=BASES_WITH_A_CHOICE)
        .exclude(element__subject="staff")
        .select_related("element__category", "purpose")
        .order_by("element__category__position", "element__code", "pk")
    )
    described = shown.describe_lines(lines, language)
    grouped: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for line in lines:
        grouped.setdefault((line.version_id, line.basis), []).append(described[line.pk])
    for student, pairs in concerning.items():
        for version in _standing([versions[pk] for _agreement, pk in pairs], today):
            for (version_id, basis), group in grouped.items():
                if version_id == version.pk:
                    yield Shared(student, version, basis, tuple(group))


def _standing(versions: Iterable[AgreementVersion], today: dt.date) -> list[AgreementVersion]:
    """Return one version per agreement: the one in force today, else the one to come."""
    best: dict[int, AgreementVersion] = {}
    for version in versions:
        other = best.get(version.agreement_id)
        if other is None or _rank(version, today) > _rank(other, today):
            best[version.agreement_id] = version
    return sorted(best.values(), key=lambda v: (v.agreement.vendor.name, v.pk))


def _rank(version: AgreementVersion, today: dt.date) -> tuple[bool, int]:
    in_force = version.effective_from is not None and version.effective_from <= today
    return (in_force, version.number)
