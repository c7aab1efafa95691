"""What people ask a district in public: asked, due, answered or not, not shown, taken down."""

import hashlib

import pytest
from django.utils import timezone

from districts.blacking_out import NotInTheText, black_out, without_bars
from districts.models import Agreement, OpenQuestion, OpenQuestionWithdrawal
from districts.open_questions import (
    IsWithdrawn,
    NothingSaid,
    answer_question,
    count_refusal,
    withdraw_question,
)
from tests import factories as f
from tests.breaking import refused_by
from tests.districts.discussing import DAY, asked, in_words, page_of, propose
from tests.districts.test_pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def proposal(now) -> Agreement:
    return propose(f.make_district("Cedar Valley Schools", slug="cedar-valley"), now)


def test_a_question_is_asked_due_and_answered_or_not_for_n_days(proposal, now, client):
    question = asked(proposal, now, days_ago=12)
    day = proposal.agency.today(now)
    page = words_of(client, page_of(proposal))
    assert f"Asked on {in_words(day - 12 * DAY)} . Answer due on {in_words(day + 18 * DAY)} ." in page
    assert "Not answered for 12 days" in page
    answer_question(question_id=question.pk, text="The teacher does.", now=now)
    page = words_of(client, page_of(proposal))
    assert "The teacher does." in page
    assert "Not answered" not in page
    agreement = words_of(client, f"/agreements/{proposal.public_id}/v1/")
    assert "1 thing was asked in public. Not answered: 0." in agreement
    assert "A question to the district." in agreement
    assert "The district answered in public." in agreement


def test_what_was_asked_today_is_not_answered_yet(proposal, now, client):
    asked(proposal, now, days_ago=0)
    page = words_of(client, page_of(proposal))
    assert "Not answered yet" in page
    assert "Not answered for" not in page


def test_a_late_answer_is_marked_and_the_answer_time_is_the_agencys_own(proposal, now, client):
    proposal.agency.public_answer_days = 10
    asked(proposal, now, days_ago=11)
    assert 't-err"' in client.get(page_of(proposal)).content.decode()
    with pytest.raises(NothingSaid):
        answer_question(question_id=OpenQuestion.objects.get().pk, text=" ", now=now)


def test_what_is_blacked_out_is_seen_to_be(proposal, now, client):
    _name, text = black_out(["Ann Smith"], "A parent", "Why is Ann Smith in it?")
    asked(proposal, now, text=text, is_blacked_out=True)
    page = words_of(client, page_of(proposal))
    assert "Why is [blacked out by the district] in it?" in page
    with pytest.raises(NotInTheText):
        black_out(["Bob"], "A parent", "Why?")
    assert black_out(["Ann", "Ann Smith"], "Ann Smith") == ("█████",)
    assert without_bars("a █████ b") == "a  b"


def test_what_is_not_shown_is_counted_with_its_reason(proposal, now, client):
    for reason in ("private", "private", "insult"):
        count_refusal(agreement=proposal, reason=reason, now=now)
    page = words_of(client, page_of(proposal))
    assert "3 were not shown:" in page
    assert "It tells private things about a child or a family: 2" in page
    assert "It insults somebody: 1" in page


def test_words_come_down_and_leave_a_tombstone(proposal, now, client):
    question = asked(proposal, now, text="Sam Smith is in grade 3.")
    withdraw_question(question_id=question.pk, reason="A child was named.")
    page = words_of(client, page_of(proposal))
    assert "Sam Smith" not in page
    assert "A child was named." in page
    assert "Not answered" not in page
    expected = hashlib.sha256(b"A parent\nSam Smith is in grade 3.").hexdigest()
    assert OpenQuestionWithdrawal.objects.get().sha256 == expected
    with pytest.raises(IsWithdrawn):
        withdraw_question(question_id=question.pk, reason="Again.")
    with pytest.raises(IsWithdrawn):
        answer_question(question_id=question.pk, text="x", now=now)


def test_nothing_but_a_withdrawal_changes_what_was_asked(proposal, now):
    question = asked(proposal, now)
    for change in (
        "text = ''",
        "text = '', shown_name = '', is_withdrawn = true",
        "is_withdrawn = true",
        "due_on = due_on + 1",
    ):
        assert refused_by(f"UPDATE districts_openquestion SET {change}") == "history_is_for_good"
    withdraw_question(question_id=question.pk, reason="A child was named.")
    back = "UPDATE districts_openquestion SET text = 'x', shown_name = 'y', is_withdrawn = false"
    assert refused_by(back) == "history_is_for_good"
    assert refused_by("DELETE FROM districts_openquestion") == "history_is_for_good"
    empty = (
        "INSERT INTO districts_openquestion (public_id, agreement_id, kind, shown_name, text, asked_on,"
        " due_on, is_blacked_out, is_withdrawn)"
        f" VALUES (gen_random_uuid(), {proposal.pk}, 'question', '', '', now(), now(), false, true)"
    )
    assert refused_by(empty) == "a_question_begins_with_its_words"
