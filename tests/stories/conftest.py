"""The post office of the mail tests, for whole stories."""

from tests.consent.mail.conftest import post_office

__all__ = ["post_office"]
