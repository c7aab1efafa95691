"""My family asks as many statements for ten children as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.models import Guardianship
from districts.models import Basis
from tests import factories as f
from tests.consent.family_site import (  # noqa: F401 - fixtures too
    FAR,
    PAST,
    agreement,
    alice,
    district,
    publish,
    sam,
    signed_in,
)

pytestmark = pytest.mark.django_db


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
        Guardianship.objects.create(guardian=alice, student=child, relation="mother", rights="decides")
        made = f.make_agreement(district, f.make_vendor(f"V{n}"), begins_on=PAST, ends_on=FAR)
        publish(
            made, [("voice-recording", "voice", Basis.CONSENT), ("grade", "school", Basis.SCHOOL_OFFICIAL)]
        )
    assert count() == one
