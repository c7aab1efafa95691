"""Staff open an agreement for comments, announce hearings, cancel them; all of it is public for good."""

import datetime as dt

import pytest
from django.urls import reverse

from districts.models import CommentWindow, CommentWindowChange, Hearing, HearingCancellation
from districts.publish import publish_version
from tests import factories as f
from tests.portal.staff_cast import signed_in

pytestmark = pytest.mark.django_db

COMMENTS = {"opens_on": "2099-01-10", "closes_on": "2099-02-10", "how_to_take_part": "Write to the board."}
HEARING = {"day": "2099-01-20", "begins": "18:30", "ends": "20:00", "place": "Library"}


@pytest.fixture
def proposal():
    agreement = f.make_agreement(f.make_district(time_zone="America/Chicago"), state="proposed")
    publish_version(version_id=f.make_draft(agreement).pk, now=f.NOW)
    return agreement


@pytest.fixture
def dana(proposal):
    return signed_in(f.make_staff(proposal.agency))


def at(name, *args):
    return reverse(f"staff:{name}", args=args)


def test_an_agreement_is_opened_for_comments_and_its_end_moved(proposal, dana, client):
    address = at("open_comments", proposal.public_id)
    assert dana.get(address).status_code == 200
    assert not CommentWindow.objects.exists()  # looking opens nothing
    assert dana.post(address, {**COMMENTS, "how_to_take_part": " "}).status_code == 422
    assert dana.post(address, {**COMMENTS, "closes_on": "2099-01-09"}).status_code == 422
    assert dana.post(address, COMMENTS).status_code == 302
    window = CommentWindow.objects.get()
    moving = at("move_end", window.pk)
    assert dana.post(moving, {"closes_on": "2099-03-01", "reason": ""}).status_code == 422
    assert dana.post(moving, {"closes_on": "2099-03-01", "reason": "A holiday."}).status_code == 302
    assert CommentWindowChange.objects.get().reason == "A holiday."
    assert "Mar 1, 2099" in client.get(f"/agreements/{proposal.public_id}/discussion/").content.decode()
    assert "Mar 1, 2099" in dana.get(at("discussion", proposal.public_id)).content.decode()


def test_a_hearing_is_at_its_hour_in_the_zone_of_the_agency(proposal, dana):
    address = at("announce_hearing", proposal.public_id)
    for wrong in ({"place": ""}, {"ends": "18:00"}, {"day": "2020-01-20"}, {"begins": "noon"}):
        assert dana.post(address, {**HEARING, **wrong}).status_code == 422, wrong
    skipped = {"day": "2099-03-08", "begins": "02:30", "ends": ""}  # the clocks go forward
    assert dana.post(address, {**HEARING, **skipped}).status_code == 422
    assert dana.post(address, HEARING).status_code == 302
    hearing = Hearing.objects.get()
    assert hearing.starts_at == dt.datetime(2099, 1, 21, 0, 30, tzinfo=dt.UTC)
    page = dana.get(at("discussion", proposal.public_id)).content.decode()
    assert "Jan 20, 2099 at 6:30 PM" in page
    assert "(Central Time)" in page


def test_a_hearing_is_cancelled_once_with_a_reason(proposal, dana, client):
    dana.post(at("announce_hearing", proposal.public_id), HEARING)
    address = at("cancel_hearing", Hearing.objects.get().public_id)
    assert dana.get(address).status_code == 200
    assert dana.post(address, {"reason": " "}).status_code == 422
    assert not HearingCancellation.objects.exists()
    assert dana.post(address, {"reason": "Snow."}).status_code == 302
    assert dana.post(address, {"reason": "Snow."}).status_code == 404
    assert "Snow." in client.get(f"/agreements/{proposal.public_id}/discussion/").content.decode()


def test_what_nobody_can_read_is_not_discussed(dana, proposal):
    hidden = f.make_draft(f.make_agreement(proposal.agency, state="proposed")).agreement
    assert "Publish a version first" in dana.get(at("discussion", hidden.public_id)).content.decode()
    assert dana.post(at("open_comments", hidden.public_id), COMMENTS).status_code == 422
    assert dana.post(at("announce_hearing", hidden.public_id), HEARING).status_code == 422


def test_a_district_that_only_takes_part_opens_nothing(proposal):
    other = f.make_district("Other", proposal.agency.state)
    f.Participation.objects.create(agreement=proposal, agency=other, kind="joined", from_on=f.TODAY)
    carol = signed_in(f.make_staff(other, "carol"))
    for name in ("discussion", "open_comments", "announce_hearing"):
        assert carol.get(at(name, proposal.public_id)).status_code == 404
    assert carol.post(at("open_comments", proposal.public_id), COMMENTS).status_code == 404
    assert not CommentWindow.objects.exists()
    assert "discussion" not in carol.get(at("agreement", proposal.public_id)).content.decode()
