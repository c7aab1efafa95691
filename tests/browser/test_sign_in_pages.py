"""Signing in by code: each page of it, also with errors, looks and speaks like the rest of the site."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.translation import override
from playwright.sync_api import Page

from tests.browser.leading import click_through
from tests.browser.looking import MAIL_RULES, bears_larger_text, looks_right_everywhere, small_targets
from tests.browser.samples import MESSAGE

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]


def _looks_right(page: Page) -> None:
    looks_right_everywhere(page)
    assert small_targets(page) == []
    bears_larger_text(page)


@pytest.fixture(autouse=True)
def _nobody_tried_before() -> None:
    cache.clear()  # tries are counted there


@pytest.fixture
def code_page(open_page: OpenPage) -> Page:
    """The page that asks for the code, after an address nobody knows was typed."""
    page = open_page("/account/login/code/")
    page.get_by_label("Your email address").fill("nobody@example.org")
    click_through(page.get_by_role("button", name="Email me a code"))
    return page


def test_the_page_that_asks_for_the_code_is_like_the_rest(code_page: Page) -> None:
    assert code_page.locator("h1").inner_text() == "Enter the code"
    _looks_right(code_page)


def test_the_code_field_lets_a_phone_offer_the_code_and_show_its_numbers(code_page: Page) -> None:
    field = code_page.get_by_label("Code from the email")
    assert field.get_attribute("autocomplete") == "one-time-code"
    assert field.get_attribute("inputmode") == "numeric"
    assert field.get_attribute("type") == "text"  # a code may be pasted with its dash


def test_a_wrong_code_is_told_on_top_and_at_the_field(code_page: Page) -> None:
    code_page.get_by_label("Code from the email").fill("00000000")
    click_through(code_page.get_by_role("button", name="Sign in"))
    assert code_page.title().startswith("Error: ")
    assert code_page.title().count("Error:") == 1
    assert "error-summary" in code_page.evaluate("document.activeElement.className")
    assert code_page.locator(".field .error").count() == 1
    _looks_right(code_page)


def test_a_mistyped_address_is_told_on_top_and_at_the_field(open_page: OpenPage) -> None:
    page = open_page("/account/login/code/")
    page.get_by_label("Your email address").fill("alice")
    click_through(page.get_by_role("button", name="Email me a code"))
    assert page.title().startswith("Error: ")
    field = page.get_by_label("Your email address")
    assert field.input_value() == "alice"
    described = (field.get_attribute("aria-describedby") or "").split()
    assert [page.locator(f"#{part}").count() for part in described] == [1, 1]
    _looks_right(page)


def test_the_sign_in_works_without_javascript(open_page: OpenPage) -> None:
    page = open_page("/account/login/code/", java_script_enabled=False)
    page.get_by_label("Your email address").fill("nobody@example.org")
    click_through(page.get_by_role("button", name="Email me a code"))
    assert page.locator("h1").inner_text() == "Enter the code"


def test_signing_out_is_one_press_and_says_so(open_page: OpenPage, django_user_model: Any) -> None:
    user = django_user_model.objects.create_user(email="alice@example.org")
    page = open_page("/account/logout/", user=user)
    assert page.locator("main h1").inner_text() == "Sign out"
    _looks_right(page)
    page.set_viewport_size({"width": 375, "height": 812})
    page.goto(page.url)
    click_through(page.get_by_role("navigation", name="Main").get_by_role("button", name="Sign out"))
    assert page.get_by_role("navigation", name="Main").get_by_role("button", name="Sign out").count() == 0


@pytest.mark.usefixtures("sample_pages")
@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_a_message_has_no_fault_in_any_direction(language: str, open_page: OpenPage) -> None:

    with override(language):
        html = render_to_string("emails/_base.html", {**MESSAGE, "language": language})
    page = open_page("/samples/empty/", bypass_csp=True)
    page.set_content(html)
    looks_right_everywhere(page, MAIL_RULES)
