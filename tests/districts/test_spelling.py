"""A mistake in each word is put right by the words that the public register holds."""

import pytest

from districts.finding import find
from districts.models import Agency, SearchWord, Vendor
from districts.spelling import renew_words, respelled
from districts.tasks import renew_search_words
from tests import factories as f

pytestmark = pytest.mark.django_db
LUMINO = "Lumino Reading District"


@pytest.fixture(autouse=True)
def words() -> None:
    """Know the words of two districts."""
    f.make_district(LUMINO, slug="lumino")
    f.make_district("Cedar Valley Schools of Peñasco", slug="cedar-valley")
    renew_search_words()


def names(typed: str) -> list[str]:
    return [one.title for those in find(typed=typed, language="en").groups.values() for one in those]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["lumno", "readng"], {"lumno": "lumino", "readng": "reading"}),
        (["lumino", "readng"], {"readng": "reading"}),
        (["lumion"], {"lumion": "lumino"}),
        (["lumi"], {}),  # a beginning
        (["cdr"], {}),  # too short to tell
        (["zzzzzz"], {"zzzzzz": ""}),
        ([], {}),
    ],
)
def test_a_word_that_nothing_begins_with_becomes_the_one_most_like_it(typed, meant):
    assert respelled(typed) == meant


@pytest.mark.parametrize("typed", ["lumno readng", "who may get lumno readng?", "LUMNO reading"])
def test_a_name_is_found_with_a_mistake_in_each_of_its_words(typed):
    found = find(typed=typed, language="en")
    assert names(typed) == [LUMINO]
    assert found.guessed


def test_a_word_like_none_is_left_out_where_another_says_what_is_asked_for():
    assert names("lumino zzzzzz") == [LUMINO]
    assert names("zzzzzz readng") == [LUMINO]
    assert names("zzzzzz") == []
    assert names("zzzzzz app") == []  # it would mean all of them
    assert names("the zzzzzz") == []


def test_words_that_never_meet_find_nothing():
    assert names("lumino valley") == []
    assert names("lumno valey") == []


def test_words_follow_the_register():
    assert SearchWord.objects.filter(word="penasco").exists()
    district = Agency.objects.get(slug="lumino")
    district.name = "Quillon District"
    district.save()
    renew_words()
    known = set(SearchWord.objects.values_list("word", flat=True))
    assert {"quillon", "district", "cedar"} <= known
    assert "lumino" not in known
    renew_words()
    assert set(SearchWord.objects.values_list("word", flat=True)) == known


def test_a_company_of_drafts_teaches_no_word():
    f.make_agreement(f.make_district("Oak", slug="oak"), f.make_vendor("Secretco"))
    assert Vendor.objects.filter(name="Secretco").exists()
    renew_words()
    assert not SearchWord.objects.filter(word="secretco").exists()
