"""Addresses below /api/v1/."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from ..open_data import open_data
from .resources import RESOURCES
from .schema import document, follow_view, list_view, one_view
from .views import NothingHere


@open_data
def openapi(request: HttpRequest) -> HttpResponse:
    """Serve the OpenAPI document."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, OPTIONS"})
    return HttpResponse(openapi_document(), content_type="application/json")


ROOT = "api/v1/"
app_name = "api"
described = [
    *(path(resource.name, open_data(list_view(resource)), name=resource.name) for resource in RESOURCES),
    *(
        path(f"{resource.name}/<str:id>", open_data(one_view(resource)), name=resource.one)
        for resource in RESOURCES
    ),
    path("changes", open_data(follow_view()), name="changes"),
]


def openapi_document() -> bytes:
    """Return the OpenAPI document of all that is described below."""
    return document(ROOT, tuple(described))


urlpatterns = [
    *described,
    path("openapi.json", openapi, name="openapi"),
    re_path("^(?P<path>.*)$", open_data(NothingHere.as_view())),
]
