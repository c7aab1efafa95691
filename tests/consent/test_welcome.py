"""What a welcome tells of: everything in force or to come, and nothing that is over."""

import datetime as dt

import pytest
from django.db import transaction

from consent import newcomers, notify
from consent.models import CatchUp, Delivery, Guardianship, Notice
from districts.models import Agreement
from tests import factories as f
from tests.consent.news import catch_up, freeze, let_days_pass, record, tell
from tests.consent.two_connections import in_another_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return f.make_district()


@pytest.fixture
def alice(district):
    """Alice, mother of Sam, was told of a reading agreement."""
    alice = f.make_guardian(district, "Alice", of=[f.make_student(district)])
    tell(district)
    return alice


@pytest.mark.parametrize("over", ["ended", "expired", "left", "replaced by a narrower version"])
def test_what_is_over_welcomes_nobody(district, over):
    agreement = f.make_agreement(district)
    tell(district, agreement)
    if over == "ended":
        Agreement.objects.update(state=Agreement.State.ENDED)
    if over == "expired":
        Agreement.objects.update(ends_on=f.TODAY - dt.timedelta(days=1))
    if over == "left":
        agreement.participations.update(until_on=f.TODAY)
    if over == "replaced by a narrower version":
        tell(district, agreement, scope_grades=["12"])
    f.make_guardian(district, "Bob", of=[f.make_student(district)])
    assert catch_up() == {}


def test_a_newcomer_learns_of_what_begins_next_month_too(district):
    tell(district, f.make_agreement(district, begins_on=f.TODAY + dt.timedelta(days=30)))
    f.make_guardian(district, "Bob", of=[f.make_student(district)])
    assert list(catch_up()) == ["Bob"]


def test_a_version_to_come_does_not_hide_the_one_in_force(district):
    agreement = f.make_agreement(district)
    tell(district, agreement)
    tell(district, agreement, scope_grades=["12"], effective_from=f.TODAY + dt.timedelta(days=30))
    f.make_guardian(district, "Bob", of=[f.make_student(district, grade="03")])
    assert list(catch_up()) == ["Bob"]


def test_a_new_owner_is_no_reason_to_think_a_newcomer_was_told(district, alice):
    agreement = Agreement.objects.get()
    f.make_guardian(district, "Bob", of=[f.make_student(district)])
    record(agreement, ["tell_now"], kind="owner_changed")
    [notice] = notify.announce(now=f.NOW)
    notify.fan_out(notice, now=f.NOW)
    assert list(catch_up()) == ["Bob"]


def test_newcomers_of_another_district_are_not_welcomed_to_this_ones_agreements(district, alice):
    elsewhere = f.make_district(state=district.state)
    f.make_guardian(elsewhere, "Carol", of=[f.make_student(elsewhere)])
    assert catch_up() == {}


def test_a_public_page_only_agreement_welcomes_nobody(district):
    freeze(f.make_draft(f.make_agreement(district)))
    f.make_guardian(district, "Bob", of=[f.make_student(district)])
    assert catch_up() == {}


def test_a_welcome_at_night_waits_for_the_morning(district, alice):
    f.make_guardian(district, "Bob", of=[f.make_student(district)])
    catch_up(dt.datetime(2026, 9, 2, 4, 0, tzinfo=dt.UTC))
    welcome = Delivery.objects.get(guardian__given_name="Bob")
    assert welcome.next_attempt_at == dt.datetime(2026, 9, 2, 13, 0, tzinfo=dt.UTC)
    assert welcome.notice.welcome_day == f.TODAY


def test_with_nothing_new_it_asks_two_questions_and_writes_a_mark(district, alice, django_assert_num_queries):
    let_days_pass()
    with django_assert_num_queries(3):
        assert notify.catch_up(now=f.NOW) == 0


@pytest.mark.parametrize("newcomers", [1, 10])
def test_ten_newcomers_take_no_more_queries_than_one(district, alice, newcomers, django_assert_num_queries):
    school = f.make_school(district)
    for n in range(newcomers):
        f.make_guardian(district, f"N{n}", of=[f.make_student(district, school=school)])
    with django_assert_num_queries(17):
        assert notify.catch_up(now=f.NOW) == newcomers


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_batches_leave_no_newcomer_out(district, alice, monkeypatch, batch):
    school = f.make_school(district)
    twins = [f.make_student(district, name, school=school) for name in ("Tia", "Uma")]
    for n in range(3):
        f.make_guardian(district, f"G{n}", of=twins)
    monkeypatch.setattr(newcomers, "BATCH", batch)
    everybody = sorted(twin.pk for twin in twins)
    assert catch_up() == {f"G{n}": everybody for n in range(3)}
    assert Notice.objects.get(welcome_day=f.TODAY).audience == 3


@pytest.mark.django_db(transaction=True)
def test_a_row_committed_after_the_look_it_was_stamped_before_is_found_by_the_next(district, monkeypatch):
    """A roster load, or a page of staff, may take long between writing a row and committing it."""
    monkeypatch.setattr(newcomers, "MARGIN_MINUTES", 0)
    f.make_guardian(district, "Alice", of=[f.make_student(district)])
    tell(district)
    looked = []
    with transaction.atomic():
        f.make_guardian(district, "Bob", of=[f.make_student(district)])
        other = in_another_connection(lambda: looked.append(notify.catch_up(now=f.NOW)))
        other.join()
        opened = CatchUp.objects.get().looked_until
    bob = Guardianship.objects.get(guardian__given_name="Bob")
    assert (looked, opened < bob.entered_at) == ([0], True)
    assert notify.catch_up(now=f.NOW) == 1
