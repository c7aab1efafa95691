"""What an agency had in use before this site opened is published in one act; a refusal stops no other."""

import datetime as dt
import json

import pytest
from django.core.management import call_command

from districts.baselines import publish_baselines
from districts.models import Agreement, AgreementEvent, AgreementVersion, Change, Participation, Publication
from districts.publish import publish_version
from districts.registering import register_agreement
from tests.factories import NOW, TODAY, make_agreement, make_district, make_draft, make_state, make_vendor

pytestmark = pytest.mark.django_db

SUMMER = dt.date(2026, 7, 1)


def listed(district, name, *, signed_on=None, state="signed"):
    """Make what a register sheet without data leaves: an agreement whose draft has no line and no day."""
    agreement = Agreement.objects.create(
        agency=district, vendor=make_vendor(name), title=name, state=state, kind="contract"
    )
    if state == "signed":
        AgreementEvent.objects.create(agreement=agreement, kind="executed", happened_on=signed_on)
    register_agreement(agreement_id=agreement.pk, now=NOW)
    return agreement, AgreementVersion.objects.create(agreement=agreement, number=1)


def test_each_is_published_as_in_use_and_nothing_is_called_new():
    district = make_district()
    for name in ("Kahoot", "Newsela"):
        make_draft(make_agreement(district, vendor=make_vendor(name)))
    report = publish_baselines(agencies=[district], now=NOW)
    assert len(report.published) == 2
    assert set(Publication.objects.values_list("kind", flat=True)) == {"baseline"}
    assert set(Change.objects.values_list("kind", flat=True)) == {"already_in_use"}


def test_a_list_without_data_is_published_with_the_day_of_signing_else_the_day_that_was_said():
    district = make_district()
    signed, _draft = listed(district, "Kahoot", signed_on=dt.date(2024, 5, 13))
    undated, _draft = listed(district, "Newsela")
    report = publish_baselines(agencies=[district], now=NOW, in_use_since=SUMMER)
    assert len(report.published) == 2
    days = dict(AgreementVersion.objects.values_list("agreement", "effective_from"))
    assert days == {signed.pk: dt.date(2024, 5, 13), undated.pk: SUMMER}
    taking_part = dict(Participation.objects.values_list("agreement", "from_on"))
    assert taking_part[signed.pk] == dt.date(2024, 5, 13)


def test_what_is_refused_stays_as_it_was_and_stops_no_other():
    district = make_district()
    _agreement, undated = listed(district, "Newsela")
    make_draft(make_agreement(district, vendor=make_vendor("Kahoot")))
    report = publish_baselines(agencies=[district], now=NOW)
    assert len(report.published) == 1
    assert [(each.version, each.reasons[0].code) for each in report.refused] == [
        (undated, "no_effective_date")
    ]
    assert report.reasons == [("no_effective_date", 1)]
    undated.refresh_from_db()
    assert undated.published_at is None
    assert undated.effective_from is None


def test_what_takes_effect_later_is_refused_and_gets_no_day():
    district = make_district()
    agreement, draft = listed(district, "Kahoot", signed_on=TODAY + dt.timedelta(days=9))
    assert publish_baselines(agencies=[district], now=NOW).reasons == [("baseline_not_in_use", 1)]
    draft.refresh_from_db()
    assert draft.effective_from is None
    assert agreement.participations.get().from_on == TODAY


def test_only_first_drafts_of_signed_agreements_of_these_agencies_are_looked_at():
    state = make_state()
    district, other = make_district(state=state), make_district("Other", state=state)
    listed(district, "Proposed", state="proposed")
    listed(other, "Elsewhere", signed_on=SUMMER)
    published = make_agreement(district)
    publish_version(version_id=make_draft(published).pk, now=NOW)
    make_draft(published)
    report = publish_baselines(agencies=[district], now=NOW, in_use_since=SUMMER)
    assert (len(report.published), report.refused, report.not_in_use) == (0, [], 1)


def test_again_it_goes_on_with_what_is_left_and_a_dry_run_keeps_nothing():
    district = make_district()
    listed(district, "Kahoot", signed_on=SUMMER)
    assert len(publish_baselines(agencies=[district], now=NOW, dry_run=True).published) == 1
    assert not Publication.objects.exists()
    assert AgreementVersion.objects.get().effective_from is None
    assert len(publish_baselines(agencies=[district], now=NOW).published) == 1
    assert publish_baselines(agencies=[district], now=NOW).published == []


def test_a_state_publishes_for_its_districts_only_when_asked_to(capsys):
    state = make_state()
    district = make_district(state=state)
    listed(district, "Kahoot", signed_on=SUMMER)
    listed(district, "Newsela")
    call_command("publish_baseline", agency=state.slug, as_of=TODAY, json=True)
    assert json.loads(capsys.readouterr().out)["published"] == 0
    call_command("publish_baseline", agency=state.slug, districts=True, as_of=TODAY)
    printed = capsys.readouterr().out
    assert "1 published as in use already" in printed
    assert "1 of them: no_effective_date" in printed
    call_command("publish_baseline", agency=district.slug, in_use_since=SUMMER, as_of=TODAY, json=True)
    assert json.loads(capsys.readouterr().out) == {
        "published": 1,
        "published_by_another": 0,
        "not_in_use": 0,
        "refused": [],
    }
