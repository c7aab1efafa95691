"""A moment is shown as the day it was in the district, wherever the server's clock stands."""

import datetime as dt

import pytest
from django.utils import formats, timezone

from consent import decide
from consent.models import Decision, Objection
from tests.consent.family_site import (  # noqa: F401 - fixtures too
    agreement,
    alice,
    district,
    hidden_fields,
    sam,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def far_away(district):
    """The district lies where it is another day than in UTC now: 14 hours ahead, or 11 behind."""
    district.time_zone = "Pacific/Kiritimati" if timezone.now().hour >= 10 else "Pacific/Pago_Pago"
    district.save()
    return district


def day(moment: dt.datetime, district) -> str:
    return formats.date_format(district.today(moment), "DATE_FORMAT")


def test_an_answer_stands_under_its_day(far_away, alice, sam):
    client = signed_in(alice)
    fields = hidden_fields(client.get("/family/").content.decode())
    url = f"/family/children/{sam.public_id}/answer/"
    client.post(url, {**fields, "answer": "yes", "save": "1", "language": "en"})
    said = Decision.objects.get().decided_at
    wrong = formats.date_format(said, "DATE_FORMAT")
    assert day(said, far_away) != wrong
    for path in ("/family/answers/", "/family/", f"/family/children/{sam.public_id}/"):
        page = client.get(path).content.decode()
        assert f">{day(said, far_away)}</time>" in page, path
        assert f">{wrong}</time>" not in page, path


def test_a_question_asked_stands_under_its_day(far_away, alice, sam, agreement):
    decide.object_to(
        student_id=sam.pk,
        agreement_id=agreement.pk,
        guardian_id=alice.pk,
        kind=Objection.Kind.DISAGREE,
        text="He is seven.",
        now=timezone.now(),
    )
    page = signed_in(alice).get(f"/family/children/{sam.public_id}/").content.decode()
    assert f">{day(Objection.objects.get().made_at, far_away)}</time>" in page
