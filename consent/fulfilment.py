"""What follows an answer: the district acted, the company was told, the company confirmed; each with its day.

Staff enter a step for everything an export held, or for single answers. A step is entered once and for good.
"""

import datetime as dt
from collections.abc import Collection

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from .models import Fulfilment

Step = Fulfilment.Step
#: Each step presumes the one before it.
BEFORE: dict[str, str | None] = {
    Step.DISTRICT_ACTED: None,
    Step.COMPANY_TOLD: Step.DISTRICT_ACTED,
    Step.COMPANY_CONFIRMED: Step.COMPANY_TOLD,
}


class StepRefused(Exception):
    """A step can not be entered: unknown, on a day to come, or before the step it presumes."""


# The answers that stood at a moment: neither voided nor replaced until then.
_STOOD = """
    SELECT d.id
      FROM consent_decision d
      JOIN consent_student s ON s.id = d.student_id
      JOIN consent_question q ON q.id = d.question_id
     WHERE s.agency_id = %(agency)s
       AND (%(agreement)s::bigint IS NULL OR q.agreement_id = %(agreement)s::bigint)
       AND (%(decisions)s::bigint[] IS NULL OR d.id = ANY (%(decisions)s::bigint[]))
       AND (%(until)s::timestamptz IS NULL OR d.decided_at <= %(until)s::timestamptz)
       AND NOT EXISTS (SELECT FROM consent_voiding v WHERE v.decision_id = d.id)
       AND NOT EXISTS (
           SELECT FROM consent_decision later
            WHERE later.student_id = d.student_id AND later.question_id = d.question_id
              AND later.decider_id = d.decider_id AND later.id > d.id
              AND (%(until)s::timestamptz IS NULL OR later.decided_at <= %(until)s::timestamptz)
              AND NOT EXISTS (SELECT FROM consent_voiding v WHERE v.decision_id = later.id))
"""

_READY = """
       AND (%(before)s::text IS NULL OR EXISTS (
           SELECT FROM consent_fulfilment f
            WHERE f.decision_id = d.id AND f.step = %(before)s AND f.done_on <= %(done_on)s))
"""

_RECORD = f"""
    INSERT INTO consent_fulfilment (decision_id, step, done_on, recorded_by_id)
    SELECT stood.id, %(step)s, %(done_on)s, %(by)s FROM ({_STOOD}{_READY}) stood
    ON CONFLICT (decision_id, step) DO NOTHING
"""  # noqa: S608

_NOT_READY = f"""
    SELECT count(*) FROM ({_STOOD}) stood WHERE stood.id NOT IN ({_STOOD}{_READY})
"""  # noqa: S608


@transaction.atomic
def record_steps(
    *,
    agency_id: int,
    step: str,
    done_on: dt.date,
    by: AbstractBaseUser | None,
    today: dt.date,
    agreement_id: int | None = None,
    until: dt.datetime | None = None,
    decision_ids: Collection[int] | None = None,
) -> int:
    """Enter a step, done on a day, for answers about one agency's students; return how many it is new for.

    For all that stood at the moment `until` (an export prints that moment), of one agreement or all, or for
    the answers named by `decision_ids`. In bulk, answers that lack the step before are left out; a named one
    that lacks it is refused. Raises StepRefused.
    """
    if step not in BEFORE or done_on > today:
        raise StepRefused(step if step not in BEFORE else f"{done_on.isoformat()} is still to come")
    if until is None and decision_ids is None:
        raise StepRefused("neither the moment of an export nor answers are named")
    values = {
        "agency": agency_id,
        "agreement": agreement_id,
        "decisions": None if decision_ids is None else list(decision_ids),
        "until": until,
        "step": step,
        "before": BEFORE[step],
        "done_on": done_on,
        "by": by.pk if by else None,
    }
    with connection.cursor() as cursor:
        if decision_ids is not None:
            cursor.execute(_NOT_READY, values)
            if cursor.fetchone()[0]:
                raise StepRefused(f"an answer lacks the step before: {BEFORE[step]}")
        cursor.execute(_RECORD, values)
        return int(cursor.rowcount)


def steps_of(decision_ids: Collection[int]) -> dict[int, dict[str, dt.date]]:
    """Return, per answer, the day of each step done, in one query; see words.status_words."""
    found: dict[int, dict[str, dt.date]] = {}
    rows = Fulfilment.objects.filter(decision__in=decision_ids)
    for decision_id, step, done_on in rows.values_list("decision_id", "step", "done_on"):
        found.setdefault(decision_id, {})[step] = done_on
    return found
