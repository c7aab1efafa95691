"""By when data must be gone once an agreement is over: by its lines, else by its promise, else unknown."""

import datetime as dt

import pytest

from districts.deletion import Kept, delete_by, deletion_days
from districts.models import Promise
from tests import factories as f
from tests.districts.listed_cast import held

END = dt.date(2026, 6, 30)
AUGUST = dt.date(2026, 8, 29)  # 60 days later
CHRISTMAS = dt.date(2026, 12, 25)


@pytest.mark.parametrize(
    ("kept", "promised", "day"),
    [
        (Kept(2, 2, None, 60), None, AUGUST),
        (Kept(2, 2, CHRISTMAS, None), None, CHRISTMAS),
        (Kept(2, 2, CHRISTMAS, 60), None, CHRISTMAS),
        (Kept(2, 2, END, 60), 10, AUGUST),
        (Kept(2, 1, CHRISTMAS, None), None, None),
        (Kept(2, 1, CHRISTMAS, None), 60, AUGUST),
        (Kept(1, 1, None, 0), None, END),
        (None, 60, AUGUST),
        (None, None, None),
    ],
)
def test_the_lines_count_where_each_has_a_day_else_the_promise(kept, promised, day):
    assert delete_by(END, kept, promised) == day


@pytest.mark.django_db
def test_days_are_read_for_many_versions_in_two_queries(django_assert_num_queries):
    district = f.make_district()
    dated, promised, unknown = (f.make_draft(held(district, name), []) for name in ("A", "B", "C"))
    f.add_line(dated, "grade", "school_official", kept="date", kept_until=CHRISTMAS)
    f.add_line(dated, "home-address", "school_official")
    for version in (promised, unknown):
        f.add_line(version, "grade", "school_official", kept="school_year", kept_days=None)
    promised.promises.create(code=Promise.Code.DELETION, answer="yes", days=60)
    unknown.promises.create(code=Promise.Code.DELETION, answer="no", days=60)
    with django_assert_num_queries(2):
        found = deletion_days({version.pk: END for version in (dated, promised, unknown)})
    assert found == {dated.pk: CHRISTMAS, promised.pk: AUGUST}
    assert deletion_days({}) == {}
