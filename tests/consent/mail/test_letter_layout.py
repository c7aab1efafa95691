"""How a letter lies on its sheet: its code in one piece, its slip below the words."""

from io import BytesIO

import pytest
from django.core.files.storage import storages
from pypdf import PageObject, PdfReader

from consent import letters, notify
from consent.letters import print_letters
from tests import factories as f
from tests.consent.mail import messages
from tests.consent.mail.situation import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.pango]


@pytest.fixture
def district():
    return messages.make_district(postal_address="12 Main Street\nCedar Valley, IL 60000")


def asked(district):
    """Have the district tell of voice recordings, which need an answer."""
    notify.fan_out(messages.question(district).pk, now=NOON)


def the_page(district) -> PageObject:
    """Print what is due, and return the only page."""
    run = print_letters(agency_id=district.pk, now=NOON)
    with storages["private"].open(run.file) as file:
        [page] = PdfReader(BytesIO(file.read())).pages
    return page


@pytest.mark.parametrize("code", ["WWWW-WWWW-WWWW", "MMMM-MMMM-MMMM"])
@pytest.mark.parametrize(("language", "columns"), [("en", 1), ("", 2)])
def test_the_code_stands_on_one_line_whatever_its_letters(
    district, monkeypatch, code, language, columns
) -> None:
    f.make_guardian(district, "Alice", of=[f.make_student(district)], email="", language=language)
    asked(district)
    monkeypatch.setattr(letters, "new_letter_code", lambda **_person: code)
    page = the_page(district)
    assert page.extract_text().count(code) == columns


@pytest.mark.parametrize(("children", "language"), [(1, "en"), (1, "so"), (4, "so"), (6, "es")])
def test_the_slip_never_covers_the_words(district, children, language) -> None:
    kids = [f.make_student(district) for _n in range(children)]
    f.make_guardian(district, "Alice", of=kids, email="", language=language)
    asked(district)
    page = the_page(district)
    seen: list[tuple[float, str]] = []  # distance from the top of the sheet, words
    page.extract_text(visitor_text=lambda text, cm, tm, *_: seen.append((tm[5], text.strip())))
    [cut] = [place for place, text in seen if text.startswith(("Cut here", "Corte aquí"))]
    first = next(n for n, (_place, text) in enumerate(seen) if text.startswith(("Cut here", "Corte aquí")))
    last_word = max(place for place, text in seen[:first] if text)
    assert last_word < cut - 10
    assert max(place for place, _text in seen) < 1056 - 40  # all of it on the sheet: 11 inches of 96 dots
