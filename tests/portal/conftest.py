"""The mail server of our own, for whatever the frame sends."""

from tests.consent.mail.conftest import post_office  # noqa: F401 - a fixture
