"""A barred adult learns nothing: holds withhold, shut out, and show staff what slipped out before them."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from consent import holds, notify
from consent.models import Claim, ClaimCode, Delivery, EffectiveState, Guardianship, Hold, Notice
from tests import factories as f
from tests.consent import answering
from tests.consent.news import publish

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


WAYS = {
    "due": [],
    "leased": ["leased"],
    "printed": ["printed"],
    "failed": ["failed"],
    "failure_seen": ["failed", "failure_seen"],
    "sent": ["leased", "sent"],
    "posted": ["printed", "posted"],
}


@pytest.mark.parametrize("state", [*WAYS])
def test_what_is_on_its_way_is_withheld_and_what_went_out_stays_in_the_books(district, sam, bob, state):
    delivery = tell(district).deliveries.get()
    move(delivery, *WAYS[state])
    place(bob, sam)
    delivery.refresh_from_db()
    expected = (state, "") if state in ("sent", "posted") else ("withheld", "hold")
    assert (delivery.state, delivery.withheld_because) == expected


def test_every_state_is_in_the_table_above():
    assert {*WAYS, "withheld"} == set(Delivery.State.values)


def test_a_message_about_another_child_too_goes_on_without_this_one(district, sam, bob):
    tia = f.make_student(district, "Tia")
    Guardianship.objects.create(guardian=bob, student=tia, relation="father", rights="decides")
    delivery = tell(district).deliveries.get()
    place(bob, sam)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.about) == ("due", [tia.pk])
    place(bob, tia)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.about) == ("withheld", [tia.pk])


def test_the_other_parent_is_still_told(district, sam, bob):
    f.make_guardian(district, "Alice", of=[sam])
    notice = tell(district)
    place(bob, sam)
    assert dict(notice.deliveries.values_list("guardian__given_name", "state")) == {
        "Alice": "due",
        "Bob": "withheld",
    }


def test_the_due_day_counts_from_the_districts_today(sam, bob):
    midnight_in_chicago = dt.datetime(2026, 9, 2, 4, 59, tzinfo=dt.UTC)
    hold = place(bob, sam, now=midnight_in_chicago)
    assert hold.review_due_on == f.TODAY + dt.timedelta(days=10)


def test_a_hold_that_stands_is_returned_as_it_is(sam, bob):
    first = place(bob, sam)
    assert place(bob, sam, evidence="Again.").pk == first.pk
    assert Hold.objects.count() == 1


def test_his_answers_count_no_longer(district, sam, bob):
    [version] = answering.make_question(f.make_agreement(district), [["a"]])
    answering.answer(sam, version, bob, "yes")
    from consent.effective import drift, recompute

    recompute(today=f.TODAY)
    assert EffectiveState.objects.count() == 1
    hold = place(bob, sam)
    assert EffectiveState.objects.count() == 0
    holds.lift_hold(hold_id=hold.pk, reason="Lifted by the court.", by=None, now=f.NOW)
    assert EffectiveState.objects.count() == 1
    assert drift(today=f.TODAY) == 0


# --- signed in ----------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(bob) -> Client:
    user = f.make_user("bob@example.org")
    Claim.objects.create(user=user, guardian=bob, proof="letter_code")
    ClaimCode.objects.create(guardian=bob, digest="d" * 64, expires_at=LEASE_END)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert user_of(client) == user.pk
    return client


def user_of(client: Client) -> int | None:
    """Return whom the next request of this browser comes from."""
    from django.contrib.auth import get_user
    from django.http import HttpRequest

    request = HttpRequest()
    request.session = client.session
    return get_user(request).pk


def test_with_no_child_left_sign_ins_claims_and_codes_end(sam, bob, signed_in):
    place(bob, sam)
    assert user_of(signed_in) is None
    assert Claim.objects.get().ended_why == holds.HELD
    assert ClaimCode.objects.get().revoked_at == f.NOW


def test_with_another_child_left_he_stays_signed_in(district, sam, bob, signed_in):
    f.make_student(district, "Tia")
    tia = f.make_student(district, "Tia")
    Guardianship.objects.create(guardian=bob, student=tia, relation="father", rights="decides")
    place(bob, sam)
    assert user_of(signed_in) is not None
    assert Claim.objects.get().ended_at is None
    assert ClaimCode.objects.get().revoked_at is None


def test_someone_who_signs_in_with_a_password_keeps_it_and_loses_the_session(district, sam, bob):
    dana = f.make_staff(district)
    Claim.objects.create(user=dana, guardian=bob, proof="staff")
    clients = [Client(), Client()]
    clients[0].force_login(dana, backend="django.contrib.auth.backends.ModelBackend")
    clients[1].force_login(f.make_user(), backend="django.contrib.auth.backends.ModelBackend")
    place(bob, sam)
    dana.refresh_from_db()
    assert dana.check_password("correct horse battery")
    assert user_of(clients[0]) is None
    assert user_of(clients[1]) is not None
    assert Session.objects.count() == 1


# --- lifting, and orders -----------------------------------------------------------------------------


def test_lifting_gives_a_reason_and_lets_the_person_in_as_a_newcomer(district, sam, bob):
    hold = place(bob, sam)
    tell(district)
    holds.lift_hold(hold_id=hold.pk, reason=" The order ran out. ", by=None, now=f.NOW)
    hold.refresh_from_db()
    assert (hold.lifted_at, hold.lifted_reason) == (f.NOW, "The order ran out.")
    assert notify.catch_up(now=f.NOW) == 1
    assert bob.deliveries.get().notice.welcome_day == f.TODAY


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_lifted_or_recorded_without_words(sam, bob, reason):
    hold = place(bob, sam)
    with pytest.raises(holds.ReasonMissingError):
        holds.lift_hold(hold_id=hold.pk, reason=reason, by=None, now=f.NOW)
    with pytest.raises(holds.ReasonMissingError):
        holds.record_order(hold_id=hold.pk, reference=reason, by=None, now=f.NOW)


def test_a_lifted_hold_stays_lifted(sam, bob):
    hold = place(bob, sam)
    holds.lift_hold(hold_id=hold.pk, reason="Lifted.", by=None, now=f.NOW)
    with pytest.raises(holds.HoldIsLiftedError):
        holds.lift_hold(hold_id=hold.pk, reason="Again.", by=None, now=f.NOW)
    assert place(bob, sam).pk != hold.pk


def test_a_hold_is_overdue_the_day_after_its_due_day_unless_an_order_is_recorded(district, sam, bob):
    hold = place(bob, sam)
    due = hold.review_due_on
    assert list(holds.overdue_holds(district, due)) == []
    assert list(holds.overdue_holds(district, due + dt.timedelta(days=1))) == [hold]
    assert list(holds.overdue_holds(f.make_district(), due + dt.timedelta(days=1))) == []
    holds.record_order(hold_id=hold.pk, reference="2026 OP 118", by=None, now=f.NOW)
    hold.refresh_from_db()
    assert (hold.order_reference, hold.order_recorded_on) == ("2026 OP 118", f.TODAY)
    assert list(holds.overdue_holds(district, due + dt.timedelta(days=1))) == []
