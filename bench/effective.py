"""Effective states of a whole district, recomputed, beside plain SQL that writes as many rows ready made.

fresh        every child's state is new                | INSERT … SELECT of the same rows
publication  every child's Yes reaches a newer version | UPDATE … FROM the same rows
nothing new  a recompute that changes nothing          | the same INSERT … SELECT, reported
"""

from typing import Any

from django.db import connection

from bench.measure import RUNS, Row, checkpoint, in_turn, ratios, seconds
from consent import effective
from tests import factories as f
from tests.consent.answering import make_question

BAR = 2.0
CHILDREN_PER_GUARDIAN = 11 / 15  # 330,000 for 450,000

FILL = """
INSERT INTO consent_student (agency_id, roster_id, shown_name, birth_date)
SELECT %(agency)s, 's' || n, 'x', date '2015-01-01' + (n %% 3000) FROM generate_series(1, %(children)s) n;

INSERT INTO consent_guardian (agency_id, roster_id, given_name, family_name, email, email_problem, language,
                              postal_address, address_is_confidential)
SELECT %(agency)s, 'g' || n, '', '', '', '', 'en', '', false
  FROM generate_series(1, %(children)s * 15 / 11) n;

-- one guardian each, and a second one for a good third: 450,000 for 330,000 children
INSERT INTO consent_guardianship (guardian_id, student_id, relation, rights, rights_set_by_staff,
                                  is_primary_contact)
SELECT g.id, s.id, 'parent', 'decides', false, false
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM consent_guardian) g
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM consent_student) s
    ON s.n = (g.n - 1) %% %(children)s + 1;

INSERT INTO consent_shown (sha256, body) VALUES (encode(sha256(convert_to('{}', 'UTF8')), 'hex'), '{}');
"""

ANSWER = """
INSERT INTO consent_decision (public_id, student_id, question_id, question_version_id, decider_id, answer,
                              shown_id, replaces_id, channel, scan)
SELECT gen_random_uuid(), gs.student_id, %(question)s, %(version)s, gs.guardian_id, 'yes',
       (SELECT id FROM consent_shown LIMIT 1), old.id, 'web', ''
  FROM (SELECT DISTINCT ON (student_id) student_id, guardian_id FROM consent_guardianship ORDER BY 1, 2) gs
  LEFT JOIN consent_decision old ON old.student_id = gs.student_id AND old.decider_id = gs.guardian_id
"""

READY = """
DROP TABLE IF EXISTS ready;
CREATE TABLE ready AS
SELECT question_id, student_id, answer, covers_id, is_contested FROM consent_effectivestate;
ANALYZE ready;
"""

COLUMNS = "question_id, student_id, answer, covers_id, is_contested"
EMPTY = "TRUNCATE consent_effectivestate"
PLAIN_INSERT = f"INSERT INTO consent_effectivestate ({COLUMNS}) SELECT {COLUMNS} FROM ready"
PLAIN_UPDATE = """
UPDATE consent_effectivestate es SET covers_id = ready.covers_id FROM ready
 WHERE ready.question_id = es.question_id AND ready.student_id = es.student_id
"""


def run(size: int) -> list[Row]:
    """Measure one size."""
    children = round(size * CHILDREN_PER_GUARDIAN)
    district = f.make_district()
    first, second = make_question(f.make_agreement(district), [["a"], ["a", "b"]])
    values: dict[str, Any] = {"agency": district.pk, "children": children, "question": first.question_id}

    def do(*statements: str, **more: Any) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, {**values, **more} if "%(" in statement else None)

    def recompute() -> int:
        return effective.recompute(agency_id=district.pk, today=f.TODAY)

    def recompute_all() -> None:
        assert recompute() == children

    def compared(before: str, plain: str) -> tuple[list[float], list[float]]:
        """Return the seconds of recomputing and of plain SQL, each from the same state, in turn."""

        def bring_back() -> None:
            do(before, "VACUUM ANALYZE consent_effectivestate")
            checkpoint()

        def write_plainly() -> None:
            with connection.cursor() as cursor:
                cursor.execute(plain)
                assert cursor.rowcount == children

        ours, theirs = in_turn(recompute_all, write_plainly, before=bring_back)
        return ours, theirs

    do(FILL)
    do(ANSWER, version=first.pk)
    do("VACUUM ANALYZE")
    recompute_all()
    do(READY)
    fresh, inserted = compared(EMPTY, PLAIN_INSERT)
    nothing = [seconds(recompute) for _ in range(RUNS)]
    do(ANSWER, version=second.pk)
    do("VACUUM ANALYZE")
    recompute_all()
    do(READY)
    published, updated = compared(f"UPDATE consent_effectivestate SET covers_id = {first.pk}", PLAIN_UPDATE)
    recompute()
    assert effective.drift(today=f.TODAY) == 0
    what = f"effective states of {children:,} children"
    insert, update = "INSERT … SELECT of as many rows", "UPDATE of as many rows"
    return [
        Row(f"{what}, all new", size, ratios(fresh, inserted), insert, BAR),
        Row(f"{what}, after a publication", size, ratios(published, updated), update, BAR),
        Row(f"{what}, nothing changed", size, ratios(nothing, inserted), insert, None),
    ]
