"""Staff put an address right; what the old one proved ends, and what the roster had said is remembered."""

import pytest
from django.contrib.auth import get_user_model

from consent import accounts, claims
from consent.contact import AddressRefused, correct_contact
from consent.models import Claim, Guardian
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana(alice):
    return f.make_staff(alice.agency)


@pytest.fixture
def alice():
    district = f.make_district()
    return f.make_guardian(district, "Alice", [f.make_student(district)], email="old@example.org")


def corrected(alice: Guardian, dana, **values: str | bool) -> list[str]:
    changed = correct_contact(guardian_id=alice.pk, values=values, by=dana, now=f.NOW)
    alice.refresh_from_db()
    return changed


def test_what_the_roster_said_is_noted_once_and_forgotten_when_it_is_taken_back(alice, dana):
    assert corrected(alice, dana, email=" New@Example.org ", postal_address="1 Main St") == [
        "email",
        "postal_address",
    ]
    assert (alice.email, alice.postal_address) == ("new@example.org", "1 Main St")
    assert alice.corrected == {"email": "old@example.org", "postal_address": ""}
    corrected(alice, dana, email="third@example.org")
    assert alice.corrected["email"] == "old@example.org"
    corrected(alice, dana, email="old@example.org", address_is_confidential=True)
    assert alice.corrected == {"postal_address": "", "address_is_confidential": False}
    assert corrected(alice, dana, email="old@example.org") == []


def test_somebody_whom_staff_entered_has_no_roster_to_remember(alice, dana):
    Guardian.objects.update(origin="staff")
    corrected(alice, dana, email="new@example.org")
    assert (alice.email, alice.corrected) == ("new@example.org", {})


def test_a_new_address_has_neither_failed_nor_a_problem(alice, dana):
    Guardian.objects.update(email="", email_problem="trailing_dot", email_failed_at=f.NOW)
    corrected(alice, dana, email="new@example.org")
    assert (alice.email_problem, alice.email_failed_at) == ("", None)


def test_an_address_no_mail_server_takes_is_refused_and_nothing_changes(alice, dana):
    with pytest.raises(AddressRefused, match="ends with a dot"):
        corrected(alice, dana, email="new@example.org.", language="es")
    alice.refresh_from_db()
    assert (alice.email, alice.language) == ("old@example.org", "en")


def proven(alice: Guardian) -> Claim:
    """Let whoever reads the guardian's mail sign in and claim her."""
    user = get_user_model().objects.create_user(alice.email)
    claims.tie_mailbox(user=user, mailbox=alice.email)
    return Claim.objects.get(user=user)


def test_a_way_in_that_the_old_address_proved_ends_with_it(alice, dana):
    by_address = proven(alice)
    friend = get_user_model().objects.create_user("else@example.org")
    by_letter = Claim.objects.create(user=friend, guardian=alice, proof=Claim.Proof.LETTER_CODE)
    corrected(alice, dana, language="es")
    by_address.refresh_from_db()
    assert by_address.ended_at is None
    corrected(alice, dana, email="new@example.org")
    for each in (by_address, by_letter):
        each.refresh_from_db()
    assert by_address.ended_at is not None
    assert by_letter.ended_at is None


def test_the_old_address_opens_nothing_more_and_the_new_one_does(alice, dana):
    user = proven(alice).user
    corrected(alice, dana, email="new@example.org")
    assert accounts.user_who_may_sign_in(email="old@example.org", now=f.NOW) is None
    assert claims.tie_mailbox(user=user, mailbox="old@example.org") == 0
    assert accounts.user_who_may_sign_in(email="new@example.org", now=f.NOW) is not None
