"""Sam's family on the site: what the district published, and the browser of somebody signed in."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from consent.models import Claim
from consent.questions import open_questions
from districts.models import Basis
from tests import factories as f

PAST, FAR = dt.date(2020, 1, 1), dt.date(2099, 1, 1)


def publish(agreement, lines, **fields):
    version = f.make_draft(agreement, lines, **{"effective_from": PAST, **fields})
    version.published_at = timezone.now()
    version.save()
    version.refresh_from_db()
    open_questions(version.pk)
    return version


@pytest.fixture
def district():
    return f.make_district(slug="cedar-valley")


@pytest.fixture
def agreement(district):
    made = f.make_agreement(district, f.make_vendor("Lumino Reading"), begins_on=PAST, ends_on=FAR)
    publish(made, [("voice-recording", "voice", Basis.CONSENT), ("grade", "school", Basis.SCHOOL_OFFICIAL)])
    return made


@pytest.fixture
def sam(district):
    return f.make_student(district, "Sam")


def signed_in(guardian) -> Client:
    """Return the browser of a guardian whose mailbox is tied to them."""
    user = f.make_user()
    Claim.objects.create(user=user, guardian=guardian, proof="letter_code")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def alice(district, sam, agreement):
    return f.make_guardian(district, "Alice", of=[sam])


def hidden_fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
