"""Every registered page: accessible, readable at any width, silent, and useful without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.looking import bears_larger_text, looks_right_everywhere, small_targets, turn_right_to_left
from tests.browser.pages import PAGES, SitePage

pytestmark = pytest.mark.django_db(transaction=True)
every_page = pytest.mark.parametrize("site_page", PAGES, ids=lambda page: page.name.replace(" ", "-"))


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
            page.locator(site_page.press).first.click()
        return page

    return visit


@every_page
@pytest.mark.parametrize("prefix", ["", "/es"], ids=["english", "spanish"])
def test_a_page_has_no_fault_at_any_width_light_or_dark(
    site_page: SitePage, prefix: str, visit: Callable[..., Page]
) -> None:
    page = visit(site_page, prefix)
    looks_right_everywhere(page)
    assert small_targets(page) == []
    bears_larger_text(page)


@every_page
def test_a_page_has_no_fault_from_right_to_left(site_page: SitePage, visit: Callable[..., Page]) -> None:
    page = visit(site_page)
    turn_right_to_left(page)
    looks_right_everywhere(page)
    bears_larger_text(page)


@every_page
def test_a_page_works_without_javascript(site_page: SitePage, visit: Callable[..., Page]) -> None:
    page = visit(site_page, java_script_enabled=False)
    assert page.locator("main h1").count() == 1


@every_page
def test_a_page_is_silent_runs_no_script_and_leads_past_its_header_at_the_first_key_press(
    site_page: SitePage, visit: Callable[..., Page], console: list[str]
) -> None:
    page = visit(site_page)
    is_expected = f"status of {site_page.status}"  # the browser says so itself of a page that is not a 200
    assert [line for line in console if is_expected not in line] == []
    assert page.locator("script").count() == 0
    if page.locator(".error-summary").count():  # such a page opens at its errors
        assert "error-summary" in page.evaluate("document.activeElement.className")
        return
    assert page.locator("header").count() == (not site_page.is_framed)
    if site_page.is_framed:  # it has nothing to lead past
        return
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
