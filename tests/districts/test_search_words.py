"""What searched words mean, as a table: what is typed, among which things, which query it makes."""

import pytest

from districts.search_words import MOST_WORDS, beginning_for, query_for


@pytest.mark.parametrize(
    ("kind", "typed", "query"),
    [
        ("vendor", "google", "'google':*"),
        ("vendor", "goog", "'goog':*"),
        ("vendor", "vendor google", "'google':*"),
        ("vendor", "operador google", "'google':*"),
        ("agreement", "vendor google", "'vendor':* & 'google':*"),
        ("product", "app", ""),
        ("product", "aplicaciones", ""),
        ("agency", "cedar valley school district", "'cedar':* & 'valley':*"),
        ("school", "k 12", "'k' & '12':*"),
        ("vendor", "the who", "'the':* & 'who':*"),
        ("product", "games", "'game':*"),
        ("product", "stories", "'stor':*"),
        ("school", "address", "'address':*"),
    ],
)
def test_words_become_a_query(kind: str, typed: str, query: str) -> None:
    assert query_for(kind, typed) == query


@pytest.mark.parametrize("typed", ["dob", "date of birth", "who may get my childs birth date", "cumpleanos"])
def test_a_kind_of_data_is_asked_for_by_any_of_its_names(typed: str) -> None:
    query = query_for("element", typed)
    for one in ("('birth':* & 'date':*)", "('dob':*)", "('fecha':* & 'nacimiento':*)"):
        assert one in query


def test_other_things_are_not_asked_for_by_names_of_data() -> None:
    assert query_for("vendor", "dob") == "'dob':*"


def test_only_the_first_words_count() -> None:
    assert query_for("vendor", "x " * 50) == " & ".join(["'x'"] * MOST_WORDS)


def test_a_name_may_begin_with_what_is_left_of_the_words() -> None:
    assert beginning_for("vendor", "company acme") == "acme"
    assert beginning_for("vendor", "company") == "company"
