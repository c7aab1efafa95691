"""The public pages beside a bare view that returns constant bytes by the same middleware and server.

One web server process, one client on a kept connection. A turn is many short stretches, each of some requests
to the bare view and some to the page, so that both meet the same machine. Judged are ratios of requests a
second. “Not kept” is a page asked for with a query it does not know, which is drawn each time; what is
counted over all agreements may be known from the page before (districts/kept_figures.py). “After news” is
the same with nothing known: the register is changed before each request. The size is the number of agreements
on a site of 864 districts, besides the 615 of the district whose page is measured.
"""

import http.client
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.core.management import call_command
from django.db.models import F

from bench import state
from bench.measure import RUNS, Row, seconds
from bench.processes import free_port, wait
from districts.models import RegisterVersion, Vendor
from portal.supervisor import Program, Supervisor
from tests.faults.machinery import database_url

FEW, MANY = 10, 864
LARGE = 615  # agreements of the district whose page is measured
STRETCHES, REQUESTS = 12, 15  # in one turn, and of each kind in one stretch
DRAWN_STRETCHES, DRAWN = 6, 2
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
        few = [1 / ratio for ratio in _after_news(port, pages["district"])]
    state.add_districts(of_state, kinds, MANY - FEW, size // MANY)
    with _server() as port:
        many = [1 / ratio for ratio in _after_news(port, pages["district"])]
        rows = [row for name, page in pages.items() for row in _beside_bare(port, size, name, page)]
    grown = [at_many / at_few for at_many, at_few in zip(many, few, strict=True)]
    what = f"district page, after news, {MANY} districts"
    return [*rows, Row(what, size, grown, f"the same, {FEW} districts", SIZE_BAR)]


def _company() -> str:
    return str(Vendor.objects.order_by("pk").values_list("slug", flat=True)[0])


def _beside_bare(port: int, size: int, name: str, page: str) -> list[Row]:
    _body, tag = _get(http.client.HTTPConnection("127.0.0.1", port), page)
    taken: dict[str, tuple[list[float], float | None]] = {
        "304": (_beside(port, page, {"If-None-Match": tag}, 304), UNCHANGED),
        "kept": (_beside(port, page), WARM),
        "not kept": (_beside(port, f"{page}?anew=1", stretches=DRAWN_STRETCHES, each=DRAWN), NOT_KEPT),
        "after news": (_after_news(port, page), None),
    }
    return [
        Row(f"{name} page, {what}, requests a second", size, ratios, "bare view", bar, at_least=True)
        for what, (ratios, bar) in taken.items()
    ]


def _beside(
    port: int,
    page: str,
    headers: Mapping[str, str] = {},
    status: int = 200,
    *,
    stretches: int = STRETCHES,
    each: int = REQUESTS,
    before: Callable[[], object] = int,
) -> list[float]:
    """Return, for each turn, the page's requests a second beside the bare view's; `before` is not timed."""
    client = http.client.HTTPConnection("127.0.0.1", port)
    _get(client, "/bare/")
    _get(client, page, headers, status)
    found = []
    for _turn in range(RUNS):
        bare = ours = 0.0
        for _stretch in range(stretches):
            bare += seconds(lambda: [_get(client, "/bare/") for _ in range(REQUESTS)])
            before()
            ours += seconds(lambda: [_get(client, page, headers, status) for _ in range(each)])
        found.append((bare / REQUESTS) / (ours / each))
    return found


def _after_news(port: int, page: str) -> list[float]:
    """Return the same of a page that is drawn with nothing known of it: the register has just changed."""
    return _beside(port, f"{page}?anew=1", stretches=DRAWN_STRETCHES, each=1, before=_news)


def _news() -> None:
    RegisterVersion.objects.update(number=F("number") + 1)


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
