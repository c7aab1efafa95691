"""The Content-Security-Policy: pages run no script at all, the admin runs its own."""

from typing import Any

from csp.constants import NONE, SELF

ADMIN_PREFIX = "/admin/"


def content_security_policy() -> dict[str, Any]:
    """Return the policy of every page."""
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "style-src": [SELF],
            "img-src": [SELF, "data:"],
            "form-action": [SELF],
            "base-uri": [NONE],
            "frame-ancestors": [NONE],
        }
    }


def admin_additions() -> dict[str, list[str]]:
    """Return what the admin needs beside that: Django's own scripts, and its searching select boxes."""
    return {"script-src": [SELF], "connect-src": [SELF], "font-src": [SELF]}
