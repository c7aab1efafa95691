"""Days as people write them: certain ones are days, all others stay words."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districts.importers.register.dates import When, read_when

JUNE_14 = dt.date(2021, 6, 14)

CERTAIN = [
    "June 14, 2021 at 5:00:00 AM",
    "June 14, 2021",
    "june 14th 2021",
    "Jun. 14, 2021",
    "14 June 2021",
    "14 de junio de 2021",
    "Monday, June 14, 2021",
    "6/14/2021",
    "06/14/2021",
    "6/14/21",
    "06-14-2021",
    "2021-06-14",
    "2021-06-14T05:00:00Z",
    "2021-06-14 05:00:00",
    "6/14/2021 5:00 PM",
    "  June   14,  2021 ",
    "since 6/14/2021",
]


@pytest.mark.parametrize("cell", CERTAIN)
def test_a_certain_day_is_a_day(cell):
    assert read_when(cell) == When(JUNE_14)


RANGES = [
    ("6/14/2021 - 6/30/2024", JUNE_14, dt.date(2024, 6, 30)),
    ("6/14/2021-6/30/2024", JUNE_14, dt.date(2024, 6, 30)),
    ("June 14, 2021 to June 30, 2024", JUNE_14, dt.date(2024, 6, 30)),
    ("2021-06-14 – 2024-06-30", JUNE_14, dt.date(2024, 6, 30)),
    ("through June 30, 2024", None, dt.date(2024, 6, 30)),
    ("expires 6/30/2024", None, dt.date(2024, 6, 30)),
]


@pytest.mark.parametrize(("cell", "day", "until"), RANGES)
def test_a_range_of_certain_days_is_a_term(cell, day, until):
    assert read_when(cell) == When(day, until)


UNCERTAIN = [
    "approximately 2021",
    "approximately June 14, 2021",
    "about 6/14/2021",
    "on or about June 14, 2021",
    "~6/14/2021",
    "6/14/2021?",
    "June 2021",
    "2021",
    "2021-2022",
    "Fall 2021",
    "13/05/2024",
    "2/30/2021",
    "6/14",
    "44361",
    "June 14, 2021 - present",
    "6/30/2024 - 6/14/2021",
    "12/31/9999",
    "TBD",
    "٦/١٤/٢٠٢١",
]


@pytest.mark.parametrize("cell", UNCERTAIN)
def test_what_is_not_certain_stays_words(cell):
    assert read_when(cell) == When(note=cell)


def test_an_empty_cell_says_nothing():
    assert read_when(" ") == When()


DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31))
FORMS = ["%Y-%m-%d", "%m/%d/%Y", "%B %d, %Y", "%d %b %Y", "%B %d, %Y at 5:00:00 AM"]


@given(DAYS, st.sampled_from(FORMS))
def test_every_day_is_read_as_it_was_written(day, form):
    assert read_when(day.strftime(form)) == When(day)


@given(
    st.text(max_size=60)
    | st.from_regex(r"[0-9/ ,-]{0,24}(to|June|\?|approx)?[0-9/ ,-]{0,12}", fullmatch=True)
)
def test_any_text_is_a_day_or_stays_word_for_word(cell):
    when = read_when(cell)
    said = " ".join(cell.split())
    assert when.note in ("", said)
    assert bool(when.note) != bool(when.day or when.until) or not said
