"""Every notice, by mail or on paper, says where the district explains what parents may ask of it."""

import datetime as dt

import pytest
from django.utils.translation import override

from consent.letter_pages import Letter, html_of
from consent.mail.build import Builder
from tests import factories as f
from tests.consent.mail import messages

pytestmark = pytest.mark.django_db
WHERE = {"en": "/d/cedar-valley/rights/", "es": "/es/d/cedar-valley/rights/"}


@pytest.fixture
def district():
    return messages.make_district(slug="cedar-valley")


@pytest.mark.parametrize("language", WHERE)
@pytest.mark.parametrize("sensitive", [False, True])
def test_both_parts_of_a_message_lead_to_the_rights_of_the_district(
    client, settings, district, language, sensitive
):
    notice = messages.generic(district, "tell_now") if sensitive else messages.question(district)
    message = Builder(district, now=f.NOW).of_notices([notice.pk], language=language, is_student=False)
    mail = messages.read(message)
    address = settings.SITE_URL + WHERE[language]
    assert address in mail.get_body(("plain",)).get_content()
    assert f'href="{address}"' in mail.get_body(("html",)).get_content()
    with override("en"):  # so that the page's language does not stay
        assert client.get(WHERE[language]).status_code == 200


@pytest.mark.parametrize("language", WHERE)
def test_a_letter_prints_where_it_is(settings, district, language):
    notice = messages.question(district)
    words = Builder(district, now=f.NOW).wording_of([notice.pk], language=language, is_student=False)
    letter = Letter(
        deliveries=(1,),
        guardian_id=1,
        name="Rosa",
        address=("1 Oak Street",),
        words=((language, words),),
        code="AAAA-BBBB-CCCC",
        expires_on=f.TODAY + dt.timedelta(days=60),
        children=1,
        reference="1-0000",
    )
    page = html_of(letter, district, f.TODAY)
    assert settings.SITE_URL.split("//")[1] + WHERE[language].rstrip("/") in page
