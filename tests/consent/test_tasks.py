"""Nudges come after the commit and may fail; tasks call services and pass on ids."""

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from consent import tasks
from consent.models import Notice
from districts.models import Publication
from districts.signals import changes_recorded
from tests import factories as f
from tests.consent.news import publish

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


def test_the_sweep_takes_up_a_fan_out_whose_message_was_lost(called):
    publish(f.make_draft(f.make_agreement(f.make_district())))
    for _ in range(2):
        tasks.announce_changes()
    [notice] = Notice.objects.values_list("pk", flat=True)
    assert called == [("fan_out_notice", (notice,))] * 2
    for _ in range(2):  # late, and twice
        tasks.fan_out_notice(notice)
    tasks.announce_changes()
    assert len(called) == 4
