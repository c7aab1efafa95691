"""A claim holds as long as its proof does, and never for a mailbox that somebody barred reads."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from consent import access, claims, decide, holds, letter_codes, tasks
from consent.leases import claim as lease
from consent.models import Claim, Guardianship
from tests import factories as f
from tests.consent.asked_family import NOTHING, Family, ledger
from tests.consent.test_holds import tell

pytestmark = pytest.mark.django_db

HOME = "home@example.org"


@pytest.fixture
def queued(monkeypatch):
    """Collect what the sign-in page hands to the queue, in place of a broker."""
    cache.clear()
    calls: list[tuple[str, str, str]] = []
    monkeypatch.setattr(tasks.send_sign_in_code, "delay", lambda *args: calls.append(args))
    return calls


@pytest.fixture
def district():
    return f.make_district()


@pytest.fixture
def sam(district):
    return f.make_student(district, "Sam")


@pytest.fixture
def alice(district, sam):
    return f.make_guardian(district, "Alice", of=[sam], email=HOME)


def father(sam, email: str):
    return f.make_guardian(sam.agency, "Bob", of=[sam], relation="father", email=email)


def sign_in(queued, email: str) -> Client:
    client = Client()
    client.post("/account/login/code/", {"email": email})
    client.post("/account/login/code/confirm/", {"code": queued[-1][1]})
    return client


def sees_sam(client: Client) -> bool:
    return "Sam" in client.get("/family/").content.decode()


def bar(guardian, child) -> None:
    tie = Guardianship.objects.get(guardian=guardian, student=child)
    holds.place_hold(guardianship_id=tie.pk, origin="staff", evidence="order", by=None, now=timezone.now())


def by_letter(guardian, email: str) -> Claim:
    digest = letter_codes.digest_of(letter_codes.new_letter_code(guardian_id=guardian.pk, now=timezone.now()))
    user = letter_codes.user_of_letter(email=email, digest=digest, now=timezone.now())
    return letter_codes.use(digest=digest, user=user, now=timezone.now())


class TestTheMailboxOfABarredAdult:
    def test_shared_with_the_other_parent_who_claimed_it_by_letter_opens_nothing(self, alice, sam, queued):
        bob = father(sam, HOME)
        claim = by_letter(alice, HOME)
        assert sees_sam(client := sign_in(queued, HOME))
        bar(bob, sam)
        assert "/account/login/code/" in client.get("/family/").url
        assert not sees_sam_after_asking_again(queued)
        claim.refresh_from_db()
        assert claim.ended_why == claims.PROOF_IS_GONE

    @pytest.mark.parametrize("address_comes_first", [True, False])
    def test_that_becomes_the_other_parents_too_opens_nothing_in_either_order(
        self, alice, sam, queued, address_comes_first
    ):
        bob = father(sam, "bob@example.org")
        client = sign_in(queued, HOME)
        assert sees_sam(client)

        def move() -> None:
            type(bob).objects.filter(pk=bob.pk).update(email=HOME)

        steps = [move, lambda: bar(bob, sam)]
        for step in steps if address_comes_first else reversed(steps):
            step()
        assert not access.children(Claim.objects.get().user, timezone.now())
        assert not sees_sam_after_asking_again(queued)

    def test_is_known_by_his_claim_too_so_no_mail_goes_there_to_her(self, alice, sam, district):
        bob = father(sam, "")
        Claim.objects.create(user=f.make_user(HOME), guardian=bob, proof="letter_code")
        bar(bob, sam)
        notice = tell(district)
        assert lease(notice_id=notice.pk, after_id=0, limit=5, now=f.NOW).deliveries == ()
        assert notice.deliveries.get(guardian=alice).channel == "letter"

    def test_is_not_his_where_staff_ended_the_claim(self, alice, sam, district):
        bob = father(sam, "")
        Claim.objects.create(
            user=f.make_user(HOME),
            guardian=bob,
            proof="letter_code",
            ended_at=f.NOW,
            ended_why="The letter lay in the wrong box.",
            ended_by=f.make_staff(district),
        )
        bar(bob, sam)
        assert tell(district).deliveries.get(guardian=alice).channel == "email"

    def test_another_mailbox_of_hers_goes_on(self, alice, sam, queued):
        bob = father(sam, HOME)
        by_letter(alice, "alice@example.org")
        bar(bob, sam)
        assert sees_sam(sign_in(queued, "alice@example.org"))

    def test_his_other_child_stays_open_to_him(self, alice, sam, district, queued):
        bob = father(sam, "bob@example.org")
        tia = f.make_student(district, "Tia")
        Guardianship.objects.create(guardian=bob, student=tia, relation="father", rights="decides")
        client = sign_in(queued, "bob@example.org")
        bar(bob, sam)
        page = client.get("/family/").content.decode()
        assert "Tia" in page
        assert "Sam" not in page

    def test_answers_for_nobody_even_from_a_page_that_was_open(self):
        family = Family()
        user = f.make_user(family.bob.email)
        Claim.objects.create(user=user, guardian=family.alice, proof="letter_code")
        f.make_hold(family.bob, family.sam)  # nothing has ended the claim yet
        with pytest.raises(decide.NotEntitled):
            family.post("yes", by_user=user)
        assert ledger() == NOTHING


def sees_sam_after_asking_again(queued) -> bool:
    """Ask for a new code as anybody may: none is mailed, and nobody is signed in."""
    client = Client()
    client.post("/account/login/code/", {"email": HOME})
    assert queued[-1] == (HOME, "", "en")
    return client.get("/family/").status_code == 200


class TestTheRostersAddress:
    def test_proves_nobody_any_more_once_it_is_corrected(self, alice, queued):
        client = sign_in(queued, HOME)
        alice.email = "alice@example.org"
        alice.save()
        assert not sees_sam(client)
        assert not sees_sam_after_asking_again(queued)
        assert sees_sam(sign_in(queued, "alice@example.org"))

    def test_proves_nobody_any_more_once_a_second_person_has_it(self, alice, district, queued):
        client = sign_in(queued, HOME)
        f.make_guardian(district, "Ben", of=[f.make_student(district, "Kim")], email=HOME)
        assert not sees_sam(client)
        assert not sees_sam(sign_in(queued, HOME))

    def test_is_not_needed_by_who_proved_themself_by_letter(self, alice, district, queued):
        by_letter(alice, HOME)
        f.make_guardian(district, "Ben", of=[f.make_student(district, "Kim")], email=HOME)
        assert sees_sam(sign_in(queued, HOME))

    def test_of_a_person_in_another_district_is_another_matter(self, alice, queued):
        elsewhere = f.make_district("Millbrook")
        f.make_guardian(elsewhere, "Alice", of=[f.make_student(elsewhere, "Kim")], email=HOME)
        page = sign_in(queued, HOME).get("/family/").content.decode()
        assert "Sam" in page
        assert "Kim" in page


def test_an_online_answer_says_by_which_claim_it_came():
    family = Family()
    claim = Claim.objects.create(user=f.make_user(), guardian=family.alice, proof="letter_code")
    assert family.post("yes", by_user=claim.user).claim_id == claim.pk


def test_a_claim_that_ran_out_by_its_date_lost_no_proof(alice, district):
    past = timezone.now()
    claim = Claim.objects.create(
        user=f.make_user(HOME), guardian=alice, proof="roster_email", valid_until=past
    )
    assert claims.guardians_of(user_id=claim.user_id, now=past) == []
    assert claims.end_unproven(agency_id=district.pk, now=past) == 0
