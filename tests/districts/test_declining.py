"""What somebody asked for and the district did not approve: on the public pages, told to nobody."""

import pytest

from districts.calendars import dates
from districts.declining import decline_agreement
from districts.endings import end_agreement
from districts.legend import Status, status_of
from districts.models import Agreement, AgreementVersion
from districts.publish import publish_version
from districts.refusals import refusals
from districts.signing import NotProposed
from tests.factories import NOW, TODAY, make_agreement, make_district, make_draft

LAST_DAY = TODAY.replace(year=2028)
pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed():
    return make_agreement(make_district(), state="proposed", begins_on=TODAY, ends_on=LAST_DAY)


def decline(agreement, **fields):
    return decline_agreement(agreement_id=agreement.pk, declined_on=TODAY, now=NOW, **fields)


def test_a_proposal_that_was_public_says_that_it_was_not_approved_and_nobody_gets_a_message(proposed):
    publish_version(version_id=make_draft(proposed).pk, now=NOW)
    made = decline(proposed, note="Two apps do the same.")
    change = made.changes.get()
    assert (change.kind, change.severity) == ("ended", "public_only")
    assert change.sentences == {
        "en": "Cedar Valley Schools did not approve Lumino Reading, on Sep 1, 2026.",
        "es": "Cedar Valley Schools no aprobó a Lumino Reading, el 1 sep 2026.",
    }
    event = proposed.events.get(kind="declined")
    assert (event.happened_on, event.note) == (TODAY, "Two apps do the same.")


def test_what_was_never_public_makes_no_news_and_may_be_published_without_data(proposed):
    assert decline(proposed) is None
    empty = make_draft(proposed, [])
    assert refusals(empty.pk, today=TODAY) == []
    made = publish_version(version_id=empty.pk, now=NOW)
    assert set(made.changes.values_list("severity", flat=True)) == {"public_only"}


def test_an_agreement_that_only_ended_still_needs_data_to_be_published():
    over = make_agreement(make_district(), state="ended")
    assert [refusal.code for refusal in refusals(make_draft(over, []).pk, today=TODAY)] == ["nothing_shared"]


def test_the_companys_page_and_the_list_show_no_term_and_no_choice(client, proposed):
    publish_version(version_id=make_draft(proposed).pk, now=NOW)
    decline(proposed)
    page = client.get(f"/companies/{proposed.vendor.slug}/").content.decode()
    assert "The district did not approve this. Nothing is shared under it." in page
    assert "Sign in to choose" not in page
    assert "2028" not in client.get(f"/d/{proposed.agency.slug}/").content.decode()


def test_only_what_is_proposed_can_be_turned_down_and_only_once(proposed):
    with pytest.raises(NotProposed):
        decline(make_agreement(make_district()))
    decline(proposed)
    with pytest.raises(NotProposed):
        decline(proposed)


def test_it_was_never_in_force_and_stands_apart_from_what_ended(proposed):
    decline(proposed)
    proposed.refresh_from_db()
    assert status_of(proposed, TODAY) == Status.NOT_APPROVED
    assert list(Agreement.objects.turned_down()) == [proposed]
    make_draft(proposed)
    AgreementVersion.objects.update(published_at=NOW)
    assert not AgreementVersion.objects.stood_on(TODAY).exists()
    assert list(dates(Agreement.objects.filter(pk=proposed.pk))) == []
    withdrawn = make_agreement(make_district(), state="proposed", ends_on=None)
    end_agreement(agreement_id=withdrawn.pk, ends_on=TODAY, now=NOW)
    withdrawn.refresh_from_db()
    assert status_of(withdrawn, TODAY) == Status.ENDED
