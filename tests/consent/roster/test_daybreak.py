"""inBloom's fictional Daybreak district, the real input, as of 2013 and as of today."""

import datetime as dt

import pytest
from django.db import connection

from consent.models import Enrollment, Guardian, Guardianship, Hold, Student
from consent.roster.load import Options, load_roster
from consent.roster.report import RosterReport
from districts.models import Agency, School
from tests import needs

pytestmark = [pytest.mark.django_db, pytest.mark.real_inputs]

DAYBREAK = needs.REAL_INPUTS / "oneroster" / "inbloom_il_daybreak"
THEN = dt.date(2013, 11, 21)
TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 18, 0, tzinfo=dt.UTC)


def load_daybreak(as_of: dt.date, **options: object) -> RosterReport:
    return load_roster(
        path=DAYBREAK,
        agency_code="IL-DAYBREAK",
        now=NOW,
        options=Options(as_of=as_of, create=True, demographics="demographics_min.csv", **options),
    )


def to_be_told(day: dt.date, *, themselves: bool) -> dict[str, int]:
    """Return how many entitled people a mail or a letter will reach, as the audience counts them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT CASE WHEN g.email <> '' AND g.email_failed_at IS NULL AND s.guardian_id IS NULL
                           THEN 'email' ELSE 'letter' END, count(DISTINCT g.id)
                 FROM consent_entitled(%s) e
                 JOIN consent_guardian g ON g.id = e.guardian_id
                 JOIN consent_guardianship gs ON gs.id = e.guardianship_id
                 LEFT JOIN consent_spoilt_addresses() s ON s.guardian_id = g.id
                WHERE (gs.relation = 'self') = %s GROUP BY 1""",
            [day, themselves],
        )
        return dict(cursor.fetchall())


def test_daybreak_in_2013_tells_five_parents_and_fourteen_students():
    report = load_daybreak(THEN)
    adults = Guardian.objects.exclude(guardianships__relation="self")

    assert Student.objects.count() == 78
    assert adults.count() == 9
    assert Hold.objects.filter(guardianship__guardian__in=adults, lifted_at=None).count() == 2
    assert adults.filter(guardianships__rights="review").count() == 2
    assert to_be_told(THEN, themselves=False) == {"email": 3, "letter": 2}
    assert to_be_told(THEN, themselves=True) == {"email": 10, "letter": 4}
    assert report.nobody_to_tell_count == len(report.nobody_to_tell) == 61
    assert report.unusable_address_count == 0


def test_daybreak_today_has_78_eligible_students_and_no_parent():
    report = load_daybreak(TODAY)
    assert to_be_told(TODAY, themselves=False) == {}
    assert sum(to_be_told(TODAY, themselves=True).values()) == 78
    assert report.nobody_to_tell_count == 0


def test_daybreak_makes_the_state_the_district_and_its_three_schools():
    load_daybreak(THEN)
    district = Agency.objects.by_code("IL-DAYBREAK").get()
    assert (district.kind, district.name) == ("district", "Daybreak School District 4529")
    assert (district.state.name, district.state.state_code) == ("Illinois State Board of Education", "IL")
    assert School.objects.filter(agency=district).count() == 3
    assert Enrollment.objects.count() == 78


def test_daybreak_keeps_leading_zeros_and_letters_beyond_ascii():
    load_daybreak(THEN)
    assert Guardian.objects.get(roster_id="0798132464").given_name == "Ignatio"
    assert Guardian.objects.get(roster_id="9870036500").family_name == "Lê"


def test_daybreak_keeps_no_address_of_a_child():
    load_daybreak(THEN)
    kept = Guardian.objects.exclude(email="").values_list("roster_id", flat=True)
    soon = Student.objects.filter(eligible_on__lte=THEN + dt.timedelta(days=400))
    assert set(kept) <= set(soon.values_list("roster_id", flat=True)) | {
        "6473283635",
        "9878863645",
        "3597672174",
        "0798132464",
    }


def test_daybreak_loaded_again_changes_nothing():
    load_daybreak(THEN)
    before = list(Guardianship.objects.order_by("pk").values())
    report = load_daybreak(THEN)
    assert (report.total("created"), report.total("changed"), report.total("ended")) == (0, 0, 0)
    assert list(Guardianship.objects.order_by("pk").values()) == before
