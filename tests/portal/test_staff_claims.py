"""Staff end a claim that should never have been, say why, and take its answers out of force."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consent import claims, undoing
from consent.models import Claim, Decision, Voiding
from tests import factories as f
from tests.consent.asked_family import Family
from tests.portal.staff_cast import signed_in

pytestmark = pytest.mark.django_db

WHY = "The mother called: this is not her address."


class Stranger:
    """Alice answered Yes by her own mailbox; then a stranger's, tied to her too, said No."""

    def __init__(self) -> None:
        self.family = Family()
        self.dana = f.make_staff(self.family.district)
        self.own, self.claim = (
            Claim.objects.create(
                user=f.make_user(f"{name}@example.org"), guardian=self.family.alice, proof="letter_code"
            )
            for name in ("alice", "stranger")
        )
        self.yes = self.family.post("yes", by_user=self.own.user)
        self.no = self.family.post("no", by_user=self.claim.user, replaces_id=self.yes.pk)

    def end(self, **changes: Any) -> int:
        values = {"reason": WHY, "by": self.dana, "now": f.NOW, "void_answers": True, **changes}
        return undoing.end_claim(claim_id=self.claim.pk, **values)


@pytest.fixture
def stranger() -> Stranger:
    return Stranger()


def test_its_answers_count_no_longer_and_what_they_replaced_stands_again(stranger: Stranger) -> None:
    assert stranger.end() == 1
    assert Voiding.objects.get().decision == stranger.no
    assert (Voiding.objects.get().reason, Voiding.objects.get().voided_by) == (WHY, stranger.dana)
    assert list(Decision.objects.current()) == [stranger.yes]


def test_it_says_why_and_who_and_leaves_the_persons_own_mailbox_alone(stranger: Stranger) -> None:
    stranger.end(void_answers=False)
    stranger.claim.refresh_from_db()
    assert (stranger.claim.ended_at, stranger.claim.ended_why) == (f.NOW, WHY)
    assert stranger.claim.ended_by == stranger.dana
    assert claims.guardians_of(user_id=stranger.claim.user_id, now=f.NOW) == []
    assert claims.guardians_of(user_id=stranger.own.user_id, now=f.NOW) == [stranger.family.alice.pk]
    assert not Voiding.objects.exists()


def test_nothing_is_ended_twice_or_without_words(stranger: Stranger) -> None:
    with pytest.raises(undoing.NoReasonError):
        stranger.end(reason=" ")
    stranger.end()
    with pytest.raises(undoing.ClaimIsEndedError):
        stranger.end()


def test_on_the_page_the_mailbox_is_masked_and_its_sign_in_ends_at_once(stranger: Stranger) -> None:
    browser = Client()
    browser.force_login(stranger.claim.user, backend="django.contrib.auth.backends.ModelBackend")
    dana = signed_in(stranger.dana)
    listed = dana.get(reverse("staff:claims", args=[stranger.family.alice.public_id])).content.decode()
    assert "s…@example.org" in listed
    assert "stranger@" not in listed
    address = reverse("staff:claim", args=[stranger.claim.pk])
    assert dana.post(address, {"reason": " "}).status_code == 422
    assert dana.post(address, {"reason": WHY, "void_answers": "on"}).status_code == 302
    assert browser.get("/family/").status_code == 302
    assert Voiding.objects.get().decision == stranger.no
    assert WHY in dana.get(reverse("staff:claims", args=[stranger.family.alice.public_id])).content.decode()


def test_the_receipt_of_the_answer_that_stands_again_names_no_newer_one(stranger: Stranger) -> None:
    browser = Client()
    browser.force_login(stranger.own.user, backend="django.contrib.auth.backends.ModelBackend")
    receipts = [reverse("consent:receipt", args=[each.public_id]) for each in (stranger.yes, stranger.no)]
    assert "newer answer" in browser.get(receipts[0]).content.decode()
    stranger.end()
    assert "newer answer" not in browser.get(receipts[0]).content.decode()
    voided = browser.get(receipts[1]).content.decode()
    assert "newer answer" not in voided
    assert "This answer no longer counts." in voided
