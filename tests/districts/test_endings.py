"""Agreements end early, run longer, or run out while nobody looks."""

import datetime as dt

import pytest
from django.db import transaction

from districts.endings import AlreadyEnded, NoSuchTerm, end_agreement, expire_due, extend_agreement
from districts.models import Agreement, Publication
from districts.publish import publish_version
from districts.standing import NotSigned
from tests.districts.races import Rival
from tests.factories import NOW, TODAY, make_agreement, make_district, make_draft, make_vendor

pytestmark = pytest.mark.django_db


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


def signed(**fields: object) -> Agreement:
    agreement = make_agreement(
        make_district("Cedar Valley"), make_vendor("Lumino"), **{"ends_on": TODAY + days(10), **fields}
    )
    publish_version(version_id=make_draft(agreement).pk, now=NOW)
    return agreement


def again(agreement: Agreement) -> Agreement:
    return Agreement.objects.get(pk=agreement.pk)


def test_an_agreement_that_runs_out_is_told_by_the_sweep_once():
    agreement = signed()
    assert expire_due(NOW + days(10)) == []
    (publication,) = expire_due(NOW + days(11))
    assert again(agreement).state == "ended"
    assert (publication.kind, publication.day) == ("expired", TODAY + days(11))
    change = publication.changes.get()
    assert (change.kind, change.severity) == ("ended", "digest")
    assert change.sentences["en"] == "The agreement of Cedar Valley with Lumino ran out on Sep 11, 2026."
    assert agreement.events.get().kind == "ended"
    assert expire_due(NOW + days(11)) == []


def test_the_last_day_ends_at_the_agencys_midnight():
    agreement = signed()
    before_midnight = dt.datetime(2026, 9, 12, 4, 30, tzinfo=dt.UTC)  # 23:30 on the eleventh in Chicago
    agreement.ends_on = dt.date(2026, 9, 11)
    agreement.save()
    assert expire_due(before_midnight) == []
    assert len(expire_due(before_midnight + dt.timedelta(hours=1))) == 1


def test_an_early_end_is_told_when_it_is_decided_and_not_again_when_the_day_has_passed():
    agreement = signed()
    publication = end_agreement(agreement_id=agreement.pk, ends_on=TODAY + days(3), note="Sold.", now=NOW)
    assert publication.changes.get().sentences["en"].endswith("ends early, on Sep 4, 2026.")
    assert again(agreement).state == "signed"
    assert end_agreement(agreement_id=agreement.pk, ends_on=TODAY + days(3), now=NOW) == publication
    assert expire_due(NOW + days(4)) == []
    assert again(agreement).state == "ended"
    assert agreement.events.get().kind == "terminated"


def test_an_end_in_the_past_takes_effect_at_once():
    agreement = signed()
    end_agreement(agreement_id=agreement.pk, ends_on=TODAY - days(1), now=NOW)
    assert again(agreement).state == "ended"
    with pytest.raises(AlreadyEnded):
        end_agreement(agreement_id=agreement.pk, ends_on=TODAY - days(2), now=NOW)
    with pytest.raises(NotSigned):
        extend_agreement(agreement_id=agreement.pk, ends_on=TODAY + days(99), now=NOW)


def test_an_end_must_be_earlier_and_inside_the_term():
    agreement = signed()
    for ends_on in (agreement.ends_on, TODAY + days(11), agreement.begins_on - days(1)):
        with pytest.raises(NoSuchTerm):
            end_agreement(agreement_id=agreement.pk, ends_on=ends_on, now=NOW)


def test_a_proposal_that_is_given_up_makes_no_message():
    plan = make_agreement(make_district(), state="proposed")
    publication = end_agreement(agreement_id=plan.pk, ends_on=TODAY, now=NOW)
    assert publication.changes.get().severity == "public_only"
    assert again(plan).state == "ended"


def test_an_extension_is_told_in_the_digest_and_only_once():
    agreement = signed()
    publication = extend_agreement(agreement_id=agreement.pk, ends_on=TODAY + days(400), now=NOW)
    change = publication.changes.get()
    assert (change.kind, change.severity) == ("extended", "digest")
    assert (change.before, change.after) == ({"ends_on": "2026-09-11"}, {"ends_on": "2027-10-06"})
    assert extend_agreement(agreement_id=agreement.pk, ends_on=TODAY + days(400), now=NOW) == publication
    assert expire_due(NOW + days(11)) == []


def test_an_agreement_may_run_on_without_a_last_day():
    agreement = signed()
    publication = extend_agreement(agreement_id=agreement.pk, ends_on=None, now=NOW)
    assert "no last day" in publication.changes.get().sentences["en"]
    with pytest.raises(NoSuchTerm):
        extend_agreement(agreement_id=agreement.pk, ends_on=TODAY + days(9), now=NOW)


def test_an_extension_is_longer():
    agreement = signed()
    for ends_on in (agreement.ends_on, TODAY + days(9)):
        with pytest.raises(NoSuchTerm):
            extend_agreement(agreement_id=agreement.pk, ends_on=ends_on, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_an_end_once():
    signed()
    rival = Rival(lambda: expire_due(NOW + days(11)))
    with transaction.atomic():
        assert len(expire_due(NOW + days(11))) == 1
        rival.wait_for_the_lock()
    rival.finish()
    assert rival.result == []
    assert Publication.objects.filter(kind="expired").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_agreement_extended_while_the_sweep_runs_goes_on():
    agreement = signed()
    rival = Rival(lambda: expire_due(NOW + days(11)))
    with transaction.atomic():
        extend_agreement(agreement_id=agreement.pk, ends_on=TODAY + days(400), now=NOW + days(10))
        rival.wait_for_the_lock()
    rival.finish()
    assert rival.result == []
    assert again(agreement).state == "signed"
