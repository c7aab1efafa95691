"""What a feed is about and what stands in it: publications, told in the sentences of their changes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connections, router
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

from . import published
from .addresses import page
from .finding import everything_named
from .kept_figures import kept_figures
from .models import (
    Agency,
    Agreement,
    AgreementVersion,
    Change,
    DataElement,
    Participation,
    Publication,
    School,
    ScopeSchool,
    SharedElement,
    Vendor,
)
from .timeline import gathered, sentence_of

LONGEST_FEED = 50  # entries; the API has them all

#: Changes that concern every kind of data of the version they are about.
WHOLE = ["agreement_new", "already_in_use", "joined", "left", "ended", "extended", "owner_changed"]


@dataclass(frozen=True)
class About:
    """The kinds of data that news is about: their ids, their codes, and the groups they are of."""

    meanings: frozenset[int]
    codes: frozenset[str]
    categories: frozenset[int]


def about(elements: Iterable[DataElement]) -> About:
    """Return what news of these kinds of data is about."""
    read = [(one.meaning_id, one.code, one.category_id) for one in elements]
    meanings, codes, categories = zip(*read, strict=True) if read else ((), (), ())
    return About(frozenset(meanings), frozenset(codes), frozenset(categories))


@dataclass(frozen=True)
class Entry:
    """One publication as a reader of a feed sees it."""

    publication: Publication
    sentences: list[str]

    @property
    def title(self) -> str:
        """Return the first sentence, which says what it is about."""
        return self.sentences[0]

    @property
    def id(self) -> str:
        """Return the id by which a reader's program knows it: it stays whatever becomes of addresses."""
        return f"urn:uuid:{self.publication.public_id}"

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return page("change", self.publication.public_id)

    @property
    def at(self) -> dt.datetime:
        """Return when it became public."""
        return self.publication.published_at

    @property
    def tag(self) -> str:
        """Return of which kind it is."""
        return self.publication.kind


def of_everything() -> QuerySet[Publication]:
    """Return all public news."""
    return published.publications()


def of_district(agency: Agency) -> QuerySet[Publication]:
    """Return the news of agreements an agency holds or takes part in."""
    return published.publications().concerning(agency)  # type: ignore[attr-defined]


def of_school(school: School) -> QuerySet[Publication]:
    """Return the news of its district's agreements that may concern the school's children.

    The newest published version says so, as in the list on its page (listing.py): it names the school, or
    none at all.
    """
    newest = (
        AgreementVersion.objects.published()
        .filter(agreement=OuterRef("agreement"))
        .order_by("-number")
        .values("pk")[:1]
    )
    scope = ScopeSchool.objects.filter(version=OuterRef("newest"))
    news = of_district(school.agency).annotate(newest=Subquery(newest))
    return news.filter(~Exists(scope) | Exists(scope.filter(school=school)))


def of_vendor(vendor: Vendor) -> QuerySet[Publication]:
    """Return the news of a company's agreements."""
    return published.publications().filter(agreement__vendor=vendor)


# The newest of each agreement are looked up by index, however much news there is elsewhere.
_NEWS = """
  FROM ({agreements} OFFSET 0) a (id)
 CROSS JOIN LATERAL (SELECT x.id, x.day FROM districts_publication x
                      WHERE x.agreement_id = a.id AND {wanted}) p
 WHERE (SELECT true FROM districts_agreementversion m
         WHERE m.agreement_id = a.id AND m.published_at IS NOT NULL LIMIT 1)
"""
_OF_DISTRICT = """(SELECT id FROM districts_agreement WHERE agency_id = %(whose)s
    UNION SELECT agreement_id FROM districts_participation WHERE agency_id = %(whose)s)"""
_OF_VENDOR = "SELECT id FROM districts_agreement WHERE vendor_id = %(whose)s"
_DAYS = f"SELECT p.day, count(*) {_NEWS} GROUP BY p.day HAVING count(*) > 1"
_NEWEST = f"SELECT p.id {_NEWS} ORDER BY p.day DESC, p.id DESC LIMIT %(n)s"
_BASELINE = f"x.kind = '{Publication.Kind.BASELINE}' OFFSET 0"
_REST = f"""NOT (x.kind = '{Publication.Kind.BASELINE}' AND x.day = ANY (%(days)s::date[]))
                      ORDER BY x.day DESC, x.id DESC LIMIT %(n)s"""


def newest(whose: Agency | Vendor, n: int) -> tuple[list[Publication], dict[dt.date, int]]:
    """Return the newest `n` news of a district or a company with their changes, in four queries.

    What was in use before the site opened is counted by day instead, where a day has more than one of it.
    """
    agreements = _OF_DISTRICT if isinstance(whose, Agency) else _OF_VENDOR
    with connections[router.db_for_read(Publication)].cursor() as cursor:
        cursor.execute(_DAYS.format(agreements=agreements, wanted=_BASELINE), {"whose": whose.pk})
        days = dict(cursor.fetchall())
        values: dict[str, Any] = {"whose": whose.pk, "n": n, "days": list(days)}
        cursor.execute(_NEWEST.format(agreements=agreements, wanted=_REST), values)
        ids = [pk for (pk,) in cursor.fetchall()]
    found = Publication.objects.prefetch_related("changes").in_bulk(ids)
    return [found[pk] for pk in ids], days


def newest_told(whose: Agency | Vendor, n: int) -> list[dict[str, Any]]:
    """Return the newest `n` lines of history of a district or a company, kept while the register stays."""
    about = ("history", str(whose._meta.model_name), whose.pk, n, get_language())
    return kept_figures(about, lambda: gathered(*newest(whose, n), n))


def of_agreement(agreement: Agreement) -> QuerySet[Publication]:
    """Return the news of one agreement."""
    return published.publications().filter(agreement=agreement)


def of_search(key: str, language: str) -> QuerySet[Publication]:
    """Return the news of agreements that answer to the words, in any of their versions.

    An agreement answers by its own name, its company, a product, a kind of data, or an agency that holds it
    or takes part in it. The key is what `finding.key_of` makes of the typed words.
    """

    def named(kind: str) -> Any:
        sql, values = everything_named(kind, key, language)
        return RawSQL(sql, values)  # noqa: S611 - the values are passed beside it

    means = Q(element__in=named("element")) | Q(element__same_meaning_as__in=named("element"))
    within = SharedElement.objects.filter(means, version__published_at__isnull=False)
    made_for = Agreement.products.through._default_manager.filter(product__in=named("product"))
    joined = Participation.objects.filter(agency__in=named("agency"))
    return published.publications().filter(
        Q(agreement__in=named("agreement"))
        | Q(agreement__in=Agreement.objects.filter(vendor__in=named("vendor")).values("pk"))
        | Q(agreement__in=Agreement.objects.filter(agency__in=named("agency")).values("pk"))
        | Q(agreement__in=made_for.values("agreement"))
        | Q(agreement__in=joined.values("agreement"))
        | Q(agreement__in=within.values("version__agreement"))
    )


def of_data(about: About) -> QuerySet[Publication]:
    """Return the news of who may get kinds of data: their own changes, and those of whole agreements."""
    own = Change.objects.filter(publication=OuterRef("pk")).filter(_names(about))
    whole = Change.objects.filter(publication=OuterRef("pk"), kind__in=WHOLE)
    within = SharedElement.objects.filter(_means(about), version=OuterRef("version"))
    return published.publications().filter(Exists(own) | (Exists(whole) & Exists(within)))


def entries(publications: QuerySet[Publication], about: About | None = None) -> list[Entry]:
    """Return the newest entries in the reader's language; of kinds of data only what concerns them."""
    newest = publications.order_by("-published_at", "-pk").prefetch_related("changes__element")
    found = list(newest[:LONGEST_FEED])
    return [told(each, about) for each in found]


def told(publication: Publication, about: About | None = None) -> Entry:
    """Return one publication as an entry; of kinds of data only theirs. Prefetch `changes__element`."""
    sentences = _sentences(publication.changes.all(), about)
    return Entry(publication, sentences or [publication.get_kind_display()])


def _means(about: About) -> Q:
    return Q(element__in=about.meanings) | Q(element__same_meaning_as__in=about.meanings)


def _names(about: About) -> Q:
    """Return the condition that a change is about one of them, by itself or among what it lists."""
    return _means(about) | Q(after__elements__has_any_keys=sorted(about.codes))


def _sentences(changes: Iterable[Change], about: About | None) -> list[str]:
    return [sentence_of(change) for change in changes if about is None or _concerns(change, about)]


def _concerns(change: Change, about: About) -> bool:
    after: Any = change.after
    listed = isinstance(after, dict) and not about.codes.isdisjoint(after.get("elements") or [])
    named = change.element is not None and change.element.meaning_id in about.meanings
    about_a_group = change.category_id is not None and change.category_id not in about.categories
    return listed or named or (change.kind in WHOLE and not about_a_group)
