"""A roster load ends the claims whose proof it takes away, and shuts out whoever it bars."""

import pytest

from consent import claims, holds
from consent.models import Claim, ClaimCode, Guardian, Hold
from tests import factories as f
from tests.consent.roster import files as r

pytestmark = pytest.mark.django_db

RESTRICTED = {"contactRestrictions": "NO CONTACT ALLOWED"}


@pytest.fixture(autouse=True)
def district():
    return r.cedar_valley()


def claimed(roster_id: str, proof: str = "roster_email") -> Claim:
    """Return the claim of the mailbox that the roster gives a person."""
    guardian = Guardian.objects.get(roster_id=roster_id)
    return Claim.objects.create(user=f.make_user(guardian.email), guardian=guardian, proof=proof)


def why_ended(claim: Claim) -> str:
    claim.refresh_from_db()
    return claim.ended_why


def test_a_corrected_address_ends_the_claim_of_the_old_one(tmp_path):
    r.load(r.write_roster(tmp_path, [r.student(), r.adult("alice", email="wrong@example.org")]))
    claim = claimed("alice")
    password = claim.user.password
    r.load(r.write_roster(tmp_path, [r.student(), r.adult("alice", email="alice@example.org")]))
    assert why_ended(claim) == claims.PROOF_IS_GONE
    claim.user.refresh_from_db()
    assert claim.user.password != password  # every sign-in carries a hash of it


def test_an_address_that_a_second_person_gets_ends_it_too_but_not_what_a_letter_proved(tmp_path):
    alice, ben = r.adult("alice", email="home@example.org"), r.adult("ben", email="ben@example.org")
    r.load(r.write_roster(tmp_path, [r.student(), alice, ben]))
    by_roster, by_letter = claimed("alice"), claimed("ben", "letter_code")
    r.load(r.write_roster(tmp_path, [r.student(), alice, {**ben, "email": "home@example.org"}]))
    assert (why_ended(by_roster), why_ended(by_letter)) == (claims.PROOF_IS_GONE, "")


def test_the_same_file_again_ends_nothing(tmp_path):
    path = r.write_roster(tmp_path, [r.student(), r.adult("alice", email="alice@example.org")])
    r.load(path)
    claim = claimed("alice")
    r.load(path)
    assert why_ended(claim) == ""


def test_a_new_tie_that_is_barred_at_once_shuts_out_who_has_no_other_child(tmp_path):
    bob = r.adult("bob", of="tia", email="bob@example.org")
    r.load(r.write_roster(tmp_path, [r.student("sam"), r.student("tia"), bob]))
    claim = claimed("bob", "letter_code")
    ClaimCode.objects.create(guardian=claim.guardian, digest="d" * 64, expires_at=f.NOW)
    people = [r.student("sam"), r.student("tia"), {**bob, "agentSourcedIds": "sam"}]
    r.load(r.write_roster(tmp_path, people, extras=[r.extra("sam", "bob", **RESTRICTED)]))
    assert Hold.objects.get().guardianship.student.roster_id == "sam"
    assert why_ended(claim) == holds.HELD
    assert ClaimCode.objects.get().revoked_at is not None


def test_with_another_child_left_his_claim_stays(tmp_path):
    bob = r.adult("bob", of="tia", email="bob@example.org")
    r.load(r.write_roster(tmp_path, [r.student("sam"), r.student("tia"), bob]))
    claim = claimed("bob", "letter_code")
    people = [r.student("sam"), r.student("tia"), {**bob, "agentSourcedIds": "sam,tia"}]
    r.load(r.write_roster(tmp_path, people, extras=[r.extra("sam", "bob", **RESTRICTED)]))
    assert why_ended(claim) == ""
