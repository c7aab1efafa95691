"""What every test stands on: the real PostgreSQL, its public role, and one connection for both aliases."""

from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase

from districts.public_room import PUBLIC_ALIAS
from portal import embedded, locales
from tests import emptying, needs

# Every test may read through the public alias.
TransactionTestCase.databases = frozenset({"default", PUBLIC_ALIAS})
TransactionTestCase._fixture_teardown = emptying.empty_tables  # type: ignore[attr-defined]


STARTED = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded PostgreSQL where DATABASE_URL names no other."""
    for need in needs.NEEDS:
        config.addinivalue_line("markers", f"{need.name}: {need.words}")
    if said := needs.refuse_if_lacking():
        pytest.exit(said, returncode=3)
    locales.compile_changed()
    try:
        config.stash[STARTED] = embedded.prepare()
    except embedded.EmbeddedError as error:
        pytest.exit(f"openroll: {error}", returncode=3)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop it again if this run started it and nobody else uses it."""
    if config.stash.get(STARTED, False) and not hasattr(config, "workerinput"):
        embedded.stop_if_unused()


def pytest_report_header(config: pytest.Config) -> str:
    """Say which PostgreSQL the tests run on."""
    with psycopg.connect(**connections["default"].get_connection_params() | {"dbname": "postgres"}) as server:
        return f"PostgreSQL: {server.info.parameter_status('server_version')}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what this machine cannot run."""
    needs.leave_out(items)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where OPENROLL_REQUIRE is set, a test left out for anything it names is a failure."""
    for reason in _left_out(session.config):
        if needs.required() and not needs.is_forgiven(reason):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Say by name what was left out."""
    for reason, number in sorted(_left_out(config).items()):
        verdict = "FAILED, left out" if needs.required() and not needs.is_forgiven(reason) else "left out"
        terminalreporter.write_line(f"{verdict}: {number} tests: {reason}")


def _left_out(config: pytest.Config) -> dict[str, int]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return needs.reasons(reporter.stats.get("skipped", [])) if reporter else {}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Give the public role its rights in the fresh test database, as `manage.py setup_roles` does."""
    with django_db_blocker.unblock():
        call_command("setup_roles", verbosity=0)
        _let_tests_empty_their_tables()
    yield
    connections[PUBLIC_ALIAS].close()  # a session left open would keep the test database


def _let_tests_empty_their_tables() -> None:
    """Disable the triggers that refuse TRUNCATE, and only those: a test that commits cleans up by it."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname)"
            " FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 > 0"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


@pytest.fixture(autouse=True)
def _public_alias_sees_what_the_test_wrote(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let both aliases share one connection while a test runs inside a transaction it never commits."""
    uses_database = {"db", "_django_db_helper"} & set(request.fixturenames)
    marker = request.node.get_closest_marker("django_db")
    committed = "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))
    if not uses_database or committed:
        yield
        return
    request.getfixturevalue("_django_db_helper")
    own = connections[PUBLIC_ALIAS]
    connections[PUBLIC_ALIAS] = connections["default"]
    try:
        yield
    finally:
        connections[PUBLIC_ALIAS] = own
