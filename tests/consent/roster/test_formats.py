"""OneRoster 1.2, Microsoft SDS 2.1, the supplement, folders and zips."""

import datetime as dt

import pytest

from consent.models import Enrollment, Guardian, Guardianship, Student
from tests import factories as f
from tests.consent.roster import files as r

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def district():
    return r.cedar_valley()


def without_role(*people: r.Row) -> list[r.Row]:
    return [{key: cell for key, cell in row.items() if key in r.USERS_1_2} for row in people]


def role(user: str, name: str, org: str = "S1", **cells: str) -> r.Row:
    return {"userSourcedId": user, "role": name, "roleType": "primary", "orgSourcedId": org, **cells}


def one_roster_1_2(tmp_path, people, roles):
    r.write(tmp_path, "orgs.csv", r.district_orgs("S1", "S2"), r.ORGS_1_1)
    r.write(tmp_path, "users.csv", without_role(*people), r.USERS_1_2)
    r.write(tmp_path, "roles.csv", roles, r.ROLES_1_2)
    return tmp_path


def test_one_roster_1_2_keeps_roles_and_schools_in_roles_csv(tmp_path):
    people = [r.student(preferredGivenName="Sammy"), r.adult("alice"), r.adult("tom")]
    roles = [
        role("sam", "student"),
        role("sam", "student", "S2"),
        role("alice", "parent"),
        role("tom", "teacher"),
    ]
    r.load(one_roster_1_2(tmp_path, people, roles))
    assert Student.objects.get().shown_name == "Sammy"
    assert list(Guardian.objects.values_list("roster_id", flat=True)) == ["alice"]
    assert set(Enrollment.objects.values_list("school__roster_id", "grade")) == {("S1", "03"), ("S2", "03")}


@pytest.mark.parametrize(
    ("cells", "holds"),
    [
        ({}, True),
        ({"beginDate": "2026-09-01", "endDate": "2026-09-01"}, True),
        ({"beginDate": "2026-09-02"}, False),
        ({"endDate": "2026-08-31"}, False),
        ({"status": "tobedeleted"}, False),
    ],
)
def test_a_role_holds_from_its_first_to_its_last_day(tmp_path, cells, holds):
    roles = [role("sam", "student"), role("alice", "parent", **cells)]
    r.load(one_roster_1_2(tmp_path, [r.student(), r.adult("alice")], roles))
    assert Guardian.objects.exists() is holds


def test_a_teacher_who_is_a_parent_decides_only_where_the_relation_is_stated(tmp_path):
    people = [r.student("sam", agentSourcedIds="tom"), r.student("tia"), r.adult("tom", of="")]
    roles = [role("sam", "student"), role("tia", "student"), role("tom", "teacher"), role("tom", "parent")]
    path = one_roster_1_2(tmp_path, people, roles)
    r.write(path, "relations_extra.csv", [r.extra("tia", "tom", "Father")], r.EXTRA)
    r.load(path)
    assert (r.tie("tom", "sam").rights, r.tie("tom", "tia").rights) == ("review", "decides")


SDS_ORGS = ["sourcedId", "name", "type", "parentSourcedId", "identifier"]
SDS_USERS = [
    "sourcedId",
    "username",
    "givenName",
    "familyName",
    "password",
    "activeDirectoryMatchId",
    "email",
]
SDS_ROLES = ["userSourcedId", "orgSourcedId", "role", "grade", "isPrimary", "roleStartDate", "roleEndDate"]
SDS_TIES = ["userSourcedId", "relationshipUserSourcedId", "relationshipRole"]


def sds(tmp_path, relationships, roles=(), births=()):
    people = [r.student("sam"), r.adult("alice"), r.adult("gran"), r.adult("doc")]
    users = [{name: cell for name, cell in row.items() if name in SDS_USERS} for row in people]
    of_sam = {"userSourcedId": "sam", "orgSourcedId": "S1", "role": "student", "grade": "03"}
    r.write(tmp_path, "orgs.csv", r.district_orgs(), SDS_ORGS)
    r.write(tmp_path, "users.csv", users, SDS_USERS, bom=True)
    r.write(tmp_path, "roles.csv", [of_sam, *roles], SDS_ROLES)
    ties = [dict(zip(SDS_TIES, row, strict=True)) for row in relationships]
    r.write(tmp_path, "relationships.csv", ties, SDS_TIES)
    if births:
        r.write(tmp_path, "demographics.csv", births)
    return tmp_path


def test_sds_relationships_make_guardians_of_contacts_without_a_role(tmp_path):
    ties = [("sam", "alice", "parent"), ("sam", "gran", "Relative"), ("sam", "doc", "doctor")]
    r.load(sds(tmp_path, ties, births=[{"userSourcedId": "sam", "birthDate": "20170504"}]))
    found = Guardianship.objects.values_list("guardian__roster_id", "relation", "rights")
    assert set(found) == {("alice", "parent", "decides"), ("gran", "relative", "review")}
    assert Enrollment.objects.get().grade == "03"
    assert Student.objects.get().birth_date == dt.date(2017, 5, 4)


def test_sds_relationships_may_run_from_the_parent_to_the_child(tmp_path):
    parent = {"userSourcedId": "alice", "orgSourcedId": "S1", "role": "parent"}
    r.load(sds(tmp_path, [("alice", "sam", "child")], roles=[parent]))
    assert r.tie("alice").relation == "parent"


def test_the_supplement_brings_language_address_and_its_protection(tmp_path):
    columns = {"extra_columns": ["language", "postalAddress", "safeAddress"]}
    people = [r.student(), r.adult("alice")]
    full = r.extra(language="es", postalAddress="1 Main St\nCedar Valley, IL", safeAddress="true")
    r.load(r.write_roster(tmp_path, people, extras=[full], **columns))
    alice = Guardian.objects.get()
    assert (alice.language, alice.address_is_confidential) == ("es", True)
    assert alice.postal_address == "1 Main St\nCedar Valley, IL"

    r.load(r.write_roster(tmp_path, people, extras=[r.extra()], **columns))
    alice.refresh_from_db()
    assert (alice.language, alice.address_is_confidential) == ("es", True), "empty cells say nothing"

    r.load(r.write_roster(tmp_path, people, extras=[r.extra(safeAddress="false")], **columns))
    alice.refresh_from_db()
    assert alice.address_is_confidential is False


def test_a_supplement_row_without_an_adult_is_about_the_student(tmp_path):
    path = r.write_roster(
        tmp_path,
        [r.student("ellis")],
        births={"ellis": "2008-01-02"},
        extras=[r.extra("ellis", "", language="es", programs="ell")],
        extra_columns=["language", "programs"],
    )
    r.load(path)
    assert Guardian.objects.get(roster_id="ellis").language == "es"
    assert r.seat("ellis").programs == ["ell"]


def test_the_same_pair_twice_must_say_the_same(tmp_path):
    people = [r.student(), r.adult("alice")]
    twice = [r.extra(relation="Mother"), r.extra(relation="Mother")]
    r.load(r.write_roster(tmp_path, people, extras=twice), dry_run=True)
    path = r.write_roster(tmp_path, people, extras=[r.extra(relation="Mother"), r.extra(relation="Aunt")])
    assert "relations_extra.csv, line 3, column parentSourcedId: found “alice”" in r.refusal_of(path)


@pytest.mark.parametrize("inside", ["", "export/", "2026/export/"])
def test_a_zip_is_read_with_its_files_on_top_or_in_a_folder(tmp_path, inside):
    folder = r.write_roster(
        tmp_path / "roster", [r.student(), r.adult("alice")], births={"sam": "2017-05-04"}
    )
    r.load(r.zipped(folder, inside))
    assert Student.objects.get().birth_date == dt.date(2017, 5, 4)
    assert r.tie("alice").entered_at


def test_metadata_columns_and_a_byte_order_mark_are_ignored(tmp_path):
    path = r.write_roster(tmp_path, [r.student()])
    r.write(
        path,
        "users.csv",
        [{**r.student(), "metadata.email": "x", "metadata.sourcedid": "y"}],
        [*r.USERS_1_1, "metadata.email", "metadata.sourcedid"],
        bom=True,
    )
    r.load(path)
    assert Student.objects.get().roster_id == "sam"


def test_the_load_counts_as_noon_at_the_district_on_its_day(tmp_path):
    report = r.load(r.write_roster(tmp_path, [r.student()]), as_of=None)
    assert report.as_of == f.TODAY
