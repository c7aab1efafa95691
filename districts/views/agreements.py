"""An agreement and its versions: parties, dates, who takes part, the label, the promises, the papers."""

import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..asked_in_public import NEWEST, counted, questions_of, said_so_far
from ..being_discussed import discussion_of, happened, in_order
from ..clause_readings import checklist
from ..label import VersionParts, data_label, parts_of
from ..models import Agreement, AgreementEvent, AgreementVersion
from ..page_cache import cached_page
from ..passed_on import passed_on
from ..promises_shown import hard_questions
from ..public_room import public_page
from ..remarks_shown import threads
from ..saying import (
    clause_row,
    control_words,
    ground_words,
    status_words,
    subcontractor_words,
)
from ..taking_part import taking_part
from ..timeline import history
from ..version_notes import version_note
from .reuse import feed_links


@require_safe
@public_page
def agreement(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Lead to the newest public version of an agreement."""
    version = (
        AgreementVersion.objects.published()
        .filter(agreement__public_id=public_id)
        .order_by("-number")
        .first()
    )
    if version is None:
        raise Http404
    return redirect("districts:agreement_version", public_id, version.number)


@require_safe
@cached_page()
def agreement_version(request: HttpRequest, public_id: uuid.UUID, number: int) -> HttpResponse:
    """Show one public version of an agreement."""
    version = get_object_or_404(
        AgreementVersion.objects.published().select_related("agreement__agency", "agreement__vendor"),
        agreement__public_id=public_id,
        number=number,
    )
    parts = parts_of(version)
    found = version.agreement
    withdrawn = {each.field: each for each in version.withdrawn_texts.all()}
    now = timezone.now()
    today, discussion = found.agency.today(now), discussion_of(found, now)
    return render(
        request,
        "districts/agreement_version.html",
        {
            "agreement": found,
            "version": version,
            "district": found.agency,
            "district_url": reverse("districts:district", args=[found.agency.slug]),
            "section": "companies",
            "status": status_words(found, today),
            "label": data_label(parts),
            "promises": hard_questions(parts),
            "grounds": grounds(parts),
            "note": version_note(version, today),
            "subcontractors": passed_on(parts),
            "no_subcontractors": subcontractor_words(version),
            "facts": facts(version, withdrawn),
            "withdrawn": list(withdrawn.values()),
            "clauses": [clause_row(each) for each in checklist(version)],
            "law_profile": found.agency.law_profile,
            "taking_part": taking_part(found, today),
            "versions": found.versions.published().order_by("-number"),
            "documents": version.documents.select_related("withdrawal")
            .prefetch_related("texts")
            .order_by(F("withdrawal__recorded_at").desc(nulls_first=True), "-recorded_at"),
            "remarks": threads([found])[found.pk],
            "discussion": discussion,
            "asked": counted(found),
            "events": in_order(
                _events(found),
                happened(discussion),
                said_so_far(questions_of(found)[:NEWEST], discussion.url),
            ),
            "news": history(found.publications.order_by("-day", "-pk").prefetch_related("changes")),
            "feeds": feed_links("agreement_feed", str(public_id)),
            "calendar": reverse("districts:agreement_calendar", args=[public_id]),
            "record": reverse("api:version", args=[version.pk]),
            "linked_data": reverse("districts:agreement_linked_data", args=[public_id, number]),
            "crumbs": [
                (found.agency.name, reverse("districts:district", args=[found.agency.slug])),
                (found.vendor.name, reverse("districts:vendor", args=[found.vendor.slug])),
                (_("Version %(n)s") % {"n": version.number}, None),
            ],
        },
    )


def grounds(parts: VersionParts) -> list[dict[str, str]]:
    """Return each legal ground of a version once, with what a family can do about it."""
    seen = dict.fromkeys(line.basis for line in parts.data_lines)
    return [{"ground": ground_words(basis), "control": control_words(basis)} for basis in seen]


def facts(version: AgreementVersion, withdrawn: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the parties, dates and cost; what is empty is a gap, what was taken down is said to be."""
    found = version.agreement

    def text(name: str) -> str:
        return _("Taken down. See below.") if name in withdrawn else str(getattr(version, name))

    def day(value: Any) -> str:
        return formats.date_format(value, "DATE_FORMAT") if value else ""

    return [
        (_("School district or state"), found.agency.name),
        (_("Company"), found.vendor.legal_name or found.vendor.name),
        (_("Address of the company"), found.vendor.business_address),
        (_("Begins"), day(found.begins_on) or found.term_note),
        (_("Ends"), day(found.ends_on) or found.term_note),
        (_("This version counts from"), day(version.effective_from)),
        (_("Sharing may start on"), day(version.sharing_starts_on)),
        (_("Cost"), text("cost")),
        (_("Signed by (title)"), text("signer_title")),
        (_("Why this company"), text("why_this_company")),
        (_("Who decided"), text("who_decided")),
    ]


def _event_words(event: AgreementEvent, found: Agreement) -> str:
    """Return what happened; a reconstruction tells it in whole sentences, each with its source."""
    if event.note and found.kind == Agreement.Kind.RECONSTRUCTION:
        return event.note
    return f"{event.get_kind_display()}. {'; '.join(event.note.splitlines())}".strip()


def _events(found: Agreement) -> list[dict[str, Any]]:
    return [
        {
            "date": event.happened_on,
            "when": _("Day not known"),
            "text": _event_words(event, found),
            "url": event.source_url,
            "url_text": _("Source") if event.source_url else "",
        }
        for event in found.events.all()
    ]
