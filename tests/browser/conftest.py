"""Real-browser tests: the system's Chromium, driven by Playwright; no other machine is reached."""

import copy
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from tests.browser.situations import (  # noqa: F401 - fixtures, named in pages.py
    answered,
    asked,
    discussed,
    hooked,
    imported,
    letter,
    nobody_tried_before,
    published,
    two_on_one_mailbox,
    used_by_many,
    watched,
)
from tests.needs import CHROMIUM

# Playwright's synchronous interface runs an event loop in this thread; Django's ORM refuses to work there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--no-first-run",
    "--no-default-browser-check",
    # A page that asks for anything of another host fails its test.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say of every test in this folder that it needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "en-US",
        "timezone_id": "America/Chicago",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def console() -> list[str]:
    """What the browser complained about; watched by `open_page`."""
    return []


@pytest.fixture
def open_page(
    live_server: Any, new_context: Callable[..., BrowserContext], console: list[str]
) -> Callable[..., Page]:
    """Return a function that opens a path of the site, signed in as a user if one is given."""

    def open_page(path: str, *, user: Any = None, **context: Any) -> Page:
        browser_context = new_context(**context)
        browser_context.set_default_timeout(10_000)
        if user is not None:
            browser_context.add_cookies([_session_cookie(user, live_server.url)])
        page = browser_context.new_page()
        page.on("console", lambda message: console.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: console.append(f"error: {error}"))
        page.on("requestfailed", lambda request: console.append(f"failed: {request.url}"))
        page.goto(live_server.url + path)
        return page

    return open_page


@pytest.fixture
def sample_pages(settings: Any) -> None:
    """Serve the fragments with sample content below /samples/, for these tests only."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [Path(__file__).parent.parent / "templates", *templates[0]["DIRS"]]
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.browser.fragments_urls"


def _session_cookie(user: Any, url: str) -> Any:
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}
