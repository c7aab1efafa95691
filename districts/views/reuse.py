"""The page that explains how to take the register as data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..law import Basis
from ..models import (
    Agency,
    Agreement,
    Change,
    DataElement,
    Incident,
    OpenQuestion,
    OpenRefusal,
    Participation,
    Promise,
    Publication,
    Remark,
    Ruling,
    Vendor,
)
from ..models import AgreementVersion as Version
from ..models import SharedElement as Line
from ..open_data import LICENCE_NAME, LICENCE_URL
from ..public_room import public_page
from .dumps import dumps_for_page
from .state_forms import forms_for_page

#: Where each kind of word stands in the data, and what its values mean.
ENUMS = (
    ("agencies.kind", Agency.Kind),
    ("agencies.decision_rule", Agency.DecisionRule),
    ("vendors.kind", Vendor.Kind),
    ("elements.subject", DataElement.Subject),
    ("elements.sensitivity", DataElement.Sensitivity),
    ("agreements.kind", Agreement.Kind),
    ("agreements.state", Agreement.State),
    ("participations.kind", Participation.Kind),
    ("versions.subcontractors_answer", Version.Subcontractors),
    ("versions.shared_elements.basis", Basis),
    ("versions.shared_elements.source", Line.Source),
    ("versions.shared_elements.kept", Line.Kept),
    ("versions.promises.code", Promise.Code),
    ("versions.promises.answer", Promise.Answer),
    ("vendors.rulings.kind", Ruling.Kind),
    ("agreements.remarks.party", Remark.Party),
    ("incidents.date_kind", Incident.DateKind),
    ("publications.kind", Publication.Kind),
    ("publications.changes.kind", Change.Kind),
    ("publications.changes.severity", Change.Severity),
    ("questions.kind", OpenQuestion.Kind),
    ("refusals.reason", OpenRefusal.Reason),
)


@require_safe
@public_page
def open_data_page(request: HttpRequest) -> HttpResponse:
    """Explain the dumps, the API, the feeds, the calendar, the licence, ids and values."""
    context = {
        "openapi": reverse("api:openapi"),
        "changes": reverse("api:changes"),
        "lists": [
            reverse(f"api:{name}")
            for name in (
                "agencies",
                "vendors",
                "elements",
                "agreements",
                "versions",
                "publications",
                "questions",
            )
        ],
        "feeds": feed_links("feed"),
        "dumps": dumps_for_page(),
        "forms": forms_for_page(),
        "licence": (LICENCE_NAME, LICENCE_URL),
        "enums": [(name, values.choices) for name, values in ENUMS],
        "crumbs": [(_("Take this as data"), None)],
    }
    return render(request, "districts/open_data.html", context)


def feed_links(name: str, *args: str | int) -> list[tuple[str, str, str]]:
    """Return media type, name and address of each feed of a page, for its head and its foot."""
    return [
        ("application/atom+xml", "Atom", reverse(f"districts:{name}", args=[*args, "atom"])),
        ("application/feed+json", "JSON Feed", reverse(f"districts:{name}", args=[*args, "json"])),
    ]
