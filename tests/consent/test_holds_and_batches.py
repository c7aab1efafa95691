"""A hold and the worker: what was in hand when it came is shown to staff, and nothing more goes out."""

import datetime as dt

import pytest
from django.db import transaction

from consent import holds, leases, notify
from consent.models import Attempt, Delivery, Guardianship, Hold, Notice
from tests import factories as f
from tests.consent.news import publish
from tests.consent.two_connections import in_another_connection, is_waiting

pytestmark = pytest.mark.django_db

LEASE_END = f.NOW + dt.timedelta(minutes=15)


@pytest.fixture
def district():
    return f.make_district()


@pytest.fixture
def sam(district):
    return f.make_student(district, "Sam")


@pytest.fixture
def bob(district, sam):
    return f.make_guardian(district, "Bob", of=[sam], relation="father")


def tell(district) -> Notice:
    publish(f.make_draft(f.make_agreement(district)))
    [notice] = notify.announce(now=f.NOW)
    notify.fan_out(notice, now=f.NOW)
    return Notice.objects.get(pk=notice)


def place(guardian, student, **fields: object) -> Hold:
    tie = Guardianship.objects.get(guardian=guardian, student=student)
    values = {"origin": "staff", "evidence": "The mother showed an order.", "by": None, "now": f.NOW}
    return holds.place_hold(guardianship_id=tie.pk, **{**values, **fields})


def move(delivery: Delivery, *states: str, **fields: object) -> None:
    """Move a delivery along allowed transitions."""
    for state in states:
        lease = {"lease_until": LEASE_END} if state == "leased" else {}
        letter = {"channel": "letter"} if state == "printed" else {}
        Delivery.objects.filter(pk=delivery.pk).update(state=state, **lease, **letter, **fields)


def slipped(hold: Hold) -> list[tuple[str, str, bool]]:
    return [(one.name, one.channel, one.is_certain) for one in holds.slipped_out(hold)]


def test_what_a_batch_had_in_hand_is_shown_by_name(district, sam, bob):
    notice = tell(district)
    leases.claim(notice_id=notice.pk, after_id=0, limit=10, now=f.NOW)
    hold = place(bob, sam)
    assert slipped(hold) == [("Bob", "email", False)]
    delivery = notice.deliveries.get()
    Attempt.objects.create(delivery=delivery, n=1, channel="email", result="accepted", message_id="m")
    assert slipped(hold) == [("Bob", "email", True)]


def test_a_printed_letter_must_be_taken_out_of_the_pile(district, sam, bob):
    delivery = tell(district).deliveries.get()
    move(delivery, "printed")
    Attempt.objects.create(delivery=delivery, n=1, channel="letter", result="printed")
    assert slipped(place(bob, sam)) == [("Bob", "letter", True)]


def test_what_was_only_due_did_not_slip_out(district, sam, bob):
    tell(district)
    assert slipped(place(bob, sam)) == []


def test_what_went_out_about_another_child_is_no_concern(district, sam, bob):
    tia = f.make_student(district, "Tia")
    carl = f.make_guardian(district, "Carl", of=[tia])
    delivery = tell(district).deliveries.get(guardian=carl)
    move(delivery, "leased", "sent")
    Attempt.objects.create(delivery=delivery, n=1, channel="email", result="accepted", message_id="m")
    assert slipped(place(bob, sam)) == []


@pytest.mark.django_db(transaction=True)
def test_a_hold_waits_for_a_batch_being_claimed_and_then_withholds_it(district, sam, bob):
    notice = tell(district)
    with transaction.atomic():
        claimed = leases.claim(notice_id=notice.pk, after_id=0, limit=10, now=f.NOW)
        assert len(claimed.deliveries) == 1
        placing = in_another_connection(lambda: place(bob, sam))
        assert is_waiting(placing)
    placing.join()
    assert notice.deliveries.get().state == "withheld"
    assert slipped(Hold.objects.get()) == [("Bob", "email", False)]


@pytest.mark.django_db(transaction=True)
def test_a_batch_does_not_take_what_a_hold_is_about_to_withhold(district, sam, bob):
    notice = tell(district)
    claims = []

    def claim() -> None:
        claims.append(leases.claim(notice_id=notice.pk, after_id=0, limit=10, now=f.NOW))

    with transaction.atomic():
        place(bob, sam)
        in_another_connection(claim).join()
    claim()
    assert [claimed.deliveries for claimed in claims] == [(), ()]


@pytest.mark.django_db(transaction=True)
def test_of_two_holds_at_once_one_is_placed(sam, bob):
    placed = []
    with transaction.atomic():
        placed.append(place(bob, sam))
        other = in_another_connection(lambda: placed.append(place(bob, sam)))
        assert is_waiting(other)
    other.join()
    assert placed == [Hold.objects.get()] * 2
