"""What differs between two versions: the rules as examples, the laws of a comparison as properties."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from districts.diff import Difference, Kind, Line, Promise, VersionFacts, apply, compare
from districts.law import Basis
from districts.models import Change


@st.composite
def lines(draw) -> Line:
    meaning = draw(st.integers(0, 3))
    return Line(
        meaning=meaning,
        element_code=f"element-{meaning}" + draw(st.sampled_from(["", "-renamed"])),
        category=f"category-{meaning // 2}",
        purpose=draw(st.sampled_from(["teach", "report", ""])),
        basis=draw(st.sampled_from(["consent", "directory", "school_official"])),
        source=draw(st.sampled_from(["school_record", "family"])),
        recipients=frozenset(draw(st.sets(st.sampled_from(["Clearwave", "Sender", "Board"])))),
        kept=draw(st.sampled_from(["after_agreement:60", "after_agreement:9", "school_year", "not_stated"])),
        detail=draw(st.sampled_from(["", "spoken", "written"])),
    )


promises = st.builds(
    Promise,
    code=st.sampled_from(["no_sale", "deletion"]),
    answer=st.sampled_from(["yes", "no", "unclear", "not_stated", "not_entered"]),
    days=st.sampled_from([None, 30, 60]),
)
some = st.frozensets(st.sampled_from(["a", "b", "c"]), max_size=3)
versions = st.builds(
    VersionFacts,
    lines=st.lists(lines(), max_size=12),
    promises=st.lists(promises, max_size=2, unique_by=lambda p: p.code).map(frozenset),
    subcontractors=some,
    schools=some,
    grades=some,
    programs=some,
)


def line(meaning: int = 1, **fields: object) -> Line:
    values = {"element_code": f"element-{meaning}", "category": "contact", "purpose": "teach", **fields}
    return Line(meaning=meaning, **values)


def version(*said: Line, **fields: object) -> VersionFacts:
    return VersionFacts(lines=said, **fields)


def kinds(differences: list[Difference]) -> list[str]:
    return [difference.kind.value for difference in differences]


@settings(deadline=None, max_examples=60)
@given(versions)
def test_a_version_does_not_differ_from_itself(same):
    assert compare(same, same) == []


@settings(deadline=None, max_examples=60)
@given(st.none() | versions, versions)
def test_the_old_version_with_the_differences_applied_is_the_new_one(old, new):
    assert apply(old, compare(old, new)) == new


@settings(deadline=None, max_examples=60)
@given(versions, versions, st.randoms(use_true_random=False))
def test_the_differences_may_be_applied_in_any_order(old, new, chance: random.Random):
    differences = compare(old, new)
    chance.shuffle(differences)
    assert apply(old, differences) == new


@settings(deadline=None, max_examples=60)
@given(versions, st.lists(lines(), max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(old, said, chance: random.Random):
    shuffled = list(said)
    chance.shuffle(shuffled)
    one = compare(old, VersionFacts(lines=said))
    assert compare(old, VersionFacts(lines=shuffled)) == one
    assert [d.line and d.line.element_code for d in one] == [
        d.line and d.line.element_code for d in compare(old, VersionFacts(lines=shuffled))
    ]


@settings(deadline=None, max_examples=60)
@given(versions, versions)
def test_no_fact_is_told_twice(old, new):
    differences = compare(old, new)
    assert len(set(differences)) == len(differences)


@settings(deadline=None, max_examples=60)
@given(versions, versions)
def test_renaming_or_recoding_every_element_changes_nothing_in_a_comparison(old, new):
    renamed = replace(new, lines=[replace(x, element_code=f"{x.element_code}-again") for x in new.lines])
    assert compare(new, renamed) == []
    assert set(compare(old, renamed)) == set(compare(old, new))


@settings(deadline=None, max_examples=60)
@given(versions, versions)
def test_a_category_is_added_when_its_first_element_comes_and_ended_when_its_last_goes(old, new):
    were, are = ({x.category for x in side.lines} for side in (old, new))
    told = compare(old, new)
    assert {d.name for d in told if d.kind == Kind.CATEGORY_ADDED} == are - were
    assert {d.name for d in told if d.kind == Kind.CATEGORY_ENDED} == were - are


@settings(deadline=None, max_examples=60)
@given(versions, versions)
def test_an_element_is_new_exactly_when_its_meaning_or_its_free_words_were_not_there(old, new):
    were, are = ({(x.meaning, x.detail) for x in side.lines} for side in (old, new))
    told = compare(old, new)
    added = {(d.after.meaning, d.after.detail) for d in told if d.kind == Kind.ELEMENT_ADDED}
    ended = {(d.before.meaning, d.before.detail) for d in told if d.kind == Kind.ELEMENT_ENDED}
    assert added == are - were
    assert ended == were - are


@settings(deadline=None, max_examples=60)
@given(versions)
def test_of_a_first_version_everything_is_new(new):
    told = compare(None, new)
    assert told[0].kind == Kind.AGREEMENT_NEW
    assert sum(d.kind == Kind.ELEMENT_ADDED for d in told) == len(new.lines)
    assert {d.kind for d in told} <= {Kind.AGREEMENT_NEW, Kind.CATEGORY_ADDED, Kind.ELEMENT_ADDED}


def test_every_kind_of_difference_is_a_kind_of_change():
    assert set(Kind) <= set(Change.Kind.values)


def test_a_new_free_text_is_a_new_element_in_the_same_group():
    told = compare(
        version(line(detail="")), version(line(detail=""), line(detail="clips of reading out loud"))
    )
    assert kinds(told) == ["element_added"]
    assert told[0].after.detail == "clips of reading out loud"


def test_a_recoded_element_with_one_more_recipient_has_only_one_more_recipient():
    old = version(line(element_code="home-address"))
    new = version(line(element_code="student-address", recipients=frozenset({"Clearwave"})))
    assert kinds(compare(old, new)) == ["recipient_added"]


def test_two_codes_of_one_meaning_in_one_version_are_one_line():
    both = version(
        line(element_code="address-old", recipients=frozenset({"a"}), kept="after_agreement:90"),
        line(element_code="address", recipients=frozenset({"b"}), kept="after_agreement:60"),
    )
    (only,) = both.lines
    assert only.recipients == {"a", "b"}
    assert only.kept == "after_agreement:90"
    assert only.element_code == "address"


CHANGES_ON_ONE_LINE = [
    ({"purpose": "report"}, ["purpose_changed"]),
    ({"basis": "consent"}, ["basis_changed"]),
    ({"recipients": frozenset({"a", "b"})}, ["recipient_added", "recipient_added"]),
    ({"kept": "school_year"}, ["retention_changed"]),
    ({"source": "family"}, ["source_changed"]),
    ({"basis": "consent", "kept": "school_year"}, ["basis_changed", "retention_changed"]),
    # Nothing ties the two lines any more: one purpose came, another went.
    ({"purpose": "report", "basis": "consent"}, ["purpose_changed", "purpose_changed"]),
    ({"meaning": 2, "element_code": "element-2"}, ["element_added", "element_ended"]),
]


@pytest.mark.parametrize(("fields", "expected"), CHANGES_ON_ONE_LINE)
def test_what_changes_on_one_line_is_told_by_its_name(fields, expected):
    assert kinds(compare(version(line()), version(replace(line(), **fields)))) == expected


def test_a_second_legal_ground_for_the_same_purpose_is_a_change_of_ground():
    more = version(line(basis="consent"), line(basis="school_official"))
    (told,) = compare(version(line(basis="consent")), more)
    assert (told.kind, told.before, told.after.basis) == (Kind.BASIS_CHANGED, None, "school_official")
    (told,) = compare(more, version(line(basis="consent")))
    assert (told.kind, told.before.basis, told.after) == (Kind.BASIS_CHANGED, "school_official", None)


SCOPES = [
    (set(), {"03"}, ["scope_narrowed"]),
    ({"03"}, set(), ["scope_widened"]),
    ({"03"}, {"03", "04"}, ["scope_widened"]),
    ({"03", "04"}, {"04"}, ["scope_narrowed"]),
    ({"03"}, {"04"}, ["scope_widened", "scope_narrowed"]),
]


@pytest.mark.parametrize(("was", "now", "expected"), SCOPES)
def test_a_scope_widens_and_narrows_by_the_children_it_covers(was, now, expected):
    old, new = (version(line(), grades=frozenset(grades)) for grades in (was, now))
    assert kinds(compare(old, new)) == expected


def test_a_promise_not_entered_yet_says_nothing():
    blank = version(line(), promises=frozenset({Promise("no_sale", "not_entered")}))
    assert compare(version(line()), blank) == []


def test_every_legal_ground_can_be_compared():
    for basis in Basis.values:
        assert compare(None, version(line(basis=basis)))[0].controls
