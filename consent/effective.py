"""What today's answers amount to, for any number of children at once: rules.effective in SQL.

The state of a child and question is stored only where it differs from what silence gives. Recompute after: a
decision, a voiding, a roster load, a hold or its lifting, a birthday, an expiry, a publication, a change of
participation. A full recompute that would change a row has found drift: there must be none.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from districts.models import OPT_IN_BASES, Agency

from .models import Student
from .state_locks import lock_states_of_agencies, lock_states_of_students

#: More children than this are locked by their agency, not one by one.
FEW_STUDENTS = 100

# Common table expressions up to `amounts`: a row per child and question that anybody who counts answered.
# Needs what `parameters()` gives. `answered` lists the question versions the counted Yes were given to.
AMOUNTS = """
tips AS (  -- the current answer of each person: the last of a chain that is not voided
    SELECT DISTINCT ON (d.question_id, d.student_id, d.decider_id)
           d.question_id, d.student_id, d.decider_id, d.answer, d.question_version_id, qv.number,
           s.eligible_on, a.decision_rule
      FROM consent_decision d
      JOIN consent_questionversion qv ON qv.id = d.question_version_id
      JOIN consent_student s ON s.id = d.student_id
      JOIN districts_agency a ON a.id = s.agency_id
     WHERE NOT EXISTS (SELECT FROM consent_voiding v WHERE v.decision_id = d.id)
       AND (%(questions)s::bigint[] IS NULL OR d.question_id = ANY (%(questions)s::bigint[]))
       AND (%(students)s::bigint[] IS NULL OR d.student_id = ANY (%(students)s::bigint[]))
       AND (%(agency)s::bigint IS NULL OR s.agency_id = %(agency)s::bigint)
     ORDER BY d.question_id, d.student_id, d.decider_id, d.id DESC
),
counted AS (  -- today's deciders, and those whose right ended when the student became eligible
    SELECT t.*, false AS is_old
      FROM tips t
      JOIN consent_entitled(%(day)s) e ON e.student_id = t.student_id AND e.guardian_id = t.decider_id
    UNION ALL
    SELECT t.*, true
      FROM tips t
     WHERE t.eligible_on <= %(day)s
       AND EXISTS (SELECT FROM consent_entitled(t.eligible_on - 1) e
                    WHERE e.student_id = t.student_id AND e.guardian_id = t.decider_id)
),
summed AS (
    SELECT question_id, student_id, is_old, decision_rule, eligible_on,
           bool_or(answer = 'no') AS said_no,
           count(*) FILTER (WHERE answer = 'yes') AS said_yes,
           min(number) FILTER (WHERE answer = 'yes') AS least,
           max(number) FILTER (WHERE answer = 'yes') AS most,
           array_agg(question_version_id) FILTER (WHERE answer = 'yes') AS answered
      FROM counted
     GROUP BY question_id, student_id, is_old, decision_rule, eligible_on
),
standing AS (  -- an eligible student's own answer stands before the old ones
    SELECT DISTINCT ON (question_id, student_id) *
      FROM summed
     ORDER BY question_id, student_id, is_old
),
settled AS MATERIALIZED (
    SELECT question_id, student_id, decision_rule, answered, said_no AND said_yes > 0 AS is_contested,
           CASE WHEN said_no THEN 'no'
                WHEN said_yes = 0 THEN NULL
                WHEN decision_rule = 'most_protective' THEN 'yes'
                WHEN said_yes = (SELECT count(*)
                                   FROM consent_entitled(CASE WHEN is_old THEN eligible_on - 1
                                                              ELSE %(day)s::date END) e
                                  WHERE e.student_id = standing.student_id) THEN 'yes'
            END AS answer,
           CASE WHEN said_no THEN NULL
                WHEN decision_rule = 'most_protective' THEN most ELSE least END AS number
      FROM standing
),
amounts AS (
    SELECT st.question_id, st.student_id, st.decision_rule, st.answered, st.answer, st.is_contested,
           qv.id AS covers_id
      FROM settled st
      LEFT JOIN consent_questionversion qv ON qv.question_id = st.question_id AND qv.number = st.number
     WHERE st.answer IS NOT NULL
)
"""

# The states to store: an opt-in No is what silence gives.
_WANTED = f"""
WITH {AMOUNTS},
wanted AS MATERIALIZED (
    SELECT a.question_id, a.student_id, a.answer, a.covers_id, a.is_contested
      FROM amounts a
      JOIN consent_question q ON q.id = a.question_id
     WHERE NOT (a.answer = 'no' AND q.basis = ANY (%(opt_in)s))
),
stored AS (
    SELECT es.*
      FROM consent_effectivestate es
      JOIN consent_student s ON s.id = es.student_id
     WHERE (%(questions)s::bigint[] IS NULL OR es.question_id = ANY (%(questions)s::bigint[]))
       AND (%(students)s::bigint[] IS NULL OR es.student_id = ANY (%(students)s::bigint[]))
       AND (%(agency)s::bigint IS NULL OR s.agency_id = %(agency)s::bigint)
)
"""  # noqa: S608

# A full join, so that it is hashed or merged whatever the planner expects of `wanted`.
_DIFFERENCES = f"""
{_WANTED},
difference AS MATERIALIZED (
    SELECT stored.id, w.question_id, w.student_id, w.answer, w.covers_id, w.is_contested
      FROM wanted w
      FULL JOIN stored ON stored.question_id = w.question_id AND stored.student_id = w.student_id
     WHERE (stored.answer, stored.covers_id, stored.is_contested)
           IS DISTINCT FROM (w.answer, w.covers_id, w.is_contested)
)
"""  # noqa: S608

_RECOMPUTE = f"""
{_DIFFERENCES},
gone AS (
    DELETE FROM consent_effectivestate es USING difference d WHERE es.id = d.id AND d.answer IS NULL
    RETURNING 1
),
changed AS (
    UPDATE consent_effectivestate es
       SET answer = d.answer, covers_id = d.covers_id, is_contested = d.is_contested
      FROM difference d
     WHERE es.id = d.id AND d.answer IS NOT NULL
    RETURNING 1
),
added AS (  -- the locks keep others from adding the same row; were one to, the later look wins
    INSERT INTO consent_effectivestate (question_id, student_id, answer, covers_id, is_contested)
    SELECT question_id, student_id, answer, covers_id, is_contested FROM difference WHERE id IS NULL
    ON CONFLICT (question_id, student_id) DO UPDATE
       SET answer = excluded.answer, covers_id = excluded.covers_id, is_contested = excluded.is_contested
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM changed) + (SELECT count(*) FROM added)
"""  # noqa: S608

_DRIFT = f"{_DIFFERENCES} SELECT count(*) FROM difference"  # noqa: S608


def parameters(
    *,
    question_ids: Collection[int] | None = None,
    student_ids: Collection[int] | None = None,
    agency_id: int | None = None,
    today: dt.date,
) -> dict[str, Any]:
    """Return the parameters that AMOUNTS needs; None means all."""
    return {
        "questions": None if question_ids is None else list(question_ids),
        "students": None if student_ids is None else list(student_ids),
        "agency": agency_id,
        "day": today,
        "opt_in": list(OPT_IN_BASES),
    }


@transaction.atomic
def recompute(
    *,
    question_ids: Collection[int] | None = None,
    student_ids: Collection[int] | None = None,
    agency_id: int | None = None,
    today: dt.date,
) -> int:
    """Bring the stored states in line with today's answers and deciders; return how many rows changed.

    Narrow it by questions, students or agency; without any it covers everything. Only rows that differ
    are written. `today` is the agency's calendar day.
    """
    narrowed = parameters(
        question_ids=question_ids, student_ids=student_ids, agency_id=agency_id, today=today
    )
    if student_ids is not None and len(student_ids) <= FEW_STUDENTS:
        lock_states_of_students(student_ids)
        return _count(_RECOMPUTE, narrowed)
    lock_states_of_agencies([agency_id] if agency_id is not None else _agencies(student_ids))
    with fit_for_a_district():
        return _count(_RECOMPUTE, narrowed)


@transaction.atomic
def drift(*, today: dt.date, agency_id: int | None = None) -> int:
    """Return how many stored states a full recompute would change; anything but 0 is a defect."""
    with fit_for_a_district():
        return _count(_DRIFT, parameters(agency_id=agency_id, today=today))


def recompute_all(*, now: dt.datetime) -> int:
    """Recompute every agency that has students, each on its own calendar day; return the rows changed.

    For the nightly sweep: birthdays, ended ties and expiries take effect at each agency's midnight.
    """
    return sum(
        recompute(agency_id=agency.pk, today=agency.today(now))
        for agency in Agency.objects.filter(pk__in=_agencies(None)).order_by("pk")
    )


def _agencies(student_ids: Iterable[int] | None) -> list[int]:
    students = Student.objects.all()
    if student_ids is not None:
        students = students.filter(pk__in=list(student_ids))
    return list(students.order_by().values_list("agency_id", flat=True).distinct())


@contextmanager
def fit_for_a_district() -> Iterator[None]:
    """Fit PostgreSQL to a long statement over a whole district. Needs a transaction.

    Compiling such a statement (JIT) takes longer than running it; its sorts should fit into memory; and the
    planner expects few rows of many conditions, where a nested loop would compare every child with every.
    """
    settings = {"jit": "off", "work_mem": "64MB", "enable_nestloop": "off"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting || coalesce(unit, '') FROM pg_settings WHERE name = ANY(%s)",
            [list(settings)],
        )
        before = dict(cursor.fetchall())
        _set(settings)
        yield
        _set(before)


def _set(settings: Mapping[str, str]) -> None:
    with connection.cursor() as cursor:
        for name, value in settings.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def _count(sql: str, narrowed: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, narrowed)
        return int(cursor.fetchone()[0])
