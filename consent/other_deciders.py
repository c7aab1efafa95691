"""Who else may answer about a child today, and what stands of their answers. Nobody barred is ever named."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection

from .models import Decision


@dataclass(frozen=True)
class OtherDecider:
    """Another of today's deciders of a child: the relation, no name; `answer` is None where none stands."""

    guardian_id: int
    relation: str
    answer: str | None = None


def others_by_student(student_ids: Collection[int], today: date) -> dict[int, list[OtherDecider]]:
    """Return everybody who may decide today, per child, in one query; the asker is among them."""
    found: dict[int, list[OtherDecider]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.student_id, e.guardian_id, gs.relation FROM consent_entitled(%s) e"
            " JOIN consent_guardianship gs ON gs.id = e.guardianship_id"
            " WHERE e.student_id = ANY(%s) ORDER BY e.student_id, e.guardian_id",
            [today, list(student_ids)],
        )
        for student_id, guardian_id, relation in cursor.fetchall():
            found.setdefault(student_id, []).append(OtherDecider(guardian_id, relation))
    return found


def standing_answers(
    student_ids: Collection[int], question_ids: Collection[int]
) -> dict[tuple[int, int, int], Decision]:
    """Return the answers that stand, by (student, decider, question), in one query.

    Whether their givers may still decide is not looked at: ask `others_by_student`.
    """
    rows = Decision.objects.current().filter(student__in=student_ids, question__in=question_ids)
    return {(d.student_id, d.decider_id, d.question_id): d for d in rows.select_related("question_version")}
