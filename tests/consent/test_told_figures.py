"""Figures of telling: rounded, never small, never twice, so that no day and no sum tells of one family."""

import datetime as dt
from collections import defaultdict
from itertools import product

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from consent import disclosure, notify
from consent.models import Delivery, Notice
from consent.told_figures import figures_of, record_told_figures
from districts.models import School, ToldFigures
from tests import factories as f
from tests.breaking import refused_by
from tests.consent.news import tell
from tests.consent.test_progress import bring

# When the news went out is PostgreSQL's time, so what is later is later than the real one.
SENT = timezone.now()
LATER = SENT + dt.timedelta(days=8)
State = Delivery.State


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((80, 20, 0), (None, None, None)),  # the letters would give away that nothing failed
        ((80, 20, 12), (80, 20, 10)),
        ((80, 60, 4), (None, None, None)),  # 4 would follow from the rest
        ((80, 12, 8), (None, None, None)),
        ((95, 5, 0), (None, None, None)),
        ((200, 0, 0), (None, None, None)),
        ((9, 9, 9), (None, None, None)),
        ((13, 12, 17), (15, 10, 15)),
        ((0, 0, 0), (None, None, None)),
    ],
)
def test_what_may_be_known_of_the_parts_of_a_whole(counts, shown):
    assert tuple(disclosure.parts(dict(zip("abc", counts, strict=True))).values()) == shown


def test_no_left_out_figure_follows_from_what_is_shown():
    """Try every way up to 45 people: whoever knows the rule is left with at least five numbers each time."""
    ways = defaultdict(list)
    for counts in product(range(46), repeat=3):
        if sum(counts) <= 45:
            shown = disclosure.parts(dict(zip("abc", counts, strict=True)))
            ways[disclosure.total(sum(counts)), tuple(shown.values())].append(counts)
    for (_whole, shown), possible in ways.items():
        for place, figure in enumerate(shown):
            values = {counts[place] for counts in possible}
            if figure is None and _whole is not None and _whole < 40:
                assert len(values) >= 5, (shown, possible)
            elif figure is not None:
                assert min(values) >= 10


def test_numbers_are_rounded_to_five():
    assert [disclosure.rounded(n) for n in (10, 12, 13, 17, 18, 1002)] == [10, 10, 15, 15, 20, 1000]
    assert [disclosure.total(n) for n in (9, 10)] == [None, 10]
    assert [disclosure.part(n, 30) for n in (9, 10, 20, 21)] == [None, 10, 20, None]


# A town of 60 families


@pytest.fixture
def notice(db) -> Notice:
    district = f.make_district()
    school = f.make_school(district)
    for n in range(60):
        f.make_guardian(district, f"Parent{n}", of=[f.make_student(district, school=school)])
    for _n in range(12):
        f.make_student(district, school=school)  # nobody to tell
    return tell(district)


def settle(notice: Notice, posted: int = 14, failed: int = 11) -> None:
    ways = [State.POSTED] * posted + [State.FAILED] * failed
    for delivery, state in zip(notice.deliveries.order_by("pk"), ways, strict=False):
        bring(delivery, state)
    for delivery in notice.deliveries.filter(state=State.DUE):
        bring(delivery, State.SENT)


def figures() -> dict[str, object]:
    return ToldFigures.objects.values(
        "people", "accepted", "letters", "failed", "children", "nobody_to_tell"
    ).get()


def test_figures_are_written_when_the_news_is_over(notice):
    settle(notice)
    assert record_told_figures(now=SENT + dt.timedelta(days=6)) == 0
    assert record_told_figures(now=LATER) == 1
    assert figures() == {
        "people": 60,
        "accepted": 35,
        "letters": 15,
        "failed": 10,
        "children": 70,
        "nobody_to_tell": 10,
    }


def test_while_a_letter_waits_nothing_is_written(notice):
    settle(notice)
    waiting = Notice.objects.get(pk=notice.pk)
    other = f.make_guardian(notice.agency, "Late", of=[f.make_student(notice.agency)])
    Delivery.objects.create(
        notice=waiting, guardian=other, about=[1], channel="letter", next_attempt_at=f.NOW
    )
    assert record_told_figures(now=LATER) == 0


def test_two_days_figures_differ_in_nothing_whatever_happened_between(notice):
    settle(notice)
    record_told_figures(now=LATER)
    first = figures()
    someone = notice.deliveries.filter(state=State.SENT).first()
    Delivery.objects.filter(pk=someone.pk).update(state="due", channel="letter", settled_at=None)
    bring(Delivery.objects.get(pk=someone.pk), State.FAILED)
    f.make_guardian(notice.agency, "New", of=[f.make_student(notice.agency)])
    notify.catch_up(now=LATER)
    for days in (1, 2, 30):
        assert record_told_figures(now=LATER + dt.timedelta(days=days)) == 0
    assert figures() == first
    assert refused_by("UPDATE districts_toldfigures SET failed = 15") == "history_is_for_good"
    assert refused_by("DELETE FROM districts_toldfigures") == "history_is_for_good"


def test_whoever_is_withheld_from_is_in_no_sum(notice):
    for delivery in notice.deliveries.order_by("-pk")[:12]:
        bring(delivery, State.WITHHELD)
    settle(notice)
    assert figures_of(notice)["people"] == 50  # 48


@pytest.mark.parametrize("scope", [{"scope_grades": ["03"]}, {"scope_programs": ["bilingual"]}])
def test_nothing_is_said_of_a_grade_or_a_program(db, scope):
    district = f.make_district()
    for n in range(30):
        student = f.make_student(district, programs=["bilingual"])
        f.make_guardian(district, f"Parent{n}", of=[student])
    notice = tell(district, **scope)
    settle(notice, 0, 0)
    assert notice.deliveries.count() == 30
    record_told_figures(now=LATER)
    assert set(figures().values()) == {None}


@pytest.mark.parametrize("number", [5, 9, 11, 12])
def test_a_small_or_exact_figure_is_refused_in_sql(notice, number):
    sql = "INSERT INTO districts_toldfigures (publication_id, agency_id, failed) VALUES (%s, %s, %s)"
    given = [notice.publication_id, notice.agency_id, number]
    assert refused_by(sql, given) == "told_failed_is_rounded_to_5_and_never_below_10"
    assert refused_by(sql, [*given[:2], 15]) is None
    assert refused_by(sql, [*given[:2], 20]) == "a_publication_has_one_set_of_figures_per_agency"


def test_the_change_page_shows_them_and_never_says_reached(notice, client):
    settle(notice)
    address = f"/changes/{notice.publication.public_id}/"
    assert "How families were told" not in client.get(address).content.decode()
    record_told_figures(now=LATER)
    html = client.get(address).content.decode()
    page = " ".join(strip_tags(html[html.index("<main") :].replace("<", " <")).split())
    assert f"{notice.agency.name} People written to about 60 Taken by mail servers about 35" in page
    assert "Letters sent about 15 Failed about 10 Students concerned about 70" in page
    assert "Of these, nobody to tell about 10" in page
    assert "reached" not in page.lower()


# What can be found out by taking one page from another


def everything_public(notice: Notice) -> dict[str, bytes]:
    """Return every page, feed and list on which something of a notice may stand."""
    news = notice.publication
    agreement = news.agreement
    pages = [
        "/",
        f"/changes/{news.public_id}/",
        f"/d/{notice.agency.slug}/",
        f"/d/{notice.agency.slug}/charts/",
        f"/companies/{agreement.vendor.slug}/",
        f"/agreements/{agreement.public_id}/v1/",
    ]
    others = [
        f"/d/{notice.agency.slug}/feed.json",
        f"/d/{notice.agency.slug}/dates.ics",
        *(f"/api/v1/{name}" for name in ("agencies", "agreements", "publications", "participations")),
    ]
    asked = [*pages, *(f"/es{page}" for page in pages), *others]
    return {address: Client().get(address).content for address in asked}


def test_two_days_public_pages_differ_in_nothing_whatever_families_did_between(notice):
    """A family moves in, one leaves, one is barred, a mail comes back: nobody outside can tell."""
    settle(notice)
    record_told_figures(now=LATER)
    first = everything_public(notice)
    child = f.make_student(notice.agency, school=a_school(notice))
    f.make_hold(f.make_guardian(notice.agency, "New", of=[child]), child)
    left = notice.deliveries.filter(state=State.SENT).last()
    left.guardian.guardianships.first().student.enrollments.update(ended_on=f.TODAY)
    Delivery.objects.filter(pk=left.pk).update(state="due", channel="letter", settled_at=None)
    bring(Delivery.objects.get(pk=left.pk), State.FAILED)
    notify.catch_up(now=LATER)
    record_told_figures(now=LATER + dt.timedelta(days=1))
    assert everything_public(notice) == first


def test_figures_stand_on_the_page_of_their_change_and_nowhere_else(notice):
    before = everything_public(notice)
    settle(notice)
    record_told_figures(now=LATER)
    changed = {address for address, page in everything_public(notice).items() if page != before[address]}
    change = f"/changes/{notice.publication.public_id}/"
    assert changed == {change, f"/es{change}"}


def test_two_pages_of_one_district_show_no_family_that_came_between(notice, client):
    """60 people were told of the first news and 61 of the second: both pages say “about 60”."""
    f.make_guardian(notice.agency, "New", of=[f.make_student(notice.agency, school=a_school(notice))])
    second = tell(notice.agency)
    assert (notice.deliveries.count(), second.deliveries.count()) == (60, 61)
    for each in (notice, second):
        settle(each)
    record_told_figures(now=LATER)
    one, other = ToldFigures.objects.order_by("pk")
    names = ("people", "accepted", "letters", "failed", "children", "nobody_to_tell")
    assert [getattr(one, name) for name in names[:1]] == [60] == [getattr(other, name) for name in names[:1]]
    for name in names:
        assert (getattr(one, name) - getattr(other, name)) % 5 == 0


def a_school(notice: Notice) -> School:
    return School.objects.filter(agency=notice.agency).first()


def test_what_two_figures_differ_by_leaves_at_least_five_true_differences():
    """Whatever two pages show, as wholes or as parts of wholes, it is true of five differences or more."""
    shown_wholes, shown_parts = defaultdict(set), defaultdict(set)
    for whole in range(83):  # the last whole that is shown as 80 is 82
        shown_wholes[disclosure.total(whole)].add(whole)
        for one in range(whole + 1):
            shown_parts[disclosure.total(whole), disclosure.part(one, whole)].add((whole, one))
    for first, second in product(shown_wholes.values(), repeat=2):
        assert len({b - a for a in first for b in second}) >= 5
    for first, second in product(shown_parts.values(), repeat=2):
        assert len({b - a for _whole, a in first for _other, b in second}) >= 5
