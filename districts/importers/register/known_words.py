"""Collects the words a sheet is read with: the catalogue's labels, the lists, what staff have said before."""

from django.db.models import Q

from districts.models import (
    Agency,
    Basis,
    Crosswalk,
    DataElement,
    ElementText,
    Purpose,
    PurposeText,
    RegisterReview,
)

from .phrases import key
from .rows import Words
from .vocabulary import Vocabulary
from .wordlists import category_words, element_words

LANGUAGES = ("en", "es")
#: DPV names things of any person ("pd:Name"); nobody writes that into a register.
SCHEMES = ("ndpa", "inbloom", "oneroster", "ceds")
BASIS_WORDS = {
    "school official": Basis.SCHOOL_OFFICIAL,
    "school official exception": Basis.SCHOOL_OFFICIAL,
    "consent": Basis.CONSENT,
    "parental consent": Basis.CONSENT,
    "written consent": Basis.CONSENT,
    "parent consent": Basis.CONSENT,
    "directory information": Basis.DIRECTORY,
    "directory information exception": Basis.DIRECTORY,
    "studies": Basis.STUDIES,
    "studies exception": Basis.STUDIES,
    "audit or evaluation": Basis.AUDIT,
    "audit/evaluation": Basis.AUDIT,
    "audit and evaluation exception": Basis.AUDIT,
    "health or safety emergency": Basis.HEALTH_SAFETY,
    "required by law": Basis.REQUIRED_BY_LAW,
}


def words_for(agency: Agency) -> Words:
    """Return what is known of words to an agency: what its staff said of a word wins."""
    rows = DataElement.objects.filter(Q(agency=None) | Q(agency=agency), same_meaning_as=None)
    elements = {
        code: (subject, category)
        for code, subject, category in rows.values_list("code", "subject", "category__code")
    }
    vocabulary = Vocabulary(elements)
    identifiers = Crosswalk.objects.filter(scheme__in=SCHEMES, element__code__in=elements)
    settled = RegisterReview.objects.filter(
        agency=agency, kind=RegisterReview.Kind.ELEMENT, outcome=RegisterReview.Outcome.MEANS
    ).order_by("settled_at")
    vocabulary.identifiers = {
        **{code: code for code in elements},
        **dict(identifiers.values_list("identifier", "element__code")),
        **{words: code for words, code in settled.values_list("words", "meaning") if code in elements},
    }
    vocabulary.learn(row for row in element_words() if row[1] in elements)
    for language in LANGUAGES:
        texts = ElementText.objects.current(language).filter(element__code__in=elements)
        vocabulary.learn_labels(texts.values_list("label", "element__code"))
    vocabulary.learn_contexts(category_words())
    return Words(vocabulary, _purposes(), _bases())


def _purposes() -> dict[str, str]:
    known = {key(code): code for code in Purpose.objects.values_list("code", flat=True)}
    for language in LANGUAGES:
        labels = PurposeText.objects.current(language).values_list("label", "purpose__code")
        known |= {key(label): code for label, code in labels}
    return known


def _bases() -> dict[str, str]:
    known = {key(words): basis.value for words, basis in BASIS_WORDS.items()}
    for basis in Basis:
        known |= {key(basis.value): basis.value, key(str(basis.label)): basis.value}
    return known
