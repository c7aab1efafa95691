"""A newer version that covers fewer children is told already: whom does what happens now concern?"""

import datetime as dt

import pytest

from consent import audience, notify
from consent.models import Notice
from districts.incidents import report_incident
from districts.models import Basis, Incident, Publication
from districts.participation import join, leave
from districts.publish import publish_version
from tests import factories as f

pytestmark = pytest.mark.django_db

GRADE = ("grade", "school", Basis.SCHOOL_OFFICIAL)
VOICE = ("voice", "voice", Basis.CONSENT)
LATER = f.TODAY + dt.timedelta(days=60)


@pytest.fixture
def district():
    return f.make_district()


@pytest.fixture
def agreement(district):
    """Sam, in grade 3, has Alice; Tim, in grade 4, has Bo; both grades are in scope."""
    f.make_guardian(district, "Alice", of=[f.make_student(district, "Sam", grade="03")])
    f.make_guardian(district, "Bo", of=[f.make_student(district, "Tim", grade="04")])
    agreement = f.make_agreement(district)
    publish_version(version_id=f.make_draft(agreement, lines=[GRADE]).pk, now=f.NOW)
    announced()
    return agreement


def announced(now: dt.datetime = f.NOW) -> list[str]:
    """Announce what waits and return whom the newest notice tells."""
    for notice in notify.announce(now=now):
        notify.fan_out(notice, now=now)
    newest = Notice.objects.order_by("-pk").first()
    return sorted(newest.deliveries.values_list("guardian__given_name", flat=True)) if newest else []


def narrow(agreement, lines) -> Publication:
    draft = f.make_draft(agreement, lines=lines, scope_grades=["03"], effective_from=LATER)
    return publish_version(version_id=draft.pk, now=f.NOW)


def test_families_for_whom_it_ends_hear_that_it_covers_fewer_children(agreement):
    narrow(agreement, [GRADE])
    assert announced() == ["Alice", "Bo"]


def test_a_message_that_asks_for_an_answer_goes_only_to_those_who_can_give_one(agreement):
    narrow(agreement, [GRADE, VOICE])
    assert announced() == ["Alice"]


def test_a_breach_is_told_to_all_whose_data_is_there_today(district, agreement):
    narrow(agreement, [GRADE])
    announced()
    breach = Incident.objects.create(
        agency=district, agreement=agreement, learned_on=f.TODAY, description="A laptop was lost."
    )
    report_incident(incident_id=breach.pk, now=f.NOW)
    assert announced() == ["Alice", "Bo"]
    notice = Notice.objects.latest("pk")
    assert notice.version.scope_grades == ["03"]
    assert notice.also_version.scope_grades == []


def test_a_breach_is_told_in_a_district_that_has_left(district):
    f.make_guardian(district, "Alice", of=[f.make_student(district)])
    agreement = f.make_agreement(district.state)
    publish_version(version_id=f.make_draft(agreement, lines=[GRADE]).pk, now=f.NOW)
    joined = join(agreement_id=agreement.pk, agency_id=district.pk, kind="joined", from_on=f.TODAY, now=f.NOW)
    tomorrow = f.TODAY + dt.timedelta(days=1)
    leave(participation_id=joined.participation_id, until_on=tomorrow, now=f.NOW)
    announced()
    breach = Incident.objects.create(
        agency=district.state, agreement=agreement, learned_on=f.TODAY, description="A laptop was lost."
    )
    later = f.NOW + dt.timedelta(days=5)
    report_incident(incident_id=breach.pk, now=later)
    assert announced(later) == ["Alice"]
    assert Notice.objects.latest("pk").publication.kind == "incident"


def test_the_preview_of_fewer_children_counts_those_for_whom_it_ends(district, agreement):
    first = agreement.versions.get()
    draft = f.make_draft(agreement, lines=[GRADE], scope_grades=["03"], effective_from=LATER)
    alone = audience.preview(draft.pk, district.pk, f.TODAY)
    both = audience.preview(draft.pk, district.pk, f.TODAY, also=first.pk)
    assert (alone.people, both.people, both.children) == (1, 2, 2)
    assert sum(school.people for school in both.by_school) == 2


def test_a_child_for_whom_it_ends_and_nobody_stands_is_on_the_list_that_the_page_counts(district, agreement):
    first = agreement.versions.get()
    f.make_student(district, "Una", grade="04")
    draft = f.make_draft(agreement, lines=[GRADE], scope_grades=["03"], effective_from=LATER)
    asked = (draft.pk, district.pk, f.TODAY)
    assert list(audience.children_with_nobody_to_tell(*asked)) == []
    listed = audience.children_with_nobody_to_tell(*asked, also=first.pk)
    assert [child.shown_name for child in listed] == ["Una"]
    assert audience.preview(*asked, also=first.pk).nobody_to_tell == 1
