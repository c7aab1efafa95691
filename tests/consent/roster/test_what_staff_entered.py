"""A full roster ends what came from a roster, and overwrites what staff corrected only with something new."""

import datetime as dt
from typing import Any

import pytest

from consent.models import Guardian, Guardianship, Student
from districts.models import School
from tests import factories as f
from tests.consent.roster import files as r

pytestmark = pytest.mark.django_db

LATER = f.TODAY + dt.timedelta(days=30)
FAMILY = [r.student(), r.adult("alice")]


@pytest.fixture(autouse=True)
def district():
    return r.cedar_valley()


def entered_by_staff(district: Any, **fields: Any) -> Guardian:
    """Put Bob in, Sam's father, whom the roster does not have."""
    bob = f.make_guardian(district, "Bob", origin="staff", roster_id="bob", **fields)
    sam = Student.objects.get(roster_id="sam")
    Guardianship.objects.create(
        guardian=bob,
        student=sam,
        relation="father",
        rights="decides",
        rights_set_by_staff=True,
        origin="staff",
    )
    return bob


def test_what_a_load_makes_comes_from_the_roster(tmp_path):
    r.load(r.write_roster(tmp_path, FAMILY))
    assert {row.origin for row in (*School.objects.all(), *Guardian.objects.all(), r.tie("alice"))} == {
        "roster"
    }


def test_a_full_roster_does_not_end_what_staff_entered(tmp_path, district):
    path = r.write_roster(tmp_path, FAMILY)
    r.load(path)
    bob = entered_by_staff(district)
    annex = f.make_school(district, "Annex", origin="staff", roster_id="annex")
    untied = f.make_guardian(district, "Carol", origin="staff")
    report = r.load(path, as_of=LATER)
    for row in (bob, untied, annex, tie := r.tie("bob")):
        row.refresh_from_db()
        assert (row.ended_on, row.origin) == (None, "staff")
    assert tie.rights == "decides"
    assert report.total("ended") == report.total("changed") == 0


def test_what_the_roster_brings_itself_later_is_the_rosters_and_ends_with_it(tmp_path, district):
    r.load(r.write_roster(tmp_path / "without", FAMILY))
    bob = entered_by_staff(district)
    annex = f.make_school(district, "Annex", origin="staff", roster_id="annex")
    orgs = r.district_orgs("S1", "annex")
    r.load(r.write_roster(tmp_path / "with", [*FAMILY, r.adult("bob")], orgs))
    for row in (bob, annex, tie := r.tie("bob")):
        row.refresh_from_db()
        assert row.origin == "roster"
    assert tie.rights_set_by_staff
    r.load(tmp_path / "without", as_of=LATER)
    for row in (bob, annex, tie):
        row.refresh_from_db()
        assert row.ended_on == LATER


def test_a_person_of_the_roster_stays_while_a_tie_that_staff_entered_holds(tmp_path, district):
    r.load(r.write_roster(tmp_path / "both", [*FAMILY, r.student("tia"), r.adult("bob", of="tia")]))
    bob, sam = Guardian.objects.get(roster_id="bob"), Student.objects.get(roster_id="sam")
    Guardianship.objects.create(
        guardian=bob, student=sam, relation="father", rights="decides", origin="staff"
    )
    r.load(r.write_roster(tmp_path / "one", [*FAMILY, r.student("tia")]), as_of=LATER)
    bob.refresh_from_db()
    assert (bob.ended_on, r.tie("bob", "sam").ended_on, r.tie("bob", "tia").ended_on) == (None, None, LATER)


def correct(guardian: str, **fields: Any) -> None:
    """Write down a correction as staff make it: the new value, and what the roster had said."""
    row = Guardian.objects.get(roster_id=guardian)
    row.corrected = {name: getattr(row, name) for name in fields}
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


EXTRA = {"extra_columns": ["language", "postalAddress", "safeAddress"]}


def family(email: str = "old@example.org", **cells: str) -> dict[str, Any]:
    extras = [r.extra(**{"language": "en", "postalAddress": "1 Old St", "safeAddress": "false", **cells})]
    return {"users": [r.student(), r.adult("alice", email=email)], "extras": extras, **EXTRA}


def test_an_address_that_staff_corrected_stays_until_the_roster_brings_another(tmp_path):
    same = r.write_roster(tmp_path / "same", **family())
    r.load(same)
    correct("alice", email="right@example.org", postal_address="2 New St")
    correct_twice = r.load(same)
    alice = Guardian.objects.get(roster_id="alice")
    assert (alice.email, alice.postal_address) == ("right@example.org", "2 New St")
    assert correct_twice.total("changed") == 0

    r.load(r.write_roster(tmp_path / "new", **family("newer@example.org")))
    alice.refresh_from_db()
    assert (alice.email, alice.postal_address) == ("newer@example.org", "2 New St")
    assert alice.corrected == {"postal_address": "1 Old St"}

    r.load(same)  # the roster goes back: it says something new again
    alice.refresh_from_db()
    assert (alice.email, alice.postal_address) == ("old@example.org", "2 New St")


def test_an_address_no_server_takes_does_not_come_back_over_its_correction(tmp_path):
    path = r.write_roster(tmp_path, **family("alice@example.org."))
    r.load(path)
    correct("alice", email="alice@example.org", email_problem="")
    Guardian.objects.update(corrected={"email": ""})
    r.load(path)
    alice = Guardian.objects.get(roster_id="alice")
    assert (alice.email, alice.email_problem) == ("alice@example.org", "")


def test_language_and_protection_are_kept_in_the_same_way(tmp_path):
    path = r.write_roster(tmp_path / "a", **family())
    r.load(path)
    correct("alice", language="es", address_is_confidential=True)
    assert r.load(path).total("changed") == 0
    alice = Guardian.objects.get(roster_id="alice")
    assert (alice.language, alice.address_is_confidential) == ("es", True)
    r.load(r.write_roster(tmp_path / "b", **family(language="pl", safeAddress="true")))
    r.load(path)
    alice.refresh_from_db()
    assert (alice.language, alice.address_is_confidential, alice.corrected) == ("en", False, {})
