"""The pages every look test walks through. Whoever adds a page adds a line, and a situation if it needs one.

A situation is the name of a fixture (in tests/browser/conftest.py or situations.py) that makes what the page
shows and returns a mapping: its values fill the path; `user`, if there is one, is signed in first. What a
form leads to is opened by filling a field and pressing a button.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SitePage:
    """One address in one situation."""

    name: str
    path: str  # without a language prefix; “/family/{student}/” takes its parts from the situation
    situation: str = ""
    fill: tuple[str, str] = ("", "")  # a field and its text, whose parts come from the situation too
    press: str = ""  # then this button, in whatever language
    status: int = 200
    once: bool = False  # what the button does cannot be done again
    is_framed: bool = False  # shown inside another site's page, without header and foot


NO = 'main button[value="no"]'
SEND = 'main form button[type="submit"]'
CONFIRM = 'main form:has(input[value="confirm"]) button'
AGREEMENT = "/agreements/{agreement}"
NOBODYS = "00000000-0000-4000-8000-000000000000"
CHILD = "/family/children/{student}/"
ASK = CHILD + "ask/{agreement}/"

PAGES = [
    SitePage("home, nothing yet", "/"),
    SitePage("home", "/", "published"),
    SitePage("home, many districts", "/", "imported"),
    SitePage("search", "/search/", "published"),
    SitePage("search, found", "/search/?q=lumino", "published"),
    SitePage("search, one kind", "/search/?q=data&kind=element", "published"),
    SitePage("search, guessed", "/search/?q=cedar+valey", "published"),
    SitePage("search, not found", "/search/?q=qqqqqqq", "published"),
    SitePage("search, error", "/search/?q=", "published"),
    SitePage("district", "/d/cedar-valley/", "published"),
    SitePage("list in a frame", "/d/cedar-valley/embed/", "published", is_framed=True),
    SitePage("put the list on a website", "/d/cedar-valley/embed/how/", "published"),
    SitePage("charts", "/d/cedar-valley/charts/", "published"),
    SitePage("list that state law asks for", "/d/cedar-valley/forms/illinois/", "published"),
    SitePage("district, narrowed", "/d/cedar-valley/?choice=1&status=in_use", "published"),
    SitePage("district, nothing fits", "/d/cedar-valley/?status=in_use&kind=researcher", "published"),
    SitePage("district, a list without data", "/d/abington/", "imported"),
    SitePage("district, next page", "/d/abington/?after={listed}", "imported"),
    SitePage("district rights", "/d/cedar-valley/rights/", "published"),
    SitePage("schools", "/d/cedar-valley/schools/", "published"),
    SitePage("school", "/d/cedar-valley/schools/{school}/", "published"),
    SitePage("companies", "/companies/", "published"),
    SitePage("companies, next page", "/companies/?page=2", "imported"),
    SitePage("companies, none such", "/companies/?q=qqqqqqq", "imported"),
    SitePage("company", "/companies/lumino-reading/", "published"),
    SitePage("company, in many districts", "/companies/lumino-reading/", "used_by_many"),
    SitePage("company, one district", "/companies/lumino-reading/?district=cedar", "used_by_many"),
    SitePage("company, none such", "/companies/lumino-reading/?district=qq", "used_by_many"),
    SitePage("product", "/companies/lumino-reading/lumino-books/", "used_by_many"),
    SitePage("agreement", AGREEMENT + "/v2/", "published"),
    SitePage("agreement, older version", AGREEMENT + "/v1/", "published"),
    SitePage("agreement, nothing filled in", "/agreements/{listed}/v1/", "imported"),
    SitePage("agreement, proposed", "/agreements/{proposal}/v1/", "discussed"),
    SitePage("public discussion", "/agreements/{proposal}/discussion/", "discussed"),
    SitePage("public discussion, none", AGREEMENT + "/discussion/", "discussed"),
    SitePage("ask in public", "/agreements/{proposal}/ask/", "discussed"),
    SitePage("ask in public, error", "/agreements/{proposal}/ask/", "discussed", press=SEND),
    SitePage("ask in public, sent", "/agreements/{proposal}/ask/sent/", "discussed"),
    SitePage("ask in public, confirm", "/asked/{token}/", "discussed"),
    SitePage("ask in public, confirmed", "/asked/{token}/", "discussed", press=SEND, once=True),
    SitePage("district, with discussions", "/d/cedar-valley/", "discussed"),
    SitePage("paper as text", "/documents/{paper}/text/", "published"),
    SitePage("paper taken down", "/documents/{gone}/", "published", status=410),
    SitePage("all data", "/data/", "published"),
    SitePage("kind of data", "/data/voice-recording/", "published"),
    SitePage("kind of data, before", "/data/voice-recording/?on=2020-01-31", "published"),
    SitePage("kind of data, no day", "/data/voice-recording/?on=tomorrow", "published"),
    SitePage("group of data", "/data/groups/voice/", "published"),
    SitePage("data about staff", "/data/?about=staff", "published"),
    SitePage("change", "/changes/{change}/", "published"),
    SitePage("in use before the site opened", "/changes/{baseline}/", "imported"),
    SitePage("take this as data", "/open-data/"),
    SitePage("watch by email", "/watch/company/lumino-reading/", "published"),
    SitePage("watch by email, error", "/watch/company/lumino-reading/", "published", press=SEND),
    SitePage("watch by email, asked", "/watch/asked/"),
    SitePage("watch by email, confirm", "/watch/confirm/{watch}/", "watched"),
    SitePage("watch by email, confirmed", "/watch/confirm/{watch}/", "watched", press=SEND, once=True),
    SitePage("watch by email, too old", f"/watch/confirm/{NOBODYS}/", "watched", status=404),
    SitePage("watch by email, stop", "/watch/stop/{watcher}/", "watched"),
    SitePage("watch by email, stopped", f"/watch/stop/{NOBODYS}/", "watched"),
    SitePage("watch a school by email", "/watch/school/{school}/", "published"),
    SitePage("watch a search by email", "/watch/search/?q=lumino", "published"),
    SitePage("webhook, all news", "/watch/hooks/"),
    SitePage("webhook", "/watch/hooks/about/company/lumino-reading/", "published"),
    SitePage("webhook, error", "/watch/hooks/about/company/lumino-reading/", "published", press=SEND),
    SitePage("webhook, asked", "/watch/hooks/asked/"),
    SitePage("webhook, to be confirmed", "/watch/hooks/{asked_hook}/", "hooked"),
    SitePage("webhook, confirmed", "/watch/hooks/{asked_hook}/", "hooked", press=CONFIRM, once=True),
    SitePage("webhook, runs", "/watch/hooks/{hook}/", "hooked"),
    SitePage("webhook, none", "/watch/hooks/nobodys/", status=404),
    SitePage("family", "/family/", "asked"),
    SitePage("family, answered", "/family/", "answered"),
    SitePage("family, no child", "/family/", "two_on_one_mailbox"),
    SitePage("child", CHILD, "answered"),
    SitePage("check", "/family/", "asked", press=NO),
    SitePage("receipt", "/family/receipts/{receipt}/", "answered"),
    SitePage("answers", "/family/answers/", "answered"),
    SitePage("answers, none", "/family/answers/", "asked"),
    SitePage("ask or disagree", ASK, "asked"),
    SitePage("ask or disagree, error", ASK, "asked", press=SEND),
    SitePage("letter", "/family/letter/", "nobody_tried_before"),
    SitePage("letter, error", "/family/letter/", "letter", ("[name=code]", "AAAA-BBBB"), SEND),
    SitePage("letter, child", "/family/letter/", "letter", ("[name=code]", "{code}"), SEND),
    SitePage("sign in", "/account/login/code/"),
    SitePage("no new accounts", "/account/signup/"),
    SitePage("help", "/help/"),
    SitePage("rights", "/rights/"),
    SitePage("accessibility", "/accessibility/"),
    SitePage("privacy", "/privacy/"),
    SitePage("not found", "/no-such-page/", status=404),
]
