"""A district joins a state agreement, must take part, or leaves: news for its families."""

import datetime as dt

import pytest
from django.db import transaction

from districts.models import Agency, Agreement, Basis, Participation, Publication
from districts.participation import AlreadyTakesPart, CannotLeave, join, leave
from districts.publish import publish_version
from districts.standing import NotSigned
from tests.districts.races import Rival
from tests.factories import NOW, TODAY, make_agreement, make_district, make_draft, make_state

LINES = [("home-address", "contact", Basis.CONSENT), ("lunch-balance", "meals", Basis.SCHOOL_OFFICIAL)]


def tomorrow() -> dt.date:
    return TODAY + dt.timedelta(days=1)


def make_offer(published: bool = True, **fields: object) -> Agreement:
    """Make a state's agreement that its districts may join."""
    offer = make_agreement(make_state(), **fields)
    if published:
        publish_version(version_id=make_draft(offer, LINES).pk, now=NOW)
    return offer


def take_part(offer: Agreement, district: Agency, **fields: object) -> Publication:
    values = {"kind": "joined", "from_on": TODAY, "now": NOW, **fields}
    return join(agreement_id=offer.pk, agency_id=district.pk, **values)


def told(publication: Publication) -> list[tuple[str, str]]:
    return [(change.kind, change.severity) for change in publication.changes.all()]


@pytest.mark.django_db
def test_to_the_families_of_a_district_that_joins_the_whole_agreement_is_new():
    offer = make_offer()
    publication = take_part(offer, make_district("Cedar Valley", offer.agency))
    assert publication.kind == "joined"
    assert publication.version == offer.versions.get()
    assert told(publication) == [
        ("agreement_new", "answer_needed"),
        ("category_added", "answer_needed"),
        ("category_added", "tell_now"),
    ]
    assert publication.changes.first().sentences["en"].startswith("Cedar Valley joins the agreement of ")


@pytest.mark.django_db
def test_what_the_state_requires_is_said_so():
    offer = make_offer()
    publication = take_part(offer, make_district("Cedar Valley", offer.agency), kind="required")
    assert publication.participation.kind == "required"
    assert publication.changes.first().sentences["en"].startswith("Cedar Valley must take part in ")


@pytest.mark.django_db
def test_joining_again_returns_what_was_recorded():
    offer = make_offer()
    district = make_district(state=offer.agency)
    assert take_part(offer, district) == take_part(offer, district)
    assert Participation.objects.count() == 1


@pytest.mark.django_db
def test_joining_after_sharing_began_is_marked_late():
    offer = make_offer()
    later = NOW + dt.timedelta(days=50)  # sharing began 30 days after NOW
    publication = take_part(
        offer, make_district(state=offer.agency), from_on=TODAY + dt.timedelta(days=44), now=later
    )
    assert publication.days_late == 6


@pytest.mark.django_db
def test_joining_before_anything_is_published_makes_no_message():
    offer = make_offer(published=False)
    publication = take_part(offer, make_district(state=offer.agency))
    assert told(publication) == [("agreement_new", "public_only")]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["proposed", "ended"])
def test_nobody_joins_what_is_not_signed(state):
    offer = make_offer(published=False, state=state)
    with pytest.raises(NotSigned):
        take_part(offer, make_district(state=offer.agency))


@pytest.mark.django_db
def test_a_district_takes_part_once_at_a_time():
    offer = make_offer()
    district = make_district(state=offer.agency)
    take_part(offer, district)
    with pytest.raises(AlreadyTakesPart):
        take_part(offer, district, kind="required")
    with pytest.raises(AlreadyTakesPart):
        take_part(offer, district, from_on=tomorrow())


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["own", "visits"])
def test_nobody_joins_in_another_way(kind):
    offer = make_offer()
    with pytest.raises(ValueError, match=kind):
        take_part(offer, make_district(state=offer.agency), kind=kind)


@pytest.mark.django_db
def test_only_districts_join():
    offer = make_offer()
    with pytest.raises(ValueError, match="no district"):
        take_part(offer, make_state())


@pytest.mark.django_db
def test_leaving_is_told_once_and_waits_for_the_digest():
    offer = make_offer()
    part = take_part(offer, make_district("Cedar Valley", offer.agency)).participation
    publication = leave(participation_id=part.pk, until_on=tomorrow(), now=NOW)
    assert told(publication) == [("left", "digest")]
    assert "Cedar Valley leaves" in publication.changes.get().sentences["en"]
    assert "Sep 2, 2026" in publication.changes.get().sentences["en"]
    part.refresh_from_db()
    assert part.until_on == tomorrow()
    assert leave(participation_id=part.pk, until_on=tomorrow(), now=NOW) == publication
    with pytest.raises(CannotLeave):
        leave(participation_id=part.pk, until_on=TODAY, now=NOW)


@pytest.mark.django_db
def test_a_district_that_left_may_join_again_when_it_is_out():
    offer = make_offer()
    district = make_district(state=offer.agency)
    leave(participation_id=take_part(offer, district).participation_id, until_on=tomorrow(), now=NOW)
    with pytest.raises(AlreadyTakesPart):
        take_part(offer, district)
    assert take_part(offer, district, from_on=tomorrow()).kind == "joined"


@pytest.mark.django_db
def test_nobody_leaves_before_joining_nor_an_agreement_of_their_own():
    offer = make_offer()
    part = take_part(offer, make_district(state=offer.agency)).participation
    with pytest.raises(CannotLeave):
        leave(participation_id=part.pk, until_on=TODAY - dt.timedelta(days=1), now=NOW)
    own = make_agreement(make_district()).participations.get()
    with pytest.raises(CannotLeave):
        leave(participation_id=own.pk, until_on=tomorrow(), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_joining_from_two_connections_at_once_joins_once():
    offer = make_offer()
    district = make_district(state=offer.agency)
    rival = Rival(lambda: take_part(offer, district))
    with transaction.atomic():
        first = take_part(offer, district)
        rival.wait_for_the_lock()
    rival.finish()
    assert rival.result == first
    assert Publication.objects.filter(kind="joined").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_district_that_joins_while_a_version_is_published_hears_of_that_version():
    offer = make_offer()
    district = make_district(state=offer.agency)
    second = make_draft(offer, [*LINES, ("voice", "media", Basis.CONSENT)])
    rival = Rival(lambda: take_part(offer, district))
    with transaction.atomic():
        publish_version(version_id=second.pk, now=NOW)
        rival.wait_for_the_lock()
    rival.finish()
    assert rival.result.version == second
    assert rival.result.changes.filter(category__code="media").exists()
