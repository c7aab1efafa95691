"""The processes of one test, ended with it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.consent.mail.conftest import post_office
from tests.faults.machinery import Redis, Site
from tests.faults.town import Town, make_town

__all__ = ["post_office"]


@pytest.fixture(autouse=True)
def quiet_mail_server(caplog: pytest.LogCaptureFixture) -> None:
    """Keep every word of the mail server out of the report: thousands of lines, and slower than the mail."""
    caplog.set_level(logging.WARNING, logger="mail.log")


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """Start a Redis of the test's own."""
    server = Redis(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def town(transactional_db: None) -> Town:
    """A district with a draft that concerns all its families, committed so that other processes see it."""
    return make_town()


@pytest.fixture
def over_files(tmp_path: Path, post_office, town: Town) -> Iterator[Site]:
    """The site without Redis: messages travel through a folder."""
    site = Site(tmp_path / "var", post_office, None)
    yield site
    site.stop()


@pytest.fixture
def over_redis(tmp_path: Path, post_office, town: Town, redis: Redis) -> Iterator[Site]:
    """The site with Redis."""
    site = Site(tmp_path / "var", post_office, redis)
    yield site
    site.stop()
