"""Who is told: every person concerned once, and nobody else, whatever happens to the worker."""

import datetime as dt

import pytest
from django.db import transaction

from consent import fanning, locks, notify
from consent.models import Delivery, Enrollment, Guardianship, Notice
from districts.models import Participation
from tests import factories as f
from tests.consent.news import freeze, publish, record
from tests.consent.two_connections import in_another_connection, is_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return f.make_district()


@pytest.fixture
def school(district):
    return f.make_school(district)


def make_notice(district, *severities: str, kind: str = "version", **version: object) -> Notice:
    publish(f.make_draft(f.make_agreement(district), **version), *severities, kind=kind)
    [notice] = notify.announce(now=f.NOW)
    return Notice.objects.get(pk=notice)


def fan_out(notice: Notice, **options: object) -> int:
    written = notify.fan_out(notice.pk, now=f.NOW, **options)
    notice.refresh_from_db()
    return written


def told(notice: Notice) -> dict[str, list[int]]:
    return dict(notice.deliveries.values_list("guardian__given_name", "about"))


def test_a_guardian_of_three_children_is_told_once_of_all_three(district):
    children = [f.make_student(district, name) for name in ("Sam", "Tia", "Uma")]
    f.make_guardian(district, "Alice", of=children)
    notice = make_notice(district)
    assert fan_out(notice) == 1
    assert told(notice) == {"Alice": sorted(child.pk for child in children)}


def test_a_child_at_two_schools_in_scope_is_named_once(district):
    sam = f.make_student(district)
    Enrollment.objects.create(student=sam, school=f.make_school(district), grade="03")
    f.make_guardian(district, "Alice", of=[sam])
    notice = make_notice(district)
    fan_out(notice)
    assert told(notice) == {"Alice": [sam.pk]}


def test_only_people_with_rights_over_children_in_scope_of_that_district_are_told(district):
    in_scope, older = f.make_student(district, grade="03"), f.make_student(district, grade="09")
    gone = f.make_student(district, grade="03", ended_on=f.TODAY)
    elsewhere = f.make_district(state=district.state)
    f.make_guardian(district, "Alice", of=[in_scope, older])
    f.make_guardian(district, "Older", of=[older])
    f.make_guardian(district, "Gone", of=[gone])
    f.make_guardian(district, "Uncle", of=[in_scope], relation="relative", rights="review")
    f.make_guardian(district, "Neighbour", of=[in_scope], relation="other", rights="none")
    f.make_guardian(district, "Ended", of=[in_scope], ended_on=f.TODAY)
    barred = f.make_guardian(district, "Barred", of=[in_scope])
    f.make_hold(barred, in_scope)
    f.make_guardian(elsewhere, "Carol", of=[f.make_student(elsewhere, grade="03")])
    ellis, _self = f.make_eligible_student(district)
    Enrollment.objects.filter(student=ellis).update(grade="03")
    f.make_guardian(district, "EllisMother", of=[ellis])
    notice = make_notice(district, scope_grades=["03"])
    fan_out(notice)
    assert told(notice) == {"Alice": [in_scope.pk], "Ellis": [ellis.pk]}


def test_only_schools_in_scope_count(district, school):
    here, there = f.make_student(district, school=school), f.make_student(district)
    f.make_guardian(district, "Alice", of=[here, there])
    f.make_guardian(district, "Bob", of=[there])
    draft = f.make_draft(f.make_agreement(district))
    draft.scope_schools.add(school)
    publish(draft)
    [notice_id] = notify.announce(now=f.NOW)
    notice = Notice.objects.get(pk=notice_id)
    fan_out(notice)
    assert told(notice) == {"Alice": [here.pk]}


def test_families_are_told_today_of_what_begins_next_month(district):
    f.make_guardian(district, "Alice", of=[f.make_student(district)])
    agreement = f.make_agreement(district, begins_on=f.TODAY + dt.timedelta(days=30))
    publish(f.make_draft(agreement))
    [notice_id] = notify.announce(now=f.NOW)
    assert notify.fan_out(notice_id, now=f.NOW) == 1


def test_families_are_told_of_an_agreement_their_district_has_just_left(district):
    f.make_guardian(district, "Alice", of=[f.make_student(district)])
    agreement = f.make_agreement(district.state)
    freeze(f.make_draft(agreement))
    part = Participation.objects.create(
        agreement=agreement, agency=district, kind="joined", from_on=dt.date(2026, 1, 1), until_on=f.TODAY
    )
    record(agreement, ["digest"], kind="left", participation=part)
    [notice_id] = notify.announce(now=f.NOW)
    assert notify.fan_out(notice_id, now=f.NOW) == 1


@pytest.mark.parametrize(
    ("person", "channel"),
    [
        ({}, "email"),
        ({"email": ""}, "letter"),
        ({"email_failed_at": f.NOW}, "letter"),
        ({"email": "shared@example.org"}, "letter"),
    ],
    ids=["address", "no address", "address bounced", "address a barred person uses too"],
)
def test_who_has_no_address_of_their_own_gets_a_letter(district, person, channel):
    sam = f.make_student(district)
    f.make_guardian(district, "Alice", of=[sam], **person)
    bob = f.make_guardian(district, "Bob", of=[sam], email="shared@example.org")
    f.make_hold(bob, sam)
    notice = make_notice(district)
    fan_out(notice)
    assert list(notice.deliveries.values_list("guardian__given_name", "channel")) == [("Alice", channel)]


@pytest.mark.parametrize(
    ("severity", "hour"), [("answer_needed", 17), ("tell_now", 17), ("digest", 21)], ids=str
)
def test_the_first_attempt_is_now_or_at_the_hour_of_the_daily_message(district, severity, hour):
    f.make_guardian(district, "Alice", of=[f.make_student(district)])
    notice = make_notice(district, severity)
    fan_out(notice)
    assert notice.deliveries.get().next_attempt_at == dt.datetime(2026, 9, 1, hour, tzinfo=dt.UTC)


def test_news_of_several_agreements_of_a_day_can_travel_in_one_message(district):
    f.make_guardian(district, "Alice", of=[f.make_student(district)])
    for _ in range(3):
        fan_out(make_notice(district, kind="baseline"))
    rows = Delivery.objects.values_list("guardian__given_name", "next_attempt_at", "bundle").distinct()
    assert list(rows) == [("Alice", dt.datetime(2026, 9, 1, 21, tzinfo=dt.UTC), None)]


def test_the_start_is_marked_first_and_the_end_with_the_audience_last(district):
    f.make_guardian(district, "Alice", of=[f.make_student(district)])
    notice = make_notice(district)
    assert (notice.fan_out_started_at, notice.fanned_out_at, notice.audience) == (None, None, None)
    assert notify.unfinished() == [notice.pk]
    fan_out(notice)
    assert notice.fan_out_started_at < notice.fanned_out_at
    assert notice.audience == 1
    assert notify.unfinished() == []
    assert fan_out(notice) == 0


def test_a_notice_that_concerns_nobody_has_an_audience_of_none(district):
    notice = make_notice(district)
    assert fan_out(notice) == 0
    assert notice.audience == 0


@pytest.mark.parametrize("batch", [1, 2, 3, 100])
def test_batches_leave_nobody_out(district, school, batch):
    for n in range(5):
        f.make_guardian(district, f"G{n}", of=[f.make_student(district, school=school)])
        f.make_guardian(district, f"Apart{n}")
    notice = make_notice(district)
    assert fan_out(notice, batch=batch) == 5
    assert notice.audience == 5


def test_a_fan_out_killed_between_batches_is_run_again_and_nobody_is_told_twice(
    district, school, monkeypatch
):
    for n in range(5):
        f.make_guardian(district, f"G{n}", of=[f.make_student(district, school=school)])
    notice = make_notice(district)
    whole = fanning.write_deliveries
    calls = iter(range(10))

    def killed_at_the_third(*args, **kwargs):
        if next(calls) == 2:
            raise KeyboardInterrupt
        return whole(*args, **kwargs)

    monkeypatch.setattr(fanning, "write_deliveries", killed_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        fan_out(notice, batch=2)
    notice.refresh_from_db()
    started = notice.fan_out_started_at
    assert (notice.deliveries.count(), notice.fanned_out_at) == (4, None)
    assert notify.unfinished() == [notice.pk]
    monkeypatch.undo()
    assert fan_out(notice, batch=2) == 1
    assert (notice.audience, notice.deliveries.count()) == (5, 5)
    assert notice.fan_out_started_at == started


@pytest.mark.parametrize("people", [1, 10])
def test_a_batch_of_ten_takes_no_more_queries_than_a_batch_of_one(
    district, school, people, django_assert_num_queries
):
    for n in range(people):
        f.make_guardian(district, f"G{n}", of=[f.make_student(district, school=school)])
    notice = make_notice(district)
    with django_assert_num_queries(20):
        notify.fan_out(notice.pk, now=f.NOW)


# --- with two connections ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_fan_outs_at_once_write_each_delivery_once(district):
    school = f.make_school(district)
    for n in range(20):
        f.make_guardian(district, f"G{n}", of=[f.make_student(district, school=school)])
    notice = make_notice(district)
    everybody = {"after": 0, "up_to": 2**62, "now": f.NOW}
    written = []

    def choose_and_write() -> None:
        fanning.start(notice.pk)
        written.append(fanning.write_deliveries(notice, **everybody))

    fanning.start(notice.pk)
    with transaction.atomic():
        written.append(fanning.write_deliveries(notice, **everybody))
        other = in_another_connection(choose_and_write)
        assert is_waiting(other)  # it waits for our rows, then finds them
    other.join()
    assert sorted(written) == [0, 20]
    assert fan_out(notice) == 0
    assert notice.audience == 20


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_leaves_a_fan_out_under_way_alone(district):
    f.make_guardian(district, "Alice", of=[f.make_student(district)])
    notice = make_notice(district)
    second = []
    with locks.fanning_out(notice.pk) as mine:
        assert mine
        in_another_connection(lambda: second.append(notify.fan_out(notice.pk, now=f.NOW))).join()
    assert second == [0]
    assert fan_out(notice) == 1


@pytest.mark.django_db(transaction=True)
def test_a_fan_out_starts_when_no_roster_load_is_under_way(district):
    alice = f.make_guardian(district, "Alice", of=[f.make_student(district)])
    notice = make_notice(district)
    with transaction.atomic():
        locks.roster_lock(district.pk)
        bob = f.make_guardian(district, "Bob", of=[f.make_student(district)])
        other = in_another_connection(lambda: notify.fan_out(notice.pk, now=f.NOW))
        assert is_waiting(other)
        assert Notice.objects.get(pk=notice.pk).fan_out_started_at is None
    other.join()
    assert set(notice.deliveries.values_list("guardian", flat=True)) == {alice.pk, bob.pk}
    entered = Guardianship.objects.get(guardian=bob).entered_at
    assert entered < Notice.objects.get(pk=notice.pk).fan_out_started_at


@pytest.mark.django_db(transaction=True)
def test_two_announcers_at_once_make_one_notice(district):
    publish(f.make_draft(f.make_agreement(district)))
    made = []
    with transaction.atomic():
        made.append(notify.announce(now=f.NOW))
        other = in_another_connection(lambda: made.append(notify.announce(now=f.NOW)))
        assert is_waiting(other)
    other.join()
    assert [len(ids) for ids in made] == [1, 0]
    assert Notice.objects.count() == 1
