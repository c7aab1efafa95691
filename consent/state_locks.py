"""Who waits for whom when answers are recorded and effective states recomputed.

Two guardians may answer about one child at the same moment, and a roster load may move rights meanwhile.
Each must see what the other committed, or a No could be overwritten by a Yes that never saw it. One answer
shares its agency with other answers and has its child alone; a recompute of a whole agency has it alone.
Order everywhere: the guardianship's row, the agency, the child; so that nobody waits in a circle.
"""

from collections.abc import Iterable

from django.db import connection

STATES_OF_AN_AGENCY = 4721
STATES_OF_A_STUDENT = 4722
_BIGGEST_KEY = 2**31 - 1  # keys of the two-part form are int4


def lock_states_of_agencies(agency_ids: Iterable[int]) -> None:
    """Have the states of whole agencies alone until the transaction ends."""
    with connection.cursor() as cursor:
        for agency_id in sorted(set(agency_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [STATES_OF_AN_AGENCY, agency_id])


def lock_states_of_students(student_ids: Iterable[int]) -> None:
    """Have the states of a few children alone until the transaction ends."""
    wanted = sorted(set(student_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s, agency_id::int) FROM (SELECT DISTINCT agency_id"
            " FROM consent_student WHERE id = ANY(%s) ORDER BY agency_id) agencies",
            [STATES_OF_AN_AGENCY, wanted],
        )
        for student_id in wanted:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", [STATES_OF_A_STUDENT, student_id % _BIGGEST_KEY]
            )
