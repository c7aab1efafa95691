"""Who becomes a guardian, with which relation and rights, and who is barred."""

import datetime as dt

import pytest
from django.db import connection

from consent.models import Claim, Guardian, Guardianship, Hold, Student
from tests import factories as f
from tests.consent.roster import files as r

pytestmark = pytest.mark.django_db

RESTRICTED = {"contactRestrictions": "NO CONTACT ALLOWED"}


@pytest.fixture(autouse=True)
def district():
    return r.cedar_valley()


@pytest.mark.parametrize("role", ["parent", "guardian", "relative", "Parent", "GUARDIAN"])
def test_parents_guardians_and_relatives_become_guardians(tmp_path, role):
    r.load(r.write_roster(tmp_path, [r.student(), r.adult("alice", role=role)]))
    assert r.tie("alice").ended_on is None


@pytest.mark.parametrize("role", ["teacher", "administrator", "aide", "proctor", "siteAdministrator", ""])
def test_nobody_else_does_though_linked_both_ways(tmp_path, role):
    people = [r.student(agentSourcedIds="tom"), r.adult("tom", role=role)]
    report = r.load(r.write_roster(tmp_path, people))
    assert not Guardian.objects.exists()
    assert report.notes["links_to_people_without_rights"] == 1


def test_a_teacher_in_the_supplement_does_not_become_one_either(tmp_path):
    people = [r.student(), r.person("tom", "teacher")]
    report = r.load(r.write_roster(tmp_path, people, extras=[r.extra(adult="tom", relation="Father")]))
    assert not Guardian.objects.exists()
    assert report.notes["supplement_rows_about_people_without_rights"] == 1


def test_the_link_may_run_from_parent_to_child_or_from_child_to_parent(tmp_path):
    people = [
        r.student("sam", agentSourcedIds="alice"),
        r.student("tia"),
        r.adult("alice", of=""),
        r.adult("bob", of="sam,tia"),
    ]
    r.load(r.write_roster(tmp_path, people))
    ties = Guardianship.objects.values_list("guardian__roster_id", "student__roster_id")
    assert set(ties) == {("alice", "sam"), ("bob", "sam"), ("bob", "tia")}


def test_an_adult_without_a_child_here_is_not_kept(tmp_path):
    report = r.load(r.write_roster(tmp_path, [r.student(), r.adult("zoe", of="")]))
    assert not Guardian.objects.exists()
    assert report.notes["adults_without_child"] == 1


@pytest.mark.parametrize(
    ("role", "relation", "rights"),
    [
        ("parent", "parent", "decides"),
        ("guardian", "guardian", "decides"),
        ("relative", "relative", "review"),
    ],
)
def test_without_a_stated_relation_the_role_gives_it(tmp_path, role, relation, rights):
    r.load(r.write_roster(tmp_path, [r.student(), r.adult("alice", role=role)]))
    assert (r.tie("alice").relation, r.tie("alice").rights) == (relation, rights)


@pytest.mark.parametrize(
    ("relation", "primary", "rights"),
    [
        ("Mother", "", "decides"),
        ("Foster parent", "", "decides"),
        ("Grandparent", "", "review"),
        ("Grandparent", "true", "decides"),
        ("Agency representative", "", "review"),
        ("Stepfather", "false", "review"),
    ],
)
def test_relations_outside_the_deciders_wait_for_review_unless_first_contact(
    tmp_path, relation, primary, rights
):
    extras = [r.extra(relation=relation, primaryContact=primary)]
    r.load(r.write_roster(tmp_path, [r.student(), r.adult("alice")], extras=extras))
    assert r.tie("alice").rights == rights


def test_the_district_says_which_relations_decide(tmp_path, district):
    district.decider_relations = ["grandparent"]
    district.save()
    extras = [r.extra(adult="alice", relation="Mother"), r.extra(adult="gran", relation="Grandmother")]
    r.load(r.write_roster(tmp_path, [r.student(), r.adult("alice"), r.adult("gran")], extras=extras))
    assert (r.tie("alice").rights, r.tie("gran").rights) == ("review", "decides")


def test_unknown_relation_words_are_reported(tmp_path):
    extras = [r.extra(relation="Minister or priest")]
    report = r.load(r.write_roster(tmp_path, [r.student(), r.adult("alice")], extras=extras))
    assert report.relation_words == ["Minister or priest"]
    assert r.tie("alice").relation == "other"


def test_no_contact_becomes_a_hold_and_bars_that_adult_from_that_child_only(tmp_path, district):
    people = [r.student("sam"), r.student("tia"), r.adult("bob", of="sam,tia")]
    extras = [r.extra("sam", "bob", "Father", **RESTRICTED), r.extra("tia", "bob", "Father")]
    report = r.load(r.write_roster(tmp_path, people, extras=extras))
    hold = Hold.objects.get()
    assert hold.guardianship == r.tie("bob", "sam")
    assert (hold.origin, hold.evidence) == ("roster", "NO CONTACT ALLOWED")
    assert hold.review_due_on == f.TODAY + dt.timedelta(days=district.hold_review_days)
    assert report.counts["holds"].created == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT student_id FROM consent_entitled(%s)", [f.TODAY])
        assert cursor.fetchall() == [(Student.objects.get(roster_id="tia").pk,)]


def test_an_open_hold_is_not_placed_twice_even_if_the_words_change(tmp_path):
    people = [r.student(), r.adult("bob")]
    r.load(r.write_roster(tmp_path, people, extras=[r.extra(adult="bob", **RESTRICTED)]))
    other = {"contactRestrictions": "no contact, order 12-D-99"}
    r.load(r.write_roster(tmp_path, people, extras=[r.extra(adult="bob", **other)]))
    assert Hold.objects.count() == 1


def test_a_hold_that_staff_lifted_is_not_placed_again_by_the_same_words_but_by_new_ones(tmp_path):
    people = [r.student(), r.adult("bob")]
    restricted = r.write_roster(tmp_path, people, extras=[r.extra(adult="bob", **RESTRICTED)])
    r.load(restricted)
    Hold.objects.update(lifted_at=f.NOW, lifted_reason="The office made a mistake.")
    r.load(restricted)
    assert Hold.objects.filter(lifted_at=None).count() == 0
    other = {"contactRestrictions": "no contact, order 12-D-99"}
    r.load(r.write_roster(tmp_path, people, extras=[r.extra(adult="bob", **other)]))
    assert Hold.objects.filter(lifted_at=None).count() == 1


def test_a_hold_stays_when_the_roster_no_longer_speaks_of_it(tmp_path):
    people = [r.student(), r.adult("bob")]
    r.load(r.write_roster(tmp_path, people, extras=[r.extra(adult="bob", **RESTRICTED)]))
    r.load(r.write_roster(tmp_path, people, extras=[r.extra(adult="bob", relation="Father")]))
    assert Hold.objects.get().lifted_at is None


def test_a_restriction_on_a_tie_already_there_is_placed_too(tmp_path):
    people = [r.student(), r.adult("bob")]
    r.load(r.write_roster(tmp_path, people))
    r.load(r.write_roster(tmp_path, people, extras=[r.extra(adult="bob", **RESTRICTED)]))
    assert Hold.objects.get().guardianship == r.tie("bob")


def test_a_restriction_on_somebody_already_known_ends_their_way_in(tmp_path):
    people = [r.student(), r.adult("bob")]
    r.load(r.write_roster(tmp_path, people))
    bob = Guardian.objects.get()
    user = f.make_user(bob.email)
    claim = Claim.objects.create(user=user, guardian=bob, proof=Claim.Proof.ROSTER_EMAIL)
    r.load(r.write_roster(tmp_path, people, extras=[r.extra(adult="bob", **RESTRICTED)]))
    claim.refresh_from_db()
    assert claim.ended_at is not None


def test_a_restriction_that_names_nobody_refuses_the_file(tmp_path):
    people = [r.student(), r.adult("0798")]
    path = r.write_roster(tmp_path, people, extras=[r.extra(adult="798", **RESTRICTED)])
    assert "relations_extra.csv, line 2, column parentSourcedId: found “798”" in r.refusal_of(path)
    path = r.write_roster(tmp_path, people, extras=[r.extra(adult="", **RESTRICTED)])
    assert "the restricted adult" in r.refusal_of(path)


def test_rights_that_staff_set_are_never_overwritten(tmp_path):
    people = [r.student(), r.adult("alice")]
    r.load(r.write_roster(tmp_path, people))
    Guardianship.objects.update(rights="none", relation="other", rights_set_by_staff=True)
    report = r.load(r.write_roster(tmp_path, people, extras=[r.extra(relation="Mother")]))
    assert (r.tie("alice").rights, r.tie("alice").relation) == ("none", "other")
    assert report.counts["guardianships"].unchanged == 1


def test_one_address_on_two_people_is_contact_data_of_both(tmp_path):
    people = [
        r.student(),
        r.adult("alice", email="home@example.org"),
        r.adult("bob", email="Home@example.org"),
    ]
    r.load(r.write_roster(tmp_path, people))
    assert list(Guardian.objects.values_list("email", flat=True)) == ["home@example.org"] * 2


def test_an_address_no_server_would_take_is_listed_by_id_and_counts_as_none(tmp_path):
    people = [r.student(), r.adult("alice", email="alice@example.org.")]
    report = r.load(r.write_roster(tmp_path, people))
    alice = Guardian.objects.get()
    assert (alice.email, alice.email_problem) == ("", "trailing_dot")
    [bad] = report.unusable_addresses
    assert (bad.line, bad.roster_id, bad.problem) == (3, "alice", "trailing_dot")
    assert "example.org" not in str(report.as_json())


def test_a_new_address_has_not_failed_yet(tmp_path):
    r.load(r.write_roster(tmp_path, [r.student(), r.adult("alice")]))
    Guardian.objects.update(email_failed_at=f.NOW)
    r.load(r.write_roster(tmp_path, [r.student(), r.adult("alice", familyName="Roe")]))
    assert Guardian.objects.get().email_failed_at is not None
    r.load(r.write_roster(tmp_path, [r.student(), r.adult("alice", email="new@example.org")]))
    assert Guardian.objects.get().email_failed_at is None
