"""The charts of a district: what they count, and that their bars say what their numbers say."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.baselines import publish_baselines
from districts.charts import chart
from districts.models import Agency, Agreement, AgreementEvent, Basis, Vendor
from districts.tallies import (
    by_quarter,
    companies_by_category,
    ends,
    first_day,
    kinds_by_sensitivity,
    years_to_show,
)
from tests import factories as f

TODAY = dt.date(2026, 9, 1)
ADDRESS = ("home-address", "contact", Basis.SCHOOL_OFFICIAL)
PHONE = ("phone", "contact", Basis.SCHOOL_OFFICIAL)
PHOTO = ("photo", "picture", Basis.CONSENT)


def allow(
    district: Agency, name: str, lines, *, since=dt.date(2024, 8, 1), until=None, vendor: Vendor | None = None
):
    """Publish a signed agreement that allows the lines from a day on."""
    agreement = f.make_agreement(
        district, vendor or f.make_vendor(name), begins_on=since, ends_on=until, state="signed"
    )
    AgreementEvent.objects.create(agreement=agreement, kind="executed", happened_on=since)
    version = f.make_draft(agreement, lines, effective_from=since)
    version.published_at = timezone.now()
    version.save()
    return agreement


# --- bars, without a database ------------------------------------------------------------------------


def test_the_largest_number_has_the_longest_bar_and_all_share_one_scale():
    drawn = chart("x", "Caption", ("What", "A", "B"), [("one", "", [8, 2]), ("two", "", [0, 4])])
    assert [[mark.length for mark in bar.marks] for bar in drawn.bars] == [[100.0, 25.0], [0.0, 50.0]]


def test_where_nothing_is_counted_no_bar_is_drawn():
    drawn = chart("x", "Caption", ("What", "A"), [("one", "", [0])])
    assert drawn.bars[0].marks[0].length == 0
    assert chart("x", "Caption", ("What", "A"), []).bars == ()


def test_ends_fall_into_quarters_later_or_never_and_none_is_lost():
    days = [dt.date(2026, 8, 31), dt.date(2026, 9, 30), dt.date(2026, 10, 1), dt.date(2028, 7, 1), None]
    shown, later, never = by_quarter(days, TODAY)
    assert shown[:3] == [(2026, 3, 2), (2026, 4, 1), (2027, 1, 0)]
    assert shown[-1][:2] == (2028, 2)
    assert (later, never) == (1, 1)
    assert sum(n for _year, _quarter, n in shown) + later + never == len(days)


def test_an_end_that_the_sweep_has_not_seen_yet_counts_in_this_quarter():
    assert by_quarter([dt.date(2026, 6, 30)], TODAY)[0][0] == (2026, 3, 1)


@pytest.mark.parametrize(
    ("first", "years"),
    [
        (None, [2026]),
        (dt.date(2024, 8, 1), [2024, 2025, 2026]),
        (dt.date(1999, 1, 1), list(range(2019, 2027))),
    ],
)
def test_each_year_is_counted_on_its_last_day_and_this_one_today(first, years):
    days = years_to_show(first, TODAY)
    assert [day.year for day in days] == years
    assert days[-1] == TODAY
    assert all((day.month, day.day) == (12, 31) for day in days[:-1])


# --- what is counted ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_company_counts_once_for_a_group_whatever_it_gets_of_it_and_under_how_many_agreements():
    district, lumino = f.make_district(), f.make_vendor("Lumino")
    allow(district, "", [ADDRESS, PHONE], vendor=lumino)
    allow(district, "", [ADDRESS, PHOTO], vendor=lumino)
    allow(district, "Other", [PHONE])
    allow(f.make_district(), "Elsewhere", [PHOTO])
    counted = companies_by_category(district, TODAY)
    assert [(code, n) for _pk, code, n in counted] == [("contact", 2), ("picture", 1)]


@pytest.mark.django_db
def test_what_is_over_or_left_or_not_begun_is_not_in_use():
    state = f.make_state()
    district = f.make_district(state=state)
    allow(district, "Over", [ADDRESS], until=dt.date(2026, 8, 31))
    allow(district, "Later", [ADDRESS], since=dt.date(2026, 9, 2))
    left = allow(state, "Left", [ADDRESS])
    left.participations.create(agency=district, kind="joined", from_on=dt.date(2025, 1, 1), until_on=TODAY)
    assert companies_by_category(district, TODAY) == []
    assert ends(district, TODAY) == []
    joined = allow(state, "Joined", [ADDRESS], until=dt.date(2027, 1, 1))
    joined.participations.create(agency=district, kind="joined", from_on=TODAY)
    assert [(code, n) for _pk, code, n in companies_by_category(district, TODAY)] == [("contact", 1)]
    assert ends(district, TODAY) == [dt.date(2027, 1, 1)]


@pytest.mark.django_db
def test_a_year_gone_by_counts_what_has_ended_since():
    district = f.make_district()
    allow(district, "Over", [ADDRESS, PHONE], until=dt.date(2025, 6, 1)).__class__.objects.update(
        state="ended"
    )
    allow(district, "Now", [PHONE, PHOTO], since=dt.date(2026, 1, 1))
    level = f.make_element("phone").sensitivity
    assert kinds_by_sensitivity(district, dt.date(2024, 12, 31), TODAY)[level] == 2
    assert kinds_by_sensitivity(district, dt.date(2025, 12, 31), TODAY).total() == 0
    assert kinds_by_sensitivity(district, TODAY, TODAY).total() == 2
    assert first_day(district, TODAY) == dt.date(2024, 8, 1)


# --- the page ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_draws_each_number_it_writes():
    district = f.make_district()
    allow(district, "Lumino", [ADDRESS], until=timezone.now().date() + dt.timedelta(days=400))
    page = Client().get(f"/d/{district.slug}/charts/").content.decode()
    drawn = re.findall(r"<td>(\d+)(<svg)?", page)
    assert len(drawn) > 10
    assert all((number != "0") == bool(bar) for number, bar in drawn)
    assert page.count("<table") == page.count("<caption") == 3


@pytest.mark.django_db
@pytest.mark.parametrize("signed_on", [None, dt.date(2024, 8, 1)])
def test_the_years_say_that_they_count_some_from_the_day_by_which_they_were_in_use(signed_on):
    agreement = f.make_agreement(f.make_district(), ends_on=None)
    Agreement.objects.update(begins_on=None)
    AgreementEvent.objects.create(agreement=agreement, kind="executed", happened_on=signed_on)
    f.make_draft(agreement, [ADDRESS], effective_from=None)
    publish_baselines(agencies=[agreement.agency], now=timezone.now(), in_use_since=dt.date(2026, 8, 1))
    page = Client().get(f"/d/{agreement.agency.slug}/charts/").content.decode()
    assert "<table" in page
    assert ("Some agreements began before the day we know." in page) == (signed_on is None)


@pytest.mark.django_db
def test_a_district_without_agreements_says_so():
    page = Client().get(f"/d/{f.make_district().slug}/charts/").content.decode()
    assert "There is nothing here yet." in page
    assert "<table" not in page


@pytest.mark.django_db
def test_ten_agreements_take_no_more_queries_than_one():
    asked = []
    for n in (1, 10):
        district = f.make_district()
        for _ in range(n):
            allow(district, "", [ADDRESS, PHOTO], vendor=f.make_vendor())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            Client().get(f"/d/{district.slug}/charts/")
        asked.append(len(queries))
    assert asked[0] == asked[1]
