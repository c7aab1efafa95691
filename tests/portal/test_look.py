"""The look keeps its promises: small, the same in both directions, no script, nothing from elsewhere."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.template.loader import render_to_string

ROOT = Path(settings.BASE_DIR)
CSS = ROOT / "static/css/site.css"
ICONS = ROOT / "static/img/icons.svg"
TEMPLATES = ROOT / "templates"

CSS_BYTES, CSS_BYTES_ON_THE_WIRE, ICON_BYTES = 24 * 1024, 6 * 1024, 6 * 1024

ALL_TEMPLATES = sorted(path for path in TEMPLATES.rglob("*.html"))
MAILS = [path for path in ALL_TEMPLATES if {"emails", "email"} & set(path.relative_to(TEMPLATES).parts)]
# Letters are sheets for the PDF maker, with a sheet of style of their own.
PAPER = [path for path in ALL_TEMPLATES if "letters" in path.parts]
ADMIN = [path for path in ALL_TEMPLATES if path.relative_to(TEMPLATES).parts[0] == "admin"]
PAGES = [path for path in ALL_TEMPLATES if path not in MAILS + PAPER]
FRAGMENTS = [path for path in TEMPLATES.rglob("_*.html") if path not in MAILS]
NAMES = {path: str(path.relative_to(TEMPLATES)) for path in ALL_TEMPLATES}


def _without_comments(text: str) -> str:
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", text, flags=re.DOTALL)
    return re.sub(r"/\*.*?\*/|{#.*?#}", "", text, flags=re.DOTALL)


def _without_tags(text: str) -> str:
    return re.sub(r"{%.*?%}|{{.*?}}", " ", _without_comments(text))


def test_the_stylesheet_stays_small() -> None:
    raw = CSS.read_bytes()
    assert len(raw) <= CSS_BYTES
    assert len(brotli.compress(raw)) <= CSS_BYTES_ON_THE_WIRE


def test_the_icons_stay_small() -> None:
    assert ICONS.stat().st_size <= ICON_BYTES


@pytest.mark.parametrize("name", ["site.css", "admin.css"])
def test_a_stylesheet_knows_no_left_and_no_right(name: str) -> None:
    text = _without_comments((ROOT / "static/css" / name).read_text())
    assert re.findall(r"[^{};]*\b(?:left|right)\b[^{};]*", text) == []


@pytest.mark.parametrize("name", ["site.css", "admin.css"])
def test_a_stylesheet_asks_for_nothing_else(name: str) -> None:
    text = (ROOT / "static/css" / name).read_text()
    assert re.findall(r"@import|url\(|@font-face", text) == []


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', ICONS.read_text()))
    named = {
        name for path in PAGES for name in re.findall(r'_icon\.html" with name="([\w-]+)"', path.read_text())
    }
    assert named - drawn == set()


def test_every_class_a_page_uses_is_in_the_stylesheet() -> None:
    drawn = set(re.findall(r"\.([a-z][\w-]*)", CSS.read_text()))
    used = {
        name: path.name
        for path in PAGES
        if path not in ADMIN
        for names in re.findall(r'\sclass="([^"]*)"', _without_tags(path.read_text()))
        for name in names.split()
    }
    assert {name: where for name, where in used.items() if name not in drawn} == {}


@pytest.mark.parametrize("path", PAGES, ids=NAMES.get)
def test_a_page_has_no_inline_style_and_nothing_from_elsewhere(path: Path) -> None:
    text = _without_comments(path.read_text())
    assert re.findall(r"<style|\sstyle=", text) == []
    assert (
        re.findall(
            r"""(?:src|srcset|action|poster)=["'](?:https?:)?//|<link[^>]+href=["'](?:https?:)?//""", text
        )
        == []
    )


@pytest.mark.parametrize("path", [path for path in PAGES if path not in ADMIN], ids=NAMES.get)
def test_a_page_has_no_script(path: Path) -> None:
    assert re.findall(r"<script|\son\w+=|javascript:", _without_comments(path.read_text())) == []


@pytest.mark.parametrize("path", MAILS, ids=NAMES.get)
def test_a_message_shows_no_picture_and_loads_nothing(path: Path) -> None:
    text = _without_comments(path.read_text())
    assert re.findall(r"<img|<script|<link|url\(|background=", text) == []


@pytest.mark.parametrize("path", FRAGMENTS, ids=NAMES.get)
def test_a_fragment_says_what_it_takes(path: Path) -> None:
    assert path.read_text().startswith("{% comment %}")


@pytest.mark.parametrize("path", [path for path in ALL_TEMPLATES if path not in ADMIN + PAPER], ids=NAMES.get)
def test_a_fragment_is_included_with_only_what_it_is_given(path: Path) -> None:
    includes = re.findall(r"{% include ([^%]*)%}", _without_comments(path.read_text()))
    assert [words for words in includes if not words.rstrip().endswith("only")] == []


@pytest.mark.parametrize("name", ["_date", "_icon", "_tag", "_sens"])
def test_a_fragment_that_stands_in_a_sentence_ends_without_a_space(name: str) -> None:
    assert not re.search(r"\s$", (TEMPLATES / f"{name}.html").read_text())


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500", "session_expired"])
def test_an_error_page_can_be_drawn_with_an_empty_context(name: str) -> None:
    page = render_to_string(f"{name}.html")
    assert page.count("<h1") == 1
    assert '<main id="main"' in page


def test_a_moment_is_never_shown_as_a_day_without_its_time_zone() -> None:
    """Staff pages run in their agency's zone; elsewhere `date` takes days, `day_of` moments with a zone."""
    shown = re.compile(r'_date\.html" with date=\S+_at ')
    pages = [path for path in PAGES if path.relative_to(TEMPLATES).parts[0] not in ("staff", "admin")]
    assert [NAMES[path] for path in pages if shown.search(path.read_text())] == []
