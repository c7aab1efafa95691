"""The data label of an agreement version: what may be shared, why, who sees it, until when."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .contents import NO_STUDENT_DATA
from .law import Control
from .models import AgreementVersion, Promise, SharedElement
from .saying import control_words, kept_words, promise_row
from .words import Words, words

_Listed = AgreementVersion.Subcontractors
#: So many kinds of data stand in the first column of a label; with more, they take its whole width.
MOST_IN_A_COLUMN = 8
_RANK = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True)
class VersionParts:
    """A version with all its parts, read in a fixed number of queries."""

    version: AgreementVersion
    lines: list[SharedElement]
    words: Words
    promises: dict[str, Promise]

    @property
    def data_lines(self) -> list[SharedElement]:
        """Return the lines that are data: “no student data” is a statement, written as a line."""
        return [line for line in self.lines if line.element.code != NO_STUDENT_DATA]


def parts_of(version: AgreementVersion) -> VersionParts:
    """Read lines, promises and words of a version: five queries for any number of lines."""
    lines = list(version.shared_elements.select_related("element__category", "element__same_meaning_as"))
    return VersionParts(
        version,
        lines,
        words(
            elements=(line.element_id for line in lines),
            categories=(line.element.meaning_category_id for line in lines),
            purposes=(line.purpose_id for line in lines),
        ),
        {promise.code: promise for promise in version.promises.all()},
    )


def data_label(parts: VersionParts) -> dict[str, Any]:
    """Return what `_data_label.html` needs; choices stand first, then what is most sensitive."""
    groups: dict[tuple[Any, ...], list[SharedElement]] = {}
    for line in parts.data_lines:
        key = (
            line.element.meaning_category_id,
            line.purpose_id,
            line.basis,
            tuple(sorted(line.recipients)),
            kept_words(line),
        )
        groups.setdefault(key, []).append(line)
    rows = [_row(parts, lines) for lines in groups.values()]
    says_none = bool(parts.lines) and not rows
    rows.sort(key=lambda row: (not row["marks"], _RANK[row["sensitivity"]], row["category"]))
    return {
        "title": _("Data label"),
        "id": f"label-{parts.version.pk}",
        "checked_on": parts.version.checked_on,
        "counted": _counted(parts),
        "glance": [] if says_none else _glance(parts),
        "rows": rows,
        "is_long": any(len(row["elements"]) > MOST_IN_A_COLUMN for row in rows),
        "says_none": says_none,
        "source": _("These facts come from the agreement, as the district entered them."),
    }


def _row(parts: VersionParts, lines: list[SharedElement]) -> dict[str, Any]:
    first = lines[0]
    vendor = parts.version.agreement.vendor.name
    elements = [
        (
            parts.words.element(line.element_id) + (f" ({line.detail})" if line.detail else ""),
            reverse("districts:element", args=[line.element.code]),
        )
        for line in lines
    ]
    choice = first.control is not Control.INFORM
    return {
        "category": parts.words.category(first.element.meaning_category_id),
        "sensitivity": min((line.element.sensitivity for line in lines), key=_RANK.__getitem__),
        "marks": [("choice", control_words(first.basis))] if choice else [],
        "elements": elements,
        "why": parts.words.purpose(first.purpose_id),
        "who": ", ".join([vendor, *first.recipients]),
        "until": kept_words(first),
    }


def _counted(parts: VersionParts) -> str:
    """Return how many data points a list of identifiers had, where it had several of a kind; or nothing."""
    points = sum(len(line.reported_as) for line in parts.data_lines)
    kinds = len({line.element_id for line in parts.data_lines})
    if points <= kinds:
        return ""
    return _("%(points)s data points, of %(kinds)s kinds") % {"points": points, "kinds": kinds}


def _glance(parts: VersionParts) -> list[tuple[str, str]]:
    """Return the four facts on top of the label; an empty one is shown as a gap."""
    sold, ads = (promise_row(code, parts.promises.get(code)) for code in ("no_sale", "no_advertising"))
    worse = next((row["answer"] for row in (sold, ads) if row["state"] != "kept"), _("Not allowed"))
    others = {name for line in parts.lines for name in line.recipients}
    others |= {each.name for each in parts.version.subcontractors.all()}
    nobody = _("None named") if parts.version.subcontractors_answer != _Listed.NOT_FILLED_IN else ""
    ends = {kept_words(line) for line in parts.data_lines}
    groups = {line.element.meaning_category_id for line in parts.data_lines}
    choice = ngettext("%(n)s of %(all)s group", "%(n)s of %(all)s groups", len(groups))
    with_choice = {
        line.element.meaning_category_id for line in parts.lines if line.control is not Control.INFORM
    }
    return [
        (_("Sold or used for ads"), worse),
        (_("Others who may see some"), str(len(others)) if others else nobody),
        (_("Deleted"), _("See the table") if len(ends) > 1 else "".join(ends)),
        (_("Your choice"), choice % {"n": len(with_choice), "all": len(groups)} if groups else ""),
    ]
