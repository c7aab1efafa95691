"""Who may answer for a child, on paper and online; the birthday at midnight."""

import datetime as dt

import pytest

from consent import decide, permitted
from consent.models import (
    Claim,
    Delivery,
    EffectiveState,
    Guardianship,
    Objection,
    Student,
)
from districts.models import Agreement, Participation
from tests import factories as f
from tests.consent.asked_family import NOTHING, Family, ledger
from tests.consent.worlds import PHOTO

pytestmark = pytest.mark.django_db


@pytest.fixture
def family() -> Family:
    return Family()


def test_a_child_outside_the_scope_has_no_choice(family):
    Agreement.objects.filter(pk=family.agreement.pk).update(ends_on=f.TODAY - dt.timedelta(days=1))
    with pytest.raises(decide.NoChoice):
        family.post("yes")
    assert ledger() == NOTHING


def test_a_first_version_can_be_answered_before_it_takes_effect():
    family = Family(effective_from=f.TODAY + dt.timedelta(days=30))
    assert family.post("yes").answer == "yes"


def test_an_agreement_that_begins_later_can_be_answered_before_and_the_no_holds_on_its_first_day():
    begins = f.TODAY + dt.timedelta(days=30)
    family = Family([PHOTO], effective_from=begins)
    Participation.objects.update(from_on=begins)
    Agreement.objects.update(begins_on=begins)
    assert family.post("no").answer == "no"
    assert [v.why for v in permitted.verdicts(agreement_id=family.agreement.pk, today=begins)] == ["no"]


def test_a_district_that_left_is_asked_no_more(family):
    Participation.objects.update(until_on=f.TODAY)
    with pytest.raises(decide.NoChoice):
        family.post("yes")
    Participation.objects.update(until_on=f.TODAY + dt.timedelta(days=1))
    assert family.post("yes").answer == "yes"


def test_a_guardian_of_another_district_is_not_entitled(family):
    elsewhere = f.make_district("Other")
    carol = f.make_guardian(elsewhere, "Carol", of=[f.make_student(elsewhere)])
    with pytest.raises(decide.NotEntitled):
        family.post("yes", carol)
    assert ledger() == NOTHING


@pytest.mark.parametrize("rights", ["review", "none"])
def test_an_adult_without_rights_is_not_entitled(family, rights):
    Guardianship.objects.filter(guardian=family.alice).update(rights=rights)
    with pytest.raises(decide.NotEntitled):
        family.post("yes")
    assert ledger() == NOTHING


def test_a_barred_adult_is_not_entitled(family):
    f.make_hold(family.alice, family.sam)
    with pytest.raises(decide.NotEntitled):
        family.post("yes")
    assert ledger() == NOTHING


def test_an_online_answer_needs_an_open_claim_of_the_mailbox(family):
    user = f.make_user()
    with pytest.raises(decide.NotEntitled):
        family.post("yes", by_user=user)
    Claim.objects.create(user=user, guardian=family.bob, proof="staff")
    with pytest.raises(decide.NotEntitled):
        family.post("yes", by_user=user)
    Claim.objects.create(user=user, guardian=family.alice, proof="staff", ended_at=f.NOW, ended_why="moved")
    with pytest.raises(decide.NotEntitled):
        family.post("yes", by_user=user)
    Claim.objects.create(user=user, guardian=family.alice, proof="staff")
    assert family.post("yes", by_user=user).channel == "web"


def test_a_form_opened_on_the_eve_of_the_birthday_and_posted_after_midnight_is_refused():
    family = Family()
    birthday = dt.date(2026, 11, 24)
    Student.objects.filter(pk=family.sam.pk).update(birth_date=birthday.replace(year=2008))
    late_on_the_23rd = dt.datetime(2026, 11, 24, 5, 59, tzinfo=dt.UTC)  # 23:59 in Chicago
    midnight = dt.datetime(2026, 11, 24, 6, 0, tzinfo=dt.UTC)
    with pytest.raises(decide.NotEntitled):
        family.post("yes", now=midnight)
    assert ledger() == NOTHING
    assert family.post("yes", now=late_on_the_23rd).decider == family.alice


def test_at_eighteen_the_student_answers_and_the_parents_answer_gives_way(family):
    family.post("yes")
    Student.objects.filter(pk=family.sam.pk).update(birth_date=f.TODAY.replace(year=f.TODAY.year - 18))
    sam_himself = f.make_guardian(family.district, "Sam", of=[family.sam], relation="self")
    family.post("no", sam_himself)
    assert not EffectiveState.objects.exists()
    with pytest.raises(decide.NotEntitled):
        family.post("yes", family.bob)


def test_staff_enter_a_paper_answer_with_who_when_and_the_scan(family):
    dana = f.make_staff(family.district)
    decision = family.post(
        "no", channel="paper", entered_by=dana, received_on=f.TODAY, scan="scans/2026/17.pdf"
    )
    assert (decision.channel, decision.entered_by, decision.received_on) == ("paper", dana, f.TODAY)
    assert decision.scan == "scans/2026/17.pdf"
    assert Delivery.objects.get().guardian == family.alice


def test_a_paper_answer_without_who_and_when_is_refused_by_the_database(family):
    with pytest.raises(Exception, match="an_answer_entered_for_someone_says_by_whom_and_when"):
        family.post("no", channel="phone")


def test_a_question_or_disagreement_is_kept_and_answered(family):
    made = decide.object_to(
        student_id=family.sam.pk,
        agreement_id=family.agreement.pk,
        guardian_id=family.alice.pk,
        kind="disagree",
        text="",
        now=f.NOW,
    )
    replied = decide.reply(objection_id=made.pk, text="We will look at it.", by=f.make_staff(family.district))
    assert list(made.replies.all()) == [replied]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"kind": "ask", "text": "  "}, decide.NothingSaid),
        ({"kind": "shout", "text": "x"}, decide.NothingSaid),
        ({"kind": "ask", "text": "x" * 5001}, decide.NothingSaid),
        ({"agreement_id": 987_654_321}, decide.NoChoice),
    ],
)
def test_an_objection_without_words_or_subject_is_refused(family, changes, refusal):
    values = {
        "student_id": family.sam.pk,
        "agreement_id": family.agreement.pk,
        "guardian_id": family.alice.pk,
        "kind": "ask",
        "text": "Why?",
        "now": f.NOW,
        **changes,
    }
    with pytest.raises(refusal):
        decide.object_to(**values)
    assert not Objection.objects.exists()


def test_a_barred_adult_can_not_even_ask(family):
    f.make_hold(family.bob, family.sam)
    with pytest.raises(decide.NotEntitled):
        decide.object_to(
            student_id=family.sam.pk,
            agreement_id=family.agreement.pk,
            guardian_id=family.bob.pk,
            kind="ask",
            text="Where?",
            now=f.NOW,
        )
