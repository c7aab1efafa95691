"""Which kind of data words mean: by identifiers, labels of the catalogue and a list of other words for them.

Pure: whoever builds a Vocabulary says what it knows. Words that fit two kinds, or none, mean nothing here.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .phrases import SUBJECT_OF, key, subjects_in, without_subject, without_tail

STUDENT = "student"
CANDIDATES = 3
#: How alike words must be to be offered to staff as what may be meant.
ALIKE = 0.72


@dataclass(frozen=True)
class Context:
    """What stands over words: whom they are about ("" if not said), and the groups of the catalogue."""

    subject: str = ""
    categories: frozenset[str] = frozenset()


NOWHERE = Context()


@dataclass(frozen=True)
class Sense:
    """One thing words may mean; `only_in` is the group they must stand in to mean it."""

    code: str
    only_in: str = ""


@dataclass
class Vocabulary:
    """What is known of words; elements are code -> (whom it is about, its group)."""

    elements: Mapping[str, tuple[str, str]]
    identifiers: Mapping[str, str] = field(default_factory=dict)
    senses: dict[str, set[Sense]] = field(default_factory=dict)
    contexts: dict[str, Context] = field(default_factory=dict)

    def learn(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Take in words, the code they mean, and the group in which they mean it ("" for anywhere)."""
        for words, code, only_in in rows:
            self.senses.setdefault(key(words), set()).add(Sense(code, only_in))

    def learn_labels(self, rows: Iterable[tuple[str, str]]) -> None:
        """Take in labels; “Parent's email address” also says what “email address” of a parent is."""
        for label, code in rows:
            phrase, subject = key(label), self.elements[code][0]
            self.senses.setdefault(phrase, set()).add(Sense(code))
            if subject != STUDENT and subjects_in(phrase) == {subject}:
                self.senses.setdefault(without_subject(phrase), set()).add(Sense(code))

    def learn_contexts(self, rows: Iterable[tuple[str, str, Iterable[str]]]) -> None:
        """Take in what groups are called: words, whom they are about, codes of the catalogue's groups."""
        for words, subject, categories in rows:
            self.contexts.setdefault(key(words), Context(subject, frozenset(categories)))

    def context_of(self, words: str) -> Context | None:
        """Return the group that words name, None if they name none."""
        phrase = key(words)
        for tried in dict.fromkeys((phrase, without_tail(phrase))):
            if found := self.contexts.get(tried):
                return found
        subjects = subjects_in(phrase)
        return Context(next(iter(subjects))) if len(subjects) == 1 else None

    def meaning(self, words: str, context: Context = NOWHERE) -> str:
        """Return the code of the one element that words mean in a context, "" if it is not one."""
        if code := self.identifiers.get(words.strip()):
            return code
        phrase = key(words)
        subjects = subjects_in(phrase)
        # “Grade” is a level, “grades” may be marks: the plural says which only in its group.
        is_open = words.strip().casefold() == "grades" and not context.categories
        if len(subjects) > 1 or is_open:
            return ""
        said = next(iter(subjects), "")
        tries = [(phrase, "")] if not said else [(phrase, ""), (without_subject(phrase), said)]
        tries += [(without_tail(tried), subject) for tried, subject in tries]
        for tried, subject in tries:
            whom = Context(subject or context.subject, context.categories)
            if tried and (found := self._choose(tried, whom, is_said=bool(subject))):
                return next(iter(found)) if len(found) == 1 else ""
        return ""

    def might_be(self, words: str) -> list[str]:
        """Return the codes of what is called alike, the likeliest first."""
        phrase = without_tail(without_subject(key(words))) or key(words)
        near = difflib.get_close_matches(phrase, self.senses, n=CANDIDATES, cutoff=ALIKE)
        codes = [sense.code for alike in near for sense in sorted(self.senses[alike], key=lambda s: s.code)]
        return list(dict.fromkeys(codes))[:CANDIDATES]

    def other_subjects(self, words: str) -> set[str]:
        """Return whom words that name nobody may be about."""
        phrase = without_tail(key(words))
        if any(word in SUBJECT_OF for word in phrase.split()):
            return set()
        return {self.elements[sense.code][0] for sense in self.senses.get(phrase, ())}

    def _choose(self, phrase: str, context: Context, *, is_said: bool) -> set[str]:
        """Return the codes a phrase may mean; what is not said to be anybody else's is the student's."""
        fitting = {s for s in self.senses.get(phrase, ()) if not s.only_in or s.only_in in context.categories}
        codes = {s.code for s in fitting if s.only_in} or {s.code for s in fitting}
        wanted = context.subject or STUDENT
        of_wanted = {code for code in codes if self.elements[code][0] == wanted}
        if of_wanted or is_said or wanted != STUDENT:
            codes = of_wanted
        if len(codes) > 1:
            codes = {code for code in codes if self.elements[code][1] in context.categories} or codes
        return codes
