"""The papers of an agreement: the public copy as a PDF, and its words as a page."""

import uuid

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..models import AgreementDocument
from ..papers import public_text
from ..public_room import public_page
from ..wording import paragraphs


@require_safe
@public_page
def document(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Serve the public copy of an agreement; one that was withdrawn is gone, with its reason.

    A cache may keep the file, but has to ask each time whether it still stands.
    """
    found = _found(public_id)
    if hasattr(found, "withdrawal"):
        return _gone(request, found)
    tag = quote_etag(found.sha256)
    response: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if response is None:
        try:
            response = FileResponse(found.file.open("rb"), content_type="application/pdf")
        except FileNotFoundError:
            raise Http404 from None
        response["Content-Disposition"] = f'inline; filename="agreement-{found.public_id}.pdf"'
    response["ETag"] = tag
    response["Cache-Control"] = "public, no-cache"
    return response


@require_safe
@public_page
def document_text(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Show the words of a public copy as a page."""
    found = _found(public_id)
    if hasattr(found, "withdrawal"):
        return _gone(request, found)
    words = public_text(found)
    if words is None:
        raise Http404
    version = found.version
    agreement = version.agreement
    return render(
        request,
        "districts/document_text.html",
        {
            "document": found,
            "agreement": agreement,
            "version": version,
            "text": words[0],
            "paragraphs": paragraphs(words[1]),
            "district": agreement.agency,
            "district_url": reverse("districts:district", args=[agreement.agency.slug]),
            "section": "companies",
            "crumbs": [
                (agreement.agency.name, reverse("districts:district", args=[agreement.agency.slug])),
                (agreement.vendor.name, reverse("districts:vendor", args=[agreement.vendor.slug])),
                (
                    _("Version %(n)s") % {"n": version.number},
                    reverse("districts:agreement_version", args=[agreement.public_id, version.number]),
                ),
                (_("The paper as text"), None),
            ],
        },
    )


def _found(public_id: uuid.UUID) -> AgreementDocument:
    """Return a document of a published version; that of a draft is nobody's business yet."""
    papers = AgreementDocument.objects.filter(version__published_at__isnull=False)
    return get_object_or_404(
        papers.select_related("withdrawal", "version__agreement__agency", "version__agreement__vendor"),
        public_id=public_id,
    )


def _gone(request: HttpRequest, found: AgreementDocument) -> HttpResponseBase:
    return render(request, "districts/document_withdrawn.html", {"document": found}, status=410)
