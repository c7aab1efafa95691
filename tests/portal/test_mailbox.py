"""The demo's mailbox page shows what was really sent, and lets a mail do nothing."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import include, path

from portal.demo import mailbox
from portal.demo.mailbox import MAIL_POLICY
from portal.demo.sink import Folder
from portal.urls import urlpatterns as all_addresses

urlpatterns = [path("demo/", include("portal.demo.urls")), *all_addresses]
pytestmark = [pytest.mark.urls("tests.portal.test_mailbox"), pytest.mark.django_db]

HTML = "<p style='color:red'>¡Hola!</p><script>alert(1)</script>"


@pytest.fixture
def send(settings, tmp_path: Path):
    """Hand a mail to the sink, as its server does."""
    settings.VAR_DIR = tmp_path
    sink = Folder(tmp_path / "mailbox")

    def deliver(subject: str, to: str, html: str = "") -> None:
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = subject, "school@example.org", "list@example.org"
        message.set_content("Read it: http://127.0.0.1:8000/answer <b>now</b>")
        if html:
            message.add_alternative(html, subtype="html")
        envelope = SimpleNamespace(content=message.as_bytes(), rcpt_tos=[to])
        # In a thread of its own: after a test with a browser an event loop runs in this one.
        with ThreadPoolExecutor(1) as other:
            taking = sink.handle_DATA(None, None, envelope)  # type: ignore[arg-type]
            answer = other.submit(asyncio.run, taking).result()
        assert answer == "250 OK"

    return deliver


def test_mails_are_listed_newest_first_with_their_true_recipient(client: Client, send) -> None:
    send("First", "alice@example.org")
    send("Second & last", "bob@example.org")
    page = client.get("/demo/mailbox/").content.decode()
    assert page.index("Second &amp; last") < page.index("First")
    assert "alice@example.org" in page
    only = client.get("/demo/mailbox/?to=Alice@").content.decode()
    assert "First" in only
    assert "Second" not in only


def test_a_mail_is_shown_as_text_whose_links_work(client: Client, send) -> None:
    send("Hello", "alice@example.org", HTML)
    page = client.get(f"/demo/mailbox/{mailbox.names()[0]}/").content.decode()
    assert '<a href="http://127.0.0.1:8000/answer"' in page
    assert "&lt;b&gt;now&lt;/b&gt;" in page
    assert "<script" not in page


def test_a_mails_html_is_a_page_that_may_do_nothing(client: Client, send) -> None:
    send("Hello", "alice@example.org", HTML)
    answer = client.get(f"/demo/mailbox/{mailbox.names()[0]}/html/")
    assert answer.content.decode().strip() == HTML
    assert answer.headers["Content-Security-Policy"] == MAIL_POLICY
    assert "script-src" not in MAIL_POLICY
    assert "default-src 'none'" in MAIL_POLICY


def test_a_mail_without_html_has_no_such_page(client: Client, send) -> None:
    send("Hello", "alice@example.org")
    assert client.get(f"/demo/mailbox/{mailbox.names()[0]}/html/").status_code == 404


@pytest.mark.parametrize("name", ["../secret_key", "20260101T000000-1-0", "x"])
def test_only_a_mail_of_the_folder_can_be_read(name: str, send) -> None:
    with pytest.raises(Http404):
        mailbox.mail(RequestFactory().get("/"), name)
