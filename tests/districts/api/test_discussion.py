"""What the API tells of the public discussion: what stands, what changed, and what came down."""

import hashlib
import json

import pytest

from districts.models import OpenQuestion
from tests import factories as f
from tests.districts.api.register import fill, get
from tests.districts.discussing import DAY

pytestmark = pytest.mark.django_db


def test_words_that_came_down_leave_a_hash_a_reason_and_their_answer():
    fill()
    gone = OpenQuestion.objects.get(is_withdrawn=True)
    told = get(f"questions/{gone.public_id}")
    assert (told["shown_name"], told["text"]) == ("", "")
    assert told["withdrawn"]["reason"] == "A child was named."
    assert told["withdrawn"]["sha256"] == hashlib.sha256(b"A parent\nWho reads it?").hexdigest()
    assert [answer["text"] for answer in told["answers"]] == ["The teacher."]
    stand = [each for each in get("questions")["results"] if each["withdrawn"] is None]
    assert {each["text"] for each in stand} == {"Who paid for it?", "Why?"}
    assert "Who reads it?" not in json.dumps(get("questions"))


def test_a_comment_window_says_its_last_day_now_and_at_first_and_a_hearing_whether_it_stands():
    fill()
    (window,) = get("comment_windows")["results"]
    assert (window["first_closes_on"], window["closes_on"]) == (
        str(f.TODAY + 30 * DAY),
        str(f.TODAY + 40 * DAY),
    )
    hearings = get("hearings", agreement=window["agreement"])["results"]
    assert sorted(each["cancelled"]["reason"] if each["cancelled"] else "" for each in hearings) == [
        "",
        "Snow.",
    ]
    other = next(each["id"] for each in get("agreements")["results"] if each["id"] != window["agreement"])
    for name in ("comment_windows", "hearings", "questions", "refusals"):
        assert get(name, agreement=other)["results"] == []
