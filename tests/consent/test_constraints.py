"""What must never be false in the private room is refused by PostgreSQL itself, by name."""

import pytest
from django.apps import apps
from django.db import connection

from tests import factories as f
from tests.breaking import copy_of, refused_by
from tests.consent.books import keep_books

pytestmark = pytest.mark.django_db

NEW = "md5(random()::text)"
OF_NOTICE = "decision_id IS NULL"
OF_DECISION = "notice_id IS NULL"

# constraint: (table, what is changed in a copy of one of its rows, which row)
BROKEN = {
    "student_ids_are_unique_in_an_agency": ("student", {}),
    "guardian_ids_are_unique_in_an_agency": ("guardian", {}),
    "guardian_email_is_empty_or_an_address": ("guardian", {"roster_id": NEW, "email": "'x@nodot'"}),
    "guardian_origin_is_known": ("guardian", {"roster_id": NEW, "origin": "'rumour'"}),
    "guardianship_origin_is_known": ("guardianship", {"origin": "'rumour'"}),
    "one_tie_per_guardian_and_student": ("guardianship", {}),
    "guardianship_rights_are_known": ("guardianship", {"rights": "'some'"}),
    "guardianship_relation_is_known": ("guardianship", {"relation": "'friend'"}),
    "one_open_hold_per_guardianship": ("hold", {}),
    "a_lifted_hold_has_a_reason": ("hold", {"lifted_at": "now()"}),
    "hold_origin_is_known": ("hold", {"origin": "'rumour'"}),
    "one_enrollment_per_student_and_school": ("enrollment", {}),
    "one_open_claim_per_user_and_guardian": ("claim", {}),
    "claim_proof_is_known": ("claim", {"proof": "'hearsay'"}),
    "question_only_where_there_is_a_choice": ("question", {"basis": "'school_official'"}),
    "one_question_per_agreement_category_and_basis": ("question", {}),
    "question_versions_are_numbered": ("questionversion", {}),
    "one_question_version_per_version": ("questionversion", {"number": "2"}),
    "shown_hash_is_the_hash_of_its_body": ("shown", {"body": "'{}'"}),
    "answer_is_yes_or_no": ("decision", {"answer": "'may'"}),
    "one_beginning_per_student_question_and_decider": ("decision", {}),
    "an_answer_entered_for_someone_says_by_whom_and_when": ("decision", {"channel": "'paper'"}),
    "one_state_per_question_and_student": ("effectivestate", {}),
    "a_yes_reaches_a_question_version": ("effectivestate", {"covers_id": "NULL"}),
    "fulfilment_step_is_known": ("fulfilment", {"step": "'dreamt'"}),
    "each_step_once_per_decision": ("fulfilment", {}),
    "objection_kind_is_known": ("objection", {"kind": "'shout'"}),
    "notice_is_of_a_publication_or_a_welcome": ("notice", {"publication_id": "NULL", "welcome_day": "NULL"}),
    "notice_severity_is_known": ("notice", {"severity": "'loud'"}),
    "one_notice_per_publication_and_district": ("notice", {}, "publication_id IS NOT NULL"),
    "one_welcome_per_district_and_day": ("notice", {}, "publication_id IS NULL"),
    "delivery_is_notice_or_receipt": ("delivery", {"notice_id": "NULL"}, OF_NOTICE),
    "one_delivery_per_notice_and_guardian": ("delivery", {}, OF_NOTICE),
    "one_receipt_per_decision_and_guardian": ("delivery", {}, OF_DECISION),
    "delivery_state_is_known": ("delivery", {"state": "'lost'"}),
    "delivery_channel_is_known": ("delivery", {"channel": "'pigeon'"}),
    "a_withheld_delivery_says_why": ("delivery", {"state": "'withheld'"}),
    "the_reason_to_withhold_is_known": (
        "delivery",
        {"state": "'withheld'", "withheld_because": "'whim'"},
    ),
    "a_lease_has_an_end": ("delivery", {"state": "'leased'"}),
    "only_letters_are_printed": ("delivery", {"state": "'printed'", "channel": "'email'"}),
    "attempts_of_a_delivery_are_numbered": ("attempt", {}),
    "attempt_result_is_known": ("attempt", {"n": "2", "result": "'read'"}),
    "attempt_channel_is_known": ("attempt", {"n": "2", "channel": "'pigeon'"}),
    "a_report_of_a_message_is_kept_once": ("providerreport", {}),
    "report_kind_is_known": ("providerreport", {"kind": "'opened'"}),
}
# Broken in tests of their own below.
OTHERWISE = {"a_student_is_one_self"}


def test_every_named_constraint_of_this_room_is_tried():
    named = {c.name for m in apps.get_app_config("consent").get_models() for c in m._meta.constraints}
    assert named == set(BROKEN) | OTHERWISE


@pytest.mark.parametrize("name", BROKEN)
def test_a_row_that_breaks_it_is_refused(name):
    keep_books()
    table, changed, *where = BROKEN[name]
    assert refused_by(copy_of(f"consent_{table}", changed, *where)) == name


def test_a_student_is_one_self():
    district = f.make_district()
    f.make_eligible_student(district)
    other = f.make_guardian(district, "Other")
    sql = copy_of("consent_guardianship", {"guardian_id": str(other.pk)})
    assert refused_by(sql) == "a_student_is_one_self"


@pytest.mark.parametrize(
    "again", ["lifted hold", "ended claim", "second letter code", "notice elsewhere"], ids=str
)
def test_what_may_come_again_comes_again(again):
    """The rules above refuse no more than they say."""
    books = keep_books()
    elsewhere = f.make_district()
    table, changed = {
        "lifted hold": ("hold", {"lifted_at": "now()", "lifted_reason": "'Over.'"}),
        "ended claim": ("claim", {"ended_at": "now()"}),
        "second letter code": ("claimcode", {"digest": NEW}),
        "notice elsewhere": ("notice", {"agency_id": str(elsewhere.pk)}),
    }[again]
    assert refused_by(copy_of(f"consent_{table}", changed)) is None
    assert books.district != elsewhere


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("decision", "replaces_id"),
        ("voiding", "decision_id"),
        ("shown", "sha256"),
        ("bundle", "message_id"),
        ("claimcode", "digest"),
        ("delivery", "public_id"),
    ],
)
def test_what_identifies_is_unique(table, column):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_index i JOIN pg_attribute a"
            " ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
            " WHERE i.indrelid = %s::regclass AND i.indisunique AND i.indnkeyatts = 1"
            " AND i.indpred IS NULL AND a.attname = %s",
            [f"consent_{table}", column],
        )
        assert cursor.fetchone()[0] == 1
