"""What a sheet calls not approved: on the list, never signed, and left to staff where it was in use."""

import pytest

from districts.models import Agreement, RegisterReview
from tests.districts.register.sheets import csv_file, load, make_words
from tests.districts.register.test_load import SHEET, agreement, counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return make_words()


@pytest.fixture
def sheet(tmp_path):
    return csv_file(tmp_path, *SHEET)


def test_what_is_turned_down_is_on_the_list_never_signed_without_a_term_or_a_part(district, sheet):
    report = load(district, sheet)
    clearwave = Agreement.objects.get(vendor__name="Clearwave")
    assert [clearwave] == list(Agreement.objects.turned_down())
    assert (clearwave.state, clearwave.begins_on, clearwave.ends_on) == ("ended", None, None)
    assert [event.kind for event in clearwave.events.all()] == ["declined"]
    assert not clearwave.participations.exists()
    assert report.notes["turned_down"] == 1


def test_what_was_proposed_and_is_not_approved_is_turned_down_and_stays_so(district, tmp_path, sheet):
    load(district, sheet)
    path = csv_file(tmp_path, "Vendor,Product,Status,End date", "Skyhost,Skylark,Not approved,6/30/2027")
    assert counts(load(district, path))["agreements"] == (0, 0, 0, 1)
    skylark = agreement("Skylark")
    assert skylark in Agreement.objects.turned_down()
    assert (skylark.ends_on, skylark.term_note) == (None, "Start date: approximately 2027")
    assert counts(load(district, path))["agreements"] == (0, 0, 1, 0)
    assert [event.kind for event in skylark.events.all()] == ["proposed", "declined"]


def test_a_signed_agreement_that_a_sheet_calls_not_approved_is_left_to_staff(district, tmp_path, sheet):
    load(district, sheet)
    path = csv_file(tmp_path, "Vendor,Product,Status", "Lumino,Lumino Reader,Not approved")
    load(district, path)
    assert agreement("Lumino Reader").state == "signed"
    assert RegisterReview.objects.filter(kind="status", words="signed > none").exists()
