"""Agreements are discussed in public: comment windows, hearings, and what became of them."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from districts.discussion import DoesNotFit, NotPublic, cancel_hearing, last_day, move_end
from districts.models import Agreement, CommentWindow
from districts.open_questions import answer_question
from tests import factories as f
from tests.breaking import refused_by
from tests.cedar_valley import Town
from tests.districts.discussing import DAY, asked, heard, in_words, page_of, propose, windowed
from tests.districts.test_pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def proposal(now) -> Agreement:
    district = f.make_district("Cedar Valley Schools", slug="cedar-valley", time_zone="America/New_York")
    return propose(district, now)


# What may be opened and announced


def test_only_what_anybody_can_read_is_discussed(now):
    draft = f.make_draft(f.make_agreement(f.make_district(), state="proposed"))
    with pytest.raises(NotPublic):
        windowed(draft.agreement, now)
    with pytest.raises(NotPublic):
        heard(draft.agreement, now)
    assert Client().get(page_of(draft.agreement)).status_code == 404
    for table, columns, values in (
        ("commentwindow", "opens_on, closes_on, how_to_take_part", "now(), now(), 'x'"),
        ("hearing", "public_id, starts_at, place, online_url, note", "gen_random_uuid(), now(), 'x', '', ''"),
    ):
        sql = (
            f"INSERT INTO districts_{table} (agreement_id, {columns}) VALUES ({draft.agreement_id}, {values})"
        )
        assert refused_by(sql) == "only_a_public_agreement_is_discussed"


@pytest.mark.parametrize(("first", "last"), [(5, 4), (-9, -1)])
def test_a_window_has_its_days_in_order_and_not_all_of_them_gone(proposal, now, first, last):
    with pytest.raises(DoesNotFit):
        windowed(proposal, now, first, last)


def test_the_end_moves_by_a_new_row_and_never_into_the_past(proposal, now):
    window = windowed(proposal, now, first=2)
    today = proposal.agency.today(now)
    for wrong in (today - DAY, today + DAY, today + 20 * DAY):  # gone, before it opens, as it is
        with pytest.raises(DoesNotFit):
            move_end(window_id=window.pk, closes_on=wrong, reason="x", now=now)
    move_end(window_id=window.pk, closes_on=today + 40 * DAY, reason="A holiday.", now=now)
    move_end(window_id=window.pk, closes_on=today + 30 * DAY, reason="A mistake.", now=now)
    window = CommentWindow.objects.get()
    assert window.closes_on == today + 20 * DAY  # what was said at first stays
    assert last_day(window) == today + 30 * DAY
    assert CommentWindow.objects.with_last_day().get().last_day == today + 30 * DAY
    sql = (
        "INSERT INTO districts_commentwindowchange (window_id, closes_on, reason)"
        " SELECT id, opens_on - 1, 'x' FROM districts_commentwindow"
    )
    assert refused_by(sql) == "a_comment_window_still_opens_before_it_closes"


def test_a_hearing_is_to_come_and_cancelled_once(proposal, now):
    with pytest.raises(DoesNotFit):
        heard(proposal, now, days=-1)
    with pytest.raises(DoesNotFit):
        heard(proposal, now, ends_at=now)
    hearing = heard(proposal, now)
    cancel_hearing(hearing_id=hearing.pk, reason="Snow.", now=now)
    with pytest.raises(DoesNotFit):
        cancel_hearing(hearing_id=hearing.pk, reason="Snow again.", now=now)
    over = heard(proposal, now)
    with pytest.raises(DoesNotFit):
        cancel_hearing(hearing_id=over.pk, reason="Too late.", now=now + 9 * DAY)


# What the pages say


def test_a_proposal_is_a_draft_that_says_how_to_take_part(proposal, now, client):
    windowed(proposal, now)
    until = in_words(proposal.agency.today(now) + 20 * DAY)
    page = words_of(client, f"/agreements/{proposal.public_id}/v1/")
    assert "Proposed, not in use" in page
    assert "This agreement is a draft. It is not signed." in page
    assert f"You can comment until {until}" in page
    assert "Write to the board." in words_of(client, page_of(proposal))
    assert f"Public comments opened, until {until}." in page
    assert "Have your say" in words_of(client, "/d/cedar-valley/")


def test_a_signed_agreement_is_no_draft_and_keeps_what_was_discussed(proposal, now, client):
    windowed(proposal, now)
    Agreement.objects.update(state="signed")
    page = words_of(client, f"/agreements/{proposal.public_id}/v1/")
    assert "This agreement is a draft" not in page
    assert "Public comments opened" in page


def test_what_opens_later_is_announced_and_did_not_happen_yet(proposal, now, client):
    windowed(proposal, now, first=5)
    page = words_of(client, page_of(proposal))
    assert f"You can comment from {in_words(proposal.agency.today(now) + 5 * DAY)}" in page
    assert "Public comments opened" not in page
    assert "Have your say" not in words_of(client, "/d/cedar-valley/")


def test_a_moved_end_stands_with_its_reason(proposal, now, client):
    window = windowed(proposal, now)
    today = proposal.agency.today(now)
    move_end(window_id=window.pk, closes_on=today + 33 * DAY, reason="A holiday.", now=now)
    page = words_of(client, page_of(proposal))
    assert f"You can comment until {in_words(today + 33 * DAY)}" in page
    assert f"Public comments now close on {in_words(today + 33 * DAY)}. A holiday." in page
    assert in_words(today + 33 * DAY) in words_of(client, "/d/cedar-valley/")


def test_a_hearing_is_told_in_the_time_of_its_agency(proposal, client):
    now = timezone.now().replace(hour=23, minute=30, second=0)
    heard(proposal, now, place="Library", online_url="https://meet.example/1")
    page = client.get(page_of(proposal)).content.decode()
    assert "(Eastern Time)" in page
    assert 'href="https://meet.example/1"' in page
    assert "(Eastern Time)" in client.get("/d/cedar-valley/").content.decode()


def test_a_cancelled_hearing_stays_with_its_reason_and_leaves_the_district_page(proposal, now, client):
    hearing = heard(proposal, now)
    assert "Have your say" in words_of(client, "/d/cedar-valley/")
    cancel_hearing(hearing_id=hearing.pk, reason="The school is closed.", now=now)
    page = words_of(client, page_of(proposal))
    assert "Cancelled" in page
    assert "was cancelled. The school is closed." in page
    assert "Have your say" not in words_of(client, "/d/cedar-valley/")


def test_a_district_that_takes_part_hears_of_a_discussion_of_its_state(now, client):
    district = f.make_district(slug="joined")
    f.make_district("Elsewhere", slug="elsewhere")
    agreement = propose(district.state, now, "State Assess")
    f.Participation.objects.create(agreement=agreement, agency=district, kind="joined", from_on=f.TODAY)
    windowed(agreement, now)
    assert "Have your say" in words_of(client, "/d/joined/")
    assert "Have your say" not in words_of(client, "/d/elsewhere/")


def test_what_a_district_wrote_is_no_markup(proposal, now, client):
    heard(proposal, now, place="<b>Library</b>", note="<script>x</script>")
    html = client.get(page_of(proposal)).content.decode()
    assert "&lt;b&gt;Library" in html
    assert "<script>" not in html


# The calendar


def events(client, slug="cedar-valley"):
    return {
        str(event["uid"]): event
        for event in Calendar.from_ical(client.get(f"/d/{slug}/dates.ics").content).walk("VEVENT")
    }


def test_the_calendar_has_hearings_at_their_hour_and_the_last_day_to_comment(proposal, now, client):
    hearing = heard(proposal, now, ends_at=now + 8 * DAY + dt.timedelta(hours=2))
    window = windowed(proposal, now)
    event = events(client)[f"hearing-{hearing.public_id}"]
    assert event["dtstart"].dt == (now + 8 * DAY).replace(microsecond=0)
    assert event["dtend"].dt - event["dtstart"].dt == dt.timedelta(hours=2)
    assert (str(event["status"]), str(event["location"])) == ("CONFIRMED", "Library")
    last = events(client)[f"comments-{proposal.public_id}-{window.pk}"]
    assert last["dtstart"].dt == proposal.agency.today(now) + 20 * DAY
    assert str(last["summary"]) == "Last day to comment: Lumino Reading"


def test_a_cancelled_hearing_stays_in_the_calendar_as_cancelled(proposal, now, client):
    hearing = heard(proposal, now)
    cancel_hearing(hearing_id=hearing.pk, reason="Snow.", now=now)
    event = events(client)[f"hearing-{hearing.public_id}"]
    assert (str(event["status"]), int(event["sequence"])) == ("CANCELLED", 1)
    assert "Snow." in str(event["description"])
    assert client.get("/d/cedar-valley/dates.ics").content == client.get("/d/cedar-valley/dates.ics").content


# Costs


def queries(address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(address).status_code == 200
    return len(asked)


def test_ten_windows_and_hearings_cost_as_many_queries_as_one(proposal, now):
    addresses = [
        page_of(proposal),
        f"/agreements/{proposal.public_id}/v1/",
        "/d/cedar-valley/",
        "/d/cedar-valley/dates.ics",
    ]
    counts = []
    for _n in range(10):
        window = windowed(proposal, now)
        day = proposal.agency.today(now) + 25 * DAY
        move_end(window_id=window.pk, closes_on=day, reason="More time.", now=now)
        hearing = heard(proposal, now)
        heard(proposal, now)
        cancel_hearing(hearing_id=hearing.pk, reason="Snow.", now=now)
        question = asked(proposal, now)
        answer_question(question_id=question.pk, text="The teacher.", now=now)
        counts.append([queries(address) for address in addresses])
    assert counts[0] == counts[-1]


def test_a_town_talks_in_public(client):
    town = Town()
    made = town.talks_in_public()
    page = words_of(client, f"/agreements/{made['proposal']}/discussion/")
    assert "Every letter is read to the board." in page
