"""From the mail to the receipt: a parent is told, signs in by a code, says no, and changes it to yes."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page

from consent import deliver, notify, tasks
from consent.models import Decision, Delivery, Notice
from tests.cedar_valley import Town, user_of
from tests.consent.mail.conftest import post_office  # noqa: F401 - a fixture
from tests.consent.mail.post_office import PostOffice, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mails(request: pytest.FixtureRequest, settings: Any, live_server: Any, monkeypatch: Any) -> PostOffice:
    """A mail server whose mails lead to this site; a sign-in code is sent by the task itself, not queued."""
    office: PostOffice = request.getfixturevalue("post_office")
    settings.SITE_URL = live_server.url
    monkeypatch.setattr(tasks.send_sign_in_code, "delay", tasks.send_sign_in_code.run)
    cache.clear()  # tries are counted there
    return office


@pytest.fixture
def town() -> Town:
    return Town()


def press(page: Page, selector: str) -> None:
    """Walk to a control with the Tab key alone, and press Enter."""
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    pytest.fail(f"{page.url}: no Tab leads to {selector}")


def heading(page: Page) -> str:
    return page.locator("main h1").inner_text()


def mail_of_the_question(mails: PostOffice) -> str:
    """Have the families told of the newest version, and return what Alice's mail says."""
    notice = Notice.objects.get(severity="answer_needed")
    notify.fan_out(notice.pk, now=timezone.now())
    deliver.deliver(notice_id=notice.pk, now=timezone.now())
    [mail] = mails.mails
    return text_of(mail)


def test_a_parent_answers_by_keyboard_alone_without_a_script_and_changes_the_answer(
    town: Town, mails: PostOffice, live_server: Any, open_page: Callable[..., Page], console: list[str]
) -> None:
    said = mail_of_the_question(mails)
    [address] = mails.recipients
    link = re.search(rf"{live_server.url}(/f/\S+)", said)
    assert address == town.alice.email
    assert link

    page = open_page(link[1], java_script_enabled=False)
    reached: list[str] = []
    page.on("request", lambda request: reached.append(request.url))
    assert not Decision.objects.exists()
    assert heading(page) == "Sign in"

    page.get_by_label("Your email address").focus()
    page.keyboard.type(town.alice.email)
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm/**")
    code = re.search(r"\b[A-Z0-9]{4}-?[A-Z0-9]{4}\b", text_of(mails.mails[-1]))
    assert code
    page.get_by_label("Code from the email").focus()
    page.keyboard.type(code[0])
    page.keyboard.press("Enter")
    page.wait_for_url("**/family/")
    assert not Decision.objects.exists()
    assert "2 things need your answer." in page.locator("main").inner_text()
    assert page.locator("main :checked").count() == 0

    press(page, 'main button[value="no"]')
    assert heading(page) == "Check your answer"
    assert not Decision.objects.exists()
    press(page, "main button.btn")
    assert heading(page) == "You said no"
    no = Decision.objects.get()
    assert (no.answer, no.student, no.decider) == ("no", town.sam, town.alice)
    assert str(no.public_id) in page.locator("main").inner_text()
    assert "The district has not acted yet." in page.locator("main").inner_text()

    press(page, "main a.btn")
    assert heading(page) == "Sam"
    press(page, ".rows--act button")
    assert heading(page) == "Check your answer"
    press(page, "main button.btn")
    assert heading(page) == "You said yes"
    yes = Decision.objects.exclude(pk=no.pk).get()
    assert (yes.answer, yes.replaces) == ("yes", no)
    page.goto(f"{live_server.url}/family/receipts/{no.public_id}/")
    assert "You gave a newer answer after this one." in page.locator("main").inner_text()

    assert console == []
    assert reached
    assert [url for url in reached if not url.startswith(live_server.url + "/")] == []


def test_each_answer_is_confirmed_by_a_mail_that_leads_to_its_receipt(
    town: Town, mails: PostOffice, open_page: Callable[..., Page]
) -> None:
    decision = town.answers("voice", "no")
    deliver.resume(now=timezone.now())
    link = re.search(r"(/f/\S+)", text_of(mails.mails[-1]))
    assert link
    assert Delivery.objects.get(decision=decision).state == "sent"
    page = open_page(link[1], user=user_of(town.alice))
    assert str(decision.public_id) in page.url
    assert heading(page) == "You said no"
