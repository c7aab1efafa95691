"""How far a notice has come: every person and every child in scope in exactly one class."""

# ruff: noqa: S608 - the statements are put together from the constants of this room

import datetime as dt
from enum import StrEnum
from typing import Any, TypedDict

from django.db import connection

from . import audience
from .alarms import Alarm, AlarmKind, alarms
from .models import Delivery, Notice

__all__ = ["Alarm", "AlarmKind", "ChildClass", "Classes", "PersonClass", "alarms", "classes"]

State = Delivery.State


class PersonClass(StrEnum):
    """What became of the duty to reach one person."""

    PLANNED = "planned"
    ACCEPTED = "accepted"
    LETTER_OUT = "letter_out"
    FAILED = "failed"
    FAILURE_SEEN = "failure_seen"
    WITHHELD = "withheld"


class ChildClass(StrEnum):
    """Why there is an answer for a child, or none."""

    ANSWERED = "answered"
    TOLD_AND_SILENT = "told_and_silent"
    PLANNED = "planned"
    ALL_CHANNELS_FAILED = "all_channels_failed"
    WITHHELD = "withheld"
    NOBODY_TO_TELL = "nobody_to_tell"


PERSON_CLASS: dict[State, PersonClass] = {
    State.DUE: PersonClass.PLANNED,
    State.LEASED: PersonClass.PLANNED,
    State.PRINTED: PersonClass.PLANNED,
    State.SENT: PersonClass.ACCEPTED,
    State.POSTED: PersonClass.LETTER_OUT,
    State.FAILED: PersonClass.FAILED,
    State.FAILURE_SEEN: PersonClass.FAILURE_SEEN,
    State.WITHHELD: PersonClass.WITHHELD,
}

# What one delivery does for the children it is about, if nobody answered; the best of several counts.
CHILD_CLASS: dict[State, ChildClass] = {
    State.SENT: ChildClass.TOLD_AND_SILENT,
    State.POSTED: ChildClass.TOLD_AND_SILENT,
    State.DUE: ChildClass.PLANNED,
    State.LEASED: ChildClass.PLANNED,
    State.PRINTED: ChildClass.PLANNED,
    State.FAILED: ChildClass.ALL_CHANNELS_FAILED,
    State.FAILURE_SEEN: ChildClass.ALL_CHANNELS_FAILED,
    State.WITHHELD: ChildClass.WITHHELD,
}
BEST_FIRST = list(ChildClass)


class Classes(TypedDict):
    """The sums of one notice. `people` add up to its audience, `children` to those in scope."""

    people: dict[str, int]
    children: dict[str, int]


def classes(notice: Notice, *, today: dt.date | None = None) -> Classes:
    """Return how many people and how many children of a notice are in each class; all classes are named.

    A child for whom somebody may be told who has no delivery yet is planned: the next catch-up welcomes
    them. A welcome counts for every notice before it. `today` (default: the notice's day) says who has
    rights now.
    """
    asked = {
        "notice": notice.pk,
        "agency": notice.agency_id,
        "version": notice.version_id,
        "also": notice.also_version_id,
        "scope_day": notice.scope_day or notice.day,
        "notice_day": notice.day,
        "day": today or notice.day,
        "publication": notice.publication_id,
        **audience.EVERYBODY,
    }
    scope = _OF_A_WELCOME if notice.publication_id is None else audience.CHILDREN
    people = dict(_rows(_PEOPLE, asked))
    children = dict(_rows(_CHILDREN.replace("[scope]", scope), asked))
    return Classes(
        people={one.value: people.get(one.value, 0) for one in PersonClass},
        children={one.value: children.get(one.value, 0) for one in ChildClass},
    )


def _rows(sql: str, asked: dict[str, Any]) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return [(str(name), int(count)) for name, count in cursor.fetchall()]


def _case(column: str, table: dict[State, Any]) -> str:
    """Return SQL that turns a delivery's state into its class; an unknown state has none, and no sum."""
    whens = " ".join(f"WHEN '{state.value}' THEN {value}" for state, value in table.items())
    return f"CASE {column} {whens} END"


_RANK = {state: BEST_FIRST.index(child) for state, child in CHILD_CLASS.items()}
_PLANNED = BEST_FIRST.index(ChildClass.PLANNED)
_NAMES = "ARRAY[" + ", ".join(f"'{one.value}'" for one in BEST_FIRST) + "]"

_PEOPLE = f"""
    SELECT {_case("d.state", {state: f"'{one.value}'" for state, one in PERSON_CLASS.items()})}, count(*)
      FROM consent_delivery d WHERE d.notice_id = %(notice)s GROUP BY 1
"""

_OF_A_WELCOME = """
    SELECT DISTINCT unnest(d.about) AS student_id FROM consent_delivery d WHERE d.notice_id = %(notice)s
"""

# Per child the rank of its class in BEST_FIRST: an answer, else the best delivery, else whether there is
# anybody to tell.
_CHILDREN = f"""
    WITH scope AS MATERIALIZED ([scope]),
    covering AS MATERIALIZED (
        SELECT x.student_id, d.guardian_id, d.state
          FROM consent_delivery d
          JOIN consent_notice n ON n.id = d.notice_id
         CROSS JOIN unnest(d.about) AS x (student_id)
         WHERE n.id = %(notice)s
            OR (n.agency_id = %(agency)s AND n.publication_id IS NULL AND n.welcome_day >= %(notice_day)s)),
    by_delivery AS (
        SELECT student_id, min({_case("state", _RANK)}) AS rank FROM covering GROUP BY student_id),
    asked AS (
        SELECT DISTINCT ON (q.id) q.id AS question_id, qv.covers
          FROM consent_question q
          JOIN consent_questionversion qv ON qv.question_id = q.id AND qv.covers <> '{{}}'
          JOIN districts_agreementversion v ON v.id = qv.version_id
          JOIN districts_agreementversion told ON told.id = %(version)s
           AND told.agreement_id = v.agreement_id AND v.number <= told.number
         WHERE (qv.version_id = %(version)s AND qv.new <> '{{}}')
            OR EXISTS (SELECT FROM districts_change ch  -- to some it tells, all of it is new
                         JOIN districts_publication p ON p.id = ch.publication_id
                        WHERE p.id = %(publication)s AND (p.kind = 'joined' OR ch.kind = 'scope_widened'))
         ORDER BY q.id, qv.number DESC),
    answered AS (
        SELECT d.student_id
          FROM asked a
          JOIN consent_decision d ON d.question_id = a.question_id
          JOIN consent_questionversion qv ON qv.id = d.question_version_id
          JOIN consent_entitled(%(day)s) e ON e.student_id = d.student_id AND e.guardian_id = d.decider_id
         WHERE NOT EXISTS (SELECT FROM consent_decision later WHERE later.replaces_id = d.id)
           AND NOT EXISTS (SELECT FROM consent_voiding v WHERE v.decision_id = d.id)
           AND (d.answer = 'no' OR qv.covers @> a.covers)
         GROUP BY d.student_id
        HAVING count(DISTINCT a.question_id) = (SELECT count(*) FROM asked)),
    entering AS (
        SELECT DISTINCT e.student_id
          FROM consent_entitled(%(day)s) e
         WHERE e.agency_id = %(agency)s
           AND NOT EXISTS (SELECT FROM covering c
                            WHERE c.student_id = e.student_id AND c.guardian_id = e.guardian_id
                              AND c.state <> 'withheld'))
    SELECT ({_NAMES})[1 + CASE WHEN a.student_id IS NOT NULL THEN 0
                               WHEN e.student_id IS NOT NULL THEN least(b.rank, {_PLANNED})
                               ELSE coalesce(b.rank, {len(BEST_FIRST) - 1}) END], count(*)
      FROM scope s
      LEFT JOIN answered a USING (student_id)
      LEFT JOIN by_delivery b USING (student_id)
      LEFT JOIN entering e USING (student_id)
     GROUP BY 1
"""
