"""What the page of a company and the page of a product have in common: agreements, breaches, what is said."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..breaches_shown import newest_breaches
from ..kept_figures import kept_figures
from ..label import data_label, parts_of
from ..legend import Status, status_of
from ..models import Agreement, AgreementVersion, Incident, Product, Publication, Vendor
from ..passed_on import passed_on
from ..promises_shown import hard_questions
from ..remarks_shown import threads
from ..saying import status_mark, subcontractor_words
from ..side_by_side import Spread, agreements_of, newest_versions, one_page, place_of, spread_of
from ..standing import agreement_state
from ..terms import rows
from ..version_notes import version_note
from ..words import words

LABELS = 3  # whole labels on a page; where there are more agreements, they stand side by side only
LONGEST_NAME = 100
BREACHES = 10


def agreements_context(
    request: HttpRequest, vendor: Vendor, product: Product | None = None
) -> dict[str, Any]:
    """Return a page of the agreements, side by side where there are several, whole where there are few."""
    named = request.GET.get("district", "").strip()[:LONGEST_NAME].replace("\x00", "")
    every = agreements_of(vendor, product=product)
    about = ("company", vendor.pk, product and product.pk, timezone.now().date())
    figures, spread, order = kept_figures(about, lambda: _counted(every))
    if named:
        order = _in_order(agreements_of(vendor, product=product, named=named))
    after = request.GET.get("after", "")
    page, is_more = one_page(order, place_of(every, after) if after else None)
    versions = newest_versions(page, vendor)
    is_whole = not is_more and not after and len(versions) <= LABELS
    said = threads(version.agreement for version in versions)
    return {
        "figures": figures,
        "named": named,
        "is_filtered": bool(named),
        "may_filter": figures["all"] > LABELS,
        "rows": [] if is_whole and len(versions) < 2 else rows(versions, timezone.now()),
        "spread": spread,
        "next_url": _address(named, str(versions[-1].agreement.public_id)) if is_more else "",
        "first_url": _address(named, "") if after else "",
        "shown": [_whole(version, said[version.agreement_id]) for version in versions] if is_whole else [],
        "several": figures["all"] > 1,
        "remarks": [] if is_whole else [remark for pk in page for remark in said[pk]],
        "state_lets_leave_out": figures["illinois"] > 0,
    }


def _counted(agreements: QuerySet[Any]) -> tuple[dict[str, int], Spread | None, list[int]]:
    """Return the figures of all agreements, who deletes soonest and latest, and the order: three queries."""
    figures = _figures(agreements)
    spread = spread_of(agreements) if figures["signed"] > 1 else None
    return figures, spread, _in_order(agreements)


def _in_order(agreements: QuerySet[Any]) -> list[int]:
    return list(agreements.values_list("pk", flat=True))


def _figures(agreements: QuerySet[Any]) -> dict[str, int]:
    """Count agreements, those signed and in their term today, and the agencies that hold them: one query."""
    today = timezone.now().date()
    signed = Q(state=Agreement.State.SIGNED)
    over = Q(ends_on__isnull=False, ends_on__lt=today) | Q(begins_on__isnull=False, begins_on__gt=today)
    counted: dict[str, int] = agreements.order_by().aggregate(
        all=Count("pk"),
        signed=Count("pk", filter=signed),
        running=Count("pk", filter=signed & ~over),
        agencies=Count("agency", distinct=True),
        illinois=Count("pk", filter=Q(agency__law_profile="us-il")),
    )
    return counted


def _address(named: str, after: str) -> str:
    parts = {name: value for name, value in (("district", named), ("after", after)) if value}
    return f"?{urlencode(parts)}#side-by-side"


def _whole(version: AgreementVersion, said: list[dict[str, Any]]) -> dict[str, Any]:
    parts = parts_of(version)
    label = data_label(parts)
    agreement = version.agreement
    today = agreement.agency.today(timezone.now())
    status = status_of(agreement, today)
    return {
        "version": version,
        "agreement": agreement,
        "status": status_mark(status),
        "was_turned_down": status is Status.NOT_APPROVED,
        "label": label,
        "promises": hard_questions(parts),
        "note": version_note(version, today),
        "state": agreement_state(agreement, today),
        "others": passed_on(parts),
        "no_others": subcontractor_words(version),
        "facts": _decided(version),
        "documents": version.documents.filter(withdrawal=None),
        "with_choice": [row["category"] for row in label["rows"] if row["marks"]],
        "url": reverse("districts:agreement_version", args=[agreement.public_id, version.number]),
        "remarks": said,
    }


def _decided(version: AgreementVersion) -> list[tuple[str, str]]:
    """Return why this company and who decided; what is empty is shown as a gap, what came down is said."""
    gone = set(version.withdrawn_texts.values_list("field", flat=True))
    texts = ((_("Why this company"), "why_this_company"), (_("Who decided"), "who_decided"))
    return [(name, _("Taken down") if field in gone else getattr(version, field)) for name, field in texts]


def breaches_context(vendor: Vendor) -> dict[str, Any]:
    """Return the breaches that districts report at a company, the newest first, in four queries at most."""
    newest = newest_breaches(vendor, BREACHES + 1)
    found = Incident.objects.select_related("agency").prefetch_related("elements").in_bulk(newest[:BREACHES])
    shown = [found[pk] for pk in newest[:BREACHES]]
    texts = words(elements={element.pk for incident in shown for element in incident.elements.all()})
    for incident in shown:
        incident.kinds = [  # type: ignore[attr-defined]
            (texts.element(element.pk), reverse("districts:element", args=[element.code]))
            for element in incident.elements.all()
        ]
    return {
        "incidents": shown,
        "more_incidents": f"{reverse('api:incidents')}?vendor={vendor.pk}" if newest[BREACHES:] else "",
        "since": kept_figures(("told since", vendor.pk), lambda: _told_since(vendor)),
    }


def _told_since(vendor: Vendor) -> dt.date | None:
    first: dict[str, dt.date | None]
    first = Publication.objects.filter(agreement__vendor=vendor).aggregate(day=Min("day"))
    return first["day"]
