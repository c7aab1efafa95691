"""Nudges come after the commit and may fail; tasks call services and pass on ids."""

import datetime as dt

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from consent import daily, notify, tasks
from consent.models import EffectiveState, Notice, QuestionVersion, RosterLoad
from consent.signals import roster_loaded
from districts.models import Publication
from districts.signals import changes_recorded
from tests import factories as f
from tests.consent import answering
from tests.consent.news import publish, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(monkeypatch) -> list[tuple[str, tuple[object, ...]]]:
    """Note what is queued, in order."""
    calls = []
    for name in ("announce_changes", "fan_out_notice", "deliver_notice", "catch_up_newcomers"):
        monkeypatch.setattr(getattr(tasks, name), "delay", lambda *ids, name=name: calls.append((name, ids)))
    return calls


def test_a_publication_nudges_after_its_commit(called, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        changes_recorded.send(sender=Publication, publication_id=1)
        assert called == []
    assert called == [("announce_changes", ())]


def test_a_roster_load_nudges_the_welcome_after_its_commit(called, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        roster_loaded.send(sender=RosterLoad, agency_id=1)
        assert called == []
    assert called == [("catch_up_newcomers", ())]


def test_the_hourly_task_welcomes_and_turns_the_day():
    district = f.make_district()
    sam = f.make_student(district)
    alice = f.make_guardian(district, "Alice", of=[sam])
    tell(district)
    [asked] = QuestionVersion.objects.all()
    answering.answer(sam, asked, alice, "yes")
    f.make_guardian(district, "Bob", of=[sam])
    tasks.catch_up_newcomers()
    assert Notice.objects.filter(welcome_day__isnull=False).get().audience == 1
    assert EffectiveState.objects.get().answer == "yes"


def test_a_day_is_turned_once_at_the_districts_own_midnight():
    district = f.make_district()
    tell(district)
    evening = dt.datetime(2026, 9, 2, 4, 59, tzinfo=dt.UTC)
    notify.catch_up(now=evening)
    assert daily.turn_days(now=evening) == [district.pk]
    assert daily.turn_days(now=evening) == []
    assert daily.turn_days(now=evening + dt.timedelta(minutes=1)) == [district.pk]


def test_a_stopped_broker_does_not_touch_the_publication(
    monkeypatch, django_capture_on_commit_callbacks, caplog
):
    def stopped() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.announce_changes, "delay", stopped)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        publication = publish(f.make_draft(f.make_agreement(f.make_district())))
        changes_recorded.send(sender=Publication, publication_id=publication.pk)
    assert Publication.objects.filter(pk=publication.pk).exists()
    assert "on_commit" in caplog.text


def test_a_publication_goes_from_task_to_task_by_id(called):
    district = f.make_district()
    f.make_guardian(district, "Alice", of=[f.make_student(district)])
    publish(f.make_draft(f.make_agreement(district)))
    tasks.announce_changes()
    notice = Notice.objects.get()
    assert called == [("fan_out_notice", (notice.pk,))]
    tasks.fan_out_notice(notice.pk)
    assert called[1:] == [("deliver_notice", (notice.pk,))]
    notice.refresh_from_db()
    assert notice.audience == 1


def test_the_sweep_takes_up_a_fan_out_whose_message_was_lost(called, monkeypatch):
    publish(f.make_draft(f.make_agreement(f.make_district())))
    tasks.announce_changes()
    tasks.resume_fan_outs()
    [notice] = Notice.objects.values_list("pk", flat=True)
    assert called == [("fan_out_notice", (notice,))]  # it is young: its message is on the way
    monkeypatch.setattr(tasks, "A_WHILE", dt.timedelta(0))
    tasks.resume_fan_outs()
    assert called == [("fan_out_notice", (notice,))] * 2
    for _ in range(2):  # late, and twice
        tasks.fan_out_notice(notice)
    tasks.resume_fan_outs()
    assert len(called) == 4


def test_as_many_nudges_as_publications_have_each_notice_fanned_out_once(called):
    district = f.make_district()
    for _ in range(5):
        publish(f.make_draft(f.make_agreement(district)))
    for _ in range(5):
        tasks.announce_changes()
    assert sorted(called) == [
        ("fan_out_notice", (notice,)) for notice in Notice.objects.order_by("pk").values_list("pk", flat=True)
    ]
    assert len(called) == 5
