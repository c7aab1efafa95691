"""The catalogue's words in the reader's language; English where a language has none yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .kept_figures import kept_figures
from .models import CategoryText, ElementText, PurposeText

FALLBACK = "en"


@dataclass(frozen=True)
class Words:
    """Texts by the id of what they name; `language` says which language each really is in."""

    elements: dict[int, ElementText]
    categories: dict[int, CategoryText]
    purposes: dict[int, PurposeText]

    def element(self, pk: int) -> str:
        """Return an element's label."""
        return self.elements[pk].label if pk in self.elements else ""

    def category(self, pk: int) -> str:
        """Return a category's label."""
        return self.categories[pk].label if pk in self.categories else ""

    def purpose(self, pk: int | None) -> str:
        """Return a purpose's label; empty where the purpose is a gap."""
        return self.purposes[pk].label if pk in self.purposes else ""


def subject_words(subject: str) -> str:
    """Return what the data about one kind of people is called; of all of them where none is named."""
    return {
        "student": _("Data about students"),
        "family": _("Data about parents and families"),
        "staff": _("Data about teachers and school staff"),
    }.get(subject, _("Data that schools may share"))


def words(
    *,
    elements: Iterable[int] = (),
    categories: Iterable[int] = (),
    purposes: Iterable[int | None] = (),
    language: str | None = None,
) -> Words:
    """Return the newest words of elements, categories and purposes, in three queries for any number."""
    wanted = language or get_language() or FALLBACK
    return Words(
        _newest(ElementText, elements, wanted),
        _newest(CategoryText, categories, wanted),
        _newest(PurposeText, purposes, wanted),
    )


def known_words(
    *, elements: Iterable[int], categories: Iterable[int], purposes: Iterable[int | None]
) -> Words:
    """Return the same in the reader's language, as they were read since the register was last changed."""
    ids = [sorted({pk for pk in some if pk is not None}) for some in (elements, categories, purposes)]

    def read() -> Words:
        return words(elements=ids[0], categories=ids[1], purposes=ids[2])

    return kept_figures(("words", get_language(), ids), read)


def _newest(model: Any, ids: Iterable[int | None], language: str) -> dict[int, Any]:
    """Return one text per owner: the highest revision in the language, else in English."""
    wanted = {pk for pk in ids if pk is not None}
    if not wanted:
        return {}
    column = model.OWNER
    rows = model.objects.filter(**{f"{column}__in": wanted}, language__in={language, FALLBACK})
    best: dict[int, Any] = {}
    for row in rows.order_by("revision"):
        owner = getattr(row, column)
        if row.language == language or owner not in best or best[owner].language != language:
            best[owner] = row
    return best
