"""My family asks as many statements for ten children as for one."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent.models import Claim
from consent.questions import open_questions
from districts.models import Basis
from tests import factories as f

pytestmark = pytest.mark.django_db

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
    Claim.objects.create(user=user, guardian=guardian, proof="roster_email")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def alice(district, sam, agreement):
    return f.make_guardian(district, "Alice", of=[sam])


def test_ten_children_and_ten_agreements_ask_as_many_statements_as_one(district, alice, sam):
    client = signed_in(alice)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/family/")
        return len(queries)

    count()
    one = count()
    for n in range(9):
        child = f.make_student(district, f"Child {n}")
        from consent.models import Guardianship

        Guardianship.objects.create(guardian=alice, student=child, relation="mother", rights="decides")
        made = f.make_agreement(district, f.make_vendor(f"V{n}"), begins_on=PAST, ends_on=FAR)
        publish(
            made, [("voice-recording", "voice", Basis.CONSENT), ("grade", "school", Basis.SCHOOL_OFFICIAL)]
        )
    assert count() == one
