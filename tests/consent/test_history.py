"""History is for good: PostgreSQL itself refuses to change it, and stamps its own clock on it."""

import datetime as dt
import itertools

import pytest
from django.db import connection

from consent.models import Delivery, Enrollment, Guardianship
from tests import factories as f
from tests.breaking import copy_of, refused_by
from tests.consent import answering
from tests.consent.books import keep_books
from tests.consent.news import tell

pytestmark = pytest.mark.django_db

# table: the column that bears PostgreSQL's time
HISTORY = {
    "rosterload": "recorded_at",
    "questionversion": "recorded_at",
    "shown": "recorded_at",
    "decision": "decided_at",
    "voiding": "voided_at",
    "fulfilment": "recorded_at",
    "objection": "made_at",
    "objectionreply": "replied_at",
    "attempt": "made_at",
    "providerreport": "received_at",
}

# Rows that move on but never go.
KEPT = ["delivery", "hold", "claim", "notice"]

State = Delivery.State
ALLOWED = {
    (State.DUE, State.LEASED),
    (State.DUE, State.PRINTED),
    (State.DUE, State.FAILED),
    (State.DUE, State.WITHHELD),
    (State.LEASED, State.SENT),
    (State.LEASED, State.DUE),
    (State.LEASED, State.FAILED),
    (State.LEASED, State.WITHHELD),
    (State.SENT, State.DUE),  # a bounce: next, a letter
    (State.SENT, State.FAILED),
    (State.PRINTED, State.POSTED),
    (State.PRINTED, State.DUE),
    (State.PRINTED, State.WITHHELD),
    (State.POSTED, State.FAILED),  # the post brought it back
    (State.FAILED, State.FAILURE_SEEN),
    (State.FAILED, State.DUE),
    (State.FAILED, State.WITHHELD),
    (State.FAILURE_SEEN, State.DUE),
    (State.FAILURE_SEEN, State.WITHHELD),
}


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_ledger_is_never_changed(table, change):
    keep_books()
    assert refused_by(change.format(f"consent_{table}")) == "history_is_for_good"


@pytest.mark.parametrize("table", KEPT)
def test_what_moves_on_is_never_deleted(table):
    keep_books()
    assert refused_by(f"DELETE FROM consent_{table}") == "history_is_for_good"


@pytest.mark.parametrize("table", [*HISTORY, *KEPT])
def test_nothing_of_it_is_emptied_at_once(table):
    """The suite disables this trigger for its own cleaning up; a site never does."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE consent_{table} ENABLE TRIGGER history_is_not_truncated")
    assert refused_by(f"TRUNCATE consent_{table} CASCADE") == "history_is_not_truncated"


@pytest.mark.parametrize("table", HISTORY)
def test_the_time_is_postgresqls_whatever_the_writer_says(table):
    keep_books()
    column = HISTORY[table]
    unique = {
        "questionversion": {
            "number": "9",
            "version_id": str(answering.freeze(f.make_draft(f.make_agreement(f.make_district()))).pk),
        },
        "shown": {"sha256": "encode(sha256('{}'::bytea), 'hex')", "body": "'{}'"},
        "decision": {"replaces_id": "id"},
        "voiding": {"decision_id": "(SELECT min(id) FROM consent_decision)"},
        "fulfilment": {"step": "'company_told'"},
        "attempt": {"n": "2"},
        "providerreport": {"message_id": "'<other@h>'"},
    }.get(table, {})
    sql = copy_of(f"consent_{table}", {**unique, column: "timestamptz '2000-01-01 00:00+00'"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [before] = cursor.fetchone()
        cursor.execute(f"{sql} RETURNING {column}")
        assert before < cursor.fetchone()[0] < before + dt.timedelta(minutes=1)


@pytest.mark.parametrize(("old", "new"), [*itertools.product(State, State)], ids=str)
def test_a_delivery_moves_along_allowed_transitions_only(old, new):
    district = f.make_district()
    because = {"withheld": "hold"}
    delivery = Delivery.objects.create(
        notice=tell(district),
        guardian=f.make_guardian(district),
        about=[1],
        channel="letter",
        next_attempt_at=f.NOW,
        lease_until=f.NOW,
        state=old,
        withheld_because=because.get(old, ""),
    )
    sql = "UPDATE consent_delivery SET state = %s, withheld_because = %s WHERE id = %s"
    expected = None if old == new or (old, new) in ALLOWED else "delivery_moves_along_allowed_transitions"
    assert refused_by(sql, [new, because.get(new, ""), delivery.pk]) == expected


@pytest.mark.parametrize(
    "changed", ["notice_id = (SELECT max(id) FROM consent_notice)", "guardian_id = {bob}"]
)
def test_a_delivery_keeps_its_person_and_its_subject(changed):
    books = keep_books()
    sql = f"UPDATE consent_delivery SET {changed.format(bob=books.bob.pk)} WHERE id = {books.delivery.pk}"
    assert refused_by(sql) == "delivery_keeps_its_subject"


@pytest.mark.parametrize(
    ("table", "changed", "rule"),
    [
        ("hold", "guardianship_id = (SELECT min(id) FROM consent_guardianship)", "a_hold_keeps_whom_it_bars"),
        ("hold", "evidence = 'None.'", "a_hold_keeps_whom_it_bars"),
        ("claim", "guardian_id = (SELECT max(id) FROM consent_guardian)", "a_claim_keeps_its_proof"),
        ("claim", "proof = 'staff'", "a_claim_keeps_its_proof"),
        ("notice", "publication_id = NULL, welcome_day = day", "a_notice_keeps_its_subject"),
        ("notice", "agency_id = agency_id + 1", "a_notice_keeps_its_subject"),
    ],
)
def test_a_row_that_moves_on_keeps_what_it_was_made_of(table, changed, rule):
    keep_books()
    newest = f"(SELECT max(id) FROM consent_{table} WHERE {changed.split(' = ')[0]} IS NOT NULL)"
    assert refused_by(f"UPDATE consent_{table} SET {changed} WHERE id = {newest}") == rule


@pytest.mark.parametrize(
    ("table", "over", "rule"),
    [
        ("hold", "lifted_at = now(), lifted_reason = 'Over.'", "a_lifted_hold_stays_lifted"),
        ("claim", "ended_at = now(), ended_why = 'Not theirs.'", "an_ended_claim_stays_ended"),
    ],
)
def test_what_is_over_does_not_begin_again(table, over, rule):
    keep_books()
    column = over.split(" = ")[0]
    assert refused_by(f"UPDATE consent_{table} SET {over}") is None
    assert refused_by(f"UPDATE consent_{table} SET {column} = NULL") == rule


# --- two districts never mix -------------------------------------------------------------------------


def test_nobody_is_tied_to_a_child_of_another_district():
    books = keep_books()
    stranger = f.make_student(f.make_district(), "Tia")
    tied = copy_of("consent_guardianship", {"student_id": str(stranger.pk)})
    moved = f"UPDATE consent_guardianship SET student_id = {stranger.pk} WHERE guardian_id = {books.bob.pk}"
    assert refused_by(tied) == refused_by(moved) == "a_tie_is_within_an_agency"


def test_no_child_goes_to_a_school_of_another_district():
    keep_books()
    school = f.make_school(f.make_district())
    enrolled = copy_of("consent_enrollment", {"school_id": str(school.pk)})
    moved = f"UPDATE consent_enrollment SET school_id = {school.pk}"
    assert refused_by(enrolled) == refused_by(moved) == "an_enrollment_is_within_an_agency"


@pytest.mark.parametrize(
    ("table", "rule"),
    [
        ("consent_student", "a_student_stays_in_its_agency"),
        ("consent_guardian", "a_guardian_stays_in_its_agency"),
        ("districts_school", "a_school_stays_in_its_agency"),
    ],
)
def test_nothing_that_is_tied_moves_to_another_district(table, rule):
    keep_books()
    assert refused_by(f"UPDATE {table} SET agency_id = agency_id + 1") == rule


# --- the chain of answers ----------------------------------------------------------------------------


def test_an_answer_is_replaced_at_most_once():
    books = keep_books()
    answering.answer(books.sam, books.asked, books.alice, "no", replaces=books.yes)
    refused = refused_by(copy_of("consent_decision", {}, "replaces_id IS NOT NULL"))
    assert refused.startswith("consent_decision_replaces_id")


@pytest.mark.parametrize("other", ["student_id", "decider_id"])
def test_an_answer_replaces_one_of_its_own_chain(other):
    books = keep_books()
    stranger = {
        "student_id": f.make_student(books.district, "Tia").pk,
        "decider_id": f.make_guardian(books.district, "Carol").pk,
    }[other]
    sql = copy_of(
        "consent_decision",
        {other: str(stranger), "replaces_id": "id"},
        f"id = {books.yes.pk}",
    )
    assert refused_by(sql) == "decision_replaces_one_of_its_own_chain"


def test_an_answer_is_to_a_version_of_its_own_question():
    books = keep_books()
    [other] = answering.make_question(f.make_agreement(books.district), [["x"]])
    sql = copy_of("consent_decision", {"question_version_id": str(other.pk)}, f"id = {books.yes.pk}")
    assert refused_by(sql) == "decision_answers_a_version_of_its_question"


# --- newcomers are stamped ---------------------------------------------------------------------------

LONG_AGO = "entered_at = timestamptz '2000-01-01 00:00+00'"


@pytest.mark.parametrize(
    ("before", "after", "enters"),
    [
        ("rights = 'review'", "rights = 'decides'", True),
        ("rights = 'decides'", "rights = 'review'", False),
        ("rights = 'decides'", "is_primary_contact = true", False),
        ("ended_on = '2026-01-01'", "ended_on = NULL", True),
        ("ended_on = '2026-01-01'", "ended_on = '2027-01-01'", True),
        ("ended_on = NULL", "ended_on = '2027-01-01'", False),
        ("rights = 'none', ended_on = '2026-01-01'", "ended_on = NULL", False),
    ],
)
def test_a_tie_that_begins_to_give_rights_bears_the_time(before, after, enters):
    f.make_guardian(district := f.make_district(), of=[f.make_student(district)])
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE consent_guardianship SET {before}")
        cursor.execute(f"UPDATE consent_guardianship SET {LONG_AGO}")
        cursor.execute(f"UPDATE consent_guardianship SET {after}")
    assert (Guardianship.objects.get().entered_at.year > 2000) is enters


@pytest.mark.parametrize(
    ("after", "enters"),
    [
        ("grade = '04'", True),
        ("programs = '{band}'", True),
        ("ended_on = NULL", True),
        ("ended_on = '2025-01-01'", False),
        ("grade = grade", False),
    ],
)
def test_a_child_that_moves_up_or_comes_back_bears_the_time(after, enters):
    f.make_student(f.make_district(), grade="03")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consent_enrollment SET ended_on = '2026-01-01'")
        cursor.execute(f"UPDATE consent_enrollment SET {LONG_AGO}")
        cursor.execute(f"UPDATE consent_enrollment SET {after}")
    assert (Enrollment.objects.get().entered_at.year > 2000) is enters
