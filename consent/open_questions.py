"""What a family may be asked, and what is shared without asking, for any number of children at once."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from . import shown
from .asked import CONCERNING
from .fulfilment import steps_of
from .informed import Concerning, Shared, shared_without_asking
from .last_days import LastDays
from .models import Decision, QuestionVersion
from .other_deciders import OtherDecider, others_by_student, standing_answers
from .questions import tidy
from .rules import Answer, lines_to_ask


@dataclass(frozen=True)
class Asked:
    """One question about one child, as one of the child's deciders stands to it.

    `body` is what the page shows and what is stored with an answer, under `sha256`. `tip` is the end of the
    person's chain, which the form carries; `standing` their answer in force (another one only if the tip was
    voided), `before` what it was given to. `last_day` is the next one that counts for this child. `others`
    are today's other deciders: nobody barred is among them.
    """

    student_id: int
    guardian_id: int
    question_version: QuestionVersion
    body: dict[str, Any]
    sha256: str
    tip: Decision | None
    standing: Decision | None
    is_open: bool
    last_day: dt.date | None
    new_elements: frozenset[str]
    before: dict[str, Any] | None = None
    others: tuple[OtherDecider, ...] = ()
    steps: dict[str, dt.date] = field(default_factory=dict)

    @property
    def was_asked_before(self) -> bool:
        """Tell whether this person's answer to an earlier form of the question stands."""
        return self.standing is not None

    @property
    def is_contested(self) -> bool:
        """Tell whether another of today's deciders gave a different answer."""
        mine = self.standing.answer if self.standing else None
        return mine is not None and any(other.answer not in {None, mine} for other in self.others)

    def is_new(self, line: dict[str, Any]) -> bool:
        """Tell whether a line of the body, or one who sees it, is new to this person."""
        return not self.new_elements.isdisjoint(_parts(line))


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
                asked.last_day or dt.date.max,
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


def open_for(guardian_ids: Collection[int], today: dt.date, language: str = "en") -> list[Asked]:
    """Return what waits for an answer of some guardians, about all their children."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT student_id, guardian_id FROM consent_entitled(%s)"
            " WHERE guardian_id = ANY(%s) ORDER BY 1, 2",
            [today, list(guardian_ids)],
        )
        deciders = cursor.fetchall()
    asked = overview(deciders=deciders, today=today, language=language).asked
    return [one for one in asked if one.is_open]


def overview(*, deciders: Collection[tuple[int, int]], today: dt.date, language: str) -> Overview:
    """Return the questions and the sharing that concern children today, in a fixed number of queries.

    `deciders` are (student id, guardian id) of people entitled today: the caller asked `access`.
    """
    concerning = _concerning({student for student, _guardian in deciders}, today)
    agreements = {agreement for versions in concerning.values() for agreement, _version in versions}
    return Overview(
        tuple(_asked(deciders, concerning, agreements, today, language)),
        tuple(shared_without_asking(concerning, today, language)),
    )


def _concerning(students: Collection[int], today: dt.date) -> Concerning:
    found: Concerning = {}
    with connection.cursor() as cursor:
        cursor.execute(CONCERNING, {"students": list(students), "day": today})
        for student, agreement, version, from_on in cursor.fetchall():
            found.setdefault(student, {})[agreement, version] = from_on
    return found


def _asked(
    deciders: Collection[tuple[int, int]],
    concerning: Concerning,
    agreements: Collection[int],
    today: dt.date,
    language: str,
) -> Iterable[Asked]:
    forms: dict[int, list[QuestionVersion]] = {}
    for qv in (
        QuestionVersion.objects.filter(question__agreement__in=agreements)
        .select_related("question__agreement__vendor", "version")
        .order_by("question", "number")
    ):
        forms.setdefault(qv.question_id, []).append(qv)
    newest = [qvs[-1] for qvs in forms.values() if qvs[-1].covers]
    students = {student for student, _guardian in deciders}
    questions = [qv.question_id for qv in newest]
    last_days = LastDays(students, agreements, today)
    tips = _tips(deciders, questions)
    standing = standing_answers(students, questions)
    others = others_by_student(students, today)
    answered = {a.question_version_id: set(a.question_version.covers) for a in standing.values()}
    bodies = shown.bodies({qv.pk for qv in newest} | set(answered), language)
    hashes = {qv.pk: shown.sha256_of(bodies[qv.pk]) for qv in newest}
    steps = steps_of([decision.pk for decision in standing.values()])
    for student, guardian in deciders:
        mine = {agreement for agreement, _version in concerning.get(student, {})}
        for qv in newest:
            if qv.question.agreement_id not in mine:
                continue
            mine_stands = standing.get((student, guardian, qv.question_id))
            before = bodies[mine_stands.question_version_id] if mine_stands else None
            to_ask = lines_to_ask(
                Answer(mine_stands.answer) if mine_stands else None,
                answered[mine_stands.question_version_id] if mine_stands else set(),
                set(qv.covers),
            )
            yield Asked(
                student_id=student,
                guardian_id=guardian,
                question_version=qv,
                body=bodies[qv.pk],
                sha256=hashes[qv.pk],
                tip=tips.get((student, guardian, qv.question_id)),
                standing=mine_stands,
                is_open=bool(to_ask),
                last_day=last_days.of(student, forms[qv.question_id], to_ask),
                new_elements=_elements(bodies[qv.pk]) - (_elements(before) if before else frozenset()),
                before=before,
                others=tuple(
                    OtherDecider(
                        other.guardian_id,
                        other.relation,
                        _answer_of(standing.get((student, other.guardian_id, qv.question_id))),
                    )
                    for other in others.get(student, ())
                    if other.guardian_id != guardian
                ),
                steps=steps.get(mine_stands.pk, {}) if mine_stands else {},
            )


def _answer_of(decision: Decision | None) -> str | None:
    return decision.answer if decision else None


def _tips(
    deciders: Collection[tuple[int, int]], questions: Collection[int]
) -> dict[tuple[int, int, int], Decision]:
    """Return the end of each person's chain, voided or not: the next answer points at it."""
    rows = Decision.objects.filter(
        student__in={student for student, _guardian in deciders},
        decider__in={guardian for _student, guardian in deciders},
        question__in=questions,
        replaced_by=None,
    )
    return {(d.student_id, d.decider_id, d.question_id): d for d in rows}


def _elements(body: dict[str, Any]) -> frozenset[str]:
    """Return what a body asks about: the same parts that a line key tells apart."""
    return frozenset(part for line in body["lines"] for part in _parts(line))


def _parts(line: dict[str, Any]) -> list[str]:
    """Return a line once for the company and once for each other who sees it."""
    what = f"{line['meaning']}|{line['purpose']['code']}|{tidy(line['detail'])}"
    return [f"{what}|{tidy(who)}" for who in ("", *line["recipients"])]
