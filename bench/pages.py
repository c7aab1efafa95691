"""The public pages beside a bare view that returns constant bytes by the same middleware and server.

One web server process, one client on a kept connection; in each turn the same number of requests to both.
Judged are ratios of requests a second. “Not kept” is a page asked for with a query it does not know, which is
drawn each time. The size is the number of agreements on a site of 864 districts, besides the 615 of the
district whose page is measured.
"""

import http.client
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.core.management import call_command

from bench import state
from bench.measure import RUNS, Row, seconds
from bench.processes import free_port, wait
from portal.supervisor import Program, Supervisor
from tests.faults.machinery import database_url

FEW, MANY = 10, 864
LARGE = 615  # agreements of the district whose page is measured
REQUESTS, DRAWN = 150, 5  # in one turn
UNCHANGED, WARM, NOT_KEPT, SIZE_BAR = 0.75, 0.45, 0.05, 1.3


def run(size: int) -> list[Row]:
    """Measure one size: a number of agreements of all districts but the one measured."""
    call_command("setup_roles", verbosity=0)
    of_state, kinds = state.begin()
    [large] = state.add_districts(of_state, kinds, 1, LARGE)
    state.add_districts(of_state, kinds, FEW - 1, size // MANY)
    pages = {
        "district": f"/d/{large.slug}/",
        "company": f"/companies/{_company()}/",
        "kind of data": "/data/kind-0/",
    }
    with _server() as port:
        few = _drawn(port, pages["district"])
    state.add_districts(of_state, kinds, MANY - FEW, size // MANY)
    with _server() as port:
        many = _drawn(port, pages["district"])
        rows = [row for name, page in pages.items() for row in _beside_bare(port, size, name, page)]
    grown = [at_many / at_few for at_many, at_few in zip(many, few, strict=True)]
    what = f"district page, not kept, {MANY} districts"
    return [*rows, Row(what, size, grown, f"the same, {FEW} districts", SIZE_BAR)]


def _company() -> str:
    from districts.models import Vendor

    return str(Vendor.objects.order_by("pk").values_list("slug", flat=True)[0])


def _beside_bare(port: int, size: int, name: str, page: str) -> list[Row]:
    _body, tag = _get(http.client.HTTPConnection("127.0.0.1", port), page)
    unchanged, warm, drawn = [], [], []
    for _ in range(RUNS):
        bare = _pace(port, "/bare/", REQUESTS)
        unchanged.append(_pace(port, page, REQUESTS, {"If-None-Match": tag}, status=304) / bare)
        warm.append(_pace(port, page, REQUESTS) / bare)
        drawn.append(_pace(port, f"{page}?anew=1", DRAWN) / bare)
    return [
        Row(f"{name} page, {what}, requests a second", size, taken, "bare view", bar, at_least=True)
        for what, taken, bar in (
            ("304", unchanged, UNCHANGED),
            ("kept", warm, WARM),
            ("not kept", drawn, NOT_KEPT),
        )
    ]


def _drawn(port: int, page: str) -> list[float]:
    """Return, for each turn, what drawing a page costs, in requests of the bare view."""
    return [_pace(port, "/bare/", REQUESTS) / _pace(port, f"{page}?anew=1", DRAWN) for _turn in range(RUNS)]


def _pace(port: int, page: str, requests: int, headers: Mapping[str, str] = {}, status: int = 200) -> float:
    """Return how many requests a second one client gets answered."""
    client = http.client.HTTPConnection("127.0.0.1", port)
    _get(client, page, headers, status)

    def ask() -> None:
        for _ in range(requests):
            _get(client, page, headers, status)

    return requests / seconds(ask)


def _get(
    client: http.client.HTTPConnection, page: str, headers: Mapping[str, str] = {}, status: int = 200
) -> tuple[bytes, str]:
    client.request("GET", page, headers=dict(headers))
    answer = client.getresponse()
    body = answer.read()
    if answer.status != status:
        raise RuntimeError(f"{page} answered {answer.status}")
    return body, answer.headers.get("ETag", "")


@contextmanager
def _server() -> Iterator[int]:
    """Serve the site and the bare view from one process, as the demo's and the documented server do."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.bare_site",
        "DATABASE_URL": database_url(),
        "REDIS_URL": "",
        "HTTPS": "0",
    }
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}"]
    size = ["--worker-class", "gthread", "--workers", "1", "--threads", "4", "--no-control-socket"]
    with tempfile.TemporaryDirectory() as folder:
        program = Program("web", [*command, *size], Path(folder) / "web.log")
        supervisor = Supervisor(environment=environment, say=print)
        supervisor.add(program)
        try:
            wait(partial(_answers, port), every=0.2)
            yield port
        finally:
            supervisor.stop()


def _answers(port: int) -> bool:
    try:
        _get(http.client.HTTPConnection("127.0.0.1", port), "/bare/")
    except (OSError, http.client.HTTPException):
        return False
    return True
