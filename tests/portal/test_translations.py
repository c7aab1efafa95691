"""Every word for families is there in Spanish, whole, and readable."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale/es/LC_MESSAGES/django.po"
ROOMS = ("portal", "consent", "districts")
# Staff read English: the admin, commands, models' field names, the demo's own pages.
FOR_STAFF = {
    "admin",
    "apps",
    "demo",
    "embedded",
    "importers",
    "mailbox",
    "management",
    "migrations",
    "models",
    "roster",
}
FOR_STAFF |= {"checks", "refusals", "settings", "staff"}
MOST_WORDS_IN_A_SENTENCE = 20


def _calls(source: str) -> Iterator[str]:
    """Yield the English words handed to gettext in one piece of Python."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name in {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}:
            yield from words[:1]
        elif name in {"pgettext", "pgettext_lazy"}:
            yield from words[1:2]


def _in_template(text: str) -> Iterator[str]:
    """Yield the English words of one template, as Django's own tool reads them."""
    code = templatize(text)
    for _call, words in re.findall(r"""\b(n?gettext)\(u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")""", code):
        yield ast.literal_eval(words)


def _is_for_families(path: Path) -> bool:
    parts = set(path.relative_to(ROOT).parts[:-1]) | {path.stem.split("_")[0]}
    return not parts & FOR_STAFF


def _words_for_families() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for room in ROOMS:
        for path in filter(_is_for_families, (ROOT / room).rglob("*.py")):
            found |= dict.fromkeys(_calls(path.read_text()), path)
    for path in (ROOT / "templates").rglob("*"):
        if path.suffix in {".html", ".txt"} and _is_for_families(path):
            found |= dict.fromkeys(_in_template(path.read_text()), path)
    return found


def _entries() -> list[polib.POEntry]:
    return [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]


def test_every_word_for_families_is_translated() -> None:
    translated = {entry.msgid for entry in _entries() if entry.translated() and not entry.fuzzy}
    missing = {words: path for words, path in _words_for_families().items() if words not in translated}
    assert not missing, "\n".join(f"{path.relative_to(ROOT)}: {words}" for words, path in missing.items())


def test_the_guard_finds_words_in_templates_and_in_code() -> None:
    found = _words_for_families()
    assert "Skip to main content" in found  # a template's {% translate %}
    assert "This guide is run by <bdi>%(name)s</bdi>." in found  # a template's {% blocktranslate %}
    assert "in %(n)d week" in found  # Python


def test_a_translation_keeps_every_marker_of_the_original() -> None:
    def marks(text: str) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]|<[^>]+>", text))

    broken = [
        entry.msgid
        for entry in _entries()
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
        if text and not marks(text) <= marks(entry.msgid + entry.msgid_plural)
    ] + [entry.msgid for entry in _entries() if entry.msgstr and marks(entry.msgstr) != marks(entry.msgid)]
    assert broken == []


def test_the_catalogue_stays_sorted_so_that_two_people_can_add_to_it() -> None:
    order = [(entry.msgid.lower(), entry.msgid) for entry in _entries()]
    assert order == sorted(order)


@pytest.mark.parametrize("field", ["msgid", "msgstr"])
def test_no_sentence_is_longer_than_twenty_words(field: str) -> None:
    long = [
        sentence
        for entry in _entries()
        for sentence in re.split(r"(?<=[.?!:])\s+", re.sub(r"<[^>]+>", "", getattr(entry, field)))
        if len(sentence.split()) > MOST_WORDS_IN_A_SENTENCE
    ]
    assert long == []
