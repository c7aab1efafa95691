"""A company gets a new owner; a breach is reported: every agreement concerned hears of it once."""

import datetime as dt

import pytest
from django.db import transaction

from districts.incidents import report_incident
from districts.models import Agency, Incident, Publication, Vendor, VendorOwnership
from districts.owners import change_owner
from tests.districts.races import Rival
from tests.factories import NOW, TODAY, make_agreement, make_district, make_element, make_vendor

pytestmark = pytest.mark.django_db


def own(vendor: Vendor, owner: Vendor, since: dt.date | None = TODAY) -> VendorOwnership:
    return VendorOwnership.objects.create(vendor=vendor, owner=owner, since=since)


def make_incident(district: Agency, **fields: object) -> Incident:
    values = {"learned_on": TODAY, "description": "Someone got in.", **fields}
    return Incident.objects.create(agency=district, **values)


def test_a_new_owner_is_told_now_for_every_signed_agreement():
    vendor, district = make_vendor("Lumino"), make_district()
    first, second = make_agreement(district, vendor), make_agreement(make_district(), vendor)
    make_agreement(district, vendor, state="proposed")
    make_agreement(district, vendor, state="ended")
    make_agreement(district, vendor, ends_on=TODAY - dt.timedelta(days=1))
    made = change_owner(ownership_id=own(vendor, make_vendor("Big Media")).pk, now=NOW)
    assert [publication.agreement for publication in made] == [first, second]
    change = made[0].changes.get()
    assert (change.kind, change.severity) == ("owner_changed", "tell_now")
    assert change.sentences["en"] == "Big Media is the new owner of Lumino."


def test_telling_a_new_owner_again_tells_only_agreements_that_have_not_heard():
    vendor = make_vendor()
    make_agreement(make_district(), vendor)
    link = own(vendor, make_vendor())
    assert len(change_owner(ownership_id=link.pk, now=NOW)) == 1
    assert change_owner(ownership_id=link.pk, now=NOW) == []
    later = make_agreement(make_district(), vendor)
    assert [p.agreement for p in change_owner(ownership_id=link.pk, now=NOW)] == [later]


def test_the_earlier_owner_ends_on_the_day_the_new_one_begins():
    vendor = make_vendor()
    old = own(vendor, make_vendor(), TODAY - dt.timedelta(days=900))
    new = own(vendor, make_vendor())
    change_owner(ownership_id=new.pk, now=NOW)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.until, new.until) == (TODAY, None)


def test_companies_that_the_company_owns_have_the_new_owner_too():
    grandchild, child, vendor = make_vendor("Store"), make_vendor("Wireless"), make_vendor("Amplify")
    own(child, vendor, since=None)
    own(grandchild, child, since=None)
    own(vendor, grandchild, since=None)  # a circle on paper must not hang
    sold = make_vendor("Sold")
    VendorOwnership.objects.create(vendor=sold, owner=vendor, until=TODAY - dt.timedelta(days=1))
    make_agreement(make_district(), sold)
    agreement = make_agreement(make_district(), grandchild)
    (publication,) = change_owner(ownership_id=own(vendor, make_vendor("News Group")).pk, now=NOW)
    assert publication.agreement == agreement
    assert publication.changes.get().sentences["en"] == "News Group is the new owner of Amplify."


@pytest.mark.django_db(transaction=True)
def test_two_who_tell_a_new_owner_at_once_tell_it_once():
    vendor = make_vendor()
    make_agreement(make_district(), vendor)
    link = own(vendor, make_vendor())
    rival = Rival(lambda: change_owner(ownership_id=link.pk, now=NOW))
    with transaction.atomic():
        change_owner(ownership_id=link.pk, now=NOW)
        rival.wait_for_the_lock()
    rival.finish()
    assert rival.result == []
    assert Publication.objects.count() == 1


def test_a_breach_is_told_now_for_its_agreement_even_when_that_is_over():
    district = make_district("Cedar Valley")
    agreement = make_agreement(district, make_vendor("Lumino"), state="ended")
    incident = make_incident(district, agreement=agreement, students_affected=41)
    incident.elements.add(make_element("quiz-score"))
    (publication,) = report_incident(incident_id=incident.pk, now=NOW)
    change = publication.changes.get()
    assert (publication.kind, change.severity) == ("incident", "tell_now")
    assert change.sentences["en"] == "Cedar Valley reports a data breach at Lumino."
    assert change.after == {"elements": ["quiz-score"], "students_affected": 41, "count_is_suppressed": False}
    assert report_incident(incident_id=incident.pk, now=NOW) == []


def test_a_count_the_law_forbids_to_print_is_not_recorded():
    district = make_district()
    agreement = make_agreement(district)
    incident = make_incident(district, agreement=agreement, students_affected=3, count_is_suppressed=True)
    (publication,) = report_incident(incident_id=incident.pk, now=NOW)
    assert publication.changes.get().after["students_affected"] is None


def test_a_breach_at_a_company_is_told_for_each_agreement_of_that_district_with_it():
    district, vendor = make_district(), make_vendor()
    mine = [make_agreement(district, vendor), make_agreement(district, vendor, state="ended")]
    make_agreement(district, vendor, state="proposed")
    make_agreement(make_district(), vendor)
    make_agreement(district)
    made = report_incident(incident_id=make_incident(district, vendor=vendor).pk, now=NOW)
    assert [publication.agreement for publication in made] == mine


def test_a_breach_at_the_district_itself_makes_no_publication():
    district = make_district()
    make_agreement(district)
    assert report_incident(incident_id=make_incident(district).pk, now=NOW) == []
