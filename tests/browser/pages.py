"""The pages every look test walks through. Whoever adds a page adds a line, and a situation if it needs one.

A situation is the name of a fixture (in tests/browser/conftest.py or situations.py) that makes what the page
shows and returns a mapping: its values fill the path; `user`, if there is one, is signed in first.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SitePage:
    """One address in one situation."""

    name: str
    path: str  # without a language prefix; “/family/{student}/” takes its parts from the situation
    situation: str = ""


PAGES = [
    SitePage("sign in", "/account/login/code/"),
    SitePage("sign in, start", "/account/login/"),
    SitePage("no new accounts", "/account/signup/"),
    SitePage("help", "/help/"),
    SitePage("rights", "/rights/"),
    SitePage("accessibility", "/accessibility/"),
    SitePage("privacy", "/privacy/"),
    SitePage("not found", "/no-such-page/"),
]
