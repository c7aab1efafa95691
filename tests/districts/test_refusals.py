"""Why a draft is refused: each reason, and what it does not refuse."""

import datetime as dt

import pytest

from districts.models import (
    Agreement,
    AgreementVersion,
    Basis,
    ChoiceTerms,
    ChoiceText,
    Participation,
    Prohibition,
    Publication,
    SharedElement,
)
from districts.publish import PublishRefused, publish_version
from districts.refusals import refusals
from tests.factories import (
    NOW,
    TODAY,
    add_choice,
    add_line,
    make_agreement,
    make_district,
    make_draft,
    make_element,
    make_state,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement() -> Agreement:
    return make_agreement(make_district())


def codes(version: AgreementVersion, **options: object) -> set[str]:
    return {refusal.code for refusal in refusals(version.pk, **{"today": TODAY, **options})}


def spoil_lines(version: AgreementVersion, **fields: object) -> None:
    version.shared_elements.update(**fields)


def forbid(version: AgreementVersion) -> None:
    Prohibition.objects.create(
        element=make_element("home-address"), law_profile="us-il", citation="105 ILCS 85/26"
    )


def forbid_by_another_code(version: AgreementVersion) -> None:
    element = make_element("home-address")
    meant = make_element("street-address", same_meaning_as=None)
    element.same_meaning_as = meant
    element.save()
    Prohibition.objects.create(element=meant, law_profile="us-il", citation="105 ILCS 85/26")


def unexplain(version: AgreementVersion) -> None:
    element = make_element("home-address")
    element.agency, element.explained = version.agreement.agency, False
    element.save()


SPOILT = [
    ("nothing_shared", lambda version: version.shared_elements.all().delete()),
    ("no_purpose", lambda version: spoil_lines(version, purpose=None)),
    ("no_retention", lambda version: spoil_lines(version, kept="not_filled_in")),
    ("not_explained", unexplain),
    ("prohibited_without_reason", forbid),
    ("prohibited_without_reason", forbid_by_another_code),
    ("no_consequence_text", lambda version: ChoiceText.objects.filter(language="es").delete()),
    ("no_consequence_text", lambda version: ChoiceText.objects.update(if_yes="")),
    ("no_consequence_text", lambda version: ChoiceText.objects.update(if_no=" ")),
    ("no_consequence_text", lambda version: ChoiceText.objects.filter(language="en").update(if_silent="")),
    ("no_consequence_text", lambda version: ChoiceText.objects.update(data_already_sent="")),
    ("no_equal_alternative", lambda version: ChoiceTerms.objects.update(equal_alternative=False)),
    ("no_effective_date", lambda version: AgreementVersion.objects.update(effective_from=None)),
    (
        "starts_too_soon",
        lambda version: AgreementVersion.objects.update(sharing_starts_on=TODAY + dt.timedelta(days=13)),
    ),
]


@pytest.mark.parametrize(("code", "spoil"), SPOILT)
def test_a_draft_that_lacks_something_is_refused_with_that_reason(agreement, code, spoil):
    draft = make_draft(agreement)
    assert codes(draft) == set()
    spoil(draft)
    assert codes(draft) == {code}
    with pytest.raises(PublishRefused) as refused:
        publish_version(version_id=draft.pk, now=NOW)
    assert [refusal.code for refusal in refused.value.refusals][:1] == [code]
    assert not Publication.objects.exists()
    assert AgreementVersion.objects.get(pk=draft.pk).published_at is None


def test_a_choice_without_any_terms_lacks_both_languages_and_an_alternative(agreement):
    draft = make_draft(agreement)
    ChoiceText.objects.all().delete()
    ChoiceTerms.objects.all().delete()
    found = [refusal.code for refusal in refusals(draft.pk, today=TODAY)]
    assert found == ["no_consequence_text", "no_consequence_text", "no_equal_alternative"]


def test_a_public_reason_lets_a_prohibited_element_and_a_short_notice_through(agreement):
    draft = make_draft(agreement, sharing_starts_on=TODAY, short_notice_reason="A flood closed the school.")
    forbid(draft)
    spoil_lines(draft, prohibited_reason="A court ordered it.")
    assert codes(draft) == set()


def test_another_states_prohibition_does_not_count(agreement):
    draft = make_draft(agreement)
    Prohibition.objects.create(element=make_element("home-address"), law_profile="us-ut", citation="53E-9")
    assert codes(draft) == set()


def test_the_longest_notice_window_of_all_districts_that_take_part_counts():
    state = make_state()
    agreement = make_agreement(state)
    for name, days, until in (("Cedar", 14, None), ("Carol's", 40, None), ("Gone", 90, TODAY)):
        district = make_district(name, state, notice_window_days=days)
        Participation.objects.create(
            agreement=agreement, agency=district, kind="joined", from_on=dt.date(2026, 1, 1), until_on=until
        )
    draft = make_draft(agreement)
    (refusal,) = refusals(draft.pk, today=TODAY)
    assert refusal.code == "starts_too_soon"
    assert "Carol's" in refusal.message


def test_where_silence_becomes_yes_families_need_a_day_to_answer_by(agreement):
    draft = make_draft(agreement, [("photo", "media", Basis.DIRECTORY)])
    ChoiceTerms.objects.update(answer_by=TODAY)  # tomorrow is too late to answer
    assert codes(draft) == {"no_time_to_answer"}
    ChoiceTerms.objects.update(answer_by=None)
    assert codes(draft) == {"no_time_to_answer"}


def test_an_old_day_to_answer_by_may_stay_where_nothing_is_asked_anew(agreement):
    lines = [("photo", "media", Basis.DIRECTORY)]
    publish_version(version_id=make_draft(agreement, lines).pk, now=NOW)
    draft = make_draft(agreement, lines)
    ChoiceTerms.objects.filter(version=draft).update(answer_by=TODAY - dt.timedelta(days=1))
    assert codes(draft) == set()


def test_a_day_that_has_passed_is_refused_where_more_children_are_asked(agreement):
    lines = [("photo", "media", Basis.DIRECTORY)]
    publish_version(version_id=make_draft(agreement, lines, scope_grades=["03"]).pk, now=NOW)
    draft = make_draft(agreement, lines, scope_grades=["03", "04"])
    ChoiceTerms.objects.filter(version=draft).update(answer_by=TODAY)
    assert codes(draft) == {"no_time_to_answer"}


def test_refusals_name_a_few_elements_and_count_the_rest(agreement):
    draft = make_draft(agreement, [(f"kind-{n}", "contact", Basis.SCHOOL_OFFICIAL) for n in range(8)])
    spoil_lines(draft, purpose=None)
    (refusal,) = refusals(draft.pk, today=TODAY)
    assert "kind 0, kind 1, kind 2, kind 3, kind 4 and 3 more" in refusal.message


# Baselines


def test_a_baseline_shows_its_gaps(agreement):
    draft = make_draft(agreement, [])
    unknown = make_element("app-data", agency=agreement.agency, explained=False)
    gaps = {"purpose": None, "kept": SharedElement.Kept.NOT_FILLED_IN, "kept_days": None}
    add_line(draft, basis=Basis.SCHOOL_OFFICIAL, element=unknown, **gaps)
    assert codes(draft) == {"no_purpose", "no_retention", "not_explained"}
    assert codes(draft, baseline=True) == set()


def test_only_a_first_version_in_use_can_be_a_baseline(agreement):
    later = make_draft(agreement, effective_from=TODAY + dt.timedelta(days=1))
    assert codes(later, baseline=True) == {"baseline_not_in_use"}
    publish_version(version_id=later.pk, now=NOW)
    assert codes(make_draft(agreement), baseline=True) == {"baseline_not_first"}
    plan = make_agreement(agreement.agency, state=Agreement.State.PROPOSED)
    assert codes(make_draft(plan), baseline=True) == {"baseline_not_signed"}


def test_the_texts_of_an_added_choice_are_asked_for_too(agreement):
    draft = make_draft(agreement)
    add_line(draft, "voice", Basis.ELECTIVE_IN, category="media")
    assert codes(draft) == {"no_consequence_text", "no_equal_alternative"}
    add_choice(draft, "media", Basis.ELECTIVE_IN)
    assert codes(draft) == set()
