"""The preview is a promise: it shows what will be sent, by the same statement that sends it."""

import datetime as dt

import pytest

from consent import audience, notify
from consent.models import Enrollment, Notice
from districts.models import Participation
from tests import factories as f
from tests.consent.news import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return f.make_district()


@pytest.fixture
def schools(district):
    return f.make_school(district, "Cedar Ridge"), f.make_school(district, "Oak Hill")


@pytest.fixture
def town(district, schools):
    """Alice has a child at each school, Bob shares one with her, Tia has nobody."""
    ridge, hill = schools
    sam, una = f.make_student(district, "Sam", school=ridge), f.make_student(district, "Una", school=hill)
    f.make_student(district, "Tia", school=hill, grade="05")
    f.make_guardian(district, "Alice", of=[sam, una], language="es")
    f.make_guardian(district, "Bob", of=[sam], email="")
    f.make_guardian(district, "Uncle", of=[sam], relation="relative", rights="review")


def test_it_counts_people_children_and_those_with_nobody_to_tell(district, schools, town):
    draft = f.make_draft(f.make_agreement(district))
    shown = audience.preview(draft.pk, district.pk, f.TODAY)
    assert (shown.people, shown.children, shown.nobody_to_tell) == (2, 3, 1)
    assert shown.by_channel == {"email": 1, "letter": 1}
    assert shown.by_language == {"es": 1, "en": 1}
    assert [(s.name, s.people, s.children, s.nobody_to_tell) for s in shown.by_school] == [
        ("Cedar Ridge", 2, 1, 0),
        ("Oak Hill", 1, 2, 1),
    ]


def test_what_was_shown_is_what_is_sent(district, town):
    draft = f.make_draft(f.make_agreement(district))
    shown = audience.preview(draft.pk, district.pk, f.TODAY)
    publish(draft)
    [notice] = notify.announce(now=f.NOW)
    notify.fan_out(notice, now=f.NOW)
    sent = Notice.objects.get(pk=notice).deliveries
    assert sent.count() == shown.people
    assert sent.filter(channel="letter").count() == shown.by_channel["letter"]


def test_a_child_at_two_schools_is_one_child_and_counts_at_both(district, schools):
    sam = f.make_student(district, school=schools[0])
    Enrollment.objects.create(student=sam, school=schools[1], grade="03")
    f.make_guardian(district, "Alice", of=[sam])
    shown = audience.preview(f.make_draft(f.make_agreement(district)).pk, district.pk, f.TODAY)
    assert (shown.people, shown.children) == (1, 1)
    assert [(s.people, s.children) for s in shown.by_school] == [(1, 1), (1, 1)]


def test_children_with_nobody_to_tell_are_listed_by_school(district, schools, town):
    draft = f.make_draft(f.make_agreement(district))
    f.make_student(district, "Abe", school=schools[1])
    listed = list(audience.children_with_nobody_to_tell(draft.pk, district.pk, f.TODAY))
    assert [(c.shown_name, c.schools, c.grade) for c in listed] == [
        ("Abe", ("Oak Hill",), "03"),
        ("Tia", ("Oak Hill",), "05"),
    ]


def test_an_agreement_that_begins_next_month_is_previewed_too(district, town):
    agreement = f.make_agreement(district, begins_on=f.TODAY + dt.timedelta(days=30))
    shown = audience.preview(f.make_draft(agreement).pk, district.pk, f.TODAY)
    assert (shown.people, shown.children) == (2, 3)


def test_another_district_sees_nobody(district, town):
    carol = f.make_district(state=district.state)
    draft = f.make_draft(f.make_agreement(district))
    assert audience.preview(draft.pk, carol.pk, f.TODAY) == audience.AudiencePreview()
    assert list(audience.children_with_nobody_to_tell(draft.pk, carol.pk, f.TODAY)) == []


def test_of_a_statewide_agreement_each_district_sees_its_own(district, town):
    agreement = f.make_agreement(district.state)
    other = f.make_district(state=district.state)
    f.make_guardian(other, "Carol", of=[f.make_student(other)])
    for agency in (district, other):
        Participation.objects.create(agreement=agreement, agency=agency, kind="joined", from_on=f.TODAY)
    draft = f.make_draft(agreement)
    seen = [audience.preview(draft.pk, agency.pk, f.TODAY) for agency in (district, other)]
    assert [(s.people, s.children, len(s.by_school)) for s in seen] == [(2, 3, 2), (1, 1, 1)]


@pytest.mark.parametrize("people", [1, 10])
def test_ten_people_take_no_more_queries_than_one(district, schools, people, django_assert_num_queries):
    for n in range(people):
        f.make_guardian(district, f"G{n}", of=[f.make_student(district, school=schools[0])])
    draft = f.make_draft(f.make_agreement(district))
    with django_assert_num_queries(4):
        audience.preview(draft.pk, district.pk, f.TODAY)
