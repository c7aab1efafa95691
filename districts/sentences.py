"""One neutral sentence for each change, in each language. Pure.

Subject first, present tense, no judgement: what the company *may* get is what the agreement allows. Names
and labels are cut, with an ellipsis, where a sentence would grow longer than LONGEST characters.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from .contents import Line, Promise, Scope
from .diff import Difference, Kind
from .phrases import (
    ALL,
    ANSWER,
    CHANGE,
    DAY,
    EVENT,
    KEPT,
    LANGUAGES,
    LONGEST,
    MONTHS,
    NOT_IN_USE,
    PROMISE,
    SIDE,
    SOURCE,
    WITHIN,
)


@dataclass(frozen=True)
class Labels:
    """What things are called in one language, by their codes; a code without a label speaks for itself."""

    elements: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    purposes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Names:
    """Who and what the sentences of one publication are about. `labels` by language, `schools` by id."""

    agency: str
    vendor: str
    labels: Mapping[str, Labels] = field(default_factory=dict)
    schools: Mapping[str, str] = field(default_factory=dict)


def sentences(difference: Difference, names: Names, standing: str = "news") -> dict[str, str]:
    """Return language -> sentence about one difference between two versions.

    `standing` is one of Standing: nothing is said of a proposal as if it were so.
    """
    return {language: _sentence(difference, names, standing, language) for language in LANGUAGES}


def event_sentences(event: str, **parts: str | dt.date) -> dict[str, str]:
    """Return language -> sentence about an event of EVENT; days are written out in each language."""
    return {
        language: fitted(
            EVENT[event][language],
            {
                name: day(part, language) if isinstance(part, dt.date) else part
                for name, part in parts.items()
            },
        )
        for language in LANGUAGES
    }


def category_in_use(category: str, names: Names) -> dict[str, str]:
    """Return language -> sentence about a data group that was in use before this site opened."""
    return {
        language: fitted(
            EVENT["category_in_use"][language],
            {"vendor": names.vendor, "category": _labels(names, language).categories.get(category, category)},
        )
        for language in LANGUAGES
    }


def day(value: dt.date, language: str) -> str:
    """Return a date in words; it always shows its year."""
    month = MONTHS[language][value.month - 1]
    return DAY[language].format(day=value.day, month=month, year=value.year)


def fitted(template: str, parts: Mapping[str, str]) -> str:
    """Return the sentence with the longest parts cut until it is no longer than LONGEST characters."""
    fitting = {name: " ".join(part.split()) for name, part in parts.items()}
    while (excess := len(template.format(**fitting)) - LONGEST) > 0:
        longest = max(fitting, key=lambda name: len(fitting[name]))
        room = max(len(fitting[longest]) - excess - 1, len(fitting[longest]) // 2)
        fitting[longest] = fitting[longest][:room].rstrip(" …") + "…"
    return template.format(**fitting)


def _sentence(difference: Difference, names: Names, standing: str, language: str) -> str:
    template = CHANGE[_template_name(difference)][language]
    if standing in NOT_IN_USE:
        template = NOT_IN_USE[standing][language].format(sentence=template)
    return fitted(template, _parts(difference, names, language))


def _template_name(difference: Difference) -> str:
    """Return the name of the sentence in CHANGE that says this difference."""
    if difference.kind == Kind.PURPOSE_CHANGED and difference.before is None:
        return "purpose_added"
    if difference.kind == Kind.PURPOSE_CHANGED and difference.after is None:
        return "purpose_ended"
    if difference.kind == Kind.BASIS_CHANGED:
        line = difference.after
        return f"basis_to_{line.control}" if isinstance(line, Line) else "basis_ended"
    return difference.kind.value


def _parts(difference: Difference, names: Names, language: str) -> dict[str, str]:
    """Return every part the sentence may need."""
    labels = _labels(names, language)
    parts = {"agency": names.agency, "vendor": names.vendor, "name": difference.name}
    if difference.kind in (Kind.CATEGORY_ADDED, Kind.CATEGORY_ENDED):
        parts["category"] = labels.categories.get(difference.name, difference.name)
    if line := difference.line:
        label = labels.elements.get(line.element_code, line.element_code)
        parts["element"] = f"{label} ({line.detail})" if line.detail else label
        parts["purpose"] = _purpose(line, labels, language)
        parts["kept"] = kept_phrase(line.kept, language)
        parts["source"] = ", ".join(SOURCE[source][language] for source in line.source.split("+"))
    if isinstance(difference.before, Line):
        parts["purpose_before"] = _purpose(difference.before, labels, language)
    if difference.kind == Kind.PROMISE_CHANGED:
        parts |= _promise(difference, language)
    if isinstance(difference.after, Scope):
        covered = sorted(names.schools.get(name, name) for name in difference.after.covers)
        parts["side"] = SIDE[difference.after.side][language]
        parts["covers"] = ", ".join(covered) or ALL[language]
    return parts


def _purpose(line: Line, labels: Labels, language: str) -> str:
    if not line.purpose:
        return SOURCE["not_filled_in"][language]
    return labels.purposes.get(line.purpose, line.purpose)


def kept_phrase(kept: str, language: str) -> str:
    """Return how long a line is kept, as a sentence says it; `kept` as in “date:2027-06-30”."""
    rule, _colon, value = kept.partition(":")
    if rule == "date" and value:
        value = day(dt.date.fromisoformat(value), language)
    return KEPT[rule][language].format(days=value, day=value)


def _promise(difference: Difference, language: str) -> dict[str, str]:
    after = difference.after if isinstance(difference.after, Promise) else None
    promise = PROMISE.get(difference.name, {}).get(language, difference.name)
    if after and after.days is not None:
        promise += WITHIN[language].format(days=after.days)
    return {"answer": ANSWER[after.answer if after else "not_entered"][language], "promise": promise}


def _labels(names: Names, language: str) -> Labels:
    return names.labels.get(language, Labels())
