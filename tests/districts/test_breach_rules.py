"""Which breaches stand on the public list: 105 ILCS 85/27(a)(5), in Python and in PostgreSQL alike."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from districts.breach_rules import may_be_left_off, was_before_the_list
from districts.incidents import report_incident
from districts.models import Incident
from tests import factories as f
from tests.districts.api.register import get

# The worked cases: enrollment 4,210 and 421 is exactly a tenth; what is not known is posted.
WORKED = [
    (420, 4210, True),
    (421, 4210, False),
    (421, 4215, True),
    (422, 4215, False),
    (0, 4210, True),
    (0, 0, False),
    (5, 0, False),
    (None, 4210, False),
    (5, None, False),
    (None, None, False),
]
DAYS = [
    (dt.date(2021, 6, 30), None, True),
    (dt.date(2021, 7, 1), None, False),
    (dt.date(2021, 6, 1), dt.date(2021, 6, 30), True),
    (dt.date(2021, 6, 1), dt.date(2021, 7, 1), False),
    (None, None, False),
]


@pytest.mark.parametrize(("affected", "enrollment", "may"), WORKED)
def test_fewer_than_a_tenth_may_be_left_off_and_exactly_a_tenth_is_posted(affected, enrollment, may):
    assert may_be_left_off(affected, enrollment) is may


@pytest.mark.parametrize(("began_on", "ended_on", "may"), DAYS)
def test_what_was_over_before_the_list_began_may_be_left_off(began_on, ended_on, may):
    assert was_before_the_list(began_on, ended_on) is may


def is_taken(**fields: object) -> bool:
    """Try to leave a breach off; tell whether PostgreSQL took it."""
    try:
        with transaction.atomic():
            Incident.objects.create(
                agency=f.make_district(), learned_on=f.TODAY, description="A laptop was lost.", **fields
            )
    except IntegrityError:
        return False
    return True


@pytest.mark.django_db
@pytest.mark.parametrize(("affected", "enrollment", "may"), WORKED)
def test_postgresql_counts_the_tenth_the_same_way(affected, enrollment, may):
    given = {"students_affected": affected, "enrollment": enrollment}
    assert is_taken(left_off_because="below_a_tenth", **given) is may
    assert is_taken(**given)  # posting is always allowed


@pytest.mark.django_db
@pytest.mark.parametrize(("began_on", "ended_on", "may"), DAYS)
def test_postgresql_knows_the_first_day_of_the_list(began_on, ended_on, may):
    kind = "unknown" if began_on is None else "range"
    given = {"date_kind": kind, "began_on": began_on, "ended_on": ended_on}
    assert is_taken(left_off_because="before_july_2021", **given) is may


@pytest.mark.django_db
def test_what_is_left_off_is_on_no_list_and_not_in_the_data(client):
    district = f.make_district(slug="cedar-valley")
    off = Incident.objects.create(
        agency=district,
        learned_on=f.TODAY,
        description="A paper list was lost.",
        students_affected=420,
        enrollment=4210,
        left_off_because="below_a_tenth",
    )
    on = Incident.objects.create(agency=district, learned_on=f.TODAY, description="A drive was lost.")
    page = client.get("/d/cedar-valley/").content.decode()
    assert on.description in page
    assert off.description not in page
    assert [each["id"] for each in get("incidents")["results"]] == [str(on.public_id)]


@pytest.mark.django_db
def test_what_families_were_told_of_stands_on_the_list_whatever_the_number():
    agreement = f.make_agreement(f.make_district())
    incident = Incident.objects.create(
        agency=agreement.agency,
        agreement=agreement,
        learned_on=f.TODAY,
        description="A laptop was lost.",
        students_affected=1,
        enrollment=4210,
        left_off_because="below_a_tenth",
    )
    assert not Incident.objects.public().exists()
    report_incident(incident_id=incident.pk, now=f.NOW)
    assert Incident.objects.public().get() == incident
