"""What a published version asks: one question per category and basis with a choice, new lines only once."""

import datetime as dt

import pytest

from consent import questions
from consent.models import Question, QuestionVersion
from districts.models import Basis
from tests import factories as f
from tests.consent.news import freeze

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement():
    return f.make_agreement(f.make_district())


def asked(question: Question) -> list[tuple[int, int, list[str], list[str]]]:
    return list(question.versions.values_list("number", "version__number", "covers", "new"))


def key(code: str, recipient: str = "", detail: str = "") -> str:
    return questions.line_key(
        meaning_id=f.make_element(code).meaning_id,
        purpose_id=f.make_purpose().pk,
        detail=detail,
        recipient=recipient,
    )


def test_only_a_basis_that_leaves_a_choice_asks(agreement):
    version = f.make_draft(
        agreement,
        [
            ("home-address", "contact", Basis.CONSENT),
            ("phone", "contact", Basis.SCHOOL_OFFICIAL),
            ("photo", "directory", Basis.DIRECTORY),
        ],
    )
    questions.open_questions(freeze(version).pk)
    assert set(Question.objects.values_list("category__code", "basis")) == {
        ("contact", "consent"),
        ("directory", "directory"),
    }


def test_a_question_covers_the_company_and_each_recipient_by_itself(agreement):
    version = f.make_draft(agreement, [])
    f.add_line(version, "home-address", recipients=["Cloud Host", "Map Maker"])
    freeze(version)
    home = key("home-address")
    assert questions.line_keys(version.pk) == {
        (f.make_category("contact").pk, "consent"): [home, f"{home}Cloud Host", f"{home}Map Maker"]
    }


def test_a_new_detail_is_a_new_line_and_a_new_code_of_the_same_meaning_is_not(agreement):
    old = f.make_element("home-address")
    first = f.make_draft(agreement, [])
    f.add_line(first, "home-address", detail="")
    questions.open_questions(freeze(first).pk)
    second = f.make_draft(agreement, [])
    f.make_element("address-of-home", same_meaning_as=old)
    f.add_line(second, "address-of-home", detail="")
    f.add_line(second, "address-of-home", detail="of both parents")
    questions.open_questions(freeze(second).pk)
    assert asked(Question.objects.get()) == [
        (1, 1, [key("home-address")], [key("home-address")]),
        (
            2,
            2,
            sorted([key("home-address"), key("home-address", detail="of both parents")]),
            [key("home-address", detail="of both parents")],
        ),
    ]


def test_unchanged_lines_make_no_new_question_version(agreement):
    for _ in range(2):
        questions.open_questions(freeze(f.make_draft(agreement)).pk)
    assert len(asked(Question.objects.get())) == 1


def test_less_data_makes_a_version_that_opens_nothing(agreement):
    first = f.make_draft(agreement, [("home-address", "contact", "consent"), ("phone", "contact", "consent")])
    questions.open_questions(freeze(first).pk)
    questions.open_questions(freeze(f.make_draft(agreement)).pk)
    assert asked(Question.objects.get())[1] == (2, 2, [key("home-address")], [])


def test_lines_that_went_and_came_back_are_new_again(agreement):
    """An old Yes reaches them again; who did not give one is asked as for the first time."""
    both = [("home-address", "contact", "consent"), ("phone", "contact", "consent")]
    for lines in (both, both[:1], both):
        questions.open_questions(freeze(f.make_draft(agreement, lines)).pk)
    assert [new for _n, _v, _covers, new in asked(Question.objects.get())] == [
        sorted([key("home-address"), key("phone")]),
        [],
        [key("phone")],
    ]


def test_another_last_day_makes_a_version_that_opens_nothing(agreement):
    days = [dt.date(2026, 9, 30), dt.date(2026, 10, 30), None]
    for day in days:
        version = f.make_draft(agreement)
        version.choice_terms.update(answer_by=day)
        questions.open_questions(freeze(version).pk)
    assert list(QuestionVersion.objects.values_list("number", "answer_by")) == [(1, days[0]), (2, days[1])]
    assert asked(Question.objects.get())[1] == (2, 2, [key("home-address")], [])


def test_stray_spaces_are_nothing_new(agreement):
    for detail, recipient in (("class photo", "Map Maker"), (" class  photo", "Map  Maker ")):
        version = f.make_draft(agreement, [])
        f.add_line(version, "home-address", detail=detail, recipients=[recipient, " "])
        questions.open_questions(freeze(version).pk)
    assert len(asked(Question.objects.get())) == 1


def test_a_recoded_element_is_asked_in_the_category_of_what_it_stands_for(agreement):
    questions.open_questions(freeze(f.make_draft(agreement)).pk)
    f.make_element("dwelling", "housing", same_meaning_as=f.make_element("home-address"))
    recoded = f.make_draft(agreement, [("dwelling", "housing", Basis.CONSENT)])
    questions.open_questions(freeze(recoded).pk)
    assert len(asked(Question.objects.get())) == 1


def test_lines_moved_to_inform_only_leave_a_question_that_covers_nothing(agreement):
    questions.open_questions(freeze(f.make_draft(agreement)).pk)
    informed = f.make_draft(agreement, [("home-address", "contact", Basis.SCHOOL_OFFICIAL)])
    questions.open_questions(freeze(informed).pk)
    assert asked(Question.objects.get())[1] == (2, 2, [], [])


def test_lines_moved_from_opt_out_to_opt_in_are_asked_anew_under_a_question_of_their_own(agreement):
    for basis in (Basis.ELECTIVE_OUT, Basis.ELECTIVE_IN):
        version = f.make_draft(agreement, [("home-address", "contact", basis)])
        questions.open_questions(freeze(version).pk)
    moved = Question.objects.get(basis=Basis.ELECTIVE_IN)
    assert asked(moved) == [(1, 2, [key("home-address")], [key("home-address")])]


def test_it_may_run_again_late_and_out_of_order(agreement):
    first = freeze(f.make_draft(agreement))
    second = freeze(
        f.make_draft(agreement, [("home-address", "contact", "consent"), ("phone", "contact", "consent")])
    )
    questions.open_questions_of([second.pk, first.pk])
    before = asked(Question.objects.get())
    assert [number for number, *_ in before] == [1, 2]
    for version in (first, second, first):
        questions.open_questions(version.pk)
    assert asked(Question.objects.get()) == before


def test_a_draft_asks_nothing(agreement):
    questions.open_questions(f.make_draft(agreement).pk)
    assert not QuestionVersion.objects.exists()


def test_the_last_day_to_answer_is_the_one_set_beside_the_choice(agreement):
    version = f.make_draft(agreement, [])
    f.add_line(version, "home-address")
    f.add_choice(version, "contact", "consent", answer_by=dt.date(2026, 9, 30))
    questions.open_questions(freeze(version).pk)
    assert QuestionVersion.objects.get().answer_by == dt.date(2026, 9, 30)


@pytest.mark.parametrize("agreements", [1, 10])
def test_ten_versions_take_no_more_queries_than_one(agreements, django_assert_num_queries):
    district = f.make_district()
    versions = [freeze(f.make_draft(f.make_agreement(district))).pk for _ in range(agreements)]
    with django_assert_num_queries(9):
        questions.open_questions_of(versions)
