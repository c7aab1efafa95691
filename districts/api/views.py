"""The addresses of the API: lists, single records, and what was written since."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ..addresses import absolute
from .asking import cursor_of, filtered, known_only, limit_of, one_of, page_of
from .following import written_since
from .resource import Resource


class AlwaysJson(BaseContentNegotiation):
    """There is one way to write the answers, whatever a client says it would like."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Return the first parser; nothing is ever parsed."""
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first renderer."""
        return renderers[0], renderers[0].media_type


class OpenView(APIView):
    """A view for anybody. Its words are English in every browser: codes and errors stay the same."""

    content_negotiation_class = AlwaysJson
    http_method_names = ["get", "head", "options"]  # OPTIONS is answered at the door

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer in English, and with pages in English as `public_url`."""
        with override("en"):
            return super().dispatch(request, *args, **kwargs)


class ListView(OpenView):
    """One page of a resource."""

    resource: ClassVar[Resource]

    def get(self, request: Request) -> Response:
        """Return records, and the address of the next page."""
        asked = request.query_params
        known_only(asked, {"limit", "after", *self.resource.filters})
        rows, after = page_of(self.resource, filtered(self.resource, self.resource.rows(), asked), asked)
        following = None
        if after is not None:
            query = asked.copy()
            query["after"] = after
            following = absolute(f"{request.path}?{query.urlencode()}")
        return Response({"next": following, "results": self.resource.serializer(rows, many=True).data})


class OneView(OpenView):
    """One record of a resource."""

    resource: ClassVar[Resource]

    def get(self, request: Request, id: str) -> Response:
        """Return the record."""
        known_only(request.query_params, set())
        return Response(self.resource.serializer(one_of(self.resource, id)).data)


class FollowView(OpenView):
    """Whatever was written since a cursor."""

    def get(self, request: Request) -> Response:
        """Return the objects written since, as they are now, and the cursor to go on with."""
        asked = request.query_params
        known_only(asked, {"limit", "since"})
        entries, (version, stamp), more = written_since(cursor_of(asked), limit_of(asked))
        return Response({"next": f"{version}-{stamp}", "more": more, "results": entries})


class NothingHere(OpenView):
    """Every other address below /api/v1/: an error in the API's own form."""

    def get(self, request: Request, path: str) -> HttpResponse:
        """Say that there is nothing."""
        raise NotFound(f"There is no /api/v1/{path}. See /api/v1/openapi.json.")
