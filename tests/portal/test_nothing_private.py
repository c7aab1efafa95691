"""Nothing private leaves by a public address: a family's table added to any of its queries is refused."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.dumps.making import make_dump
from districts.models import AgreementVersion
from districts.papers import attach_public_copy, attach_text
from districts.public_room import PUBLIC_ROLE
from tests import factories as f
from tests.districts.books import keep_register
from tests.districts.public_addresses import addresses, public_views, words_only
from tests.districts.test_papers import plain_pdf

pytestmark = pytest.mark.django_db

FAMILY = "consent_student"
#: Ways in and out of the public room; they read nothing.
DOORS = ("SAVEPOINT", "RELEASE SAVEPOINT", "RESET ROLE", "SET TRANSACTION")
TAKE_ROLE = f"SET LOCAL ROLE {PUBLIC_ROLE}"


def with_a_family(sql: str) -> str:
    """Return a query with a family's table in it. The version's is one message of three statements."""
    if sql.startswith(f"{TAKE_ROLE}; "):
        take, asked, give = sql.split("; ")
        return f"{take}; {with_a_family(asked)}; {give}"
    return f"SELECT count(*) FROM ({sql}) AS asked, {FAMILY}"


@contextmanager
def every_query_tried_with_a_family(let_through: list[str]) -> Iterator[list[str]]:
    """Before each query, try it with a family's table; gather which were tried, and which not refused."""
    tried: list[str] = []

    def try_first(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(DOORS) and sql != TAKE_ROLE:
            tried.append(sql)
            if not refused(sql, params):
                let_through.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(try_first):
        yield tried


def refused(sql: str, params: Any) -> bool:
    """Tell whether a query with a family's table is refused, for that table and for no other reason."""
    cursor = connection.connection.cursor()
    cursor.execute("SAVEPOINT a_family_was_asked_for")
    try:
        cursor.execute(with_a_family(sql), params)
    except psycopg.errors.InsufficientPrivilege as error:
        return f"permission denied for table {FAMILY}" in str(error)
    else:
        return False
    finally:
        cursor.execute("ROLLBACK TO SAVEPOINT a_family_was_asked_for")


@pytest.fixture
def version(settings, tmp_path) -> AgreementVersion:
    """One of everything, with a paper, its words and a dump; pages are kept."""
    settings.DUMPS_ROOT = tmp_path / "dumps"
    settings.PAGE_CACHE_PLACES = 64
    made = keep_register()
    paper = attach_public_copy(version_id=made.pk, data=plain_pdf())
    attach_text(document_id=paper.pk, data=b"The words of it.")
    make_dump(now=dt.datetime.now(dt.UTC))
    return made


def test_every_public_address_is_on_the_list(version):
    assert set(addresses(version)) == set(public_views())


def test_a_familys_table_in_any_query_of_any_public_address_is_refused(version):
    f.make_student(version.agreement.agency)
    every = addresses(version)
    for name, address in every.items():
        let_through: list[str] = []
        with every_query_tried_with_a_family(let_through) as tried:
            response = Client().get(address)
            assert b"".join(response) or response.status_code == 302, name
        assert response.status_code == {"districts:agreement": 302, "districts:latest_dump": 302}.get(
            name, 404 if name == "api:None" else 200
        ), name
        assert let_through == [], name
        assert tried or name in ("api:openapi", "districts:state_form_columns"), name
        assert not response.cookies, name


def test_the_trial_itself_finds_a_query_that_may_read_families():
    let_through: list[str] = []
    with every_query_tried_with_a_family(let_through), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert let_through == ["SELECT 1"]


def test_a_dump_is_made_by_the_public_role_too(settings, tmp_path):
    settings.DUMPS_ROOT = tmp_path / "dumps"
    f.make_student(keep_register().agreement.agency)
    let_through: list[str] = []
    with every_query_tried_with_a_family(let_through) as tried:
        assert make_dump(now=dt.datetime.now(dt.UTC))
    assert len(tried) > 10
    assert let_through == []


def test_the_frames_pages_of_words_ask_the_database_nothing():
    for address in [*words_only(), *(f"/es{one}" for one in words_only())]:
        with CaptureQueriesContext(connection) as asked:
            response = Client().get(address)
        assert response.status_code == 200
        assert (len(asked), len(response.cookies)) == (0, 0)
