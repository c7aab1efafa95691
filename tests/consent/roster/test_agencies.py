"""Which agency a roster belongs to, and making it from orgs.csv."""

import pytest

from consent.roster.load import Options, load_roster
from consent.roster.report import RosterRefused
from districts.models import Agency, School
from tests import factories as f
from tests.consent.roster import files as r

pytestmark = pytest.mark.django_db


def load(path, code, **options):
    choices = Options(as_of=f.TODAY, **options)
    return load_roster(path=path, agency_code=code, now=f.NOW, options=choices)


@pytest.mark.parametrize("code", ["cedar-valley", "1700001", "CV-1"])
def test_an_agency_is_known_by_slug_nces_id_or_state_id(tmp_path, code):
    r.cedar_valley(state_agency_id="CV-1")
    assert load(r.write_roster(tmp_path, [r.student()]), code).agency == "cedar-valley"


def test_an_unknown_agency_is_not_made_unasked(tmp_path):
    with pytest.raises(RosterRefused, match="a known agency, or --create"):
        load(r.write_roster(tmp_path, [r.student()]), "CV")
    assert not Agency.objects.exists()


@pytest.mark.parametrize("code", ["CV", "1700001", "cedar-valley-schools"])
def test_create_makes_the_state_and_the_district_once(tmp_path, code):
    path = r.write_roster(tmp_path, [r.student()])
    load(path, code, create=True)
    load(path, code, create=True)
    district = Agency.objects.get(kind="district")
    assert (district.name, district.nces_id) == ("Cedar Valley Schools", "1700001")
    assert (district.state.name, district.state_code) == ("Illinois State Board", "IL")
    assert (district.time_zone, district.law_profile) == ("America/Chicago", "us-il")
    assert load(path, code).agency == district.slug


def test_create_uses_the_state_that_is_there(tmp_path):
    board = f.make_state("Illinois State Board of Education")
    load(r.write_roster(tmp_path, [r.student()]), "CV", create=True)
    assert Agency.objects.get(kind="district").state == board


def test_a_dry_run_makes_no_agency(tmp_path):
    report = load(r.write_roster(tmp_path, [r.student()]), "CV", create=True, dry_run=True)
    assert report.counts["students"].created == 1
    assert not Agency.objects.exists()


def test_without_a_state_in_the_file_its_letters_must_be_given(tmp_path):
    orgs = [r.org("CV", "district"), r.org("S1", parentSourcedId="CV")]
    path = r.write_roster(tmp_path, [r.student()], orgs)
    with pytest.raises(RosterRefused, match="the two letters of a state, or --state"):
        load(path, "CV", create=True)
    load(path, "CV", create=True, state_code="az")
    assert Agency.objects.get(kind="district").time_zone == "America/Phoenix"


def test_nested_districts_are_one_and_schools_hang_anywhere_below(tmp_path):
    orgs = [
        *r.district_orgs("S1"),
        r.org("CV-NORTH", "district", parentSourcedId="CV"),
        r.org("S2", parentSourcedId="CV-NORTH"),
    ]
    load(r.write_roster(tmp_path, [r.student(school="S2")], orgs), "CV", create=True)
    assert set(School.objects.values_list("roster_id", flat=True)) == {"S1", "S2"}


def test_organisations_in_a_circle_do_no_harm(tmp_path):
    orgs = [
        r.org("CV", "district", identifier="1700001", parentSourcedId="S1"),
        r.org("S1", parentSourcedId="CV"),
    ]
    r.cedar_valley()
    assert load(r.write_roster(tmp_path, [r.student()], orgs), "cedar-valley").counts["schools"].created == 1


def test_a_file_with_several_districts_must_name_the_one_meant(tmp_path):
    r.cedar_valley(nces_id=None)
    orgs = [
        r.org("A", "district"),
        r.org("B", "district"),
        r.org("S1", parentSourcedId="A"),
    ]
    with pytest.raises(RosterRefused, match="one district that answers to"):
        load(r.write_roster(tmp_path, [r.student()], orgs), "cedar-valley")


def test_the_file_of_another_district_is_refused_by_its_nces_id(tmp_path):
    r.cedar_valley(nces_id="1799999")
    with pytest.raises(RosterRefused, match="this district's id, 1799999"):
        load(r.write_roster(tmp_path, [r.student()]), "cedar-valley")


def test_a_state_has_no_roster(tmp_path):
    f.make_state(slug="il")
    with pytest.raises(RosterRefused, match="states have no roster"):
        load(r.write_roster(tmp_path, [r.student()]), "il")


def test_a_declared_id_format_that_is_no_pattern_is_said(tmp_path):
    r.cedar_valley(roster_id_format="(")
    with pytest.raises(RosterRefused, match="a declared id format that is a pattern"):
        load(r.write_roster(tmp_path, [r.student()]), "cedar-valley")
