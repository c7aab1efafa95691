"""The exact words of two papers, side by side: nothing lost, nothing invented, the rest folded."""

import random
import time

import pytest

from districts.wording import Block, compare, folded, paragraphs


def whole(pieces: tuple[tuple[str, str], ...]) -> str:
    return "".join(text for _op, text in pieces)


TEXT = """1. Data. The company may use
names and grades.

2. Deletion. The company deletes the data
in 90 days.
3. Law. Illinois law counts."""


def test_a_paragraph_begins_after_an_empty_line_and_at_a_clause():
    assert paragraphs(TEXT) == [
        "1. Data. The company may use names and grades.",
        "2. Deletion. The company deletes the data in 90 days.",
        "3. Law. Illinois law counts.",
    ]
    assert paragraphs("") == []
    assert paragraphs("ARTICLE I\nPURPOSE\n(a) first\n(b) second") == [
        "ARTICLE I PURPOSE",
        "(a) first",
        "(b) second",
    ]


def test_changed_words_are_marked_and_the_rest_is_not():
    old, new = paragraphs(TEXT), paragraphs(TEXT.replace("90 days", "60 days"))
    same, changed, last = compare(old, new)
    assert (same.kind, changed.kind, last.kind) == ("same", "changed", "same")
    assert changed.before == (
        ("same", "2. Deletion. The company deletes the data in "),
        ("removed", "90"),
        ("same", " "),
        ("same", "days."),
    )
    assert changed.after[1] == ("added", "60")


def test_a_clause_that_comes_and_one_that_goes_are_whole():
    old = ["The company deletes the data in 90 days.", "Illinois law counts."]
    new = ["Nothing is sold to anybody, ever.", "Illinois law counts."]
    kinds = [block.kind for block in compare(old, new)]
    assert kinds == ["removed", "added", "same"]
    assert compare([], ["x"]) == [Block("added", after=(("added", "x"),))]
    assert compare(["x"], []) == [Block("removed", before=(("removed", "x"),))]
    assert compare([], []) == []


def test_runs_of_what_stayed_are_folded_together():
    blocks = compare(["a b c d", "e", "f", "g"], ["a b c x", "e", "f", "h i j"])
    assert [(is_same, len(run)) for is_same, run in folded(blocks)] == [(False, 1), (True, 2), (False, 2)]
    assert list(folded([])) == []


@pytest.mark.parametrize("seed", range(60))
def test_both_papers_can_be_read_out_of_the_comparison(seed):
    chance = random.Random(seed)
    vocabulary = ["data", "the", "company", "may", "not", "sell", "90", "days", "school"]

    def paper() -> list[str]:
        return [
            " ".join(chance.choice(vocabulary) for _n in range(chance.randint(1, 12)))
            for _m in range(chance.randint(0, 14))
        ]

    old = paper()
    new = [line if chance.random() < 0.5 else " ".join(paper()[:1]) or "x" for line in old] + paper()[:2]
    blocks = compare(old, new)
    assert [whole(block.before) for block in blocks if block.before] == old
    assert [whole(block.after) for block in blocks if block.after] == new
    for block in blocks:
        assert "".join(t for op, t in block.before if op == "same").split() == (
            "".join(t for op, t in block.after if op == "same").split()
        )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([f"clause {n} says this" for n in range(3000)], [f"clause {n} says that" for n in range(3000)]),
        (["yes"] * 3000, ["no"] * 3000),
        (["yes", "no"] * 1500, ["no", "yes", "yes"] * 1000),
        ([" ".join(["a b"] * 40_000)], [" ".join(["b a"] * 40_000)]),
        ([" ".join(f"w{n % 7}" for n in range(700))] * 60, [" ".join(f"w{n % 5}" for n in range(700))] * 60),
    ],
    ids=["all changed", "one word", "two words", "one long paragraph", "many long paragraphs"],
)
def test_what_was_made_to_take_long_does_not(old, new):
    begun = time.process_time()
    blocks = compare(old, new)
    assert time.process_time() - begun < 8
    assert [whole(block.after) for block in blocks if block.after] == new
