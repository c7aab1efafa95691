"""The next draft is a copy of the newest version; a proposal is signed and published in one step."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from districts.drafts import DraftHasPapers, discard_draft, open_draft
from districts.models import (
    Agreement,
    AgreementDocument,
    AgreementVersion,
    ChoiceText,
    Participation,
)
from districts.publish import NotADraft, PublishRefused, publish_version
from districts.signing import NotProposed, sign_agreement
from tests.districts.books import make_full_version
from tests.districts.races import Rival
from tests.factories import NOW, TODAY, make_agreement, make_district, make_draft

pytestmark = pytest.mark.django_db

PARTS = ["shared_elements", "subcontractors", "promises", "scopeschool_set", "choice_terms"]


def said(version: AgreementVersion, part: str) -> list[dict]:
    """Return the rows of a part without their keys."""
    rows = [model_to_dict(row) for row in getattr(version, part).order_by("pk")]
    return [{k: v for k, v in row.items() if k not in ("id", "version")} for row in rows]


def test_a_draft_copies_every_part_of_the_newest_version():
    published = make_full_version(make_agreement(make_district()))
    draft = open_draft(published.agreement_id)
    assert (draft.number, draft.published_at, draft.summary) == (2, None, "Reads.")
    assert draft.scope_grades == ["03"]
    for part in PARTS:
        assert said(draft, part) == said(published, part) != []
    columns = ("terms__category__code", "language", "if_no")
    texts = [
        sorted(ChoiceText.objects.filter(terms__version=version).values_list(*columns))
        for version in (draft, published)
    ]
    assert texts[0] == texts[1]
    assert len(texts[0]) == 4


def test_every_table_that_hangs_on_a_version_is_copied():
    hanging = {
        relation.related_model._meta.db_table
        for relation in AgreementVersion._meta.related_objects
        if relation.related_model._meta.app_label == "districts"
    }
    copied = {getattr(AgreementVersion, part).rel.related_model._meta.db_table for part in PARTS}
    for_good = {"districts_publication", "districts_agreementdocument", "districts_agreementoriginal"}
    of_its_paper = {"districts_clausereading", "districts_textwithdrawal"}
    assert hanging == copied | for_good | of_its_paper


def test_a_copy_states_its_days_anew():
    draft = open_draft(make_full_version(make_agreement(make_district())).agreement_id)
    assert (draft.effective_from, draft.sharing_starts_on, draft.short_notice_reason) == (None, None, "")


def test_an_untouched_copy_is_no_news():
    draft = open_draft(make_full_version(make_agreement(make_district())).agreement_id)
    AgreementVersion.objects.filter(pk=draft.pk).update(effective_from=TODAY)
    assert not publish_version(version_id=draft.pk, now=NOW).changes.exists()


def test_opening_a_draft_twice_gives_the_same_one():
    agreement = make_full_version(make_agreement(make_district())).agreement
    assert open_draft(agreement.pk) == open_draft(agreement.pk)


def test_the_first_draft_is_empty():
    draft = open_draft(make_agreement(make_district()).pk)
    assert (draft.number, draft.shared_elements.count()) == (1, 0)


def test_copying_takes_as_many_queries_for_one_line_as_for_many():
    def queries(kinds: int) -> int:
        agreement = make_full_version(make_agreement(make_district()), kinds).agreement
        with CaptureQueriesContext(connection) as captured:
            open_draft(agreement.pk)
        return len(captured)

    assert queries(1) == queries(20)


def test_a_draft_can_be_thrown_away_with_all_its_parts():
    agreement = make_full_version(make_agreement(make_district())).agreement
    draft = open_draft(agreement.pk)
    discard_draft(version_id=draft.pk)
    assert agreement.versions.get().number == 1
    assert open_draft(agreement.pk).number == 2


def test_a_published_version_cannot_be_thrown_away():
    with pytest.raises(NotADraft):
        discard_draft(version_id=make_full_version(make_agreement(make_district())).pk)


def test_a_draft_with_papers_stays():
    draft = make_draft(make_agreement(make_district()))
    AgreementDocument.objects.create(version=draft, file="a.pdf", sha256="0" * 64, size=1)
    with pytest.raises(DraftHasPapers):
        discard_draft(version_id=draft.pk)
    assert draft.shared_elements.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_open_a_draft_at_once_get_the_same_one():
    agreement = make_full_version(make_agreement(make_district())).agreement
    rival = Rival(lambda: open_draft(agreement.pk))
    with transaction.atomic():
        draft = open_draft(agreement.pk)
        rival.wait_for_the_lock()
    rival.finish()
    assert rival.result == draft


# Signing


def make_proposal(**fields: object) -> Agreement:
    agreement = make_agreement(make_district(), state="proposed", **fields)
    Participation.objects.all().delete()
    return agreement


def sign(agreement: Agreement, **fields: object):
    values = {"begins_on": TODAY, "ends_on": None, "now": NOW, **fields}
    return sign_agreement(agreement_id=agreement.pk, **values)


def test_a_published_proposal_is_told_as_new_when_it_is_signed():
    plan = make_proposal()
    publish_version(version_id=make_draft(plan).pk, now=NOW)
    publication = sign(plan, sharing_starts_on=TODAY + dt.timedelta(days=20))
    assert publication.version.number == 2
    assert publication.changes.first().severity == "answer_needed"
    plan.refresh_from_db()
    assert (plan.state, plan.begins_on) == ("signed", TODAY)
    assert plan.participations.get().kind == "own"
    assert plan.events.get().kind == "executed"
    assert AgreementVersion.objects.in_force_on(TODAY).get() == publication.version


def test_a_proposal_whose_draft_is_refused_is_not_signed():
    plan = make_proposal()
    publish_version(version_id=make_draft(plan).pk, now=NOW)
    with pytest.raises(PublishRefused):
        sign(plan)  # sharing would start today
    plan.refresh_from_db()
    assert (plan.state, plan.events.count(), plan.versions.count()) == ("proposed", 0, 1)


def test_a_proposal_without_a_version_is_only_signed():
    plan = make_proposal()
    assert sign(plan) is None
    with pytest.raises(NotProposed):
        sign(plan)
