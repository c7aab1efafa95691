"""Pages are kept while the register is the same, and not a moment longer."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.db import ProgrammingError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts import page_cache
from districts.models import RegisterVersion, ToldFigures
from districts.open_data import release
from districts.public_room import PUBLIC_ALIAS, PUBLIC_ROLE, read_one_as_public
from districts.publish import publish_version
from districts.withdrawals import withdraw_text
from tests import factories as f
from tests.districts.api.register import fill, stamp_now
from tests.districts.api.test_following import STEPS, what_happens
from tests.districts.public_addresses import addresses, cached_addresses, drawn_addresses

pytestmark = pytest.mark.django_db

PLACES = 64


@pytest.fixture(autouse=True)
def pages_are_kept(settings) -> Iterator[None]:
    settings.PAGE_CACHE_PLACES = PLACES
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def version():
    made = fill()
    stamp_now()
    return made


def kept_pages() -> list[object]:
    """Return the pages that are kept; figures, which share their places, are pairs."""
    found = [caches["pages"].get(f"page-{place}") for place in range(PLACES)]
    return [page for page in found if isinstance(page, tuple) and len(page) == 3]


def read(address: str, **headers: str) -> tuple[int, bytes, int]:
    """Return status, bytes, and how many statements were sent to the database."""
    with CaptureQueriesContext(connection) as asked:
        response = Client().get(address, headers=headers)
    return response.status_code, response.content, len(asked)


def test_a_page_that_is_kept_costs_one_query_and_is_the_same(version):
    for address in cached_addresses(version):
        first = read(address)
        assert first[0] == 200, address
        assert read(address) == (200, first[1], 1), address


def test_who_has_the_page_is_told_so_for_one_query_whether_it_is_kept_or_not(version):
    for address in cached_addresses(version):
        response = Client().get(address)
        assert response["Cache-Control"] == "no-cache"
        for _ in range(2):
            assert read(address, **{"If-None-Match": response["ETag"]}) == (304, b"", 1)
            caches["pages"].clear()


@pytest.mark.parametrize("step", [*STEPS, "figures_come", "a_text_comes_down"])
def test_whatever_happens_no_page_is_older_than_the_register(version, step, settings):
    def figures_come():
        news = version.agreement.publications.filter(version=version).first()
        ToldFigures.objects.create(publication=news, agency=version.agreement.agency.state, people=215)

    def a_text_comes_down():
        withdraw_text(version_id=version.pk, field="summary", reason="A student was named in it.")

    steps = {**what_happens(version), "figures_come": figures_come, "a_text_comes_down": a_text_comes_down}
    every = cached_addresses(version) + drawn_addresses(version)
    before = {address: Client().get(address).content for address in every}
    seen = dict(before)
    for _ in steps[step]() or [None]:
        stamp_now()
        kept = {address: Client().get(address).content for address in every}
        settings.PAGE_CACHE_PLACES = 0
        assert kept == {address: Client().get(address).content for address in every}
        settings.PAGE_CACHE_PLACES = PLACES
        seen |= {address: page for address, page in kept.items() if page != before[address]}
    stamp_now()
    assert step in ("recode_an_element", "withdraw_a_paper", "close_a_school") or seen != before


def test_a_draft_changes_no_tag(version):
    address = addresses(version)["districts:vendor"]
    tag = Client().get(address)["ETag"]
    draft = version.agreement.versions.drafts().get()
    draft.summary = "Not yet."
    draft.save()
    stamp_now()
    assert Client().get(address)["ETag"] == tag


@pytest.mark.django_db(transaction=True)
def test_a_commit_is_seen_by_the_next_reader_and_what_is_not_committed_by_none(client):
    draft = f.make_draft(f.make_agreement(f.make_district()))
    address = f"/d/{draft.agreement.agency.slug}/"
    before = client.get(address).content
    with transaction.atomic():
        publish_version(version_id=draft.pk, now=f.NOW)
        connections[PUBLIC_ALIAS].close()
        assert client.get(address).content == before
    assert draft.agreement.vendor.name in client.get(address).content.decode()


def test_a_page_of_before_midnight_is_not_served_after_it(monkeypatch):
    district = f.make_district(time_zone="America/Chicago")
    draft = f.make_draft(f.make_agreement(district, ends_on=f.TODAY), effective_from=f.TODAY)
    publish_version(version_id=draft.pk, now=f.NOW)
    stamp_now()
    address = f"/d/{district.slug}/"
    last = dt.datetime(2026, 9, 2, 4, 59, 59, tzinfo=dt.UTC)  # one second before midnight in Chicago

    def at(moment: dt.datetime) -> str:
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return str(Client().get(address).content.decode())

    assert at(last - dt.timedelta(minutes=50)) == at(last)
    assert "1 company or office may get student data." in at(last)
    assert "0 companies and offices may get student data." in at(last + dt.timedelta(seconds=1))


def test_an_address_that_is_unknown_or_asks_in_free_text_is_kept_nowhere(version):
    every = addresses(version)
    district, element = every["districts:district"], every["districts:element"]
    for address in [
        "/search/?q=lumino",
        "/companies/?q=lumino",
        "/?q=lumino",
        f"{element}?on=tomorrow",
        f"{element}?on=2026-01-01",
        f"{district}?utm_source=mail",
        f"{district}?page=1&page=2",
        f"{district}?page=%D9%A1",
        f"{district}?page={'1' * 40}",
        "/d/nowhere/",
        every["districts:open_data"],
        every["districts:document_text"],
    ]:
        response = Client().get(address)
        assert "ETag" not in response, address
        assert response.status_code == 404 or "no-cache" in response["Cache-Control"]
    assert kept_pages() == []
    assert Client().get("/d/nowhere/", headers={"If-None-Match": "*"}).status_code == 404


def test_there_are_never_more_pages_than_places_and_none_is_long(version, settings, monkeypatch):
    settings.PAGE_CACHE_PLACES = 4
    address = addresses(version)["districts:district"]
    pages = {n: Client().get(f"{address}?page={n}").content for n in range(20)}
    assert len(caches["pages"]._cache) <= 4
    for n, page in pages.items():  # another page in one's place is never served as one's own
        assert Client().get(f"{address}?page={n}").content == page
    caches["pages"].clear()
    monkeypatch.setattr(page_cache, "LARGEST", 100)
    assert Client().get(address).status_code == 200
    assert kept_pages() == []


class Broken:
    def get(self, *args: object) -> None:
        raise ConnectionError("The cache is away.")

    set = get


@pytest.mark.parametrize("found", [Broken(), {"get": "nonsense"}])
def test_a_cache_that_fails_or_holds_nonsense_breaks_no_page(version, monkeypatch, found):
    if isinstance(found, dict):
        for place in range(PLACES):
            caches["pages"].set(f"page-{place}", "nonsense")
    else:
        monkeypatch.setattr(page_cache, "caches", {"pages": found})
    for _ in range(2):
        assert Client().get("/companies/").status_code == 200


def test_every_table_a_kept_page_reads_moves_the_registers_version(version):
    """Or its rows are frozen together with one that does: parts of a version, changes of a publication."""
    covering = ["register_is_stamped", "published_version_is_frozen", "a_change_comes_with_its_publication"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = ANY (%s)", [covering])
        covered = {name for (name,) in cursor.fetchall()}
    covered |= {"districts_registerversion"}
    with CaptureQueriesContext(connection) as asked:
        for address in cached_addresses(version):
            assert Client().get(address).status_code == 200
    read_tables = set(re.findall(r"\bdistricts_[a-z_]+", " ".join(query["sql"] for query in asked)))
    assert "districts_toldfigures" in read_tables
    assert read_tables <= covered


def test_the_version_is_read_as_the_public_role_which_is_given_back():
    def role() -> str:
        with connections[PUBLIC_ALIAS].cursor() as cursor:
            cursor.execute("SELECT current_user")
            return str(cursor.fetchone()[0])

    before = role()
    assert read_one_as_public("SELECT current_user") == (PUBLIC_ROLE,)
    assert role() == before != PUBLIC_ROLE
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        read_one_as_public("SELECT count(*) FROM consent_student")
    assert role() == before


@pytest.mark.django_db(transaction=True)
def test_so_it_is_on_a_connection_of_its_own():
    test_the_version_is_read_as_the_public_role_which_is_given_back()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_has_died_meanwhile_is_made_anew():
    """As after a restart of PostgreSQL: Django's own look at an old connection is left out here."""
    room = connections[PUBLIC_ALIAS]
    [pid] = read_one_as_public("SELECT pg_backend_pid()")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    room.health_check_done = False  # as when the next request begins
    [now] = read_one_as_public("SELECT pg_backend_pid()")
    assert now != pid
    assert read_one_as_public("SELECT current_user") == (PUBLIC_ROLE,)


@pytest.mark.django_db(transaction=True)
def test_a_number_that_comes_again_after_a_restore_is_another_version(client):
    f.make_district()
    number, tag = RegisterVersion.current(), client.get("/companies/")["ETag"]
    RegisterVersion.objects.update(number=number)  # as a restored row: written by another transaction
    assert RegisterVersion.current() == number
    assert client.get("/companies/")["ETag"] != tag


def test_another_release_is_another_page(version, settings, tmp_path):
    page_cache.page_release.cache_clear()
    before = page_cache.page_release()
    settings.SITE_NAME = "Another name"
    page_cache.page_release.cache_clear()
    assert page_cache.page_release() not in (before, release())
    page_cache.page_release.cache_clear()
