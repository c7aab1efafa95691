"""Every registered page: accessible, readable at any width, silent, and useful without a script."""

from collections.abc import Callable, Iterator
from http import HTTPStatus

import pytest
from playwright.sync_api import Page

from tests.browser.leading import click_through
from tests.browser.looking import (
    OTHER_SCHEMES,
    bears_larger_text,
    can_be_walked_by_keyboard,
    looks_right_everywhere,
    prints_well,
    small_targets,
    turn_right_to_left,
)
from tests.browser.pages import PAGES, SitePage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visit(request: pytest.FixtureRequest, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Return a function that opens a registered page in its situation."""

    def visit(site_page: SitePage, prefix: str = "", **context: object) -> Page:
        values = dict(request.getfixturevalue(site_page.situation)) if site_page.situation else {}
        user = values.pop("user", None)
        page = open_page(prefix + site_page.path.format(**values), user=user, **context)
        field, text = site_page.fill
        if field:
            page.locator(field).fill(text.format(**values))
        if site_page.press:
            click_through(page.locator(site_page.press).first)
        return page

    return visit


def english(site_page: SitePage, visit: Callable[..., Page], console: list[str]) -> None:
    page = visit(site_page)
    looks_right_everywhere(page)
    assert small_targets(page) == []
    turn_right_to_left(page)
    looks_right_everywhere(page)
    bears_larger_text(page, ("rtl", "ltr"))


def spanish(site_page: SitePage, visit: Callable[..., Page], console: list[str]) -> None:
    page = visit(site_page, "/es")
    looks_right_everywhere(page, schemes=OTHER_SCHEMES)
    assert small_targets(page) == []
    bears_larger_text(page)


def scriptless(site_page: SitePage, visit: Callable[..., Page], console: list[str]) -> None:
    page = visit(site_page, java_script_enabled=False)
    assert page.locator("main h1").count() == 1


def walked(site_page: SitePage, visit: Callable[..., Page], console: list[str]) -> None:
    page = visit(site_page)
    is_expected = f"status of {site_page.status}"  # the browser says so itself of a page that is not a 200
    assert [line for line in console if is_expected not in line] == []
    assert page.locator("script").count() == 0
    if not site_page.is_framed:
        prints_well(page)
    assert page.locator('link[rel="canonical"]').count() == has_an_address(site_page)
    if page.locator(".error-summary").count():  # such a page opens at its errors
        assert "error-summary" in page.evaluate("document.activeElement.className")
        return
    assert page.locator("header").count() == (not site_page.is_framed)
    if site_page.is_framed:  # it has nothing to lead past
        return
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    can_be_walked_by_keyboard(page)


Look = Callable[[SitePage, Callable[..., Page], list[str]], None]
# The console first: it is to be silent about the page alone.
LOOKS: tuple[Look, ...] = (walked, scriptless, english, spanish)


def cases() -> Iterator[object]:
    """Yield each page with all looks at it; they share a situation unless it can be reached only once."""
    for page in PAGES:
        for looks in [(look,) for look in LOOKS] if page.once else [LOOKS]:
            name = "-".join([*page.name.split(), *(look.__name__ for look in looks if page.once)])
            yield pytest.param(page, looks, id=name)


@pytest.mark.parametrize(("site_page", "looks"), cases())
def test_a_page_is_right_in_each_language_width_and_scheme_by_keyboard_on_paper_and_without_a_script(
    site_page: SitePage, looks: tuple[Look, ...], visit: Callable[..., Page], console: list[str]
) -> None:
    for look in looks:
        look(site_page, visit, console)


def has_an_address(site_page: SitePage) -> bool:
    """Tell whether a page may be kept and cited: none that is somebody's own, and none of an error."""
    own = ("/family/", "/account/", "/agreements/{proposal}/ask/", "/asked/")
    own += ("/watch/confirm/", "/watch/stop/", "/watch/hooks/{")
    return site_page.status != HTTPStatus.NOT_FOUND and not site_page.path.startswith(own)
