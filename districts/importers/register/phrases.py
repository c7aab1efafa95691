"""Brings words to the form in which they are compared, and sees whom they are about. Pure."""

import re
import unicodedata
from functools import lru_cache

_SAY_NOTHING = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "all",
        "any",
        "their",
        "his",
        "her",
        "its",
        "your",
        "our",
        "de",
        "del",
        "la",
        "el",
        "los",
        "las",
    ]
)
#: Words at the end of a phrase that change nothing: “observation data” is “observation”.
_TAIL = frozenset({"data", "information", "info", "detail", "datos", "informacion"})
_SUBJECTS = {
    "student": "student pupil child children learner estudiante alumno alumna",
    "family": "parent guardian family mother father caregiver padre madre tutor familia",
    "staff": "teacher staff employee educator maestro maestra docente",
}
SUBJECT_OF = {word: subject for subject, words in _SUBJECTS.items() for word in words.split()}
_NO = re.compile(
    r"\b(?:no|not|never|without|except(?:ing)?|excluding|none|neither|nor|non|cannot|\w+n['’]t|sin|nunca)\b",
    re.IGNORECASE,
)
_NAMES_GONE = re.compile(
    r"\b(?:anonymous|anonymi[sz]ed|de-?identified|pseudonymi[sz]ed|pseudonymous)\b", re.I
)
_TOTALS = re.compile(r"\b(?:aggregate|aggregated)\b", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def key(words: str) -> str:
    """Return words without case, accents, signs, plural endings, articles and possessives."""
    plain = unicodedata.normalize("NFKD", re.sub(r"['’]s\b", "", words.replace("&", " and ")).casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    tokens = (_singular(token) for token in re.findall(r"[^\W_]+", letters))
    return " ".join(token for token in tokens if token not in _SAY_NOTHING)


def subjects_in(phrase: str) -> set[str]:
    """Return whom the words of a key name: student, family, staff."""
    return {SUBJECT_OF[word] for word in phrase.split() if word in SUBJECT_OF}


def without_subject(phrase: str) -> str:
    """Return a key without the words that say whom it is about."""
    kept = [word for word in phrase.split() if word not in SUBJECT_OF]
    while kept and kept[0] in ("and", "or", "for"):
        kept.pop(0)
    return " ".join(kept)


def without_tail(phrase: str) -> str:
    """Return a key without words at its end that change nothing."""
    kept = phrase.split()
    while len(kept) > 1 and kept[-1] in _TAIL:
        kept.pop()
    return " ".join(kept)


def denies(words: str) -> bool:
    """Tell whether words say that something is not so."""
    return _NO.search(words) is not None


def masked_as(words: str) -> str:
    """Return the element that words about data without names mean, "" if they are about no such data."""
    if _NAMES_GONE.search(words):
        return "student-masked-data"
    return "student-group-totals" if _TOTALS.search(words) else ""


def _singular(token: str) -> str:
    if len(token) > 4 and token.endswith("ies"):
        return token[:-3] + "y"
    if len(token) > 4 and token.endswith("ie"):
        return token[:-2] + "y"
    if len(token) > 4 and token.endswith(("sses", "shes", "ches", "xes")):
        return token[:-2]
    if len(token) > 3 and token.endswith("s") and not token.endswith(("ss", "us", "is")):
        return token[:-1]
    return token
