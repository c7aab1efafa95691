"""Whom a company passes data to under an agreement, and which kinds of data each of them sees."""

from typing import Any

from django.urls import reverse

from .label import VersionParts
from .version_notes import other_companies


def passed_on(parts: VersionParts) -> list[dict[str, Any]]:
    """Return the other companies of a version as `_passed_on.html` shows them, in two queries.

    `what` are the kinds of data whose lines name the company. One that only the lines name is listed too, and
    marked `unlisted`: the agreement's list of other companies does not have it.
    """
    sees: dict[str, dict[str, Any]] = {}
    for line in parts.lines:
        for name in line.recipients:
            one = sees.setdefault(_key(name), {"name": name, "what": {}})
            label = parts.words.element(line.element_id)
            one["what"][label] = reverse("districts:element", args=[line.element.code])
    listed = [
        {**other, "what": list(sees.pop(_key(other["name"]), {"what": {}})["what"].items())}
        for other in other_companies(parts.version)
    ]
    only_named = [
        {"name": one["name"], "what": list(one["what"].items()), "unlisted": True} for one in sees.values()
    ]
    return listed + only_named


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
