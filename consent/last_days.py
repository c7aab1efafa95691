"""Who was first told of what and when, and so until when a child's silence is not yet an answer.

Exports ask it for a whole district in SQL (permitted.py), pages for the children of one family.
docs/decisions/0017 says why the day is each child's own.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from .models import QuestionVersion, Student
from .rules import Control as RuleControl
from .rules import last_day, unbroken

# Publications whose message tells a family what it may answer. A welcome tells of everything in force.
TELLING_KINDS = ["version", "baseline", "joined"]

# A row per message to one of today's deciders, and child it was about, that is known to have arrived.
# `said_at` is the moment whose questions it told of, on PostgreSQL's clock; a welcome has no agreement.
# Needs %(day)s, %(telling)s, %(agreements)s; %(agency)s and %(students)s may be NULL.
TELLINGS = """
    SELECT e.student_id, p.agreement_id, d.settled_at,
           CASE WHEN n.publication_id IS NOT NULL THEN n.made_at
                ELSE coalesce((SELECT max(t.made_at) FROM consent_attempt t
                                WHERE t.delivery_id = d.id AND t.result IN ('accepted', 'posted')),
                              n.made_at) END AS said_at,
           (d.settled_at AT TIME ZONE a.time_zone)::date AS told_on, a.notice_window_days
      FROM consent_notice n
      JOIN districts_agency a ON a.id = n.agency_id
      LEFT JOIN districts_publication p ON p.id = n.publication_id
      JOIN consent_delivery d ON d.notice_id = n.id AND d.state IN ('sent', 'posted')
       AND d.settled_at IS NOT NULL
     CROSS JOIN LATERAL unnest(d.about) AS about(student_id)
      JOIN consent_entitled(%(day)s) e ON e.guardian_id = d.guardian_id AND e.student_id = about.student_id
     WHERE (%(agency)s::bigint IS NULL OR n.agency_id = %(agency)s::bigint)
       AND (%(students)s::bigint[] IS NULL OR e.student_id = ANY (%(students)s::bigint[]))
       AND (n.publication_id IS NULL
            OR (p.agreement_id = ANY (%(agreements)s::bigint[]) AND p.kind = ANY (%(telling)s)))
       AND NOT (d.state = 'sent' AND EXISTS (
               SELECT FROM consent_attempt t
                 JOIN consent_providerreport r ON r.message_id = t.message_id AND r.kind = 'bounced'
                WHERE t.delivery_id = d.id AND t.result = 'accepted' AND t.message_id <> ''))
"""


@dataclass(frozen=True)
class Told:
    """One message that arrived. `agreement_id` is None for a welcome, which tells of everything."""

    agreement_id: int | None
    said_at: dt.datetime
    on: dt.date


class LastDays:
    """The last days of some children on a day, read in two queries."""

    def __init__(self, students: Collection[int], agreements: Collection[int], today: dt.date) -> None:
        self.today = today
        self._told: dict[int, list[Told]] = {}
        self._windows = dict(
            Student.objects.filter(pk__in=students).values_list("pk", "agency__notice_window_days")
        )
        asked: dict[str, Any] = {
            "day": today,
            "telling": TELLING_KINDS,
            "agreements": list(agreements),
            "agency": None,
            "students": list(students),
        }
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT student_id, agreement_id, said_at, told_on FROM ({TELLINGS}) t"  # noqa: S608
                " ORDER BY settled_at, said_at",
                asked,
            )
            for student, *told in cursor.fetchall():
                self._told.setdefault(student, []).append(Told(*told))

    def of(self, student_id: int, forms: Sequence[QuestionVersion], lines: Collection[str]) -> dt.date | None:
        """Return the next last day of some lines of a question; `forms` are its versions, oldest first.

        Where nobody was told yet it is counted from today. None where no day was named, or all have passed.
        """
        covers = [form.covers for form in forms]
        runs = {unbroken(covers, line, len(forms) - 1) for line in lines}
        days = (self._of_run(student_id, [forms[n] for n in run]) for run in runs if run)
        return min((day for day in days if day is not None and day >= self.today), default=None)

    def _of_run(self, student_id: int, run: Sequence[QuestionVersion]) -> dt.date | None:
        agreement = run[0].question.agreement_id
        since = [form.recorded_at for form in run]
        first = _first(self._told.get(student_id, ()), agreement, since[0])
        named = run[bisect_right(since, first.said_at) - 1] if first else run[-1]
        return last_day(
            RuleControl(named.question.control),
            named.answer_by,
            told_on=first.on if first else self.today,
            window=self._windows[student_id],
        )


def _first(told: Iterable[Told], agreement_id: int, since: dt.datetime) -> Told | None:
    """Return the first message that told of an agreement's questions as they stood since a moment."""
    return next((t for t in told if t.agreement_id in (None, agreement_id) and t.said_at >= since), None)
