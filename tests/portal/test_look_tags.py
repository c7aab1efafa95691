"""The filters and tags every page uses."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.safestring import SafeString
from django.utils.translation import override

from portal.templatetags.look import in_words, language_menu, tel, zone_name

TODAY = dt.date(2026, 11, 23)


def _date(**context: object) -> str:
    return " ".join(render_to_string("_date.html", context).split())


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, ""),
        (0, "today"),
        (1, "tomorrow"),
        (2, "in 2 days"),
        (13, "in 13 days"),
        (14, "in 2 weeks"),
        (21, "in 3 weeks"),
    ],
)
def test_how_far_off_a_day_is_reads_as_people_say_it(days: int, words: str) -> None:
    assert in_words(TODAY + dt.timedelta(days=days), TODAY) == words


def test_a_day_always_shows_its_year_in_every_language() -> None:
    assert ">Nov 23, 2026</time>" in _date(date=TODAY)
    with override("es"):
        assert ">23 de noviembre de 2026</time>" in _date(date=TODAY)


def test_a_day_ahead_may_say_how_far_off_it_is() -> None:
    assert _date(date=dt.date(2026, 12, 14), today=TODAY).endswith("</time> (in 3 weeks)")
    assert _date(date=dt.date(2026, 11, 1), today=TODAY).endswith("</time>")


def test_a_moment_is_told_in_the_districts_time_with_the_zone_in_words() -> None:
    at = dt.datetime(2026, 11, 24, 1, 42, tzinfo=dt.UTC)
    assert ">Nov 23, 2026 at 7:42 PM (Central Time)</time>" in _date(at=at, zone="America/Chicago")
    assert 'datetime="2026-11-23T19:42:00-06:00"' in _date(at=at, zone="America/Chicago")


def test_a_zone_nobody_named_is_called_by_its_city() -> None:
    assert zone_name("America/Chicago") == "Central Time"
    assert zone_name("America/North_Dakota/New_Salem") == "New Salem"


@pytest.mark.parametrize(
    ("number", "link"),
    [("309-555-0147", "tel:+13095550147"), ("+44 20 7946 0018", "tel:+442079460018"), ("911", "tel:911")],
)
def test_a_telephone_number_can_be_called(number: str, link: str) -> None:
    assert tel(number) == link


def test_the_language_menu_leads_to_the_same_page() -> None:
    request = RequestFactory().get("/account/login/code/?next=/family/")
    links = {link.code: link for link in language_menu(Context({"request": request}))}
    assert links["es"].url == "/es/account/login/code/?next=/family/"
    assert (links["es"].name, links["es"].direction) == ("Español", "ltr")
    assert links["ar"].direction == "rtl"
    assert links["en"].is_current


def test_from_a_page_that_does_not_exist_the_language_menu_leads_home() -> None:
    request = RequestFactory().get("/no-such-page/")
    assert [link.url for link in language_menu(Context({"request": request}))][1] == "/es/"


def test_without_a_request_the_language_menu_still_leads_somewhere() -> None:
    with override("es"):
        assert next(link.url for link in language_menu(Context())) == "/"


def test_the_site_is_called_what_its_owner_calls_it(settings) -> None:
    name = Template("{% load look %}{% site_name %}")
    assert name.render(Context()) == "Student Data Guide"
    settings.SITE_NAME = "Cedar Valley & You"
    assert name.render(Context()) == "Cedar Valley &amp; You"


def test_an_officer_is_named_only_where_the_district_entered_one() -> None:
    office = render_to_string("_office.html", {"district": {"name": "Daybreak"}})
    assert "Daybreak" in office
    for unsaid in ("Interpreters", "Call", "To complain", "in charge"):
        assert unsaid not in office


def _piece(**values: object) -> str:
    page = Template(
        '{% load look %}{% piece "_tag.html" kind="plain" text=text %}|{% piece "_date.html" date=day %}'
    )
    return page.render(Context(values))


def test_a_piece_is_the_template_it_draws_in_each_language_and_never_takes_text_for_safe() -> None:
    for language in ("en", "es", "en"):
        with override(language):
            drawn, date = _piece(text="A < B", day=TODAY).split("|")
            assert drawn == render_to_string("_tag.html", {"kind": "plain", "text": "A < B"})
            assert date == render_to_string("_date.html", {"date": TODAY})
    safe = _piece(text=SafeString("<b>"), day=TODAY)
    assert "<b>" in safe
    assert "<b>" not in _piece(text="<b>", day=TODAY)
    assert _piece(text=SafeString("<b>"), day=TODAY) == safe
    assert _piece(day=TODAY) == _piece(text="", day=TODAY)
