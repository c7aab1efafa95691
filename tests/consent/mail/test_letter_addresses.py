"""A letter leads to the page where its code is typed, in print and as a code to scan."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from consent import letter_pages, notify, pdf
from consent.letters import print_letters
from tests import factories as f
from tests.consent.mail import messages
from tests.consent.mail.situation import NOON


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_address_on_a_letter_is_the_page_where_its_code_is_typed(language) -> None:
    with translation.override(language):
        assert letter_pages.short_address(language) == f"{settings.SITE_URL}{reverse('consent:letter_code')}"


@pytest.mark.django_db
def test_the_code_to_scan_leads_to_the_same_page(monkeypatch) -> None:
    district = messages.make_district()
    f.make_guardian(district, "Alice", of=[f.make_student(district, "Sam")], email="")
    notify.fan_out(messages.question(district).pk, now=NOON)
    laid_out: list[str] = []
    monkeypatch.setattr(pdf, "require", lambda: None)  # no page is made, so no Pango is needed
    monkeypatch.setattr(pdf, "on_one_page", laid_out.append)
    print_letters(agency_id=district.pk, now=NOON)
    assert letter_pages.qr_of(letter_pages.short_address("en")) in laid_out[0]
