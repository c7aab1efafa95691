"""The list of a district's agreements: each stands in one way, is counted once, and found by its filters."""

import datetime as dt
import itertools
import re
from itertools import pairwise

import pytest
from django.db import connection

from bench import state as large_state
from districts import listing
from districts.legend import IN_USE, Status, status_of
from districts.listing import Wanted, counted
from districts.models import Agreement, AgreementVersion, Participation, Vendor
from tests import factories as f
from tests.districts.listed_cast import (
    GRADE,
    LATER,
    LONG_AGO,
    VOICE,
    happened,
    held,
    listed,
    published,
)

pytestmark = pytest.mark.django_db
TODAY = f.TODAY
YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)


@pytest.fixture
def district():
    return f.make_district()


def rows(district, school=None, after=None, limit=1000, **chosen):
    return listing.listed(Wanted(district, TODAY, school, chosen), after=after, limit=limit)


def companies(district, **wanted):
    names = dict(Agreement.objects.values_list("pk", "vendor__name"))
    return [names[row.agreement_id] for row in rows(district, **wanted)]


def status(agreement, agency=None):
    [row] = [row for row in rows(agency or agreement.agency) if row.agreement_id == agreement.pk]
    return row.status


# The legend


def test_an_agreement_stands_the_same_in_python_and_in_sql_whatever_it_is(district):
    vendor = f.make_vendor()
    for kind, state, begins, ends, effective, event in itertools.product(
        Agreement.Kind.values,
        Agreement.State.values,
        (None, LONG_AGO, TOMORROW),
        (None, YESTERDAY, TODAY, LATER),
        (None, LONG_AGO, TOMORROW),
        ("executed", "declined"),
    ):
        if begins and ends and begins > ends:
            continue
        agreement = Agreement.objects.create(
            agency=district, vendor=vendor, kind=kind, state=state, begins_on=begins, ends_on=ends
        )
        happened(agreement, event)
        AgreementVersion.objects.create(agreement=agreement, number=1, effective_from=effective)
    AgreementVersion.objects.update(published_at=f.NOW)
    in_sql = {row.agreement_id: row.status for row in rows(district)}
    assert len(in_sql) == Agreement.objects.count() > 500
    for agreement in Agreement.objects.prefetch_related("versions"):
        [version] = agreement.versions.all()
        counts = version.effective_from is not None and version.effective_from <= TODAY
        assert in_sql[agreement.pk] == status_of(agreement, TODAY, counts=counts), agreement.pk
    assert set(in_sql.values()) == set(Status)
    in_force = AgreementVersion.objects.in_force_on(TODAY).exclude(agreement__kind="reconstruction")
    in_use = {pk for pk, stands in in_sql.items() if stands in IN_USE}
    assert in_use == set(in_force.values_list("agreement", flat=True))


def test_the_classes_of_the_legend_add_up_to_all(district):
    for n, state in enumerate(Agreement.State.values):
        published(held(district, f"Company {n}", state=state))
    found = counted(Wanted(district, TODAY))
    assert sum(found.options["status"].values()) == found.figures.agreements == 3


def test_an_agreement_of_the_state_begins_when_the_district_joins_and_ends_when_it_leaves(district):
    agreement = listed(district.state, "State tests")
    part = Participation.objects.create(
        agreement=agreement, agency=district, kind="joined", from_on=TOMORROW, until_on=None
    )
    assert status(agreement, district) == Status.COMING
    Participation.objects.update(from_on=LONG_AGO)
    assert status(agreement, district) == Status.IN_USE
    Participation.objects.update(until_on=TODAY)
    [row] = rows(district)
    assert (row.status, row.left_on) == (Status.ENDED, TODAY)
    assert status(agreement) == Status.IN_USE  # to the state itself
    part.delete()
    assert rows(district) == []


def test_a_draft_is_on_no_list_and_the_newest_published_version_counts(district):
    f.make_draft(held(district, "Only a draft"))
    agreement = listed(district, "Lumino", GRADE)
    newest = published(agreement, VOICE)
    f.make_draft(agreement, [GRADE])
    [row] = rows(district)
    assert (row.version_id, row.has_choice) == (newest.pk, True)


# What it is narrowed by


@pytest.fixture
def many(district):
    """Three agreements in use that differ in everything the list can be narrowed by."""
    north, south = f.make_school(district, "North"), f.make_school(district, "South")
    listed(district, "All", GRADE, day=TODAY - dt.timedelta(days=90))
    listed(district, "Elementary", VOICE, scope_grades=["01", "02"], schools=[north])
    f.make_element("fingerprint", "body", sensitivity="high")
    agreement = held(district, vendor=f.make_vendor("Zoo", kind=Vendor.Kind.NON_PROFIT))
    lines = [GRADE, ("fingerprint", "body", "school_official")]
    published(agreement, *lines, scope_grades=["09"], schools=[south], day=TODAY - dt.timedelta(days=89))
    return north, south


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({}, ["All", "Elementary", "Zoo"]),
        ({"choice": "1"}, ["Elementary"]),
        ({"new": "1"}, ["Zoo"]),
        ({"kind": "for_profit"}, ["All", "Elementary"]),
        ({"kind": "researcher"}, []),
        ({"sensitivity": "high"}, ["Zoo"]),
        ({"sensitivity": "medium"}, ["All", "Elementary", "Zoo"]),
        ({"data": "school"}, ["All", "Zoo"]),
        ({"grade": "09"}, ["All", "Zoo"]),
        ({"grade": "02"}, ["All", "Elementary"]),
        ({"status": "in_use"}, ["All", "Elementary", "Zoo"]),
        ({"status": "ended"}, []),
        ({"grade": "02", "data": "school"}, ["All"]),
        ({"grade": "02", "data": "school", "choice": "1"}, []),
    ],
)
def test_the_list_is_narrowed_by_each_filter_and_by_several(district, many, chosen, found):
    assert companies(district, **chosen) == found
    assert counted(Wanted(district, TODAY, None, chosen)).figures.fitting == len(found)


@pytest.mark.parametrize(
    ("chosen", "of_schools"),
    [
        ({}, (2, 2)),
        ({"data": "school", "grade": "09"}, (1, 2)),
        ({"data": "voice", "grade": "01"}, (1, 0)),
        ({"kind": "non_profit", "new": "1", "sensitivity": "high"}, (0, 1)),
        ({"choice": "1", "status": "ended", "gaps": "1"}, (0, 0)),
    ],
)
def test_every_option_says_how_many_it_leaves_beside_the_other_choices(district, many, chosen, of_schools):
    schools = [school.pk for school in many]
    found = counted(Wanted(district, TODAY, None, chosen), schools=schools)
    assert tuple(found.options["school"][str(pk)] for pk in schools) == of_schools
    for name, values in found.options.items():
        if name != "school":
            for value, n in values.items():
                assert n == len(rows(district, **{**chosen, name: value})), (name, value)
    assert set(found.options["data"]) == {"school", "voice", "body"}
    assert set(found.options["grade"]) == {"01", "02", "09"}


def test_a_school_has_what_is_for_all_schools_and_its_own(district, many):
    north, _south = many
    assert companies(district, school=north.pk) == ["All", "Elementary"]
    assert counted(Wanted(district, TODAY, north.pk)).figures.agreements == 2


def test_a_re_coded_kind_of_data_counts_in_the_group_of_what_it_stands_for(district):
    f.make_element("class-marks", "other", same_meaning_as=f.make_element("grade", "school"))
    listed(district, "Lumino", ("class-marks", "other", "school_official"))
    assert set(counted(Wanted(district, TODAY)).options["data"]) == {"school"}


def test_figures_count_agreements_in_use_companies_and_choices_apart(district):
    vendor = f.make_vendor("Twice")
    published(held(district, vendor=vendor), VOICE)
    published(held(district, vendor=vendor, kind="click_through"))
    published(held(district, "Over", state="ended"), VOICE)
    published(held(district, "Proposed", state="proposed"), VOICE)
    figures = counted(Wanted(district, TODAY)).figures
    assert (figures.agreements, figures.in_use, figures.companies, figures.with_a_choice) == (4, 2, 1, 1)


# Pages


def test_pages_follow_each_other_without_a_gap_and_begin_with_what_is_in_use(district):
    for n in range(7):
        state = "ended" if n % 3 == 0 else "signed"
        published(held(district, f"Same name {n % 2}", state=state))
    whole = [row.agreement_id for row in rows(district)]
    names = dict(Agreement.objects.values_list("pk", "public_id"))
    pages, after = [], None
    while (page := rows(district, after=after, limit=3)) and len(pages) <= len(whole):
        pages += [row.agreement_id for row in page]
        after = names[pages[-1]]
    assert pages == whole
    assert [row.status for row in rows(district)] == [Status.IN_USE] * 4 + [Status.ENDED] * 3


def test_a_page_behind_what_is_not_on_the_list_is_the_first_one(district):
    listed(district)
    elsewhere = listed(f.make_district())
    assert len(rows(district, after=elsewhere.public_id)) == 1


def test_no_other_districts_agreement_is_read(district):
    """Among many, told what the tables hold, and forbidden to read whole ones: each row comes by an index."""
    of_state, kinds = large_state.begin()
    large_state.publish(large_state.add_drafts(f.make_district("Large", state=of_state), kinds, 300))
    listed(district)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SET LOCAL enable_seqscan = off")
        made = []
        original = connection.cursor

        class Explained:
            def __enter__(self):
                self.cursor = original().__enter__()
                return self

            def __exit__(self, *args):
                self.cursor.__exit__(*args)

            def execute(self, sql, values):
                self.cursor.execute(f"EXPLAIN {sql}", values)
                made.extend(line for (line,) in self.cursor.fetchall())
                self.cursor.execute(sql, values)

            def fetchall(self):
                return self.cursor.fetchall()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(connection, "cursor", Explained)
            rows(district)
    ours = re.compile(r"on districts_(agreement|agreementversion|sharedelement|participation)\b")
    read = [(line, following) for line, following in pairwise(made) if ours.search(line)]
    assert read
    assert [line for line, following in read if " Cond: " not in following] == []
