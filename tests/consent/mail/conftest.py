"""A post office for the tests of mail, and the situation most of them start from."""

from collections.abc import Iterator

import pytest

from tests.consent.mail.post_office import LOOPBACK, PostOffice


@pytest.fixture
def post_office(settings) -> Iterator[PostOffice]:
    """Open a mail server of our own and let the settings name it."""
    office = PostOffice()
    settings.EMAIL_HOST, settings.EMAIL_PORT = LOOPBACK, office.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = ""
    settings.SITE_URL = "https://data.cedar.example"
    settings.DEFAULT_FROM_EMAIL = "Student data <student-data@cedar.example>"
    office.open()
    yield office
    office.close()
