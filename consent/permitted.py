"""What may be shared about each child on a day, line by line, and why: the one SQL of exports and filters.

It says in SQL what rules.effective, rules.reaches and rules.why say for one child. It reads the answers
themselves, never the stored states, so an export cannot be older than the last answer or the last birthday.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from districts.models import AgreementVersion, Control, SharedElement, control_of

from . import effective
from .models import QuestionVersion
from .questions import line_key
from .rules import PERMITTED

# Publications whose message tells a family what it may answer. A welcome tells of everything in force.
TELLING_KINDS = ["version", "baseline", "joined"]

_SQL = f"""
WITH {effective.AMOUNTS},
line AS MATERIALIZED (
    SELECT *
      FROM jsonb_to_recordset(%(lines)s::jsonb)
        AS l(line_id bigint, recipient text, control text, question_id bigint, reached_by bigint[],
             moved_from bigint[], answer_by date, told_since timestamptz)
),
child AS MATERIALIZED (
    SELECT DISTINCT scope.student_id
      FROM consent_in_scope(%(version)s, %(day)s) scope
     WHERE (%(agency)s::bigint IS NULL OR scope.agency_id = %(agency)s::bigint)
       AND (%(students)s::bigint[] IS NULL OR scope.student_id = ANY (%(students)s::bigint[]))
),
told AS (  -- the last message to one of today's deciders about the child that is known to have arrived
    SELECT e.student_id,
           max(CASE WHEN n.publication_id IS NOT NULL THEN n.made_at
                    ELSE coalesce((SELECT max(t.made_at) FROM consent_attempt t
                                    WHERE t.delivery_id = d.id AND t.result IN ('accepted', 'posted')),
                                  n.made_at) END) AS told_at
      FROM consent_notice n
      LEFT JOIN districts_publication p ON p.id = n.publication_id
      JOIN consent_delivery d ON d.notice_id = n.id AND d.state IN ('sent', 'posted')
     CROSS JOIN LATERAL unnest(d.about) AS about(student_id)
      JOIN consent_entitled(%(day)s) e ON e.guardian_id = d.guardian_id AND e.student_id = about.student_id
     WHERE %(silence_may_count)s
       AND (%(agency)s::bigint IS NULL OR n.agency_id = %(agency)s::bigint)
       AND (n.publication_id IS NULL OR (p.agreement_id = %(agreement)s AND p.kind = ANY (%(telling)s)))
       AND NOT (d.state = 'sent' AND EXISTS (
               SELECT FROM consent_attempt t
                 JOIN consent_providerreport r ON r.message_id = t.message_id AND r.kind = 'bounced'
                WHERE t.delivery_id = d.id AND t.result = 'accepted' AND t.message_id <> ''))
     GROUP BY e.student_id
),
refused AS (
    SELECT student_id, array_agg(question_id) AS questions
      FROM amounts WHERE answer = 'no' GROUP BY student_id
),
verdict AS (
    SELECT c.student_id, l.line_id, l.recipient,
           CASE WHEN l.control = 'inform' THEN 'inform'
                WHEN a.answer = 'no' THEN 'no'
                WHEN a.answer = 'yes' AND CASE a.decision_rule
                                          WHEN 'all_must_agree' THEN a.answered <@ l.reached_by
                                          ELSE a.answered && l.reached_by END THEN 'yes'
                WHEN l.moved_from && refused.questions THEN 'no'
                WHEN l.control = 'opt_in' THEN CASE WHEN a.answer = 'yes' THEN 'new_line'
                                                    ELSE 'unanswered' END
                WHEN l.answer_by IS NULL THEN 'no_last_day'
                WHEN %(day)s <= l.answer_by THEN 'before_last_day'
                WHEN told.told_at >= l.told_since THEN 'silence'
                ELSE 'not_told' END AS why
      FROM child c
     CROSS JOIN line l
      LEFT JOIN amounts a ON a.student_id = c.student_id AND a.question_id = l.question_id
      LEFT JOIN refused ON refused.student_id = c.student_id
      LEFT JOIN told ON told.student_id = c.student_id
)
SELECT student_id, line_id,
       bool_or(why = ANY (%(permitted)s)) FILTER (WHERE recipient = '') AS permitted,
       min(why) FILTER (WHERE recipient = '') AS why,
       coalesce(array_agg(recipient ORDER BY recipient)
                FILTER (WHERE recipient <> '' AND why = ANY (%(permitted)s)), '{{}}') AS recipients
  FROM verdict
 GROUP BY student_id, line_id
"""  # noqa: S608


@dataclass(frozen=True)
class Statement:
    """The SQL for one version in force: rows (student_id, line_id, permitted, why, recipients).

    A line is permitted if the company itself is; `recipients` are those of it who may have it too, and only
    mean something where the line is permitted.
    """

    version: AgreementVersion
    sql: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """One line about one child. `why` is for the district alone."""

    student_id: int
    line_id: int
    permitted: bool
    why: str
    recipients: tuple[str, ...]


def version_in_force(agreement_id: int, today: dt.date) -> AgreementVersion | None:
    """Return the version of an agreement that is in force on a day."""
    return AgreementVersion.objects.in_force_on(today).filter(agreement=agreement_id).first()


def statement(
    *,
    agreement_id: int,
    today: dt.date,
    agency_id: int | None = None,
    student_ids: Collection[int] | None = None,
) -> Statement | None:
    """Return the SQL that says what is permitted, or None where no version is in force.

    `agency_id` narrows a shared agreement to one district.
    """
    version = version_in_force(agreement_id, today)
    if version is None:
        return None
    lines, question_ids = _lines(version)
    narrowed = effective.parameters(
        question_ids=question_ids, student_ids=student_ids, agency_id=agency_id, today=today
    )
    silence_may_count = any(line["answer_by"] and line["answer_by"] < today.isoformat() for line in lines)
    more = {
        "lines": json.dumps(lines),
        "version": version.pk,
        "agreement": agreement_id,
        "telling": TELLING_KINDS,
        "permitted": sorted(PERMITTED),
        "silence_may_count": silence_may_count,
    }
    return Statement(version, _SQL, narrowed | more)


def verdicts(
    *,
    agreement_id: int,
    today: dt.date,
    agency_id: int | None = None,
    student_ids: Collection[int] | None = None,
) -> Iterator[Verdict]:
    """Yield what may be shared about each child in scope, line by line, and why."""
    asked = statement(agreement_id=agreement_id, today=today, agency_id=agency_id, student_ids=student_ids)
    if asked is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(asked.sql, asked.parameters)
        for student_id, line_id, permitted, why, recipients in cursor:
            yield Verdict(student_id, line_id, permitted, why, tuple(recipients))


def _lines(version: AgreementVersion) -> tuple[list[dict[str, Any]], list[int]]:
    """Return each line and recipient of a version with what decides about it, and the questions concerned."""
    asked = list(
        QuestionVersion.objects.filter(question__agreement=version.agreement_id)
        .select_related("question")
        .order_by("question", "number")
    )
    question_of = {(qv.question.category_id, qv.question.basis): qv.question_id for qv in asked}
    lines = []
    for line in SharedElement.objects.filter(version=version).select_related("element"):
        control = control_of(line.basis)
        question_id = question_of.get((line.element.category_id, line.basis))
        for recipient in ("", *line.recipients):
            key = line_key(
                meaning_id=line.element.meaning_id,
                purpose_id=line.purpose_id,
                detail=line.detail,
                recipient=recipient,
            )
            covering = [qv for qv in asked if key in qv.covers] if control != Control.INFORM else []
            mine = [qv for qv in covering if qv.question_id == question_id]
            first = mine[0] if mine else None
            lines.append(
                {
                    "line_id": line.pk,
                    "recipient": recipient,
                    "control": str(control),
                    "question_id": question_id,
                    "reached_by": [qv.pk for qv in mine],
                    "moved_from": sorted({qv.question_id for qv in covering} - {question_id}),
                    "answer_by": first.answer_by.isoformat() if first and first.answer_by else None,
                    "told_since": first.recorded_at.isoformat() if first else None,
                }
            )
    return lines, sorted({qv.question_id for qv in asked})
