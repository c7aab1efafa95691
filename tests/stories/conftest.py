"""The post office of the mail tests and the browser of the look tests, for whole stories."""

from tests.browser.conftest import browser_context_args, browser_type_launch_args, console, open_page
from tests.consent.mail.conftest import post_office

__all__ = ["browser_context_args", "browser_type_launch_args", "console", "open_page", "post_office"]
