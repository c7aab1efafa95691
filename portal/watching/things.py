"""What can be watched: the kinds of things, how each is found, which page it has and how it is called.

Whoever is mailed (models.Watch) and whoever is called (portal/hooks) watch the same things.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consent.mail.build import address
from districts import published
from districts.finding import LONGEST, key_of, plain
from districts.words import words

from .about import SEARCH, AboutOneThing

#: What the pages and names of things need; to be read with them.
RELATED = ("agency", "school__agency", "vendor", "element", "agreement__vendor")


@dataclass(frozen=True)
class Kind:
    """A kind of thing: its field, and the field of the thing that names it in addresses, with its page."""

    field: str
    key: str
    things: Any
    page: str  # written out: to look it up would load every page into the worker; a test compares

    def named(self, key: str) -> QuerySet[Any]:
        """Return the public thing of a name, or nothing: a draft is nobody's to ask for."""
        found: QuerySet[Any] = self.things().filter(**{self.key: key})
        return found


KINDS = {
    "district": Kind("agency", "slug", published.agencies, "/d/{}/"),
    "school": Kind("school", "pk", published.schools, "/d/{}/schools/{}/"),
    "company": Kind("vendor", "slug", published.vendors, "/companies/{}/"),
    "data": Kind("element", "code", published.elements, "/data/{}/"),
    "agreement": Kind("agreement", "public_id", published.agreements, "/agreements/{}/"),
    SEARCH: Kind("words", "", None, "/search/?q={}"),
}


def find(kind: str, key: str) -> Any:
    """Return the public thing that an address names, of a search its words; None where there is none."""
    if kind == SEARCH:
        typed = plain(key)[:LONGEST]
        return typed if key_of(typed) else None
    if kind == "school" and not (key.isascii() and key.isdigit() and len(key) <= 18):
        return None
    try:
        return KINDS[kind].named(str(uuid.UUID(key)) if kind == "agreement" else key).first()
    except (KeyError, ValueError):
        return None


def identity(kind: str, thing: Any) -> dict[str, Any]:
    """Return the one field that tells a watched thing from others; searches by the key of their words."""
    return {"words_key": key_of(thing)} if kind == SEARCH else {KINDS[kind].field: thing}


def fields(kind: str, thing: Any) -> dict[str, Any]:
    """Return all fields that say what is watched; none for the whole register, whose kind is empty."""
    if not kind:
        return {}
    return {**identity(kind, thing), **({"words": thing} if kind == SEARCH else {})}


def page_of(about: AboutOneThing, language: str) -> str:
    """Return the whole address of the page of what is watched."""
    if not about.kind:
        return address(language, "/")
    return address(language, KINDS[about.kind].page.format(*_parts(about)))


def _parts(about: AboutOneThing) -> tuple[str, ...]:
    if about.school is not None:
        return about.school.agency.slug, str(about.school.pk)
    if about.words is not None:
        return (quote_plus(about.words),)
    return (str(getattr(about.thing, KINDS[about.kind].key)),)


def name_of(about: AboutOneThing) -> str:
    """Return what is watched by its name, in the language that is active."""
    return names([about])[about.pk]


def names(those: Iterable[AboutOneThing]) -> dict[int, str]:
    """Return the name of what each is about, by its id, in the active language: one query."""
    every = list(those)
    said = words(elements=(each.element_id for each in every if each.element_id))
    return {each.pk: _name(each, said.element(each.element_id or 0)) for each in every}


def _name(about: AboutOneThing, label: str) -> str:
    if about.element is not None:
        return label or about.element.code
    if about.agreement is not None:
        return f"{about.agreement.vendor.name}: {about.agreement.title}"
    if about.school is not None:
        return f"{about.school.name}, {about.school.agency.name}"
    if about.words is not None:
        return _("the search “%(words)s”") % {"words": about.words}
    return str(about.thing.name) if about.kind else _("all news of this site")
