"""What differs between the exact words of two papers: paragraph by paragraph, then word by word. Pure.

Nothing is lost or invented: the words of a block's `before` are the old paragraph, those of its `after` the
new one. How much is compared word by word is bounded, as anybody may ask for it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Pieces = tuple[tuple[str, str], ...]
"""(op, words) in order; op is `same`, `removed` or `added`."""

LONGEST_TEXT = 600_000  # letters; a contract of 200 pages
# Pairs of equal words looked at, in one comparison and in one pair of paragraphs; what is beyond is shown as
# removed and added whole. A paragraph of 600 words has some 8,000.
MOST_PAIRS = 400_000
MOST_PAIRS_IN_A_PARAGRAPH = 20_000
# Two paragraphs with fewer words in common (as a share of all) are two paragraphs, not one that changed.
LIKE = 0.35
# How far down the other side a paragraph's new form is looked for.
REACH = 12

_CLAUSE = re.compile(
    r"^(?:\d+(?:\.\d+)*[.)]?|\(?[a-zA-Z0-9]{1,3}[.)]|[•*–-])\s+\S|^(?:ARTICLE|SECTION|EXHIBIT|SCHEDULE)\b"
)


@dataclass(frozen=True)
class Block:
    """One paragraph as it was and as it is; `kind` is `same`, `changed`, `removed` or `added`."""

    kind: str
    before: Pieces = ()
    after: Pieces = ()


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, each on one line: parted by empty lines, and before each clause."""
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        line = " ".join(line.split())
        if not line:
            found.append([])
        else:
            if _CLAUSE.match(line):
                found.append([])
            found[-1].append(line)
    return [" ".join(lines) for lines in found if lines]


def compare(before: Sequence[str], after: Sequence[str]) -> list[Block]:
    """Return the paragraphs of two texts as blocks, in the order of the new text."""
    left = MOST_PAIRS
    blocks: list[Block] = []
    for old, new in _pairs(before, after):
        if old is None or new is None:
            blocks.append(_whole(old, new))
            continue
        if old == new:
            blocks.append(Block("same", (("same", old),), (("same", new),)))
            continue
        pairs = _equal_pairs(old.split(), new.split())
        if pairs > min(left, MOST_PAIRS_IN_A_PARAGRAPH):
            blocks.append(Block("changed", (("removed", old),), (("added", new),)))
        else:
            left -= pairs
            blocks.append(Block("changed", *_words(old, new)))
    return blocks


def folded(blocks: Iterable[Block]) -> Iterator[tuple[bool, list[Block]]]:
    """Yield (whether unchanged, blocks) for each run, so that what stayed the same can be folded away."""
    run: list[Block] = []
    for block in blocks:
        if run and (run[-1].kind == "same") != (block.kind == "same"):
            yield run[0].kind == "same", run
            run = []
        run.append(block)
    if run:
        yield run[0].kind == "same", run


def _whole(old: str | None, new: str | None) -> Block:
    if new is None:
        return Block("removed", before=(("removed", old or ""),))
    return Block("added", after=(("added", new),))


def _pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Yield paragraphs that belong together; None where the other side has none."""
    for op, i1, i2, j1, j2 in SequenceMatcher(None, before, after).get_opcodes():
        if op == "equal":
            yield from zip(before[i1:i2], after[j1:j2], strict=True)
        else:
            yield from _matched(before[i1:i2], after[j1:j2])


def _matched(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Yield the paragraphs of a passage that was rewritten, each beside the most alike one within reach."""
    words = [set(text.split()) for text in after]
    at = 0
    for old in before:
        said = set(old.split())
        reach = range(at, min(at + REACH, len(after)))
        best = max(reach, key=lambda n: (_likeness(said, words[n]), -n), default=None)
        if best is None or _likeness(said, words[best]) < LIKE:
            yield old, None
            continue
        yield from ((None, new) for new in after[at:best])
        yield old, after[best]
        at = best + 1
    yield from ((None, new) for new in after[at:])


def _likeness(one: set[str], other: set[str]) -> float:
    """Return how many of their words two paragraphs share, from 0 to 1."""
    return len(one & other) / (len(one | other) or 1)


def _equal_pairs(old: list[str], new: list[str]) -> int:
    """Return how many pairs of equal words two paragraphs have: what comparing them costs."""
    counted = Counter(new)
    return sum(counted[word] for word in old) + len(old) + len(new)


def _words(old: str, new: str) -> tuple[Pieces, Pieces]:
    """Return both paragraphs in pieces, the words that differ marked."""
    was, is_now = re.findall(r"\S+\s*", old), re.findall(r"\S+\s*", new)
    matcher = SequenceMatcher(None, [w.strip() for w in was], [w.strip() for w in is_now], autojunk=False)
    before: list[tuple[str, str]] = []
    after: list[tuple[str, str]] = []
    for op, i1, i2, j1, j2 in matcher.get_opcodes():
        before += _pieces("same" if op == "equal" else "removed", "".join(was[i1:i2]))
        after += _pieces("same" if op == "equal" else "added", "".join(is_now[j1:j2]))
    return tuple(before), tuple(after)


def _pieces(op: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield a run of words; the space after it is not marked as part of what changed."""
    words = text.rstrip()
    if words and op != "same":
        yield op, words
        text = text[len(words) :]
    if text:
        yield "same", text
