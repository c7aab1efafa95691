"""The news of an agreement, company or district as one line of history, in the reader's language."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from .models import Change, Publication

_ADDED = {
    "agreement_new",
    "category_added",
    "element_added",
    "recipient_added",
    "subcontractor_added",
    "scope_widened",
    "joined",
}
_BASELINE = Publication.Kind.BASELINE
_LOUDEST = [str(severity) for severity in Change.Severity]
_REMOVED = {
    "category_ended",
    "element_ended",
    "recipient_ended",
    "subcontractor_ended",
    "scope_narrowed",
    "left",
    "ended",
}


def mark_of(change: Change) -> str:
    """Return which mark a change carries: added, removed or changed."""
    if change.kind in _ADDED:
        return "added"
    return "removed" if change.kind in _REMOVED else "changed"


def sentence_of(change: Change) -> str:
    """Return a change's sentence in the reader's language, or in English."""
    sentences: dict[str, str] = change.sentences
    return sentences.get(get_language() or "en") or sentences.get("en", "")


def history(publications: Iterable[Publication]) -> list[dict[str, Any]]:
    """Return publications as `_history.html` shows them. Prefetch `changes`: no query per row."""
    return [
        {
            "date": publication.day,
            "text": summary_of(publication),
            "url": reverse("districts:change", args=[publication.public_id]),
            "url_text": _("Read more") if publication.kind == _BASELINE else _("See what changed"),
        }
        for publication in publications
    ]


def gathered(
    publications: Iterable[Publication], in_use_before: Mapping[dt.date, int], limit: int
) -> list[dict[str, Any]]:
    """Return the newest `limit` items of history, what was in use before this site opened in one for a day.

    A district that opens with 178 agreements has one line of them, and its other news stays in sight. Takes
    what `news_feeds.newest` returns.
    """
    items = history(publications)
    items += [{"date": day, "text": _in_use_before(n)} for day, n in in_use_before.items()]
    return sorted(items, key=lambda item: item["date"], reverse=True)[:limit]


def _in_use_before(n: int) -> str:
    return ngettext(
        "%(n)s agreement was in use before this site opened.",
        "%(n)s agreements were in use before this site opened.",
        n,
    ) % {"n": n}


def _as_headline(change: Change) -> tuple[bool, int, int]:
    """Order changes by what a reader asks first: is the agreement new, and do families have to answer?"""
    return change.kind != Change.Kind.AGREEMENT_NEW, _LOUDEST.index(change.severity), change.position


def summary_of(publication: Publication) -> str:
    """Return a publication in one computed sentence and the number of the others; prefetch `changes`."""
    changes = list(publication.changes.all())
    if not changes:
        return publication.get_kind_display()
    first = sentence_of(min(changes, key=_as_headline))
    if publication.kind == _BASELINE:  # the others name the groups of data: nothing has changed
        return first
    more = len(changes) - 1
    if not more:
        return first
    return first + " " + ngettext("And %(n)s more change.", "And %(n)s more changes.", more) % {"n": more}
