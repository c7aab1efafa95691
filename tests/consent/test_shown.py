"""What is shown before an answer: the whole truth of the line, the same bytes for all, no names."""

import datetime as dt
import hashlib
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from consent import shown
from consent.models import Fulfilment, QuestionVersion, Shown
from consent.questions import open_questions
from consent.words import kept_words, status_words
from districts.models import Basis, ElementText, SharedElement
from tests import factories as f
from tests.consent.answering import freeze

pytestmark = pytest.mark.django_db


def asked(lines=(("home-address", "contact", Basis.CONSENT),), **fields) -> QuestionVersion:
    version = freeze(f.make_draft(f.make_agreement(f.make_district()), lines=lines, **fields))
    open_questions(version.pk)
    return QuestionVersion.objects.get(version=version)


def test_it_says_which_data_why_for_whom_until_when_and_the_four_texts():
    body = shown.what_is_shown(asked(), "es")
    assert body["language"] == "es"
    assert body["agreement"]["version"] == 1
    assert body["agreement"]["company"] == "Lumino Reading"
    assert body["question"]["control"] == "opt_in"
    (line,) = body["lines"]
    assert (line["element"], line["label"]) == ("home-address", "home address")
    assert line["purpose"] == {"code": "teach", "label": "teach"}
    assert line["kept"] == {"rule": "after_agreement", "days": 60, "until": None}
    assert body["texts"]["if_no"] == "[es] Your child reads the same book on paper."
    assert set(body["texts"]) == {"if_yes", "if_no", "if_silent", "data_already_sent"}


def test_the_same_is_stored_once_under_the_hash_of_its_bytes():
    body = shown.what_is_shown(asked(), "en")
    first, second = shown.store(body), shown.store(json.loads(shown.canonical(body)))
    assert first == second
    assert Shown.objects.count() == 1
    assert first.sha256 == hashlib.sha256(first.body.encode()).hexdigest() == shown.sha256_of(body)


def test_no_name_of_a_person_is_in_it():
    qv = asked()
    f.make_guardian(qv.question.agreement.agency, "Alice", of=[f.make_student(qv.question.agreement.agency)])
    written = shown.canonical(shown.what_is_shown(qv, "en"))
    assert "Alice" not in written
    assert "Sam" not in written


def test_a_corrected_word_makes_another_hash():
    qv = asked()
    before = shown.sha256_of(shown.what_is_shown(qv, "en"))
    element = SharedElement.objects.get().element
    ElementText.objects.create(element=element, language="en", revision=2, label="street address")
    after = shown.what_is_shown(qv, "en")
    assert after["lines"][0]["label"] == "street address"
    assert shown.sha256_of(after) != before


def test_an_unchanged_question_shows_the_words_of_the_newest_version_it_stands_for():
    qv = asked()
    newer = f.make_draft(qv.question.agreement, lines=())
    f.add_line(newer, kept=SharedElement.Kept.SCHOOL_YEAR, kept_days=None)
    f.add_choice(newer, "contact", Basis.CONSENT)
    assert shown.what_is_shown(qv, "en")["lines"][0]["kept"]["rule"] == "after_agreement"  # a draft is silent
    open_questions(freeze(newer).pk)
    body = shown.what_is_shown(qv, "en")
    assert QuestionVersion.objects.count() == 1
    assert (body["agreement"]["version"], body["lines"][0]["kept"]["rule"]) == (2, "school_year")


def test_an_older_question_version_still_shows_its_own_lines():
    qv = asked()
    newer = f.make_draft(
        qv.question.agreement,
        lines=(("home-address", "contact", Basis.CONSENT), ("phone", "contact", Basis.CONSENT)),
    )
    open_questions(freeze(newer).pk)
    old, new = QuestionVersion.objects.order_by("number")
    made = shown.bodies([old.pk, new.pk], "en")
    assert [line["element"] for line in made[old.pk]["lines"]] == ["home-address"]
    assert [line["element"] for line in made[new.pk]["lines"]] == ["home-address", "phone"]


def test_ten_questions_take_as_many_queries_as_one():
    counts = []
    for number in (1, 10):
        ids = [asked().pk for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            assert len(shown.bodies(ids, "es")) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("rule", "days", "until", "words"),
    [
        ("date", None, "2027-06-30", "Until June 30, 2027"),
        ("after_agreement", 60, None, "60 days after the agreement ends"),
        ("after_agreement", 1, None, "1 day after the agreement ends"),
        ("after_agreement", 0, None, "Until the agreement ends"),
        ("after_leaving", 30, None, "30 days after the student leaves"),
        ("after_collection", 0, None, "Not kept"),
        ("school_year", None, None, "Until the school year ends"),
        ("not_stated", None, None, "The agreement does not say"),
        ("not_filled_in", None, None, "The district has not filled this in"),
    ],
)
def test_until_when_data_is_kept_is_said_in_plain_words(rule, days, until, words):
    with translation.override("en"):
        assert _same_day(kept_words({"rule": rule, "days": days, "until": until})) == words


def _same_day(words: str) -> str:
    return words.replace("Jun 30", "June 30")


def test_an_answer_is_not_called_done_before_the_district_acted():
    day = dt.date(2026, 9, 2)
    step = Fulfilment.Step
    with translation.override("en"):
        assert status_words({}, "Lumino") == "We saved your answer. The district has not acted yet."
        assert status_words({step.DISTRICT_ACTED: day}, "Lumino").startswith("The district acted on ")
        told = {step.DISTRICT_ACTED: day, step.COMPANY_TOLD: day}
        assert status_words(told, "Lumino").startswith("The district told Lumino on ")
        assert "confirmed" in status_words(told | {step.COMPANY_CONFIRMED: day}, "Lumino")
