"""A version of an agreement as linked data."""

import json
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ..linked_data import MEDIA_TYPE, agreement_as_linked_data
from ..models import AgreementVersion
from ..open_data import open_data


@open_data
@require_safe
def agreement_version(request: HttpRequest, public_id: uuid.UUID, number: int) -> HttpResponse:
    """Serve one public version of an agreement as JSON-LD."""
    version = get_object_or_404(
        AgreementVersion.objects.published().select_related("agreement__agency", "agreement__vendor"),
        agreement__public_id=public_id,
        number=number,
    )
    text = json.dumps(agreement_as_linked_data(version), ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type=MEDIA_TYPE)
