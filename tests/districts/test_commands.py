"""The commands that make news: publish, join_agreement, expire_agreements."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from districts.models import Publication
from districts.publish import publish_version
from tests.factories import NOW, TODAY, make_agreement, make_district, make_draft, make_state

pytestmark = pytest.mark.django_db


def test_publish_freezes_a_draft_as_of_a_day(capsys):
    draft = make_draft(make_agreement(make_district()))
    call_command("publish", str(draft.pk), as_of=TODAY)
    assert Publication.objects.get().day == TODAY
    printed = capsys.readouterr().out
    assert "answer_needed" in printed
    assert "has a new agreement with" in printed
    with pytest.raises(CommandError, match="published already"):
        call_command("publish", str(draft.pk), as_of=TODAY)


def test_publish_prints_every_reason_for_a_refusal():
    draft = make_draft(make_agreement(make_district()), effective_from=None)
    draft.shared_elements.update(purpose=None)
    with pytest.raises(CommandError, match=r"(?s)no_effective_date: .*no_purpose: "):
        call_command("publish", str(draft.pk), as_of=TODAY)


def test_publish_can_make_a_baseline():
    draft = make_draft(make_agreement(make_district()))
    call_command("publish", str(draft.pk), baseline=True, as_of=TODAY, verbosity=0)
    assert Publication.objects.get().kind == "baseline"


def test_publish_names_a_version_that_is_not_there():
    with pytest.raises(CommandError, match="no version 0"):
        call_command("publish", "0")


def test_join_agreement_lets_a_district_take_part():
    offer = make_agreement(make_state())
    publish_version(version_id=make_draft(offer).pk, now=NOW)
    district = make_district(state=offer.agency, nces_id="1710370")
    call_command("join_agreement", str(offer.public_id), agency="1710370", required=True, as_of=TODAY)
    part = district.participations.get()
    assert (part.kind, part.from_on) == ("required", TODAY)
    with pytest.raises(CommandError, match="takes part already"):
        call_command("join_agreement", str(offer.public_id), agency=district.slug, as_of=TODAY)


def test_join_agreement_refuses_in_words():
    plan = make_agreement(make_state(), state="proposed")
    district = make_district(state=plan.agency)
    with pytest.raises(CommandError, match="only proposed"):
        call_command("join_agreement", str(plan.public_id), agency=district.slug)
    with pytest.raises(CommandError, match="no agency"):
        call_command("join_agreement", str(plan.public_id), agency="nowhere")
    with pytest.raises(CommandError, match="no agreement's public id"):
        call_command("join_agreement", "17", agency=district.slug)


def test_expire_agreements_ends_what_ran_out(capsys):
    agreement = make_agreement(make_district(), ends_on=TODAY)
    call_command("expire_agreements", as_of=TODAY)
    call_command("expire_agreements", as_of=TODAY + dt.timedelta(days=1))
    agreement.refresh_from_db()
    assert agreement.state == "ended"
    assert capsys.readouterr().out.splitlines() == ["0 agreements ran out.", "1 agreements ran out."]
