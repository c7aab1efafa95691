"""The vocabulary of the project's own catalogue, built from its files without a database."""

from functools import cache

from districts.importers.catalogue_files import read_catalogue
from districts.importers.register.known_words import SCHEMES
from districts.importers.register.reading import Meant, read_cell
from districts.importers.register.vocabulary import NOWHERE, Vocabulary
from districts.importers.register.wordlists import category_words, element_words


@cache
def vocabulary() -> Vocabulary:
    files = read_catalogue()
    rows = [(category, row) for category, row in files.all_elements() if not row["same_meaning_as"]]
    known = Vocabulary({row["code"]: (row["subject"], category) for category, row in rows})
    known.identifiers = {
        row["identifier"]: row["element"] for row in files.crosswalk if row["scheme"] in SCHEMES
    }
    known.learn(element_words())
    known.learn_labels((row[f"label_{ln}"], row["code"]) for _category, row in rows for ln in ("en", "es"))
    known.learn_contexts(category_words())
    return known


def read(cell: str, group: str = "") -> list[str]:
    """Return the code each part of a cell means, with its detail in brackets; "?words" for what is unread."""
    context = (vocabulary().context_of(group) if group else None) or NOWHERE
    return [
        (f"{each.code} [{each.detail}]" if each.detail else each.code)
        if isinstance(each, Meant)
        else f"?{each.words}"
        for each in read_cell(cell, vocabulary(), context)
    ]
