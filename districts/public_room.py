"""The public room: pages for anybody, read by a database role that cannot see a family's row."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar, cast

import psycopg
from django.db import connections, transaction
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

PUBLIC_ALIAS = "public"
PUBLIC_ROLE = "openroll_public"

P = ParamSpec("P")
T = TypeVar("T")

#: Inside the room: what was read there once, by name. None outside.
_inside: ContextVar[dict[str, Any] | None] = ContextVar("inside_the_public_room", default=None)


class PublicRoomError(RuntimeError):
    """A public page asked who is looking."""


class ClosedToThePublicRoom:
    """Stands where the request keeps a person's things; touching it is an error in the page."""

    def __init__(self, what: str) -> None:
        object.__setattr__(self, "_what", what)

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise PublicRoomError(
            f"A public page may not touch request.{object.__getattribute__(self, '_what')}."
        )

    __getattr__ = __setattr__ = __getitem__ = __setitem__ = __contains__ = __iter__ = __bool__ = _refuse


def is_public() -> bool:
    """Return whether the code runs inside the public room."""
    return _inside.get() is not None


@contextmanager
def public_room() -> Iterator[None]:
    """Read as the public role until the block ends; all of it sees one state of the database.

    `SET LOCAL` ends with the transaction; the role is also reset by hand, because inside an outer
    transaction (as in tests) the block is only a savepoint.
    """
    if is_public():
        yield
        return
    with transaction.atomic(using=PUBLIC_ALIAS):
        with connections[PUBLIC_ALIAS].cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {PUBLIC_ROLE}")
        token = _inside.set({})
        try:
            yield
        finally:
            _inside.reset(token)
            _leave_role()


def read_once(name: str, read: Callable[[], T]) -> T:
    """Return what `read` returns; inside the room what it returned first, since all there is one state."""
    known = _inside.get()
    if known is None:
        return read()
    if name not in known:
        known[name] = read()
    found: T = known[name]
    return found


def read_one_as_public(statement: str) -> tuple[str | None, ...] | None:
    """Return the first row of one SELECT as text, read as the public role in a single message to the server.

    Several statements in one message are one transaction, in which `SET LOCAL` holds and with which it ends.
    For the little that is asked at each request: an open connection is not asked first whether it is alive,
    and libpq is spoken to without a cursor, which together would cost three times the query. Whatever needs
    more than one SELECT, or values, belongs into `public_room()`.
    """
    connection: Any = connections[PUBLIC_ALIAS]
    if connection.connection is not None and not connection.in_atomic_block:
        with suppress(psycopg.Error):
            message = f"SET LOCAL ROLE {PUBLIC_ROLE}; {statement}"
            result = connection.connection.pgconn.exec_(message.encode())
            if result.status == psycopg.pq.ExecStatus.TUPLES_OK:
                return _first_row(result)
        connection.close()  # it has died meanwhile, or the statement failed and will again, with its reason
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {PUBLIC_ROLE}; {statement}; RESET ROLE")
        cursor.nextset()
        return _first_row(cursor.pgresult)


def _first_row(result: Any) -> tuple[str | None, ...] | None:
    if not result.ntuples:
        return None
    values = (result.get_value(0, column) for column in range(result.nfields))
    return tuple(None if value is None else value.decode() for value in values)


def _leave_role() -> None:
    """Go back to the connection's own role, unless a failed statement already bars every other one.

    After a failure the rollback to the savepoint, or of the transaction, undoes `SET LOCAL` as well.
    """
    connection = connections[PUBLIC_ALIAS]
    if connection.connection is None or connection.connection.closed:
        return
    if connection.connection.info.transaction_status.name == "INERROR":
        return
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def public_page(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Serve a view from the public room: its template too, and what it streams.

    The request's session, user and messages are taken away meanwhile; touching one raises PublicRoomError.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        with _nobody_looking(request), public_room():
            response = view(request, *args, **kwargs)
            if callable(getattr(response, "render", None)):
                response = cast(Any, response).render()
        # What is taken down must not live on in a browser or a proxy: each page is asked for again.
        response.headers.setdefault("Cache-Control", "no-cache")
        # A file is read from the disk: however slow whoever takes it, no transaction waits for it.
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = _stream_inside(cast(Iterator[bytes], response.streaming_content))
        return response

    wrapped.is_public_page = True  # type: ignore[attr-defined]
    return wrapped


def _stream_inside(chunks: Iterator[bytes]) -> Iterator[bytes]:
    with public_room():
        yield from chunks


@contextmanager
def _nobody_looking(request: HttpRequest) -> Iterator[None]:
    things: dict[str, Any] = vars(request)
    kept: dict[str, Any] = {name: things[name] for name in ("session", "user", "_messages") if name in things}
    for name in kept:
        things[name] = ClosedToThePublicRoom(name)
    try:
        yield
    finally:
        things.update(kept)
