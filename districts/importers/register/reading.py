"""Reads a cell of data words with a vocabulary: what each means, and what nobody can say. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from districts.contents import NO_STUDENT_DATA

from .phrases import denies, key, masked_as, subjects_in
from .splitting import Part, split_elements
from .vocabulary import NOWHERE, Context, Vocabulary

LONGEST = 200
DEEPEST = 4
_COLON = re.compile(r"\s*([^:]+):\s+(.+)")
_PARENTHESES = re.compile(r"\s*([^()]+?)\s*\(([^()]+)\)\s*")
_EXPLAINED = re.compile(
    r"\s*(.+?),?\s+((?:including|includes|such as|like|e\.?g\.|for example|por ejemplo)\b.*)", re.IGNORECASE
)
_EXPLAINS = re.compile(r"(?:including|includes|such as|like|e\.?g\.|for example)[\s,:]*", re.IGNORECASE)
_AT_WILL = re.compile(
    r"\s*(?:(?:optional|optionally)\s+(.+)|(.+?),?\s+(?:if provided|if any|optional))\s*", re.I
)
_ABOUT = re.compile(
    r"(?:meta\s?data|data|information|info|details?)\s+(?:on|about|regarding|relating to)\s+(.+)",
    re.IGNORECASE,
)
_OTHER = re.compile(r"(?:any\s+)?other\b\s*(.*)", re.IGNORECASE)
_PARENTS = re.compile(r"\bparents?\s*(?:/|or|and|&)\s*(?:legal\s+)?guardians?\b", re.IGNORECASE)
_JOINED = re.compile(r"\s*/\s*|\s+(?:and/or|and|or|&|y|o)\s+", re.IGNORECASE)
#: What the catalogue keeps for the rest of a group; it says nothing without the words.
OTHERS = {
    "student-app-use": "student-other-technical",
    "student-devices": "student-other-technical",
    "student-tests": "student-other-test",
    "student-background": "student-other-background",
    "student-enrollment": "student-other-enrollment",
    "student-life": "student-other-indicator",
    "student-work": "student-other-work",
    "student-transcript": "student-other-transcript",
    "student-travel": "student-other-travel",
    "other-data": "student-other-data",
}
#: Words that only say that data follows.
_GENERIC = {
    key(words)
    for words in (
        "data",
        "information",
        "personal information",
        "personal data",
        "personally identifiable information",
        "pii",
        "student data",
        "student information",
        "student pii",
        "student personal information",
        "covered information",
        "student records",
        "education records",
    )
}


@dataclass(frozen=True)
class Meant:
    """An element that words mean; `detail` is what they say beyond it."""

    code: str
    detail: str
    words: str


@dataclass(frozen=True)
class Unread:
    """Words that mean nothing certain, and what they may mean."""

    words: str
    might_be: tuple[str, ...]


def read_cell(cell: str, vocabulary: Vocabulary, context: Context = NOWHERE) -> list[Meant | Unread]:
    """Return what each part of a cell means, in order; nothing is left out."""
    found: list[Meant | Unread] = []
    for parts in _blocks(split_elements(cell)):
        if any(denies(part.words) and not _means(part.words, vocabulary, context) for part in parts):
            # “We do not collect name, email”: the denial may reach every part of the list.
            words = ", ".join(part.words for part in parts)
            found.append(Unread(words, ()))
            continue
        before = ""
        for part in parts:
            said = subjects_in(key(part.words))
            doubtful = not said and not context.subject and before not in ("", "student")
            if doubtful and before in vocabulary.other_subjects(part.words):
                # “Parent name, email”: whose email?
                found.append(Unread(part.words, tuple(_of_each(part.words, before, vocabulary))))
                continue
            meant = _read(part.words, vocabulary, context, DEEPEST)
            found += meant or [Unread(part.words, tuple(vocabulary.might_be(part.words)))]
            before = next(iter(said)) if len(said) == 1 else before
    return found


def _blocks(parts: list[Part]) -> Iterator[list[Part]]:
    for block in dict.fromkeys(part.block for part in parts):
        yield [part for part in parts if part.block == block]


def _of_each(words: str, before: str, vocabulary: Vocabulary) -> Iterator[str]:
    for subject in (before, "student"):
        if code := vocabulary.meaning(words, Context(subject)):
            yield code


def _means(words: str, vocabulary: Vocabulary, context: Context) -> bool:
    return bool(vocabulary.meaning(words, context))


def _read(words: str, vocabulary: Vocabulary, context: Context, depth: int) -> list[Meant]:
    """Return what words mean, all of them, or nothing."""
    if len(words) > LONGEST or depth == 0 or "?" in words:
        return []
    if _PARENTS.search(words):
        meant = _read(_PARENTS.sub("parent", words), vocabulary, context, depth - 1)
        return [Meant(each.code, each.detail, words) for each in meant]
    if code := vocabulary.meaning(words, context):
        detail = words if code in OTHERS.values() and words not in vocabulary.identifiers else ""
        return [Meant(code, detail, words)]
    if denies(words):
        return []
    if (match := _OTHER.fullmatch(words)) and (code := _other(match[1], vocabulary, context)):
        return [Meant(code, words, words)]
    if match := _ABOUT.fullmatch(words):
        return [
            Meant(each.code, each.detail, words) for each in _read(match[1], vocabulary, context, depth - 1)
        ]
    if code := masked_as(words):
        return [Meant(code, words, words)] if code in vocabulary.elements else []
    if match := _COLON.fullmatch(words) or _PARENTHESES.fullmatch(words) or _EXPLAINED.fullmatch(words):
        return _explained(match[1], match[2], words, vocabulary, context, depth)
    if match := _AT_WILL.fullmatch(words):
        return _with_detail(match[1] or match[2], words, words, vocabulary, context)
    return _joined(words, vocabulary, context, depth)


def _explained(
    head: str, rest: str, words: str, vocabulary: Vocabulary, context: Context, depth: int
) -> list[Meant]:
    """Read “head: rest”, “head (rest)”: the rest is detail of what the head means, or a list in its group."""
    if meant := _with_detail(head, rest, words, vocabulary, context):
        return meant
    if key(head) in _GENERIC:
        inside = context
    elif found := vocabulary.contexts.get(key(head)):
        inside = Context(found.subject or context.subject, found.categories)
    elif ":" not in words and (meant := _read(head, vocabulary, context, depth - 1)):
        return [Meant(each.code, each.detail or rest, words) for each in meant]
    else:
        return []
    listed = [
        _read(part.words, vocabulary, inside, depth - 1) for part in split_elements(_EXPLAINS.sub("", rest))
    ]
    return [meant for each in listed for meant in each] if listed and all(listed) else []


def _other(words: str, vocabulary: Vocabulary, context: Context) -> str:
    """Return what “other enrollment data” is: what the catalogue keeps in that group for all the rest."""
    within = (vocabulary.context_of(words) if words else None) or context
    found = {OTHERS[category] for category in within.categories if category in OTHERS}
    return next(iter(found)) if len(found) == 1 else ""


def _with_detail(head: str, detail: str, words: str, vocabulary: Vocabulary, context: Context) -> list[Meant]:
    code = vocabulary.meaning(head, context)
    return [Meant(code, detail, words)] if code and code != NO_STUDENT_DATA else []


def _joined(words: str, vocabulary: Vocabulary, context: Context, depth: int) -> list[Meant]:
    """Read “physical/mailing address”, “username and password”: every side must mean something."""
    sides = [side for side in _JOINED.split(words) if side]
    if len(sides) < 2:
        return []
    # What stands once belongs to each: “physical/mailing address”, “app username and password”.
    at_the_end, at_the_beginning = sides[-1].split()[1:], sides[0].split()[:-1]
    ways = [
        [*(" ".join([side, *at_the_end]) for side in sides[:-1]), sides[-1]],
        [sides[0], *(" ".join([*at_the_beginning, side]) for side in sides[1:])],
        sides,
    ]
    for way in ways:
        listed = [_read(side, vocabulary, context, depth - 1) for side in way]
        if all(listed):
            return [Meant(each.code, each.detail, words) for meant in listed for each in meant]
    return []
