"""Public pages are served by a database role that cannot read a family's row (design, rule 7)."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import SimpleTemplateResponse
from django.test import RequestFactory

from districts.models import RegisterVersion
from districts.public_room import (
    PUBLIC_ALIAS,
    PUBLIC_ROLE,
    PublicRoomError,
    is_public,
    public_page,
    public_room,
    read_once,
)
from portal.management.commands.setup_roles import PRIVATE_TABLES
from portal.models import User

pytestmark = pytest.mark.django_db


def tables_of(app: str) -> list[str]:
    return sorted(
        model._meta.db_table for model in apps.get_app_config(app).get_models(include_auto_created=True)
    )


def role() -> str:
    with connections[PUBLIC_ALIAS].cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def read(table: str) -> None:
    with connections[PUBLIC_ALIAS].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")


@pytest.mark.parametrize("table", tables_of("consent"))
def test_no_table_of_the_private_room_can_be_read(table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), public_room():
        read(table)


@pytest.mark.parametrize(
    "table", [*PRIVATE_TABLES, "portal_user", "django_session", "account_emailaddress", "portal_watcher"]
)
def test_no_table_about_people_can_be_read(table: str) -> None:
    if table not in connection.introspection.table_names():
        pytest.fail(f"{table} is guarded, but there is no such table")
    with pytest.raises(ProgrammingError, match="permission denied"), public_room():
        read(table)


@pytest.mark.parametrize("table", [name for name in tables_of("districts") if name not in PRIVATE_TABLES])
def test_every_table_of_the_public_register_can_be_read(table: str) -> None:
    with public_room():
        read(table)


def test_nothing_can_be_written() -> None:
    table = connection.ops.quote_name(tables_of("districts")[0])
    with pytest.raises(ProgrammingError, match="permission denied"), public_room():
        connections[PUBLIC_ALIAS].cursor().execute(f"DELETE FROM {table}")


def test_the_role_is_taken_and_given_back() -> None:
    before = role()
    with public_room():
        assert role() == PUBLIC_ROLE
        assert is_public()
        with public_room():
            assert role() == PUBLIC_ROLE
        assert role() == PUBLIC_ROLE
    assert role() == before != PUBLIC_ROLE
    assert not is_public()


def test_the_role_is_given_back_after_an_error_of_the_page_and_of_the_database() -> None:
    before = role()
    with pytest.raises(ZeroDivisionError), public_room():
        _ = 1 / 0
    assert role() == before
    with pytest.raises(ProgrammingError), public_room():
        connections[PUBLIC_ALIAS].cursor().execute("SELECT nonsense")
    assert role() == before


def test_what_is_read_once_is_read_once_in_each_room_and_each_time_outside() -> None:
    read = iter(range(9))
    assert [read_once("x", lambda: next(read)) for _n in range(2)] == [0, 1]
    with public_room(), public_room():
        assert [read_once("x", lambda: next(read)), read_once("x", lambda: 99)] == [2, 2]
        assert read_once("y", lambda: next(read)) == 3
    with public_room():
        assert read_once("x", lambda: next(read)) == 4


@pytest.mark.django_db(transaction=True)
def test_all_that_is_read_in_a_room_is_one_state_of_the_database() -> None:
    RegisterVersion.objects.create(pk=1, number=1)
    with public_room():
        before = RegisterVersion.objects.get().number
        RegisterVersion.objects.using("default").update(number=F("number") + 1)
        assert RegisterVersion.objects.get().number == before
    with public_room():
        assert RegisterVersion.objects.get().number == before + 1


@pytest.mark.django_db(transaction=True)
def test_a_connection_of_its_own_reads_as_the_public_role() -> None:
    """As in production: two connections, and the role ends with the transaction."""
    with public_room():
        assert role() == PUBLIC_ROLE
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone()[0] != PUBLIC_ROLE
    assert role() != PUBLIC_ROLE


def test_the_models_are_read_over_the_public_alias() -> None:
    assert User.objects.all().db == "default"
    with public_room():
        assert User.objects.all().db == PUBLIC_ALIAS
    with pytest.raises(ProgrammingError, match="permission denied"), public_room():
        User.objects.exists()


def request() -> HttpRequest:
    built = RequestFactory().get("/")
    built.session, built.user = {"kept": True}, "Alice"  # type: ignore[assignment]
    return built


@pytest.mark.parametrize(
    "touch",
    [lambda r: r.user.pk, lambda r: r.session["k"], lambda r: bool(r.user), lambda r: "k" in r.session],
)
def test_a_public_page_cannot_ask_who_is_looking(touch) -> None:
    @public_page
    def page(request: HttpRequest) -> HttpResponse:
        touch(request)
        return HttpResponse()

    asked = request()
    with pytest.raises(PublicRoomError):
        page(asked)
    assert asked.user == "Alice"
    assert asked.session == {"kept": True}


def test_a_public_page_renders_its_template_inside_the_room() -> None:
    seen = []

    class Template:
        def render(self, context: object, request: object) -> str:
            seen.append(role())
            return "drawn"

    class Response(SimpleTemplateResponse):
        def resolve_template(self, template: object) -> Template:
            return Template()

    response = public_page(lambda request: Response("x"))(request())
    assert seen == [PUBLIC_ROLE]
    assert response.content == b"drawn"


def test_a_public_page_streams_inside_the_room() -> None:
    @public_page
    def page(request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(role() for _ in range(2))

    response = page(request())
    assert list(response) == [PUBLIC_ROLE.encode()] * 2
    assert not is_public()


def test_roles_are_set_up_again_without_harm_and_take_back_what_was_given_too_much() -> None:
    table = connection.ops.quote_name(tables_of("consent")[0])
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT ON {table} TO {PUBLIC_ROLE}")
    call_command("setup_roles", verbosity=0)
    call_command("setup_roles", verbosity=0)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), public_room():
        read(tables_of("consent")[0])
