"""Which publication tells whose families: one notice per publication and district concerned."""

import datetime as dt

import pytest

from consent import notify
from consent.models import Announcement, Notice, Question
from districts.models import Agreement, Basis, DataElement, Incident, Participation
from tests import factories as f
from tests.consent.news import freeze, publish, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return f.make_district()


def announce(now: dt.datetime = f.NOW) -> list[Notice]:
    return list(Notice.objects.filter(pk__in=notify.announce(now=now)).order_by("pk"))


def join(agreement, district, from_on=f.TODAY, until_on=None, kind="joined") -> Participation:
    return Participation.objects.create(
        agreement=agreement, agency=district, kind=kind, from_on=from_on, until_on=until_on
    )


def test_a_publication_makes_one_notice_of_its_most_urgent_change_however_often_it_is_announced(district):
    version = f.make_draft(f.make_agreement(district))
    publication = publish(version, "public_only", "tell_now", "digest")
    [notice] = announce()
    assert (notice.publication, notice.agency, notice.severity) == (publication, district, "tell_now")
    assert (notice.version, notice.day, notice.scope_day) == (version, f.TODAY, f.TODAY)
    assert announce() == []


def test_the_questions_are_there_before_the_notice(district):
    publish(f.make_draft(f.make_agreement(district)))
    announce()
    assert Question.objects.get().versions.count() == 1


def test_news_for_the_public_page_makes_no_notice_and_is_not_looked_at_again(
    district, django_assert_num_queries
):
    publish(f.make_draft(f.make_agreement(district)), "public_only")
    assert announce() == []
    assert Announcement.objects.filter(announced_at=None).count() == 0
    with django_assert_num_queries(4):  # savepoint, lock, an empty index, end of the savepoint
        notify.announce(now=f.NOW)


def test_a_proposed_agreement_waits_for_its_signature(district):
    agreement = f.make_agreement(district, state=Agreement.State.PROPOSED)
    publish(f.make_draft(agreement))
    assert announce() == []
    assert not Question.objects.exists()
    Agreement.objects.filter(pk=agreement.pk).update(state=Agreement.State.SIGNED)
    assert [notice.publication.agreement for notice in announce()] == [agreement]


def test_what_was_told_to_nobody_asks_nothing_and_the_version_that_is_told_asks_it_all(district):
    agreement = f.make_agreement(district)
    publish(f.make_draft(agreement), "public_only")  # a proposal
    announce()
    assert not Question.objects.exists()
    signed = f.make_draft(agreement)
    publish(signed)
    announce()
    [asked] = Question.objects.get().versions.all()
    assert (asked.version, len(asked.new)) == (signed, 1)


def test_a_statewide_agreement_tells_each_district_that_takes_part(district):
    state = district.state
    joined, later, left = (f.make_district(state=state) for _ in range(3))
    agreement = f.make_agreement(state)
    join(agreement, joined)
    join(agreement, later, from_on=f.TODAY + dt.timedelta(days=9))
    join(agreement, left, from_on=f.TODAY - dt.timedelta(days=9), until_on=f.TODAY)
    publish(f.make_draft(agreement))
    assert [(n.agency, n.scope_day - f.TODAY) for n in announce()] == [
        (joined, dt.timedelta()),
        (later, dt.timedelta(days=9)),  # its families are told today, the children are those in scope then
    ]


def test_joining_and_leaving_concern_that_district_only(district):
    agreement = f.make_agreement(district.state)
    join(agreement, f.make_district(state=district.state))
    version = freeze(f.make_draft(agreement))
    part = join(agreement, district, from_on=f.TODAY - dt.timedelta(days=9))
    record(agreement, kind="joined", participation=part)
    [notice] = announce()
    assert (notice.agency, notice.version) == (district, version)
    Participation.objects.filter(pk=part.pk).update(until_on=f.TODAY)
    record(agreement, ["digest"], kind="left", participation=part)
    [notice] = announce()
    assert (notice.agency, notice.scope_day) == (district, f.TODAY - dt.timedelta(days=1))


def test_who_joins_before_the_version_is_announced_is_told_once_by_the_joining(district):
    agreement = f.make_agreement(district.state)
    version = publish(f.make_draft(agreement)).version
    part = Participation.objects.create(agreement=agreement, agency=district, kind="joined", from_on=f.TODAY)
    joining = record(agreement, kind="joined", participation=part, version=version)
    notify.announce(now=f.NOW)
    assert [notice.publication for notice in Notice.objects.all()] == [joining]


def test_an_end_tells_those_that_took_part_to_the_end(district):
    agreement = f.make_agreement(district.state, ends_on=f.TODAY - dt.timedelta(days=1))
    stayed, quit_ = f.make_district(state=district.state), f.make_district(state=district.state)
    join(agreement, stayed, from_on=dt.date(2025, 9, 1), until_on=f.TODAY)
    join(agreement, quit_, from_on=dt.date(2025, 9, 1), until_on=dt.date(2026, 1, 1))
    freeze(f.make_draft(agreement))
    record(agreement, ["digest"], kind="expired")
    [notice] = announce()
    assert (notice.agency, notice.scope_day) == (stayed, f.TODAY - dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("effective", "version_told"), [((0, 5), 1), ((-9, -5), 2), ((0, 0), 2)], ids=["old", "new", "same day"]
)
def test_news_without_a_version_goes_to_the_scope_of_the_one_in_force(district, effective, version_told):
    agreement = f.make_agreement(district)
    for days in effective:
        freeze(f.make_draft(agreement, effective_from=f.TODAY + dt.timedelta(days=days)))
    record(agreement, ["tell_now"], kind="owner_changed")
    [notice] = announce()
    assert notice.version.number == version_told


def test_what_was_in_use_before_the_site_opened_goes_into_the_daily_message(district):
    for _ in range(3):
        publish(f.make_draft(f.make_agreement(district)), "answer_needed", kind="baseline")
    assert [notice.severity for notice in announce()] == ["digest"] * 3


def test_the_day_of_a_notice_is_the_districts_own(district):
    agreement = f.make_agreement(district.state)
    far = f.make_district(state=district.state, time_zone="Pacific/Honolulu")
    join(agreement, district)
    join(agreement, far)
    publish(f.make_draft(agreement))
    midnight_in_chicago = dt.datetime(2026, 9, 2, 5, 0, tzinfo=dt.UTC)
    assert {n.agency: n.day for n in announce(midnight_in_chicago)} == {
        district: dt.date(2026, 9, 2),
        far: dt.date(2026, 9, 1),
    }


def test_where_scope_is_by_program_or_data_is_sensitive_the_notice_says_nothing_of_its_subject(district):
    plain = publish(f.make_draft(f.make_agreement(district)))
    by_program = publish(f.make_draft(f.make_agreement(district), scope_programs=["reading-help"]))
    f.make_element("asthma-plan", "health", sensitive_kind="health")
    shares = publish(
        f.make_draft(f.make_agreement(district), [("asthma-plan", "health", Basis.SCHOOL_OFFICIAL)])
    )
    ended = publish(f.make_draft(f.make_agreement(district)))
    ended_element = DataElement.objects.get(code="asthma-plan")
    ended.changes.create(
        position=9, kind="element_ended", severity="digest", element=ended_element, sentences={}
    )
    assert {n.publication: n.is_generic for n in announce()} == {
        plain: False,
        by_program: True,
        shares: True,
        ended: True,
    }


def test_a_breach_of_sensitive_data_is_told_in_general_words_too(district):
    agreement = f.make_agreement(district)
    freeze(f.make_draft(agreement))
    incident = Incident.objects.create(agency=district, learned_on=f.TODAY, description="A file was open.")
    incident.elements.add(f.make_element("meal-help", "money", sensitive_kind="income"))
    record(agreement, ["tell_now"], kind="incident", incident=incident)
    assert [n.is_generic for n in announce()] == [True]


@pytest.mark.parametrize("publications", [1, 10])
def test_ten_publications_take_no_more_queries_than_one(district, publications, django_assert_num_queries):
    for _ in range(publications):
        publish(f.make_draft(f.make_agreement(district)))
    with django_assert_num_queries(15):
        assert len(notify.announce(now=f.NOW)) == publications
