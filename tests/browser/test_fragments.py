"""The parts pages are made of, filled with sample content, held to the same demands as the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import samples
from tests.browser.leading import click_through
from tests.browser.looking import (
    axe_clean,
    bears_larger_text,
    looks_right_everywhere,
    no_sideways_scroll,
    small_targets,
    turn_right_to_left,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sample_pages")]
every_sample = pytest.mark.parametrize("name", sorted(samples.CONTEXTS))
OpenPage = Callable[..., Page]


@every_sample
@pytest.mark.parametrize("prefix", ["", "/es", "/ar"])
def test_a_fragment_has_no_fault_at_any_width_light_or_dark(
    name: str, prefix: str, open_page: OpenPage
) -> None:
    page = open_page(f"{prefix}/samples/{name}/")
    assert page.locator("html").get_attribute("dir") == ("rtl" if prefix == "/ar" else "ltr")
    looks_right_everywhere(page)
    assert small_targets(page) == []
    bears_larger_text(page)


@every_sample
def test_a_fragment_leaves_the_console_silent_under_the_policy(
    name: str, open_page: OpenPage, console: list[str]
) -> None:
    page = open_page(f"/samples/{name}/")
    assert console == []
    assert page.locator("script, [style]").count() == 0


@every_sample
def test_every_icon_is_drawn(name: str, open_page: OpenPage) -> None:
    page = open_page(f"/samples/{name}/")
    empty = page.evaluate(
        "() => [...document.querySelectorAll('svg.i use')].filter(u => !u.getBBox().width)"
        ".map(u => u.href.baseVal)"
    )
    assert page.locator("svg.i").count() > 0
    assert empty == []


@pytest.mark.parametrize("name", ["company", "family", "receipt"])
def test_a_fragment_reads_the_same_without_javascript(name: str, open_page: OpenPage) -> None:
    page = open_page(f"/samples/{name}/", java_script_enabled=False)
    assert page.locator("main h1").count() == 1
    page.locator(".lang summary").click()
    assert page.locator(".lang ul").is_visible()


def test_the_first_key_press_leads_past_the_header_and_every_stop_shows_its_focus(
    open_page: OpenPage,
) -> None:
    page = open_page("/samples/company/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    stops = page.locator("main a, main button, main summary").count()
    for _ in range(min(stops, 12)):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", page.evaluate("document.activeElement.outerHTML")


def test_the_language_menu_opens_by_keyboard_and_keeps_the_page(open_page: OpenPage) -> None:
    page = open_page("/samples/change/?on=2026-11-23")
    page.locator(".lang summary").focus()
    page.keyboard.press("Enter")
    click_through(page.get_by_role("link", name="Español"))
    assert page.url.endswith("/es/samples/change/?on=2026-11-23")
    assert page.locator("html").get_attribute("lang") == "es"


def test_yes_and_no_weigh_the_same(open_page: OpenPage) -> None:
    page = open_page("/samples/family/", viewport={"width": 1280, "height": 900})
    looks = page.evaluate(
        """() => [...document.querySelectorAll('.pair .btn')].map(b => {
        const s = getComputedStyle(b), r = b.getBoundingClientRect();
        return [b.tagName, b.className, s.color, s.backgroundColor, s.borderColor, s.fontSize, s.fontWeight,
        Math.round(r.width), Math.round(r.height), Math.round(r.top), b.autofocus]; })"""
    )
    assert len(looks) == 2
    assert looks[0] == looks[1]


def test_a_form_with_errors_opens_at_the_summary_and_each_line_leads_to_its_field(
    open_page: OpenPage,
) -> None:
    page = open_page("/samples/errors/")
    assert page.title().startswith("Error: ")
    assert "error-summary" in page.evaluate("document.activeElement.className")
    links = page.locator(".error-summary a")
    assert links.count() == 4
    for link in links.all():
        target = page.locator(link.get_attribute("href") or "#nothing")
        assert target.count() == 1
        assert target.evaluate("e => ['INPUT', 'TEXTAREA', 'SELECT'].includes(e.tagName)")
    described = page.locator("#id_email").get_attribute("aria-describedby") or ""
    assert page.locator(f"#{described.split()[-1]}").inner_text().startswith("Error:")


def test_the_data_label_stays_a_table_for_screen_readers_when_it_stacks(open_page: OpenPage) -> None:
    page = open_page("/samples/company/", viewport={"width": 375, "height": 812})
    assert page.get_by_role("table", name="Data label").count() == 1
    assert page.get_by_role("columnheader", name="Until when").count() == 1
    assert page.get_by_role("rowheader").count() == 5
    assert page.get_by_role("cell").count() == 15
    assert page.locator(".lt td").first.evaluate("e => getComputedStyle(e, '::before').content") == '"Why"'


def test_what_is_not_filled_in_is_said_and_never_left_blank(open_page: OpenPage) -> None:
    page = open_page("/samples/company/")
    assert page.get_by_text("The district has not filled this in yet.").count() == 2


def test_a_change_is_told_by_words_and_line_not_by_colour_alone(open_page: OpenPage) -> None:
    page = open_page("/samples/change/", forced_colors="active")
    removed, added = page.locator(".two del").first, page.locator(".two ins").first
    assert removed.inner_text().startswith("Removed:")
    assert added.inner_text().startswith("Added:")
    assert "line-through" in removed.evaluate("e => getComputedStyle(e).textDecorationLine")
    assert "underline" in added.evaluate("e => getComputedStyle(e).textDecorationLine")


def test_a_printed_receipt_holds_the_facts_and_nothing_to_press(open_page: OpenPage) -> None:
    page = open_page("/samples/receipt/", viewport={"width": 720, "height": 900})
    page.emulate_media(media="print")
    assert page.locator(".card").is_visible()
    for gone in (".bar", ".lang", ".acts", ".skip", "footer nav"):
        assert not page.locator(gone).first.is_visible(), gone
    no_sideways_scroll(page)


def test_folded_parts_are_printed_open(open_page: OpenPage) -> None:
    page = open_page("/samples/change/")
    page.emulate_media(media="print")
    assert page.get_by_text("School email", exact=True).is_visible()


def test_the_page_of_a_bug_still_has_its_header_and_a_way_on(open_page: OpenPage, live_server: Any) -> None:
    page = open_page("/samples/broken/")
    assert page.locator("h1").inner_text() == "Something went wrong on our side."
    assert page.get_by_role("link", name="Find my district").count() == 1
    axe_clean(page)
    turn_right_to_left(page)
    axe_clean(page)
