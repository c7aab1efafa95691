"""Middleware of the frame."""

from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.security import ADMIN_PREFIX, admin_additions


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Sends the policy; the admin's pages may run the scripts that Django ships."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the header, with the admin's additions where they belong."""
        if request.path_info.startswith(ADMIN_PREFIX):
            response._csp_update = admin_additions()  # type: ignore[attr-defined]
        return super().process_response(request, response)
