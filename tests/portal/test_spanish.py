"""Every word of the project, staff's too, is there in Spanish, and families' Spanish is easy to read."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
import textstat
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CATALOGUE = Path("locale/es/LC_MESSAGES/django.po")
LOWEST_EASE = 70  # Fernández-Huerta; 70 to 80 is "fairly easy"
MARKER = r"%\(\w+\)[sd]|%[sd]|<[^>]+>"
FAMILIES = re.compile(
    r"templates/(consent|districts|emails|letters|account|portal|[^/]+$)"
    r"|consent/(?!apps|models|roster|management|migrations)"
    r"|districts/(?!apps|drafts|refusals|importers|management|migrations|models)"
    r"|districts/models/(changes|documents|promises|readings|versions|vendors)"
    r"|portal/(pages|templatetags)"
)
# A law is named as lawyers name it, beside the plain words.
CITATION = r"\((\d+ (CFR|U\.S\.C\.)|Conn\. Gen\. Stat\.) .*?\)(?=[.\s]|$)"


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """Return every word gettext finds in a copy of the project, with the translation it has today."""
    copy = tmp_path_factory.mktemp("words")
    for name in ("portal", "consent", "districts", "templates", "locale"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale=es", "--settings=portal.settings"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "SECRET_KEY": "x" * 60, "OPENROLL_VAR": str(copy)},
        check=True,
        capture_output=True,
    )
    return polib.pofile(str(copy / CATALOGUE))


def _in_use(found: polib.POFile) -> list[polib.POEntry]:
    return [entry for entry in found if not entry.obsolete]


def _said(entry: polib.POEntry) -> list[str]:
    return [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())


def _markers(text: str) -> list[str]:
    return sorted(re.findall(MARKER, text))


def _sentences(entries: list[polib.POEntry]) -> list[str]:
    """Return the sentences of more than three words, each once; a name stands for each placeholder."""
    found: dict[str, None] = {}
    for entry in entries:
        for text in _said(entry):
            plain = re.sub(r"%\(\w+\)[sd]|%[sd]", "Ana", re.sub(r"<[^>]+>", "", re.sub(CITATION, "", text)))
            for sentence in re.split(r"(?<=[.?!:])\s+", plain):
                if len(sentence.split()) > 3:
                    found[sentence.strip(" .:¿?")] = None
    return list(found)


def _ease(sentences: list[str]) -> float:
    textstat.set_lang("es")
    try:
        return float(textstat.fernandez_huerta(" ".join(f"{sentence}." for sentence in sentences)))
    finally:
        textstat.set_lang("en_US")


@pytest.mark.gettext
def test_every_word_of_the_project_is_translated(words: polib.POFile) -> None:
    missing = [
        entry.msgid for entry in _in_use(words) if not entry.translated() or entry.fuzzy or "" in _said(entry)
    ]
    assert missing == []


@pytest.mark.gettext
def test_every_translation_has_the_placeholders_and_tags_of_its_original(words: polib.POFile) -> None:
    broken = [
        (entry.msgid, text)
        for entry in _in_use(words)
        for text in _said(entry)
        if _markers(text) not in (_markers(entry.msgid), _markers(entry.msgid_plural or entry.msgid))
    ]
    assert broken == []


@pytest.mark.gettext
def test_the_words_families_read_are_easy_as_a_whole(words: polib.POFile) -> None:
    entries = [
        entry for entry in _in_use(words) if any(FAMILIES.match(place) for place, _line in entry.occurrences)
    ]
    sentences = _sentences(entries)
    assert len(sentences) > 300
    assert _ease(sentences) >= LOWEST_EASE


def test_hard_spanish_is_seen() -> None:
    hard = "La divulgación requiere autorización administrativa correspondiente del representante"
    assert _ease([hard]) < LOWEST_EASE
