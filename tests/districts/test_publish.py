"""Publishing: what is frozen, what becomes news, and why a draft is refused."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts import publish
from districts.models import (
    Agreement,
    AgreementVersion,
    Basis,
    Change,
    Publication,
    SharedElement,
)
from districts.publish import NotADraft, publish_version
from districts.refusals import refusals
from districts.signals import changes_recorded
from tests.factories import (
    NOW,
    TODAY,
    add_choice,
    add_line,
    make_agreement,
    make_district,
    make_draft,
    make_element,
    make_vendor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement() -> Agreement:
    return make_agreement(make_district(), make_vendor("Lumino"))


def changes(publication: Publication) -> list[tuple[str, str]]:
    return [(change.kind, change.severity) for change in publication.changes.all()]


# What is told


def test_a_first_version_tells_that_the_agreement_is_new_group_by_group(agreement):
    lines = [("home-address", "contact", Basis.CONSENT), ("lunch-balance", "meals", Basis.SCHOOL_OFFICIAL)]
    publication = publish_version(version_id=make_draft(agreement, lines).pk, now=NOW)
    assert changes(publication) == [
        ("agreement_new", "answer_needed"),
        ("category_added", "answer_needed"),
        ("category_added", "tell_now"),
        ("element_added", "answer_needed"),
        ("element_added", "tell_now"),
    ]
    first = publication.changes.get(kind="category_added", category__code="meals")
    assert first.sentences["en"] == "Lumino may get data of the group “meals”."
    assert first.after["elements"] == ["lunch-balance"]
    assert publication.changes.get(element__code="home-address").after["control"] == "opt_in"


def test_the_publication_carries_the_agencys_day_and_the_databases_clock(agreement):
    late_evening = dt.datetime(2026, 9, 2, 3, 0, tzinfo=dt.UTC)  # still the first of September in Chicago
    publication = publish_version(version_id=make_draft(agreement).pk, now=late_evening)
    publication.refresh_from_db()
    assert publication.day == dt.date(2026, 9, 1)
    assert abs(publication.published_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    assert publication.version.published_at is not None


def test_a_second_version_tells_only_what_is_new(agreement):
    publish_version(version_id=make_draft(agreement).pk, now=NOW)
    lines = [("home-address", "contact", Basis.CONSENT), ("voice", "media", Basis.CONSENT)]
    publication = publish_version(version_id=make_draft(agreement, lines).pk, now=NOW)
    assert changes(publication) == [("category_added", "answer_needed"), ("element_added", "answer_needed")]


def test_a_recoded_element_is_neither_removed_nor_new(agreement):
    publish_version(version_id=make_draft(agreement).pk, now=NOW)
    old = make_element("home-address", "contact")
    make_element("street-address", "whereabouts", same_meaning_as=old)
    draft = make_draft(agreement, [])
    add_line(draft, "street-address", Basis.CONSENT)
    add_choice(draft, "contact", Basis.CONSENT)  # asked under the group of what it stands for
    assert changes(publish_version(version_id=draft.pk, now=NOW)) == []


def test_the_other_rooms_hear_of_it_inside_the_transaction(agreement):
    heard = []

    def listen(sender, publication_id, **kwargs):
        heard.append((sender, publication_id, Change.objects.filter(publication=publication_id).count()))

    changes_recorded.connect(listen)
    try:
        publication = publish_version(version_id=make_draft(agreement).pk, now=NOW)
    finally:
        changes_recorded.disconnect(listen)
    assert heard == [(Publication, publication.pk, 3)]


def test_sharing_that_already_began_is_published_and_marked(agreement):
    draft = make_draft(agreement, sharing_starts_on=TODAY - dt.timedelta(days=9))
    assert publish_version(version_id=draft.pk, now=NOW).days_late == 9


def test_a_version_that_only_takes_away_is_never_late_nor_too_soon(agreement):
    both = [("home-address", "contact", Basis.CONSENT), ("voice", "media", Basis.CONSENT)]
    publish_version(version_id=make_draft(agreement, both).pk, now=NOW)
    draft = make_draft(agreement, both[:1], sharing_starts_on=TODAY - dt.timedelta(days=9))
    assert publish_version(version_id=draft.pk, now=NOW).days_late == 0
    tomorrow = make_draft(agreement, both[:1], sharing_starts_on=TODAY + dt.timedelta(days=1))
    assert refusals(tomorrow.pk, today=TODAY) == []


# Agreements that are not in use


def test_a_proposal_can_be_read_but_makes_no_message(agreement):
    agreement.state = Agreement.State.PROPOSED
    agreement.save()
    draft = make_draft(agreement, effective_from=None, sharing_starts_on=None)
    publication = publish_version(version_id=draft.pk, now=NOW)
    assert {severity for _kind, severity in changes(publication)} == {"public_only"}
    assert all(change.sentences["en"].startswith("Proposed: ") for change in publication.changes.all())


def test_what_was_only_proposed_is_all_new_in_the_first_version_after_the_signing(agreement):
    agreement.state = Agreement.State.PROPOSED
    agreement.save()
    publish_version(version_id=make_draft(agreement).pk, now=NOW)
    agreement.state = Agreement.State.SIGNED
    agreement.save()
    publication = publish_version(version_id=make_draft(agreement).pk, now=NOW)
    assert changes(publication)[0] == ("agreement_new", "answer_needed")


def test_history_may_be_full_of_gaps_and_makes_no_message(agreement):
    Agreement.objects.filter(pk=agreement.pk).update(state=Agreement.State.ENDED)
    draft = make_draft(agreement, [], effective_from=None, sharing_starts_on=None)
    add_line(draft, purpose=None, kept=SharedElement.Kept.NOT_FILLED_IN, kept_days=None)
    publication = publish_version(version_id=draft.pk, now=NOW)
    assert {severity for _kind, severity in changes(publication)} == {"public_only"}


def test_a_term_that_ran_out_is_over_before_the_sweep_has_seen_it(agreement):
    Agreement.objects.filter(pk=agreement.pk).update(ends_on=TODAY - dt.timedelta(days=1))
    publication = publish_version(version_id=make_draft(agreement).pk, now=NOW)
    assert {severity for _kind, severity in changes(publication)} == {"public_only"}


# Baseline


def test_a_baseline_calls_nothing_new_and_waits_for_the_digest(agreement):
    lines = [("home-address", "contact", Basis.CONSENT), ("lunch-balance", "meals", Basis.SCHOOL_OFFICIAL)]
    draft = make_draft(agreement, lines, sharing_starts_on=TODAY - dt.timedelta(days=900))
    publication = publish_version(version_id=draft.pk, now=NOW, baseline=True)
    assert (publication.kind, publication.days_late) == ("baseline", 0)
    assert changes(publication) == [("already_in_use", "digest")] * 3
    draft.refresh_from_db()
    assert draft.is_baseline


def test_after_a_baseline_only_what_changed_is_news(agreement):
    publish_version(version_id=make_draft(agreement).pk, now=NOW, baseline=True)
    assert changes(publish_version(version_id=make_draft(agreement).pk, now=NOW)) == []


# Once


def test_publishing_twice_publishes_once(agreement):
    draft = make_draft(agreement)
    publish_version(version_id=draft.pk, now=NOW)
    with pytest.raises(NotADraft):
        publish_version(version_id=draft.pk, now=NOW)
    assert Publication.objects.count() == 1


def test_a_version_published_past_the_lock_is_no_draft_any_more(agreement, monkeypatch):
    draft = make_draft(agreement)
    real = publish.names_for

    def meanwhile(*args):
        AgreementVersion.objects.filter(pk=draft.pk).update(published_at=NOW)
        return real(*args)

    monkeypatch.setattr(publish, "names_for", meanwhile)
    with pytest.raises(NotADraft):
        publish_version(version_id=draft.pk, now=NOW)
    assert not Publication.objects.exists()


def test_publishing_takes_as_many_queries_for_one_line_as_for_many(agreement):
    def queries(lines: int) -> int:
        own = make_agreement(agreement.agency)
        draft = make_draft(own, [(f"kind-{n}", "contact", Basis.SCHOOL_OFFICIAL) for n in range(lines)])
        with CaptureQueriesContext(connection) as captured:
            publish_version(version_id=draft.pk, now=NOW)
        return len(captured)

    assert queries(1) == queries(30)
