"""History is for good: PostgreSQL itself refuses to change it, and stamps its own clock on it."""

import pytest
from django.db import connection

from districts.models import AgreementVersion
from tests.breaking import copy_of, refused_by
from tests.districts.books import keep_register

pytestmark = pytest.mark.django_db

# table: the column that bears PostgreSQL's time, and what makes a copy of a row another row
HISTORY = {
    "categorytext": ("recorded_at", {"revision": "99"}),
    "elementtext": ("recorded_at", {"revision": "99"}),
    "purposetext": ("recorded_at", {"revision": "99"}),
    "agreementevent": ("recorded_at", {}),
    "agreementdocument": ("recorded_at", {}),
    "documentwithdrawal": (
        "recorded_at",
        {"document_id": "(SELECT min(id) FROM districts_agreementdocument)"},
    ),
    "agreementoriginal": ("recorded_at", {}),
    "documenttext": ("recorded_at", {}),
    "clausereading": ("recorded_at", {}),
    "toldfigures": ("recorded_at", {"publication_id": "(SELECT min(id) FROM districts_publication)"}),
    "commentwindow": ("recorded_at", {}),
    "commentwindowchange": ("recorded_at", {}),
    "hearing": ("recorded_at", {"public_id": "gen_random_uuid()"}),
    "hearingcancellation": ("recorded_at", {"hearing_id": "(SELECT max(id) FROM districts_hearing)"}),
    "openquestion": ("published_at", {"public_id": "gen_random_uuid()"}),
    "openanswer": ("recorded_at", {}),
    "openrefusal": ("recorded_at", {}),
    "openquestionwithdrawal": (
        "recorded_at",
        {"question_id": "(SELECT max(id) FROM districts_openquestion)"},
    ),
    "textwithdrawal": ("recorded_at", {"field": "'summary'"}),
    "publication": (
        "published_at",
        {"kind": "'extended'", "participation_id": "NULL", "incident_id": "NULL"},
    ),
    "change": (None, {}),
    "ruling": ("recorded_at", {}),
    "remark": ("recorded_at", {}),
}
STAMPED = [table for table, (column, _other) in HISTORY.items() if column]

# part of a version: a column that a careless edit would change
PARTS = {
    "sharedelement": "detail = 'more'",
    "subcontractor": "role = 'more'",
    "promise": "clause = '5'",
    "scopeschool": "school_id = school_id",
    "choiceterms": "equal_alternative = false",
    "choicetext": "if_no = ''",
}
LONG_AGO = "timestamptz '2000-01-01 00:00+00'"


def of_version(table: str, version: AgreementVersion) -> str:
    """Return the condition that finds a version's rows."""
    if table == "choicetext":
        return f"terms_id IN (SELECT id FROM districts_choiceterms WHERE version_id = {version.pk})"
    return f"version_id = {version.pk}"


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_history_is_never_changed(table, change):
    keep_register()
    assert refused_by(change.format(f"districts_{table}")) == "history_is_for_good"


@pytest.mark.parametrize("table", HISTORY)
def test_history_is_never_emptied_at_once(table):
    """The suite disables this trigger for its own cleaning up; a site never does."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE districts_{table} ENABLE TRIGGER history_is_not_truncated")
    assert refused_by(f"TRUNCATE districts_{table} CASCADE") == "history_is_not_truncated"


@pytest.mark.parametrize("table", STAMPED)
def test_the_time_is_postgresqls_whatever_the_writer_says(table):
    keep_register()
    column, other = HISTORY[table]
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [before] = cursor.fetchone()
        cursor.execute(copy_of(f"districts_{table}", {**other, column: LONG_AGO}) + f" RETURNING {column}")
        [stamped] = cursor.fetchone()
    assert stamped >= before


# What was told


def test_no_change_is_added_to_a_publication_that_went_out():
    """A test is one transaction, so its own publications are still going out: this one is of another."""
    keep_register()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the register is stamped at the commit
        cursor.execute("ALTER TABLE districts_publication DISABLE TRIGGER history_is_for_good")
        cursor.execute("UPDATE districts_publication SET published_at = now() - interval '1 second'")
        cursor.execute("ALTER TABLE districts_publication ENABLE TRIGGER history_is_for_good")
    added = copy_of("districts_change", {"position": "9999"})
    assert refused_by(added) == "a_change_comes_with_its_publication"


@pytest.mark.parametrize(
    "changed",
    [
        "UPDATE districts_incident SET description = 'Nothing happened.'",
        "DELETE FROM districts_incident",
        "DELETE FROM districts_incident_elements",
        "UPDATE districts_incident_elements SET dataelement_id = dataelement_id",
        "INSERT INTO districts_incident_elements (incident_id, dataelement_id)"
        " SELECT incident_id, 0 FROM districts_incident_elements",
    ],
)
def test_a_breach_that_families_were_told_of_is_kept(changed):
    keep_register()
    assert refused_by(changed) == "a_told_incident_is_kept"


# Published versions


@pytest.mark.parametrize("change", ["SET summary = 'x'", "SET published_at = NULL", "SET number = 5"])
def test_a_published_version_is_never_changed(change):
    version = keep_register()
    sql = f"UPDATE districts_agreementversion {change} WHERE id = {version.pk}"
    assert refused_by(sql) == "published_version_is_frozen"


def test_a_published_version_is_never_deleted():
    version = keep_register()
    assert refused_by(f"DELETE FROM districts_agreementversion WHERE id = {version.pk}") == (
        "published_version_is_frozen"
    )


def test_a_version_is_never_published_from_the_start():
    keep_register()
    sql = copy_of("districts_agreementversion", {"number": "99", "published_at": "now()"})
    assert refused_by(sql) == "published_version_is_frozen"


def test_the_time_of_publication_is_postgresqls():
    draft = AgreementVersion.objects.get(agreement=keep_register().agreement, published_at=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [before] = cursor.fetchone()
        cursor.execute(
            f"UPDATE districts_agreementversion SET published_at = {LONG_AGO} WHERE id = {draft.pk}"
            " RETURNING published_at"
        )
        [stamped] = cursor.fetchone()
    assert stamped >= before


@pytest.mark.parametrize("table", PARTS)
def test_nothing_of_a_published_version_is_changed_removed_or_added(table):
    version = keep_register()
    mine = of_version(table, version)
    name = f"districts_{table}"
    assert refused_by(f"UPDATE {name} SET {PARTS[table]} WHERE {mine}") == "published_version_is_frozen"
    assert refused_by(f"DELETE FROM {name} WHERE {mine}") == "published_version_is_frozen"
    assert refused_by(copy_of(name, {}, mine)) == "published_version_is_frozen"


@pytest.mark.parametrize("table", [table for table in PARTS if table != "choicetext"])
def test_nothing_moves_between_a_draft_and_a_published_version(table):
    version = keep_register()
    draft = AgreementVersion.objects.get(agreement=version.agreement, published_at=None)
    into = f"UPDATE districts_{table} SET version_id = {version.pk} WHERE version_id = {draft.pk}"
    out = f"UPDATE districts_{table} SET version_id = {draft.pk} WHERE version_id = {version.pk}"
    assert refused_by(into) == "published_version_is_frozen"
    assert refused_by(out) == "published_version_is_frozen"


@pytest.mark.parametrize("table", PARTS)
def test_the_parts_of_a_draft_may_change(table):
    """The rules above refuse no more than they say."""
    version = keep_register()
    draft = AgreementVersion.objects.get(agreement=version.agreement, published_at=None)
    mine = of_version(table, draft)
    assert refused_by(f"UPDATE districts_{table} SET {PARTS[table]} WHERE {mine}") is None
    removed = mine if table != "choiceterms" else "false"  # its texts hang on it
    assert refused_by(f"DELETE FROM districts_{table} WHERE {removed}") is None


@pytest.mark.parametrize("table", ["agreementversion", *PARTS])
def test_versions_are_never_emptied_at_once(table):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE districts_{table} ENABLE TRIGGER published_version_is_not_truncated")
    assert refused_by(f"TRUNCATE districts_{table} CASCADE") == "published_version_is_not_truncated"


def test_a_published_version_keeps_its_line_of_the_crosswalk():
    version = keep_register()
    sql = f"UPDATE districts_sharedelement SET reported_as = '{{}}' WHERE version_id = {version.pk}"
    assert refused_by(sql) == "published_version_is_frozen"
