"""The roster filter passes on permitted children and columns; what it leaves out tells no reason."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import transaction

from consent.models import Guardianship, Student
from districts.models import Basis
from tests import factories as f
from tests.consent.roster_zips import EMAIL, NAME, NUMBER, PARENT_EMAIL, PARENT_NUMBER, Roster, contents, why

pytestmark = pytest.mark.django_db


def test_only_permitted_children_and_columns_go_on(tmp_path):
    roster = Roster(NUMBER, NAME, EMAIL)
    roster.say(roster.tia, "yes")
    files, report = roster.filter(tmp_path)
    users = {row["sourcedId"]: row for row in files["users.csv"]}
    assert set(users) == {"sam", "tia"}
    assert list(users["sam"]) == [
        "sourcedId", "status", "dateLastModified", "role", "givenName", "familyName", "identifier", "email",
    ]  # fmt: skip
    assert (users["sam"]["givenName"], users["sam"]["email"]) == ("sam", "")
    assert users["tia"]["email"] == "tia@example.org"
    assert report.kept["users"] == 2


def test_the_district_learns_per_child_what_was_withheld_and_why(tmp_path):
    roster = Roster(NUMBER, NAME, EMAIL)
    roster.say(roster.tia, "no")
    roster.sam.enrollments.update(ended_on=f.TODAY)
    _, report = roster.filter(tmp_path)
    assert why(tmp_path) == {
        ("tia", "email", "no"),
        ("sam", "(whole record)", "out_of_scope"),
        ("stranger", "(whole record)", "unknown"),
        ("alice", "(whole record)", "not_a_decider"),
        ("bob", "(whole record)", "not_a_decider"),
        ("mr-t", "(whole record)", "not_in_agreement"),
    }
    assert report.unknown_columns == {"users": ["password", "shoeSize"]}
    assert "phone" in report.columns_removed["users"]
    words = "\n".join(report.as_words())
    assert "shoeSize" in words


def test_what_starts_later_is_left_out_and_the_district_learns_why(tmp_path):
    roster = Roster(NUMBER)
    starts = f.TODAY + dt.timedelta(days=30)
    roster.publish(NUMBER, NAME, sharing_starts_on=starts)
    files, report = roster.filter(tmp_path)
    assert "givenName" not in files["users.csv"][0]
    assert f"Sharing of what is new starts on {starts}" in "\n".join(report.as_words())
    files, _ = roster.filter(tmp_path, today=starts)
    assert files["users.csv"][0]["givenName"] == "sam"


def test_a_column_nobody_may_have_is_gone_and_a_value_one_child_may_not_have_is_empty(tmp_path):
    roster = Roster(NUMBER, EMAIL)
    files, _ = roster.filter(tmp_path)
    assert "email" not in files["users.csv"][0]
    roster.say(roster.sam, "yes")
    files, _ = roster.filter(tmp_path)
    assert [row["email"] for row in files["users.csv"]] == ["sam@example.org", ""]


def test_passwords_are_never_passed_on_even_if_an_agreement_lists_them(tmp_path):
    roster = Roster(NUMBER, ("student-password", "catalogue", Basis.SCHOOL_OFFICIAL))
    roster.filter(tmp_path)
    assert b"hunter2" not in contents(tmp_path / "out.zip")


def test_without_the_students_number_in_the_agreement_no_child_goes_on(tmp_path):
    roster = Roster(NAME)
    files, _ = roster.filter(tmp_path)
    assert files["users.csv"] == []
    assert ("sam", "(whole record)", "not_in_agreement") in why(tmp_path)


def test_guardians_go_on_only_with_family_data_and_only_for_children_in_the_file(tmp_path):
    roster = Roster(NUMBER, PARENT_NUMBER, PARENT_EMAIL)
    files, _ = roster.filter(tmp_path)
    users = {row["sourcedId"]: row for row in files["users.csv"]}
    assert set(users) == {"sam", "tia", "alice", "bob"}
    assert users["alice"]["email"] == "alice@example.org"
    assert users["sam"]["email"] == ""  # the child's own address is not in the agreement
    assert users["sam"]["agentSourcedIds"] == "alice,bob"
    assert users["alice"]["agentSourcedIds"] == "sam,tia"
    roster.sam.enrollments.update(ended_on=f.TODAY)
    files, _ = roster.filter(tmp_path)
    users = {row["sourcedId"]: row for row in files["users.csv"]}
    assert set(users) == {"tia", "alice"}
    assert users["alice"]["agentSourcedIds"] == "tia"


def test_a_barred_adult_is_never_in_it_nor_linked(tmp_path):
    roster = Roster(NUMBER, PARENT_NUMBER, PARENT_EMAIL)
    f.make_hold(roster.bob, roster.sam)
    roster.filter(tmp_path)
    assert b"bob" not in contents(tmp_path / "out.zip")


def test_an_adult_who_waits_for_review_is_not_in_it(tmp_path):
    roster = Roster(NUMBER, PARENT_NUMBER, PARENT_EMAIL)
    Guardianship.objects.filter(guardian=roster.bob).update(rights="review")
    roster.filter(tmp_path)
    assert b"bob" not in contents(tmp_path / "out.zip")


def the_companys_bytes(folder: Path, what_happened: str) -> bytes:
    asked = ("student-local-id", "catalogue", Basis.CONSENT)
    roster = Roster(asked, NAME, EMAIL, PARENT_NUMBER)
    roster.say(roster.tia, "yes", asked)
    if what_happened == "no":
        roster.say(roster.sam, "no", asked)
    elif what_happened == "barred":
        roster.say(roster.sam, "yes", asked, roster.bob)
        f.make_hold(roster.bob, roster.sam)
    elif what_happened == "out of scope":
        roster.sam.enrollments.update(ended_on=f.TODAY)
    elif what_happened == "unknown":
        Student.objects.filter(pk=roster.sam.pk).update(roster_id="somebody else")
    roster.filter(folder)
    return (folder / "out.zip").read_bytes()


@pytest.mark.parametrize("what_happened", ["no", "barred", "out of scope", "unknown"])
def test_the_companys_file_is_the_same_bytes_whatever_the_reason(tmp_path, what_happened):
    with transaction.atomic():  # the yardstick: nobody answered about Sam
        silent = the_companys_bytes(tmp_path, "silent")
        transaction.set_rollback(True)
    assert the_companys_bytes(tmp_path, what_happened) == silent
    assert b"tia" in contents(tmp_path / "out.zip")
