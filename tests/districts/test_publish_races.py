"""Two browsers at once: the loser waits for the lock and then learns that it lost."""

import pytest
from django.db import transaction

from districts.models import Basis, Publication, SharedElement
from districts.publish import NotADraft, publish_version
from tests.districts.races import Rival
from tests.factories import NOW, add_line, make_agreement, make_district, make_draft, make_element

pytestmark = pytest.mark.django_db(transaction=True)


def test_publishing_from_two_connections_at_once_publishes_once():
    draft = make_draft(make_agreement(make_district()))
    rival = Rival(lambda: publish_version(version_id=draft.pk, now=NOW))
    with transaction.atomic():
        publish_version(version_id=draft.pk, now=NOW)
        rival.wait_for_the_lock()
    rival.finish()
    assert isinstance(rival.error, NotADraft)
    assert Publication.objects.count() == 1


def test_the_loser_publishes_when_the_first_one_fails():
    draft = make_draft(make_agreement(make_district()))
    rival = Rival(lambda: publish_version(version_id=draft.pk, now=NOW))
    with transaction.atomic():
        publish_version(version_id=draft.pk, now=NOW)
        rival.wait_for_the_lock()
        transaction.set_rollback(True)
    rival.finish()
    assert rival.error is None
    assert Publication.objects.get() == rival.result


def test_a_line_added_while_the_version_is_published_comes_too_late():
    draft = make_draft(make_agreement(make_district()))
    make_element("voice", "media")
    rival = Rival(lambda: add_line(draft, "voice", Basis.SCHOOL_OFFICIAL))
    with transaction.atomic():
        publish_version(version_id=draft.pk, now=NOW)
        rival.wait_for_the_lock()
    rival.finish()
    assert rival.error.__cause__.diag.constraint_name == "published_version_is_frozen"
    assert SharedElement.objects.filter(version=draft).count() == 1


def test_a_line_being_added_is_waited_for_and_told():
    draft = make_draft(make_agreement(make_district()))
    rival = Rival(lambda: publish_version(version_id=draft.pk, now=NOW))
    with transaction.atomic():
        add_line(draft, "voice", Basis.SCHOOL_OFFICIAL, category="media")
        rival.wait_for_the_lock()
    rival.finish()
    assert rival.result.changes.filter(element__code="voice").exists()
