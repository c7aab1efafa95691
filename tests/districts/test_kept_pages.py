"""A kept page is answered first, with all that a drawn one is sent with; figures are counted once."""

from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.districts.api.register import fill, stamp_now
from tests.districts.public_addresses import addresses, cached_addresses, drawn_addresses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pages_are_kept(settings) -> Iterator[None]:
    settings.PAGE_CACHE_PLACES = 64
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def version():
    made = fill()
    stamp_now()
    return made


def test_a_kept_page_comes_with_every_header_of_a_drawn_one(version):
    for address in cached_addresses(version):
        drawn = Client().get(address)
        kept = Client().get(address)
        assert dict(kept.items()) == dict(drawn.items()), address
        unchanged = Client().get(address, headers={"If-None-Match": drawn["ETag"]})
        assert unchanged.status_code == 304
        for name in drawn.headers:
            if name not in ("Content-Type", "Content-Length"):
                assert unchanged[name] == drawn[name], (address, name)
        assert {"Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options"} <= set(drawn.headers)


def test_a_page_that_is_kept_is_served_before_anything_looks_who_asks(version, monkeypatch):
    address = addresses(version)["districts:vendor"]
    page = Client().get(address)

    def refuse(*_args: object) -> None:
        raise AssertionError("The session was looked at.")

    monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.process_request", refuse)
    assert Client().get(address).content == page.content
    assert Client().get(address, headers={"If-None-Match": page["ETag"]}).status_code == 304
    caches["pages"].clear()
    with pytest.raises(AssertionError, match="looked at"):
        Client().get(address)


def test_a_precondition_that_fails_is_not_answered_as_unchanged(version):
    address = addresses(version)["districts:vendor"]
    tag = Client().get(address)["ETag"]
    assert Client().get(address, headers={"If-None-Match": tag, "If-Match": '"other"'}).status_code == 412


def test_figures_are_counted_once_while_the_register_is_the_same(version):
    [district, vendor] = drawn_addresses(version)
    for address, counts in (
        (district, "string_agg(kind.code"),
        (vendor, 'COUNT("districts_agreement"."id")'),
    ):
        with CaptureQueriesContext(connection) as asked:
            first, second = Client().get(address).content, Client().get(address).content
        assert first == second
        assert sum(counts in query["sql"] for query in asked) == 1, address
