"""Students, their schools, the day they decide for themselves, and what is never stored."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection

from consent.models import Enrollment, Guardian, Student
from districts.models import School
from tests import factories as f
from tests.consent.roster import files as r

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def district():
    return r.cedar_valley()


def test_a_student_is_an_id_and_a_name_to_show(tmp_path):
    r.load(r.write_roster(tmp_path, [r.student("007", givenName="Zoë", email="zoe@example.org")]))
    zoe = Student.objects.get()
    assert (zoe.roster_id, zoe.shown_name, zoe.birth_date) == ("007", "Zoë", None)
    assert not Guardian.objects.exists()


def test_several_schools_are_several_enrollments(tmp_path):
    path = r.write_roster(tmp_path, [r.student(school="S1,S2")], orgs=r.district_orgs("S1", "S2"))
    r.load(path)
    assert set(Enrollment.objects.values_list("school__roster_id", "grade")) == {("S1", "03"), ("S2", "03")}


def test_classes_say_the_school_where_there_are_any(tmp_path):
    enrollments = [
        {"schoolSourcedId": "S2", "userSourcedId": "sam", "role": "student"},
        {"schoolSourcedId": "S2", "userSourcedId": "sam", "role": "student"},
        {"schoolSourcedId": "S3", "userSourcedId": "sam", "role": "student", "status": "tobedeleted"},
        {"schoolSourcedId": "S3", "userSourcedId": "sam", "role": "student", "endDate": "2026-06-01"},
        {"schoolSourcedId": "S3", "userSourcedId": "tom", "role": "teacher"},
    ]
    people = [r.student("sam", "S1"), r.student("tia", "S1")]
    r.load(r.write_roster(tmp_path, people, r.district_orgs("S1", "S2", "S3"), enrollments=enrollments))
    placed = Enrollment.objects.values_list("student__roster_id", "school__roster_id")
    assert set(placed) == {("sam", "S2"), ("tia", "S1")}


def test_organisations_that_are_no_school_are_no_enrollment(tmp_path):
    r.load(r.write_roster(tmp_path, [r.student(school="CV,S1")]))
    assert [seat.school.roster_id for seat in Enrollment.objects.all()] == ["S1"]


def test_a_student_without_a_school_is_kept_and_reported(tmp_path):
    report = r.load(r.write_roster(tmp_path, [r.student(school="CV")]))
    assert Student.objects.count() == 1
    assert report.notes["students_without_school"] == 1


def test_an_unknown_school_refuses_the_file(tmp_path):
    path = r.write_roster(tmp_path, [r.student(), r.student("tia", "S9")])
    assert r.refusal_of(path) == (
        "users.csv, line 3, column orgSourcedIds: found “S9”, expected a sourcedId of orgs.csv"
    )


def test_students_of_another_district_in_the_file_are_left_out(tmp_path):
    orgs = [
        *r.district_orgs("S1"),
        r.org("OTHER", "district", parentSourcedId="IL"),
        r.org("S8", parentSourcedId="OTHER"),
    ]
    people = [r.student(), r.student("carl", "S8"), r.adult("carol", of="carl")]
    report = r.load(r.write_roster(tmp_path, people, orgs))
    assert list(Student.objects.values_list("roster_id", flat=True)) == ["sam"]
    assert list(School.objects.values_list("roster_id", flat=True)) == ["S1"]
    assert not Guardian.objects.exists()
    assert report.notes["students_of_other_districts"] == 1


def test_a_school_whose_parent_is_missing_is_the_only_districts(tmp_path):
    orgs = [*r.district_orgs("S1"), r.org("S2", parentSourcedId="GONE"), r.org("S3", parentSourcedId="")]
    r.load(r.write_roster(tmp_path, [r.student(school="S2")], orgs))
    assert set(School.objects.values_list("roster_id", flat=True)) == {"S1", "S2", "S3"}


def test_no_birth_date_is_read_unless_a_file_of_them_is_there(tmp_path):
    path = r.write_roster(tmp_path / "roster", [r.student()])
    births = r.write(tmp_path, "births.csv", [{"sourcedId": "sam", "birthDate": "2017-05-04"}])
    r.load(path)
    assert Student.objects.get().birth_date is None
    r.load(path, demographics=str(births))
    assert Student.objects.get().birth_date == dt.date(2017, 5, 4)
    r.load(path)  # a file that does not tell it takes nothing away
    assert Student.objects.get().birth_date == dt.date(2017, 5, 4)


def test_demographics_in_the_folder_are_read_and_only_the_birth_date(tmp_path):
    r.load(r.write_roster(tmp_path, [r.student()], births={"sam": "2017-05-04"}))
    assert Student.objects.get().birth_date == dt.date(2017, 5, 4)


@pytest.mark.parametrize("day", ["1/05/2017", "1850-01-01", "2031-01-01"])
def test_an_impossible_or_ambiguous_birth_date_refuses_the_file(tmp_path, day):
    path = r.write_roster(tmp_path, [r.student()], births={"sam": day})
    assert "demographics.csv, line 2, column birthDate" in r.refusal_of(path)


def test_a_student_who_is_18_within_400_days_becomes_a_person_who_decides(tmp_path):
    last = f.TODAY + dt.timedelta(days=400)
    births = {
        "ellis": last.replace(year=last.year - 18).isoformat(),
        "sam": (last + dt.timedelta(days=1)).replace(year=last.year - 18).isoformat(),
    }
    people = [
        r.student("ellis", email="Ellis@example.org", givenName="Ellis"),
        r.student("sam", email="sam@example.org"),
    ]
    r.load(r.write_roster(tmp_path, people, births=births))
    ellis = Guardian.objects.get()
    assert (ellis.roster_id, ellis.given_name, ellis.email) == ("ellis", "Ellis", "ellis@example.org")
    assert (r.tie("ellis", "ellis").relation, r.tie("ellis", "ellis").rights) == ("self", "decides")


def test_a_corrected_birth_date_takes_the_address_of_a_child_away_again(tmp_path):
    people = [r.student("sam", email="sam@example.org")]
    r.load(r.write_roster(tmp_path, people, births={"sam": "2007-05-04"}))
    assert Guardian.objects.get().email == "sam@example.org"
    r.load(r.write_roster(tmp_path, people, births={"sam": "2017-05-04"}))
    assert (Guardian.objects.get().email, Guardian.objects.get().ended_on) == ("", f.TODAY)
    assert r.tie("sam", "sam").ended_on == f.TODAY


def test_a_student_who_is_a_parent_is_one_person(tmp_path):
    people = [r.student("ellis"), r.student("kim", grades="PK"), r.person("ellis2", "teacher")]
    roles = [
        {"userSourcedId": "ellis", "role": "parent", "orgSourcedId": "S1"},
        {"userSourcedId": "ellis", "role": "student", "orgSourcedId": "S1"},
        {"userSourcedId": "kim", "role": "student", "orgSourcedId": "S1"},
    ]
    path = r.write_roster(
        tmp_path,
        people,
        births={"ellis": "2007-05-04"},
        extras=[r.extra("kim", "ellis", "Mother")],
    )
    r.write(path, "roles.csv", roles, r.ROLES_1_2)
    r.load(path)
    assert Guardian.objects.count() == 1
    assert (r.tie("ellis", "ellis").relation, r.tie("ellis", "kim").relation) == ("self", "mother")


def test_no_password_reaches_the_database(tmp_path):
    r.load(r.write_roster(tmp_path, [r.student(), r.adult("alice")]))
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{r.PASSWORD}%"])
            assert cursor.fetchone() == (0,), table
        cursor.execute("SELECT count(*) FROM roster_user t WHERE t::text LIKE %s", [f"%{r.PASSWORD}%"])
        assert cursor.fetchone() == (0,), "not even for the time of the load"


def test_children_with_nobody_to_tell_are_counted_and_listed(tmp_path):
    people = [
        r.student("sam"),
        r.student("tia"),
        r.student("uma"),
        r.adult("alice"),
        r.adult("bob", of="uma"),
    ]
    extras = [r.extra("uma", "bob", contactRestrictions="no contact")]
    report = r.load(r.write_roster(tmp_path, people, extras=extras))
    assert (report.nobody_to_tell_count, report.nobody_to_tell) == (2, ["tia", "uma"])
