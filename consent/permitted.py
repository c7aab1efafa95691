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

from . import effective, questions
from .last_days import TELLING_KINDS, TELLINGS
from .models import QuestionVersion
from .rules import PERMITTED, starts, unbroken

_SQL = f"""
WITH {effective.AMOUNTS},
line AS MATERIALIZED (
    SELECT *
      FROM jsonb_to_recordset(%(lines)s::jsonb)
        AS l(line_id bigint, recipient text, control text, question_id bigint, reached_by bigint[],
             moved_from bigint[], run int, answer_by date, starts_on date)
),
run AS MATERIALIZED (  -- from when to when a line's question named which last day
    SELECT * FROM jsonb_to_recordset(%(runs)s::jsonb)
        AS r(run int, since timestamptz, until timestamptz, answer_by date)
),
child AS MATERIALIZED (
    SELECT DISTINCT scope.student_id
      FROM consent_in_scope(%(version)s, %(day)s) scope
     WHERE (%(agency)s::bigint IS NULL OR scope.agency_id = %(agency)s::bigint)
       AND (%(students)s::bigint[] IS NULL OR scope.student_id = ANY (%(students)s::bigint[]))
),
told AS (  -- the first message about the child that told one of today's deciders of a line
    SELECT DISTINCT ON (t.student_id, r.run) t.student_id, r.run,
           CASE WHEN r.answer_by IS NOT NULL
                THEN greatest(r.answer_by, t.told_on + t.notice_window_days) END AS last_day
      FROM ({TELLINGS}) t
      JOIN run r ON t.said_at >= r.since AND (r.until IS NULL OR t.said_at < r.until)
     WHERE %(silence_may_count)s
     ORDER BY t.student_id, r.run, t.settled_at, t.said_at
),
refused AS (
    SELECT student_id, array_agg(question_id) AS questions
      FROM amounts WHERE answer = 'no' GROUP BY student_id
),
verdict AS (
    SELECT c.student_id, l.line_id, l.recipient, l.starts_on,
           CASE WHEN %(day)s < l.starts_on THEN 'not_started'
                WHEN l.control = 'inform' THEN 'inform'
                WHEN a.answer = 'no' THEN 'no'
                WHEN a.answer = 'yes' AND CASE a.decision_rule
                                          WHEN 'all_must_agree' THEN a.answered <@ l.reached_by
                                          ELSE a.answered && l.reached_by END THEN 'yes'
                WHEN l.moved_from && refused.questions THEN 'no'
                WHEN l.control = 'opt_in' THEN CASE WHEN a.answer = 'yes' THEN 'new_line'
                                                    ELSE 'unanswered' END
                WHEN until.last_day IS NULL THEN 'no_last_day'
                WHEN %(day)s <= until.last_day THEN 'before_last_day'
                WHEN told.run IS NULL THEN 'not_told'
                ELSE 'silence' END AS why
      FROM child c
     CROSS JOIN line l
      LEFT JOIN amounts a ON a.student_id = c.student_id AND a.question_id = l.question_id
      LEFT JOIN refused ON refused.student_id = c.student_id
      LEFT JOIN told ON told.student_id = c.student_id AND told.run = l.run
     CROSS JOIN LATERAL (SELECT CASE WHEN told.run IS NULL THEN l.answer_by
                                     ELSE told.last_day END) AS until(last_day)
)
SELECT student_id, line_id,
       bool_or(why = ANY (%(permitted)s)) FILTER (WHERE recipient = '') AS permitted,
       min(why) FILTER (WHERE recipient = '') AS why,
       coalesce(array_agg(recipient ORDER BY recipient)
                FILTER (WHERE recipient <> '' AND why = ANY (%(permitted)s)), '{{}}') AS recipients,
       min(starts_on) FILTER (WHERE recipient = '') AS starts_on
  FROM verdict
 GROUP BY student_id, line_id
"""  # noqa: S608


@dataclass(frozen=True)
class Statement:
    """The SQL for one version in force: rows (student_id, line_id, permitted, why, recipients,
    starts_on).

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
    lines, runs, question_ids = _lines(version)
    narrowed = effective.parameters(
        question_ids=question_ids, student_ids=student_ids, agency_id=agency_id, today=today
    )
    silence_may_count = any(run["answer_by"] and run["answer_by"] < today.isoformat() for run in runs)
    more = {
        "lines": json.dumps(lines),
        "runs": json.dumps(runs),
        "version": version.pk,
        "agreements": [agreement_id],
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
        for student_id, line_id, permitted, why, recipients, _starts_on in cursor:
            yield Verdict(student_id, line_id, permitted, why, tuple(recipients))


def starts_of(version: AgreementVersion) -> dict[str, dt.date]:
    """Return the day on which sharing of each line of a version starts, by line key."""
    published = list(
        AgreementVersion.objects.published()
        .filter(agreement=version.agreement_id, number__lte=version.number)
        .order_by("number")
    )
    keys: dict[int, set[str]] = {one.pk: set() for one in published}
    lines = SharedElement.objects.filter(version__in=published).select_related(*questions.LINE)
    for line in lines:
        keys[line.version_id].update(questions.keys_of(line).values())
    listed = [keys[one.pk] for one in published]
    days = [(one.effective_from, one.sharing_starts_on or one.effective_from) for one in published]
    found = {}
    for key in listed[-1]:
        run = [days[n] for n in unbroken(listed, key, len(listed) - 1)]
        if dated := [(since, on) for since, on in run if since is not None and on is not None]:
            found[key] = starts(dated)
    return found


Row = dict[str, Any]


def _lines(version: AgreementVersion) -> tuple[list[Row], list[Row], list[int]]:
    """Return each line and recipient of a version with what decides about it, the runs, the questions.

    A run are the question versions that ask about a line without a break: each names a last day from the
    moment it was recorded until the next one was.
    """
    forms: dict[int, list[QuestionVersion]] = {}
    for qv in (
        QuestionVersion.objects.filter(question__agreement=version.agreement_id)
        .select_related("question", "version")
        .order_by("question", "number")
    ):
        forms.setdefault(qv.question_id, []).append(qv)
    question_of = {(qvs[0].question.category_id, qvs[0].question.basis): pk for pk, qvs in forms.items()}
    lines: list[Row] = []
    runs: dict[tuple[int, ...], int] = {}
    starts_on = starts_of(version)
    for line in SharedElement.objects.filter(version=version).select_related(*questions.LINE):
        control = control_of(line.basis)
        question_id = question_of.get(questions.kind_of(line))
        for recipient, key in questions.keys_of(line).items():
            covering = [qv for qvs in forms.values() for qv in qvs if key in qv.covers]
            row: Row = {"line_id": line.pk, "recipient": recipient, "control": str(control)}
            row["starts_on"] = _iso(starts_on.get(key))
            if control != Control.INFORM:
                row |= {
                    "question_id": question_id,
                    "reached_by": [qv.pk for qv in covering if qv.question_id == question_id],
                    "moved_from": sorted({qv.question_id for qv in covering} - {question_id}),
                }
            if control == Control.OPT_OUT and (run := _run(forms.get(question_id or 0, []), key, version)):
                row["run"] = runs.setdefault(tuple(qv.pk for qv in run), len(runs))
                row["answer_by"] = _iso(run[-1].answer_by)
            lines.append(row)
    found = {qv.pk: qv for qvs in forms.values() for qv in qvs}
    return (
        lines,
        [row for run, at in runs.items() for row in _spans([found[pk] for pk in run], at)],
        sorted(forms),
    )


def _run(forms: list[QuestionVersion], key: str, version: AgreementVersion) -> list[QuestionVersion]:
    """Return the question versions that ask about a line of a version without a break."""
    standing = sum(qv.version.number <= version.number for qv in forms) - 1
    return [forms[n] for n in unbroken([qv.covers for qv in forms], key, standing)]


def _spans(run: list[QuestionVersion], at: int) -> Iterator[Row]:
    for qv, following in zip(run, [*run[1:], None], strict=True):
        yield {
            "run": at,
            "since": qv.recorded_at.isoformat(),
            "until": following.recorded_at.isoformat() if following else None,
            "answer_by": _iso(qv.answer_by),
        }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
