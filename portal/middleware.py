"""Middleware of the frame."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from districts.page_cache import serve_kept
from portal.security import ADMIN_PREFIX, admin_additions


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Sends the policy; the admin's pages may run the scripts that Django ships."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the header, with the admin's additions where they belong."""
        if request.path_info.startswith(ADMIN_PREFIX):
            response._csp_update = admin_additions()  # type: ignore[attr-defined]
        return super().process_response(request, response)


class KeptPageMiddleware:
    """Answers for public pages that are kept, before session, user and messages are looked at.

    Whatever puts a header on each answer stands before it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the kept page, or that it is unchanged, or else what the rest of the site answers."""
        return serve_kept(request) or self.get_response(request)
