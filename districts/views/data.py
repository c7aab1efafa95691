"""The catalogue: all kinds of data, and who may get one of them."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import published
from ..models import AgreementVersion, Crosswalk, DataElement, SharedElement
from ..public_room import public_page
from ..saying import control_words, ground_words, kept_words
from ..words import words
from .reuse import feed_links

LISTED = 200  # holders on an element's page; what is beyond is said in words


@require_safe
@public_page
def data(request: HttpRequest) -> HttpResponse:
    """Show the whole catalogue by group, and how many inBloom data points it explains."""
    elements = list(
        DataElement.objects.filter(agency=None, same_meaning_as=None)
        .select_related("category")
        .order_by("category__position", "code")
    )
    texts = words(elements=(e.pk for e in elements), categories=(e.category_id for e in elements))
    groups: dict[int, dict[str, Any]] = {}
    for element in elements:
        group = groups.setdefault(
            element.category_id,
            {
                "code": element.category.code,
                "label": texts.category(element.category_id),
                "definition": texts.categories[element.category_id].definition,
                "elements": [],
            },
        )
        group["elements"].append({"element": element, "label": texts.element(element.pk)})
    counted = Crosswalk.objects.filter(scheme="inbloom").aggregate(
        points=Count("pk"), kinds=Count("element", distinct=True)
    )
    context = {"groups": list(groups.values()), "inbloom": counted, "total": len(elements), "section": "data"}
    return render(request, "districts/data.html", context)


@require_safe
@public_page
def element(request: HttpRequest, code: str) -> HttpResponse:
    """Answer one question: who may get this?"""
    found = get_object_or_404(DataElement.objects.select_related("category", "agency"), code=code)
    meaning = Q(element=found.meaning_id) | Q(element__same_meaning_as=found.meaning_id)
    today = timezone.localdate()
    current = AgreementVersion.objects.in_force_on(today)
    lines = list(
        SharedElement.objects.filter(meaning, version__in=current)
        .select_related("version__agreement__vendor", "version__agreement__agency", "element")
        .order_by("version__agreement__vendor__name", "pk")[: LISTED + 1]
    )
    before = (
        SharedElement.objects.filter(meaning, version__published_at__isnull=False)
        .exclude(version__agreement__in=[line.version.agreement_id for line in lines])
        .select_related("version__agreement__vendor", "version__agreement__agency")
        .order_by("version__agreement__vendor__name", "version__agreement_id", "-version__number")
        .distinct("version__agreement__vendor__name", "version__agreement_id")[:LISTED]
    )
    texts = words(
        elements=[found.pk], categories=[found.category_id], purposes=(line.purpose_id for line in lines)
    )
    is_public = published.elements().filter(pk=found.pk).exists()
    return render(
        request,
        "districts/element.html",
        {
            "element": found,
            "text": texts.elements.get(found.pk),
            "category": texts.category(found.category_id),
            "holders": [_holder(line, texts.purpose(line.purpose_id)) for line in lines[:LISTED]],
            "more": len(lines) > LISTED,
            "before": [_former(line) for line in before],
            "prohibitions": found.prohibitions.all(),
            "feeds": feed_links("element_feed", code) if is_public else [],
            "record": reverse("api:element", args=[code]) if is_public else "",
            "section": "data",
            "crumbs": [(_("Data"), reverse("districts:data")), (texts.element(found.pk) or found.code, None)],
        },
    )


def _holder(line: SharedElement, purpose: str) -> dict[str, Any]:
    agreement = line.version.agreement
    return {
        "name": agreement.vendor.name,
        "url": reverse("districts:agreement_version", args=[agreement.public_id, line.version.number]),
        "agency": agreement.agency.name,
        "why": purpose,
        "ground": ground_words(line.basis),
        "since": line.version.effective_from,
        "until": kept_words(line),
        "others": line.recipients,
        "control": control_words(line.basis),
        "detail": line.detail,
    }


def _former(line: SharedElement) -> dict[str, Any]:
    agreement = line.version.agreement
    return {
        "name": agreement.vendor.name,
        "agency": agreement.agency.name,
        "ends_on": agreement.ends_on,
        "url": reverse("districts:agreement_version", args=[agreement.public_id, line.version.number]),
    }
