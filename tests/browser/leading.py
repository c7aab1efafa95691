"""Controls that lead to another page."""

from playwright.sync_api import Locator


def click_through(control: Locator) -> None:
    """Click a link or a button that leads on, and wait until the page it leads to is there.

    A click alone returns when it was made: what is looked at next may still be the page before, or none.
    """
    with control.page.expect_navigation():
        control.click()
