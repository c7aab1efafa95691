"""Two at once: the last place of a day is taken by one, and two of the staff do not decide differently."""

import pytest
from django.db import transaction
from django.utils import timezone

from districts.models import OpenQuestion, OpenRefusal
from districts.publish import publish_version
from portal.asking import moderating
from portal.asking.sending_in import MOST_PER_ADDRESS_AND_DAY, TooMany
from portal.models import AskedInPublic
from tests import factories as f
from tests.districts.races import Rival
from tests.portal.askers import make_asked

pytestmark = pytest.mark.django_db(transaction=True)

ADA = "ada@example.org"


@pytest.fixture
def agreement():
    agreement = f.make_agreement(f.make_district())
    publish_version(version_id=f.make_draft(agreement).pk, now=f.NOW)
    return agreement


def test_the_last_place_of_a_day_is_taken_once(agreement):
    for _n in range(MOST_PER_ADDRESS_AND_DAY - 1):
        make_asked(agreement, email=ADA, is_confirmed=False)
    rival = Rival(lambda: make_asked(agreement, email=ADA, is_confirmed=False))
    with transaction.atomic():
        make_asked(agreement, email=ADA, is_confirmed=False)
        rival.wait_for_the_lock()
    rival.finish()
    assert isinstance(rival.error, TooMany)
    assert AskedInPublic.objects.count() == MOST_PER_ADDRESS_AND_DAY


def test_what_one_shows_another_does_not_refuse(agreement):
    asked = make_asked(agreement)
    rival = Rival(lambda: moderating.refuse(asked_id=asked.pk, reason="insult", now=timezone.now()))
    with transaction.atomic():
        moderating.publish(asked_id=asked.pk, now=timezone.now())
        rival.wait_for_the_lock()
    rival.finish()
    assert isinstance(rival.error, moderating.NotWaiting)
    assert OpenQuestion.objects.count() == 1
    assert not OpenRefusal.objects.exists()
