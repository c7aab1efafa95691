"""What a feed is about and what stands in it: publications, told in the sentences of their changes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from . import published
from .models import Agency, Change, DataElement, Publication, SharedElement, Vendor
from .timeline import sentence_of

LONGEST_FEED = 50  # entries; the API has them all

#: Changes that concern every kind of data of the version they are about.
_WHOLE = ["agreement_new", "already_in_use", "joined", "left", "ended", "extended", "owner_changed"]


@dataclass(frozen=True)
class Entry:
    """One publication as a reader of a feed sees it."""

    publication: Publication
    sentences: list[str]

    @property
    def title(self) -> str:
        """Return the first sentence, which says what it is about."""
        return self.sentences[0]


def of_everything() -> QuerySet[Publication]:
    """Return all public news."""
    return published.publications()


def of_district(agency: Agency) -> QuerySet[Publication]:
    """Return the news of agreements an agency holds or takes part in."""
    return published.publications().concerning(agency)  # type: ignore[attr-defined]


def of_vendor(vendor: Vendor) -> QuerySet[Publication]:
    """Return the news of a company's agreements."""
    return published.publications().filter(agreement__vendor=vendor)


def of_element(element: DataElement) -> QuerySet[Publication]:
    """Return the news that say who may get a kind of data: its own changes, and those of whole agreements."""
    own = Change.objects.filter(publication=OuterRef("pk")).filter(_names(element))
    whole = Change.objects.filter(publication=OuterRef("pk"), kind__in=_WHOLE)
    within = SharedElement.objects.filter(_means(element), version=OuterRef("version"))
    return published.publications().filter(Exists(own) | (Exists(whole) & Exists(within)))


def entries(publications: QuerySet[Publication], element: DataElement | None = None) -> list[Entry]:
    """Return the newest entries in the reader's language; of an element only what concerns it."""
    newest = publications.order_by("-published_at", "-pk").prefetch_related("changes__element")
    found = list(newest[:LONGEST_FEED])
    return [Entry(each, _sentences(each.changes.all(), element) or [_kind(each)]) for each in found]


def changed_at(found: Iterable[Entry]) -> dt.datetime | None:
    """Return when the newest entry was published; None for a feed with none."""
    return max((entry.publication.published_at for entry in found), default=None)


def _means(element: DataElement) -> Q:
    return Q(element=element.meaning_id) | Q(element__same_meaning_as=element.meaning_id)


def _names(element: DataElement) -> Q:
    """Return the condition that a change is about the kind of data, by itself or among what it lists."""
    return _means(element) | Q(after__elements__contains=[element.code])


def _sentences(changes: Iterable[Change], element: DataElement | None) -> list[str]:
    return [sentence_of(change) for change in changes if element is None or _concerns(change, element)]


def _concerns(change: Change, element: DataElement) -> bool:
    after: Any = change.after
    listed = isinstance(after, dict) and element.code in (after.get("elements") or [])
    named = change.element is not None and change.element.meaning_id == element.meaning_id
    about_a_group = change.category_id is not None and change.category_id != element.category_id
    return listed or named or (change.kind in _WHOLE and not about_a_group)


def _kind(publication: Publication) -> str:
    return publication.get_kind_display()
