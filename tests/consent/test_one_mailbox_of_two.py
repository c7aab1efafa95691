"""Two guardians with one mailbox, each proven by a letter: each sees the child, and answers for themself."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent import access
from consent.models import Claim, Decision
from districts.models import Basis
from tests import factories as f
from tests.consent.family_site import FAR, PAST, hidden_fields, publish

pytestmark = pytest.mark.django_db


def test_each_sees_the_child_once_answers_for_themself_and_keeps_their_own_receipt():
    district = f.make_district()
    sam = f.make_student(district)
    publish(f.make_agreement(district, begins_on=PAST, ends_on=FAR), [("voice", "voice", Basis.CONSENT)])
    alice = f.make_guardian(district, "Alice", of=[sam], email="home@example.org")
    bob = f.make_guardian(district, "Bob", of=[sam], relation="father", email="home@example.org")
    user = f.make_user("home@example.org")
    for guardian in (alice, bob):
        Claim.objects.create(user=user, guardian=guardian, proof="letter_code")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    seats = access.children(user, timezone.now())
    assert [seat.seat.guardian for seat in seats] == [alice, bob]
    page = client.get("/family/").content.decode()
    assert "2 things need your answer." in page
    for guardian, answer in ((alice, "yes"), (bob, "no")):
        address = f"/family/children/{sam.public_id}/answer/?as={guardian.public_id}"
        assert page.count(f'action="{address}"') == 1
        fields = hidden_fields(page) | {"replaces": ""}
        check = client.post(address, {**fields, "answer": answer}).content.decode()
        assert f'action="{address}"' in check
        client.post(address, hidden_fields(check))
    given = {each.decider: each for each in Decision.objects.all()}
    assert {who: each.answer for who, each in given.items()} == {alice: "yes", bob: "no"}
    for guardian, words in ((alice, "You said yes"), (bob, "You said no")):
        receipt = client.get(reverse("consent:receipt", args=[given[guardian].public_id]))
        assert words in receipt.content.decode()
    assert client.get(f"/family/children/{sam.public_id}/?as={user.pk}").status_code == 404
