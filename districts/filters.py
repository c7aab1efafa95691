"""The ways to narrow a list of agreements: links that can be combined, each with how many it leaves."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .kept_figures import kept_figures
from .legend import Status
from .listing import FACETS, Counted
from .models import DataCategory, DataElement, Vendor
from .saying import status_mark, status_meaning
from .words import words

YES = "1"
_GRADE = re.compile(r"[A-Za-z0-9]{1,8}")
_KNOWN: Mapping[str, list[str]] = {
    "status": [str(status) for status in Status],
    "choice": [YES],
    "new": [YES],
    "kind": [str(kind) for kind in Vendor.Kind.values],
    "sensitivity": ["high", "medium", "low"],
    "gaps": [YES],
}


@dataclass(frozen=True)
class Option:
    """One value of a facet as a link; `n` agreements have it, None where that is not counted."""

    label: str
    url: str
    current: bool
    n: int | None = None


@dataclass(frozen=True)
class Filter:
    """One way to narrow the list, with all its values that occur in it."""

    name: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Meaning:
    """What one mark of the list means, as a link to the `n` agreements that have it."""

    mark: tuple[str, str]
    meaning: str
    url: str
    current: bool
    n: int


def group_codes() -> dict[str, str]:
    """Return what each group of data is called, by its code, in the order of the catalogue."""

    def read() -> dict[str, str]:
        known = list(DataCategory.objects.values_list("pk", "code"))
        texts = words(categories=(pk for pk, _code in known))
        return {code: texts.category(pk) for pk, code in known}

    return kept_figures(("groups", get_language()), read)


def chosen_of(params: Mapping[str, str], groups: Mapping[str, str]) -> dict[str, str]:
    """Return what an address chooses; values nobody knows are left out, as if they were not there."""
    chosen = {}
    for name in FACETS:
        value = params.get(name, "")
        if name == "data":
            is_known = value in groups
        elif name == "grade":
            is_known = _GRADE.fullmatch(value) is not None
        else:
            is_known = value in _KNOWN[name]
        if is_known:
            chosen[name] = value
    return chosen


def address(chosen: Mapping[str, str], **more: str) -> str:
    """Return the part of an address that chooses: `?choice=1&kind=for_profit`; a value "" takes one away."""
    parts = {name: value for name, value in {**chosen, **more}.items() if value}
    return f"?{urlencode(parts)}"


def legend(chosen: Mapping[str, str], found: Counted) -> tuple[Meaning, ...]:
    """Return the words of the legend that the list needs, each a link to the agreements that stand so."""
    counts = found.options.get("status", {})
    return tuple(
        Meaning(
            mark=status_mark(status),
            meaning=status_meaning(status),
            url=address(chosen, status=str(status)),
            current=chosen.get("status") == status,
            n=counts.get(status, 0),
        )
        for status in Status
        if status in counts or chosen.get("status") == status
    )


def filters(chosen: Mapping[str, str], found: Counted, groups: Mapping[str, str]) -> list[Filter]:
    """Return the other ways to narrow the list, each with all its values that occur in it."""
    made = []
    for name, title in _titles().items():
        counts = found.options.get(name, {})
        order = _KNOWN.get(name) or (list(groups) if name == "data" else sorted(counts, key=_by_grade))
        values = [value for value in order if value in counts or chosen.get(name) == value]
        if values:
            every = Option(_("All"), address(chosen, **{name: ""}), name not in chosen)
            options = [
                _option(name, value, label_of(name, value, groups), chosen, counts) for value in values
            ]
            made.append(Filter(name, title, (every, *options)))
    return made


def taken_away(chosen: Mapping[str, str], groups: Mapping[str, str]) -> list[dict[str, str]]:
    """Return each thing that was chosen with the address of the list without it."""
    return [
        {"label": label_of(name, value, groups), "url": address(chosen, **{name: ""})}
        for name, value in chosen.items()
    ]


def label_of(name: str, value: str, groups: Mapping[str, str]) -> str:
    """Return what a value of a facet is called."""
    if name == "status":
        return status_mark(Status(value))[1]
    if name == "kind":
        return str(Vendor.Kind(value).label)
    if name == "sensitivity":
        return str(DataElement.Sensitivity(value).label)
    if name == "data":
        return groups[value]
    if name == "grade":
        before = {"KG": _("Kindergarten"), "PK": _("Preschool")}
        return before.get(value.upper()) or _("Grade %(grade)s") % {"grade": value.lstrip("0") or value}
    return {
        "choice": _("You can say no to parts"),
        "new": _("New in the last 90 days"),
        "gaps": _("Some fields are empty"),
    }[name]


def _titles() -> dict[str, str]:
    return {
        "choice": _("Your say"),
        "new": _("What is new"),
        "kind": _("Kind of company"),
        "sensitivity": _("How sensitive"),
        "data": _("Kinds of data"),
        "grade": _("Grade"),
        "gaps": _("What is missing"),
    }


def _option(
    name: str, value: str, label: str, chosen: Mapping[str, str], counts: Mapping[str, int]
) -> Option:
    return Option(label, address(chosen, **{name: value}), chosen.get(name) == value, counts.get(value, 0))


def _by_grade(grade: str) -> tuple[int, str]:
    """Order grades as children pass through them: numbers behind kindergarten and what comes before."""
    return (int(grade), "") if grade.isdigit() else (0, grade)
