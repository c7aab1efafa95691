"""A message: the same words in both parts, no picture, no name, and markers that survive to be replaced."""

import re
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from tests.browser.samples import MESSAGE

MOST_BYTES = 60_000  # one large mail provider cuts a message at about 102 KB


def _html(**values: object) -> str:
    return render_to_string("emails/_base.html", {**MESSAGE, **values})


def _text(**values: object) -> str:
    return render_to_string("emails/_base.txt", {**MESSAGE, **values})


def _words(html: str) -> str:
    body = re.sub(r"<style>.*?</style>|<title>.*?</title>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_a_marker_stays_whole_wherever_a_persons_own_words_will_stand() -> None:
    for part, links in ((_html(), 2), (_text(), 2)):
        assert part.count("GREETINGMARK") == 1
        assert part.count("LINKMARK") == links
        assert part.count("SETTINGSMARK") == 1
    assert 'href="https://data.cedarvalley.example/n/LINKMARK"' in _html()


def test_a_marker_may_be_the_whole_link() -> None:
    assert 'href="LINKMARK7f3a"' in _html(button_url="LINKMARK7f3a")
    assert "\nLINKMARK7f3a\n" in _text(button_url="LINKMARK7f3a")


def test_both_parts_say_the_same() -> None:
    html, text = _words(_html()), " ".join(_text().split())
    for value in ("heading", "greeting", "lede", "box_lead", "box", "button_text", "button_note", "why"):
        assert MESSAGE[value] in html
        assert MESSAGE[value] in text
    for term, fact in MESSAGE["facts"]:
        assert f"{term}: {fact}" in html
        assert f"{term}: {fact}" in text


def test_what_a_district_typed_is_escaped_in_the_page_and_plain_in_the_text() -> None:
    assert "Fish &amp; Chips" in _html(box="Fish & Chips")
    assert "Fish & Chips" in _text(box="Fish & Chips")


def test_what_is_not_given_leaves_no_trace() -> None:
    bare = {"heading": "News", "district": MESSAGE["district"]}
    html, text = render_to_string("emails/_base.html", bare), render_to_string("emails/_base.txt", bare)
    for part in (html, text):
        assert "None" not in part
        assert "http" not in part
    assert "\n\n\n" not in text


def test_a_message_is_small_and_holds_no_picture() -> None:
    assert len(_html().encode()) < MOST_BYTES
    assert "<img" not in _html()


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def test_language_and_direction_stand_on_the_page_and_on_its_wrapper(language: str, direction: str) -> None:
    with override(language):
        html = _html(language=language)
    assert html.count(f'lang="{language}" dir="{direction}"') == (2 if language != "es" else 3)


def test_a_message_that_must_be_sent_says_so_and_offers_no_way_to_stop_it() -> None:
    for part in (_html(settings_url="", must_send=True), _text(settings_url="", must_send=True)):
        assert "We must send you this message." in part
        assert "Choose which emails you get" not in part


@pytest.mark.parametrize("kind", ["login_code", "unknown_account"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_message_about_signing_in_has_its_three_files_in_every_language(kind: str, language: str) -> None:
    context = {"code": "1234-5678"} if kind == "login_code" else {}
    with override(language):
        subject = render_to_string(f"account/email/{kind}_subject.txt", context).strip()
        html = render_to_string(f"account/email/{kind}_message.html", context)
        text = render_to_string(f"account/email/{kind}_message.txt", context)
    assert 0 < len(subject) <= 60
    assert "\n" not in subject
    assert html.count("1234-5678") == text.count("1234-5678") == (kind == "login_code")
    assert f'lang="{language}"' in html
