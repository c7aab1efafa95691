"""What must never be false in the register is refused by PostgreSQL itself, by name."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CheckConstraint

from districts.models.figures import FIGURES
from tests.breaking import copy_of, refused_by
from tests.districts.books import LONELY, keep_register

pytestmark = pytest.mark.django_db

NEW = "md5(random()::text)"
A_STATE = "kind = 'state'"
A_DISTRICT = "kind = 'district'"
ELSEWHERE = {"slug": NEW, "nces_id": "NULL", "state_agency_id": "''"}
DRAFT = {"published_at": "NULL"}


def kind(word: str) -> str:
    return f"kind = '{word}'"


# constraint: (table, what is changed in a copy of one of its rows, which row)
BROKEN = {
    "agency_kind_is_known": ("agency", {**ELSEWHERE, "kind": "'club'"}),
    "agency_state_code_is_two_capitals": ("agency", {**ELSEWHERE, "state_code": "'il'"}),
    "agency_nces_id_is_7_digits": ("agency", {**ELSEWHERE, "nces_id": "'17'"}),
    "district_belongs_to_a_state": ("agency", {**ELSEWHERE, "state_id": "NULL"}, A_DISTRICT),
    "state_belongs_to_no_state": ("agency", {**ELSEWHERE, "state_id": "id"}, A_STATE),
    "agency_decision_rule_is_known": ("agency", {**ELSEWHERE, "decision_rule": "'toss_a_coin'"}),
    "agency_send_window_is_a_window": ("agency", {**ELSEWHERE, "send_from_hour": "20"}),
    "state_agency_ids_are_unique_in_a_state": ("agency", {"slug": NEW, "nces_id": "NULL"}),
    "one_closure_per_agency_and_day": ("agencyclosure", {}),
    "school_ids_are_unique_in_an_agency": ("school", {}),
    "school_origin_is_known": ("school", {"roster_id": "md5(random()::text)", "origin": "'rumour'"}),
    "vendor_kind_is_known": ("vendor", {"slug": NEW, "kind": "'magic'"}),
    "vendor_does_not_own_itself": ("vendorownership", {"owner_id": "vendor_id"}),
    "ownership_starts_before_it_ends": ("vendorownership", {"until": "since - 1"}),
    "product_slugs_are_unique_in_a_vendor": ("product", {}),
    "agreement_state_is_known": ("agreement", {"state": "'asleep'"}),
    "agreement_kind_is_known": ("agreement", {"kind": "'handshake'"}),
    "agreement_begins_before_it_ends": ("agreement", {"begins_on": "ends_on + 1"}),
    "agreement_event_kind_is_known": ("agreementevent", {"kind": "'sung'"}),
    "participation_kind_is_known": ("participation", {"kind": "'guest'", "until_on": "from_on"}),
    "participation_starts_before_it_ends": ("participation", {"until_on": "from_on - 1"}),
    "one_open_participation_per_agreement_and_agency": ("participation", {}, "until_on IS NULL"),
    "one_category_text_per_language_and_revision": ("categorytext", {}),
    "element_subject_is_known": ("dataelement", {"code": NEW, "subject": "'pet'"}),
    "element_sensitivity_is_known": ("dataelement", {"code": NEW, "sensitivity": "'some'"}),
    "element_sensitive_kind_is_known": ("dataelement", {"code": NEW, "sensitive_kind": "'shoes'"}),
    "element_does_not_stand_for_itself": (
        "dataelement",
        {"code": NEW, "same_meaning_as_id": "currval('districts_dataelement_id_seq') + 1"},
    ),
    "only_agency_elements_may_wait_for_an_explanation": ("dataelement", {"code": NEW, "explained": "false"}),
    "one_element_text_per_language_and_revision": ("elementtext", {}),
    "an_identifier_means_one_element": ("crosswalk", {}),
    "one_prohibition_per_element_and_profile": ("prohibition", {}),
    "one_purpose_text_per_language_and_revision": ("purposetext", {}),
    "version_numbers_are_unique_in_an_agreement": ("agreementversion", DRAFT, f"number = {LONELY}"),
    "agreement_has_at_most_one_draft": ("agreementversion", {"number": "99"}, "published_at IS NULL"),
    "subcontractors_answer_is_known": ("agreementversion", {**DRAFT, "subcontractors_answer": "'maybe'"}),
    "a_school_is_in_a_scope_once": ("scopeschool", {}),
    "shared_element_basis_is_known": ("sharedelement", {"basis": "'because'"}),
    "shared_element_source_is_known": ("sharedelement", {"source": "'thin air'"}),
    "shared_element_kept_is_known": ("sharedelement", {"kept": "'forever'"}),
    "kept_until_a_date_has_a_date": ("sharedelement", {"kept": "'date'"}),
    "kept_for_days_has_days": ("sharedelement", {"kept_days": "NULL"}),
    "a_line_stands_once_in_a_version": ("sharedelement", {}),
    "a_subcontractor_stands_once_in_a_version": ("subcontractor", {}),
    "promise_answer_is_one_of_five": ("promise", {"answer": "'perhaps'"}),
    "promise_code_is_known": ("promise", {"code": "'no_homework'"}),
    "not_stated_needs_a_reader_and_a_day": ("promise", {"answer": "'not_stated'", "reader": "''"}),
    "a_promise_stands_once_in_a_version": ("promise", {}),
    "choice_terms_only_where_there_is_a_choice": ("choiceterms", {"basis": "'school_official'"}),
    "one_choice_per_version_category_and_basis": ("choiceterms", {}),
    "one_choice_text_per_language": ("choicetext", {}),
    "document_hash_is_sha256": ("agreementdocument", {"sha256": "'abc'"}),
    "document_text_hash_is_sha256": ("documenttext", {"sha256": "'abc'"}),
    "document_text_origin_is_known": ("documenttext", {"origin": "'guessed'"}),
    "a_withdrawal_has_a_public_reason": (
        "documentwithdrawal",
        {"document_id": "(SELECT min(id) FROM districts_agreementdocument)", "reason": "' '"},
    ),
    "withdrawn_text_is_a_known_one": ("textwithdrawal", {"field": "'number'"}),
    "a_withdrawn_text_has_a_public_reason": ("textwithdrawal", {"field": "'summary'", "reason": "' '"}),
    "clause_answer_is_one_of_three": ("clausereading", {"answer": "'perhaps'"}),
    "a_clause_that_is_there_has_a_place": ("clausereading", {"place": "' '"}),
    "a_clause_reading_has_a_reader": ("clausereading", {"reader": "''"}),
    "a_comment_window_opens_before_it_closes": ("commentwindow", {"closes_on": "opens_on - 1"}),
    "a_comment_window_says_how_to_take_part": ("commentwindow", {"how_to_take_part": "' '"}),
    "a_changed_comment_window_has_a_public_reason": ("commentwindowchange", {"reason": "' '"}),
    "a_hearing_begins_before_it_ends": ("hearing", {"ends_at": "starts_at"}),
    "a_hearing_has_a_place_or_a_link": ("hearing", {"place": "' '"}),
    "a_cancelled_hearing_has_a_public_reason": ("hearingcancellation", {"reason": "' '"}),
    "open_question_kind_is_known": ("openquestion", {"kind": "'rumour'"}),
    "an_open_question_has_words_and_a_name": ("openquestion", {"shown_name": "' '"}),
    "an_open_question_is_due_after_it_was_asked": ("openquestion", {"due_on": "asked_on - 1"}),
    "an_open_answer_says_something": ("openanswer", {"text": "' '"}),
    "open_refusal_reason_is_a_published_one": ("openrefusal", {"reason": "'dislike'"}),
    "a_withdrawn_question_has_a_public_reason": (
        "openquestionwithdrawal",
        {"question_id": "(SELECT max(id) FROM districts_openquestion)", "reason": "' '"},
    ),
    "agency_answers_in_public_within_a_year": ("agency", {**ELSEWHERE, "public_answer_days": "0"}),
    "a_first_version_corrects_nothing": (
        "agreementversion",
        {**DRAFT, "number": "1", "is_correction": "true"},
    ),
    **{f"told_{name}_is_rounded_to_5_and_never_below_10": ("toldfigures", {name: "12"}) for name in FIGURES},
    "a_publication_has_one_set_of_figures_per_agency": ("toldfigures", {}),
    "incident_date_kind_is_known": ("incident", {"date_kind": "'soon'"}),
    "dated_incident_has_a_day": ("incident", {"began_on": "NULL"}),
    "incident_begins_before_it_ends": ("incident", {"ended_on": "began_on - 1"}),
    "incident_left_off_reason_is_known": ("incident", {"left_off_because": "'shame'"}),
    "only_less_than_a_tenth_is_left_off_as_such": (
        "incident",
        {"left_off_because": "'below_a_tenth'", "students_affected": "421", "enrollment": "4210"},
    ),
    "only_what_was_before_the_list_is_left_off_as_such": (
        "incident",
        {"left_off_because": "'before_july_2021'"},
    ),
    "ruling_kind_is_known": ("ruling", {"kind": "'gossip'"}),
    "a_ruling_has_a_public_source": ("ruling", {"source_url": "'a newspaper'"}),
    "what_is_taken_back_was_entered": ("ruling", {"kind": "'taken_back'"}),
    "a_ruling_says_who_decided_what": ("ruling", {"body": "''"}),
    "remark_party_is_known": ("remark", {"party": "'club'"}),
    "the_district_answers_and_others_begin": ("remark", {"answers_to_id": "NULL"}),
    "only_the_district_takes_words_down": (
        "remark",
        {"party": "'company'", "answers_to_id": "NULL", "takes_down": "true"},
    ),
    "a_remark_says_something": ("remark", {"text": "''"}),
    "publication_kind_is_known": ("publication", {"kind": "'gossip'"}),
    "a_version_publication_names_its_version": ("publication", {"version_id": "NULL"}, kind("version")),
    "joining_and_leaving_name_their_participation": (
        "publication",
        {"participation_id": "NULL"},
        kind("joined"),
    ),
    "a_version_is_published_once": ("publication", {}, kind("version")),
    "a_participation_is_announced_once_per_kind": ("publication", {}, kind("left")),
    "an_owner_is_announced_once_per_agreement": ("publication", {}, kind("owner_changed")),
    "an_incident_is_announced_once_per_agreement": ("publication", {}, kind("incident")),
    "an_end_is_announced_once_per_agreement_and_day": ("publication", {}, kind("expired")),
    "change_severity_is_known": ("change", {"position": "9999", "severity": "'loud'"}),
    "change_kind_is_known": ("change", {"position": "9999", "kind": "'typed'"}),
    "changes_of_a_publication_have_an_order": ("change", {}),
    "an_object_is_stamped_once": ("registerstamp", {}),
    "register_review_kind_is_known": ("registerreview", {"kind": "'typed'"}),
    "register_review_outcome_is_known": ("registerreview", {"outcome": "'maybe'", "settled_at": "now()"}),
    "register_review_is_settled_with_an_outcome": ("registerreview", {"outcome": "'means'"}),
    "words_are_asked_about_once_per_agreement": ("registerreview", {}),
}


def constraints() -> dict[str, object]:
    models = apps.get_app_config("districts").get_models()
    return {constraint.name: constraint for model in models for constraint in model._meta.constraints}


def test_every_named_constraint_of_this_room_is_tried():
    assert set(constraints()) == set(BROKEN)


@pytest.mark.parametrize("name", BROKEN)
def test_a_row_that_breaks_it_is_refused(name):
    keep_register()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the register is stamped at the commit
    table, changed, *where = BROKEN[name]
    assert refused_by(copy_of(f"districts_{table}", changed, *where)) == name


def test_every_choice_is_bound_in_the_database():
    """Django's choices bind only its forms."""
    checks = [str(c.condition) for c in constraints().values() if isinstance(c, CheckConstraint)]
    for model in apps.get_app_config("districts").get_models():
        for field in model._meta.concrete_fields:
            if field.choices and field.get_internal_type() == "CharField":
                assert any(f"('{field.name}__in'" in check for check in checks), f"{model}.{field.name}"


UNIQUE = [
    ("agency", "slug"),
    ("agency", "nces_id"),
    ("vendor", "slug"),
    ("agreement", "public_id"),
    ("datacategory", "code"),
    ("dataelement", "code"),
    ("purpose", "code"),
    ("incident", "public_id"),
    ("ruling", "public_id"),
    ("ruling", "replaces_id"),
    ("remark", "public_id"),
    ("publication", "public_id"),
    ("change", "public_id"),
    ("agreementdocument", "public_id"),
    ("documentwithdrawal", "document_id"),
    ("agencystaff", "user_id"),
    ("hearing", "public_id"),
    ("hearingcancellation", "hearing_id"),
    ("openquestion", "public_id"),
    ("openquestionwithdrawal", "question_id"),
]


@pytest.mark.parametrize(("table", "column"), UNIQUE)
def test_what_identifies_is_unique(table, column):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
            " AND i.indkey::text = a.attnum::text"
            " WHERE i.indrelid = %s::regclass AND a.attname = %s AND i.indisunique AND i.indpred IS NULL",
            [f"districts_{table}", column],
        )
        assert cursor.fetchone() == (1,)


def test_a_district_may_leave_and_join_again():
    """The rules above refuse no more than they say."""
    keep_register()
    again = {"from_on": "from_on + 400", "until_on": "from_on + 500"}
    assert refused_by(copy_of("districts_participation", again)) is None
    assert refused_by(copy_of("districts_sharedelement", {"detail": "'in other words'"})) is None
