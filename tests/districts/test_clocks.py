"""Whether what was signed was posted in time: the facts and the paper, by the district's own calendar."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.clocks import clocks
from districts.models import Agency, AgencyClosure, Agreement
from districts.posting import Posting
from tests import factories as f
from tests.districts.listed_cast import happened, held, paper, published

pytestmark = pytest.mark.django_db
SIGNED = dt.date(2026, 8, 3)
DUE = dt.date(2026, 8, 17)
TODAY = dt.date(2026, 9, 1)


@pytest.fixture
def district():
    return f.make_district()


@pytest.fixture
def agreement(district):
    made = held(district)
    happened(made, "executed", SIGNED)
    return made


def clock(agreement, today=TODAY, agency=None):
    return clocks(agency or agreement.agency, [agreement], today).get(agreement.pk)


def posted(agreement, facts, copy=None, **fields):
    """Publish a version on a day, and its paper on another day or the same one, if any."""
    version = published(agreement, day=facts, **fields)
    if copy:
        paper(version, dt.datetime.combine(copy, dt.time(18), tzinfo=dt.UTC))
    return version


def test_facts_and_paper_by_the_last_day_are_in_time(agreement):
    posted(agreement, SIGNED, DUE)
    found = clock(agreement)
    assert (found.state, found.due_on, found.posted_on) == (Posting.ON_TIME, DUE, DUE)
    assert found.citation == "105 ILCS 85/27(c)"


@pytest.mark.parametrize(
    ("facts", "copy"), [(SIGNED, DUE + dt.timedelta(1)), (DUE + dt.timedelta(1), SIGNED)]
)
def test_the_later_of_the_two_counts(agreement, facts, copy):
    posted(agreement, facts, copy)
    assert (clock(agreement).state, clock(agreement).posted_on) == (Posting.LATE, DUE + dt.timedelta(1))


def test_facts_without_the_paper_are_not_posted(agreement):
    posted(agreement, SIGNED)
    assert clock(agreement, DUE).state == Posting.RUNNING
    assert clock(agreement, DUE + dt.timedelta(1)).state == Posting.OVERDUE


def test_a_day_on_which_the_district_is_closed_is_no_business_day(agreement):
    AgencyClosure.objects.create(agency=agreement.agency, day=dt.date(2026, 8, 10), label="Closed")
    AgencyClosure.objects.create(agency=f.make_district(), day=dt.date(2026, 8, 11), label="Elsewhere")
    posted(agreement, SIGNED)
    assert clock(agreement).due_on == dt.date(2026, 8, 18)


def test_the_day_of_a_paper_is_the_day_it_was_at_the_district(agreement):
    night = dt.datetime(2026, 8, 18, 3, tzinfo=dt.UTC)  # ten in the evening of the 17th in Chicago
    paper(posted(agreement, SIGNED), night)
    assert clock(agreement).posted_on == DUE


def test_what_was_in_use_before_this_site_opened_has_no_clock(agreement):
    posted(agreement, TODAY, TODAY, kind="baseline")
    assert clock(agreement) is None


def test_what_stood_here_as_a_proposal_was_posted_before_it_was_signed(agreement):
    posted(agreement, SIGNED - dt.timedelta(20), SIGNED - dt.timedelta(20))
    posted(agreement, TODAY)
    assert clock(agreement).state == Posting.ON_TIME


def test_a_second_signing_starts_the_clock_anew(agreement):
    posted(agreement, SIGNED, SIGNED)
    happened(agreement, "executed", dt.date(2026, 8, 24))
    found = clock(agreement)
    assert (found.state, found.due_on) == (Posting.RUNNING, dt.date(2026, 9, 7))
    posted(agreement, dt.date(2026, 8, 31), dt.date(2026, 8, 31))
    assert clock(agreement).state == Posting.ON_TIME


@pytest.mark.parametrize(
    "event", [("executed", None), ("executed", TODAY + dt.timedelta(1)), ("proposed", SIGNED)]
)
def test_without_a_known_day_of_signing_there_is_no_clock(district, event):
    agreement = held(district)
    happened(agreement, *event)
    posted(agreement, SIGNED)
    assert clock(agreement) is None


def test_only_where_the_law_sets_a_day_and_only_for_a_districts_own_agreements(agreement):
    posted(agreement, SIGNED)
    assert clock(agreement, agency=f.make_district(state=agreement.agency.state)) is None
    Agency.objects.filter(pk=agreement.agency_id).update(law_profile="us-ny")
    assert clock(Agreement.objects.select_related("agency").get(pk=agreement.pk)) is None


def test_ten_agreements_take_no_more_queries_than_one(district):
    made = []
    taken = []
    for n in range(10):
        agreement = held(district, f"Company {n}")
        happened(agreement, "executed", SIGNED)
        posted(agreement, SIGNED, SIGNED)
        made.append(agreement)
        if n in (0, 9):
            with CaptureQueriesContext(connection) as queries:
                assert len(clocks(district, made, TODAY)) == n + 1
            taken.append(len(queries))
    assert taken == [4, 4]
