"""What the people of the 2013 story do: in a browser, with a letter in hand, at the school’s desk."""

import datetime as dt
import re
import time
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page
from pypdf import PdfReader

from consent.letters import print_letters
from consent.models import Guardian, QuestionVersion, Student
from districts.models import Agency
from tests import factories as f
from tests.browser.leading import click_through
from tests.consent.mail.post_office import PostOffice, text_of

CODE = re.compile(r"\b[A-Z0-9]{4}(?:-[A-Z0-9]{4})+\b")


class ThatDay:
    """The clock of the story: it starts at a moment and goes on as real time does."""

    def __init__(self, moment: dt.datetime) -> None:
        self._moment, self._began = moment, time.monotonic()

    def __call__(self) -> dt.datetime:
        return self._moment + dt.timedelta(seconds=time.monotonic() - self._began)


@dataclass
class Families:
    """The families' side of the site: pages to open, and the mailboxes that belong to them."""

    open_page: Any
    mails: PostOffice
    site: str

    def answer_from_the_mail(
        self, guardian: Guardian, child: Student, question: QuestionVersion, answer: str
    ) -> str:
        """Follow the link of the notice, sign in by the mailed code, answer. Return the receipt's words."""
        notice = next(
            m for m, to in zip(self.mails.mails, self.mails.recipients, strict=True) if to == guardian.email
        )
        link = re.search(rf"{self.site}(/f/\S+)", text_of(notice))
        assert link
        page = self.open_page(link[1])
        page.get_by_label("Your email address").fill(guardian.email)
        self._press_and_enter_code(page)
        return self._answer(page, child, question, answer)

    def answer_with_a_letter(
        self, code: str, mailbox: str, child: Student, question: QuestionVersion, answer: str
    ) -> str:
        """Enter the code of a letter, prove a mailbox, know the child, answer. Return the receipt's words."""
        page = self.open_page("/family/letter/")
        page.locator("[name=code]").fill(code)
        page.locator("[name=email]").fill(mailbox)
        self._press_and_enter_code(page)
        assert child.shown_name in page.locator("main").inner_text()
        click_through(page.locator("main button[value=yes]"))
        return self._answer(page, child, question, answer)

    def _press_and_enter_code(self, page: Page) -> None:
        before = len(self.mails.mails)
        click_through(page.locator("main form .btn").first)
        assert "/confirm/" in page.url, page.locator("main").inner_text()
        [mail] = self.mails.mails[before:]
        code = CODE.search(text_of(mail))
        assert code
        page.get_by_label("Code from the email").fill(code[0])
        click_through(page.locator("main form .btn").first)
        assert "/family/" in page.url, page.locator("main").inner_text()

    def _answer(self, page: Page, child: Student, question: QuestionVersion, answer: str) -> str:
        page.goto(f"{self.site}/family/")
        card = f'form[action*="{child.public_id}"]:has([name=question_version][value="{question.pk}"])'
        click_through(page.locator(f"{card} button[value={answer}]"))
        assert page.locator("main h1").inner_text() == "Check your answer"
        click_through(page.locator("main button.btn"))
        assert "/receipts/" in page.url
        return page.locator("main").inner_text()


def letters_printed(district: Agency, now: dt.datetime) -> list[str]:
    """Print the letters that are due. Return the words of each page."""
    run = print_letters(agency_id=district.pk, now=now)
    assert run
    with storages["private"].open(run.file) as file:
        return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(file.read())).pages]


def code_on_the_letter_of(guardian: Guardian, letters: list[str]) -> str:
    """Find somebody's letter among those printed, and read its code."""
    [letter] = [page for page in letters if f"{guardian.given_name} {guardian.family_name}" in page]
    code = CODE.search(letter)
    assert code
    return code[0]


def enter_paper_answer(district: Agency, student: Student, question: QuestionVersion, answer: str) -> None:
    """Enter in the staff pages what an adult student handed in on paper."""
    himself = Guardian.objects.get(guardianships__student=student, guardianships__relation="self")
    clerk = Client()
    clerk.force_login(f.make_staff(district))
    address = reverse("staff:enter_answer", args=[student.public_id, himself.public_id, question.pk])
    form = clerk.get(address).context["form"]
    fields = {name: form.initial[name] or "" for name in ("shown", "language", "replaces", "received_on")}
    entered = clerk.post(address, {**fields, "answer": answer, "channel": "paper"})
    assert entered.status_code == 302
