"""The resources of the API: what each lists, how it is read in a fixed number of queries, and its filters."""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Prefetch, QuerySet, Value, When

from .. import published
from ..models import AgreementVersion, CategoryText, ElementText, PurposeText, Ruling
from . import agreements, catalogue, companies, news, places, versions
from .record import Record

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class IdKind:
    """A kind of id: how it looks, for people and in JSON Schema, and how it is read."""

    looks: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]


def _number(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,18}", text) or int(text) > LARGEST_ID:
        raise ValueError
    return int(text)


def _uuid(text: str) -> uuid.UUID:
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        raise ValueError
    return uuid.UUID(text)


def _code(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,80}", text):
        raise ValueError
    return text


NUMBER = IdKind("a number", {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}, _number)
UUID = IdKind("a UUID", {"type": "string", "format": "uuid"}, _uuid)
CODE = IdKind(
    "a code of letters, digits, - and _", {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,80}$"}, _code
)


@dataclass(frozen=True)
class Filter:
    """A filter of a list: the column it compares, and the kind of id it takes."""

    column: str
    kind: IdKind
    about: str


@dataclass(frozen=True)
class Resource:
    """One list of the API and its records."""

    name: str
    one: str
    about: str
    rows: Callable[[], QuerySet[Any]]
    serializer: type[Record]
    kind: IdKind = NUMBER
    key: str = "pk"
    filters: Mapping[str, Filter] = field(default_factory=dict)
    newest_first: bool = False


AGENCY = Filter("agency", NUMBER, "Only of the agency with this id.")
VENDOR = Filter("vendor", NUMBER, "Only of the vendor with this id.")
AGREEMENT = Filter("agreement__public_id", UUID, "Only of the agreement with this id.")


def _newest_texts(model: Any) -> "Prefetch[Any]":
    owner = model.OWNER
    rows = model.objects.order_by(owner, "language", "-revision").distinct(owner, "language")
    return Prefetch("texts", rows, to_attr="newest_texts")


def _elements() -> QuerySet[Any]:
    return (
        published.elements()
        .select_related("category", "same_meaning_as")
        .prefetch_related("crosswalks", "prohibitions", _newest_texts(ElementText))
    )


def _vendors() -> QuerySet[Any]:
    rulings = Prefetch("rulings", Ruling.objects.standing(), to_attr="standing_rulings")
    return published.vendors().prefetch_related("ownerships", rulings)


def _agreements() -> QuerySet[Any]:
    products = Prefetch("products", published.products().order_by("pk").only("pk"))
    return published.agreements().prefetch_related(
        "events", products, "remarks__answers_to", "remarks__answers"
    )


def _versions() -> QuerySet[Any]:
    return (
        published.versions()
        .select_related("agreement")
        .prefetch_related(
            "scope_schools",
            "shared_elements__element",
            "shared_elements__purpose",
            "promises",
            "subcontractors",
            "choice_terms__category",
            "choice_terms__texts",
            "documents__withdrawal",
            "documents__texts",
            "clause_readings",
            "withdrawn_texts",
        )
    )


def _incidents() -> QuerySet[Any]:
    public = Exists(AgreementVersion.objects.published().filter(agreement=OuterRef("agreement")))
    return (
        published.incidents()
        .annotate(
            public_agreement=Case(When(public, then=F("agreement__public_id")), default=Value(None)),
        )
        .select_related("agency")
        .prefetch_related("elements")
    )


def _publications() -> QuerySet[Any]:
    return (
        published.publications()
        .select_related("agreement", "incident")
        .prefetch_related("changes__element", "changes__category")
    )


RESOURCES = (
    Resource(
        "agencies",
        "agency",
        "States, districts and cooperatives.",
        published.agencies,
        places.AgencySerializer,
    ),
    Resource(
        "schools",
        "school",
        "Schools of districts, closed ones too.",
        lambda: published.schools().select_related("agency"),
        places.SchoolSerializer,
        filters={"agency": AGENCY},
    ),
    Resource(
        "vendors",
        "vendor",
        "Companies and offices with a public agreement or a breach, and whoever owns them.",
        _vendors,
        companies.VendorSerializer,
    ),
    Resource(
        "products",
        "product",
        "What vendors run for schools.",
        lambda: published.products().select_related("vendor"),
        companies.ProductSerializer,
        filters={"vendor": VENDOR},
    ),
    Resource(
        "categories",
        "category",
        "Groups of kinds of data.",
        lambda: published.categories().prefetch_related(_newest_texts(CategoryText)),
        catalogue.CategorySerializer,
        CODE,
        "code",
    ),
    Resource(
        "elements",
        "element",
        "Kinds of data, in plain words.",
        _elements,
        catalogue.ElementSerializer,
        CODE,
        "code",
        {"category": Filter("category__code", CODE, "Only of the category with this id.")},
    ),
    Resource(
        "purposes",
        "purpose",
        "Reasons for sharing.",
        lambda: published.purposes().prefetch_related(_newest_texts(PurposeText)),
        catalogue.PurposeSerializer,
        CODE,
        "code",
    ),
    Resource(
        "agreements",
        "agreement",
        "Agreements of agencies with vendors, from their first published version on.",
        _agreements,
        agreements.AgreementSerializer,
        UUID,
        "public_id",
        {"agency": AGENCY, "vendor": VENDOR},
    ),
    Resource(
        "versions",
        "version",
        "Published versions of agreements, with every line, promise, choice and paper.",
        _versions,
        versions.VersionSerializer,
        filters={"agreement": AGREEMENT},
    ),
    Resource(
        "participations",
        "participation",
        "Which district takes or took part in which agreement.",
        lambda: published.participations().select_related("agreement"),
        agreements.ParticipationSerializer,
        filters={"agency": AGENCY, "agreement": AGREEMENT},
    ),
    Resource(
        "incidents",
        "incident",
        "Breaches that districts report.",
        _incidents,
        news.IncidentSerializer,
        UUID,
        "public_id",
        {"agency": AGENCY, "vendor": VENDOR},
    ),
    Resource(
        "publications",
        "publication",
        "What made news, with each change, the newest first.",
        _publications,
        news.PublicationSerializer,
        UUID,
        "public_id",
        {"agreement": AGREEMENT},
        newest_first=True,
    ),
)
BY_NAME = {resource.name: resource for resource in RESOURCES}
