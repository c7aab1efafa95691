"""One neutral sentence for each change: subject first, short, in English and Spanish."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from districts import phrases
from districts.contents import Line, Promise, VersionFacts
from districts.diff import compare
from districts.models import Promise as PromiseRow
from districts.models import SharedElement
from districts.sentences import Labels, Names, category_in_use, day, event_sentences, fitted, sentences
from tests.districts.test_diff import versions

NAMES = Names(
    agency="Cedar Valley Schools",
    vendor="Lumino",
    labels={
        "en": Labels(
            {"voice": "Voice recordings"}, {"media": "Pictures and voice"}, {"teach": "Teach a class"}
        ),
        "es": Labels({"voice": "Grabaciones de voz"}, {"media": "Fotos y voz"}, {"teach": "Dar clase"}),
    },
    schools={"7": "Cedar Ridge School"},
)


def line(**fields: object) -> Line:
    values = {"element_code": "voice", "category": "media", "purpose": "teach", "kept": "school_year"}
    return Line(meaning=1, **{**values, **fields})


def said(old: VersionFacts | None, new: VersionFacts, language: str = "en") -> list[str]:
    return [sentences(difference, NAMES)[language] for difference in compare(old, new)]


def of_line(**fields: object) -> list[str]:
    return said(VersionFacts(lines=[line()]), VersionFacts(lines=[line(**fields)]))


def test_a_new_agreement_is_told_group_by_group_and_element_by_element():
    assert said(None, VersionFacts(lines=[line()])) == [
        "Cedar Valley Schools has a new agreement with Lumino.",
        "Lumino may get data of the group “Pictures and voice”.",
        "Lumino may get “Voice recordings”.",
    ]
    assert said(None, VersionFacts(lines=[line()]), "es") == [
        "Cedar Valley Schools tiene un acuerdo nuevo con Lumino.",
        "Lumino puede recibir datos del grupo «Fotos y voz».",
        "Lumino puede recibir «Grabaciones de voz».",
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"kept": "after_agreement:9"},
         "Lumino may keep “Voice recordings” for 9 days after the agreement ends."),
        ({"kept": "date:2026-11-20"}, "Lumino may keep “Voice recordings” until Nov 20, 2026."),
        ({"basis": "consent"}, "Lumino may get “Voice recordings” only if the family says yes."),
        ({"basis": "directory"}, "Lumino may get “Voice recordings” unless the family says no."),
        ({"recipients": frozenset({"Clearwave"})},
         "Clearwave may see “Voice recordings” through Lumino."),
        ({"source": "student"}, "Lumino may get “Voice recordings” from here: the student."),
        ({"detail": "clips"}, "Lumino may get “Voice recordings (clips)”."),
    ],
)  # fmt: skip
def test_a_change_of_a_line_reads_as_one_sentence(fields, expected):
    assert of_line(**fields)[0] == expected


def test_a_promise_is_told_with_its_days():
    old = VersionFacts(promises=frozenset({Promise("deletion", "yes", 60)}))
    new = VersionFacts(promises=frozenset({Promise("deletion", "yes", 30)}))
    assert said(old, new) == ["The agreement with Lumino promises: deletion at the end within 30 days."]


def test_nothing_is_said_of_a_proposal_as_if_it_were_so():
    first = compare(None, VersionFacts(lines=[line()]))[2]
    assert sentences(first, NAMES, "proposed")["en"] == "Proposed: Lumino may get “Voice recordings”."
    assert sentences(first, NAMES, "history")["es"].startswith("Historia: ")


@settings(deadline=None, max_examples=60)
@given(st.none() | versions, versions, st.text(max_size=300), st.text(max_size=200))
def test_every_sentence_is_short_and_on_one_line_whatever_the_names_are(old, new, vendor, label):
    codes = {f"element-{n}": label for n in range(4)}
    names = Names(vendor, vendor, {"en": Labels(codes, codes, codes), "es": Labels(codes, codes, codes)})
    for difference in compare(old, new):
        for language, sentence in sentences(difference, names).items():
            assert language in phrases.LANGUAGES
            assert len(sentence) <= phrases.LONGEST
            assert sentence.endswith(".")
            assert len(sentence.splitlines()) == 1


def test_an_event_shows_its_day_with_the_year_in_each_language():
    told = event_sentences("expired", agency="Cedar Valley", vendor="Lumino", day=dt.date(2026, 1, 5))
    assert told["en"] == "The agreement of Cedar Valley with Lumino ran out on Jan 5, 2026."
    assert told["es"] == "El acuerdo de Cedar Valley con Lumino venció el 5 ene 2026."
    assert day(dt.date(2026, 12, 31), "en") == "Dec 31, 2026"


def test_a_baseline_calls_nothing_new():
    told = [category_in_use("media", NAMES)["en"]]
    told.append(event_sentences("already_in_use", agency="Cedar Valley", vendor="Lumino")["en"])
    assert told[0] == "Lumino may already get data of the group “Pictures and voice”."
    assert not any("new" in sentence.split() for sentence in told)


def test_a_cut_name_ends_in_an_ellipsis():
    assert fitted("{vendor} may get data.", {"vendor": "x" * 300}) == "x" * 125 + "… may get data."


TABLES = [phrases.CHANGE, phrases.EVENT, phrases.NOT_IN_USE, phrases.KEPT, phrases.SOURCE, phrases.ANSWER]
TABLES += [phrases.PROMISE, phrases.SIDE]


def test_every_phrase_is_there_in_every_language():
    for table in TABLES:
        for name, texts in table.items():
            assert tuple(texts) == phrases.LANGUAGES, name
            assert all(texts.values()), name


def test_every_word_of_the_models_has_a_phrase():
    assert set(phrases.KEPT) == set(SharedElement.Kept.values)
    assert set(phrases.SOURCE) == set(SharedElement.Source.values)
    assert set(phrases.PROMISE) == set(PromiseRow.Code.values)
    assert set(phrases.ANSWER) == set(PromiseRow.Answer.values)
