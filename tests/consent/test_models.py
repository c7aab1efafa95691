"""The cast can be made, and the SQL functions agree on who is entitled."""

import datetime as dt

import pytest
from django.db import connection

from tests import factories as f

pytestmark = pytest.mark.django_db


def entitled(day: dt.date = f.TODAY) -> set[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT guardian_id, student_id FROM consent_entitled(%s)", [day])
        return set(cursor.fetchall())


def test_a_parent_decides_until_the_eve_of_the_eighteenth_birthday_and_the_student_from_that_day():
    district = f.make_district()
    ellis = f.make_student(district, "Ellis", birth_date=dt.date(2008, 11, 24))
    alice = f.make_guardian(district, of=[ellis])
    self_ = f.make_guardian(district, "Ellis", of=[ellis], relation="self")
    assert entitled(dt.date(2026, 11, 23)) == {(alice.pk, ellis.pk)}
    assert entitled(dt.date(2026, 11, 24)) == {(self_.pk, ellis.pk)}


def test_a_student_born_on_29_february_is_eligible_on_1_march():
    ellis = f.make_student(f.make_district(), "Ellis", birth_date=dt.date(2008, 2, 29))
    ellis.refresh_from_db()
    assert ellis.eligible_on == dt.date(2026, 3, 1)


def test_a_hold_takes_the_rights_of_that_adult_over_that_child_only():
    district = f.make_district()
    sam, tia = f.make_student(district, "Sam"), f.make_student(district, "Tia")
    bob = f.make_guardian(district, "Bob", of=[sam, tia], relation="father")
    f.make_hold(bob, sam)
    assert entitled() == {(bob.pk, tia.pk)}
