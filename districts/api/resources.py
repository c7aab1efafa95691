"""The resources of the API: what each lists, how it is read in a fixed number of queries, and its filters."""

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Prefetch, QuerySet, Value, When

from .. import published
from ..models import AgreementVersion, CategoryText, ElementText, PurposeText, Ruling
from . import agreements, catalogue, companies, discussion, news, places, versions
from .resource import CODE, NUMBER, UUID, Filter, Resource

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


def _questions() -> QuerySet[Any]:
    return published.open_questions().select_related("agreement", "withdrawal").prefetch_related("answers")


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
    Resource(
        "comment_windows",
        "comment_window",
        "Days on which anybody may comment on an agreement.",
        lambda: published.comment_windows().select_related("agreement").prefetch_related("changes"),
        discussion.CommentWindowSerializer,
        filters={"agreement": AGREEMENT},
    ),
    Resource(
        "hearings",
        "hearing",
        "Public meetings about agreements, cancelled ones too.",
        lambda: published.hearings().select_related("agreement", "cancellation"),
        discussion.HearingSerializer,
        UUID,
        "public_id",
        {"agreement": AGREEMENT},
    ),
    Resource(
        "questions",
        "question",
        "What districts are asked in public about agreements, and what they answer.",
        _questions,
        discussion.OpenQuestionSerializer,
        UUID,
        "public_id",
        {"agreement": AGREEMENT},
    ),
    Resource(
        "refusals",
        "refusal",
        "What was asked and is not shown: only why not, and the day.",
        lambda: published.open_refusals().select_related("agreement"),
        discussion.OpenRefusalSerializer,
        filters={"agreement": AGREEMENT},
    ),
)
BY_NAME = {resource.name: resource for resource in RESOURCES}
