"""`manage.py import_register`: counts for people and programs, all or nothing; and on the real sheets."""

import json
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from districts.models import Agency, Agreement, RegisterReview, Vendor
from tests import needs
from tests.districts.register.sheets import csv_file, load, make_words
from tests.factories import make_district, make_state

pytestmark = pytest.mark.django_db

COUNTS = ("created", "changed", "unchanged", "ended", "refused")


@pytest.fixture
def district():
    return make_words()


def run(path, agency, **options) -> None:
    call_command("import_register", str(path), agency=agency.slug, **options)


def test_a_load_is_told_in_words(district, tmp_path, capsys):
    run(csv_file(tmp_path, "Vendor,Data,Color", 'Lumino,"name, glorp",red'), district)
    told = capsys.readouterr().out
    assert "1 words for data that wait for staff" in told
    assert "columns not read: Color" in told
    assert "to look at, line 2, Data: element “glorp”" in told


def test_a_load_and_a_refusal_are_told_as_json(district, tmp_path, capsys):
    path = csv_file(tmp_path, "Vendor,Data", "Lumino,name")
    run(path, district, json=True, dry_run=True)
    told = json.loads(capsys.readouterr().out)
    # a company, its agreement, a line, and the legal ground to ask for
    assert {word: told[word] for word in COUNTS} == dict(zip(COUNTS, (4, 0, 0, 0, 0), strict=True))
    assert told["dry_run"] is True
    assert not Agreement.objects.exists()
    with pytest.raises(CommandError, match="line 2, row: found “3 cells”, expected 2, as in the header"):
        run(csv_file(tmp_path, "Vendor,Data", "Lumino,name,x"), district, json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["created"], told["refused"], told["refusals"][0]["line"]) == (0, 1, 2)


def test_the_same_file_twice_changes_nothing(district, tmp_path, capsys):
    path = csv_file(tmp_path, "Vendor,Data", 'Lumino,"name, glorp"')
    run(path, district, verbosity=0)
    run(path, district, json=True)
    told = json.loads(capsys.readouterr().out)
    assert [told[word] for word in ("created", "changed", "ended")] == [0, 0, 0]


def test_one_wrong_row_and_nothing_is_kept(district, tmp_path):
    path = csv_file(tmp_path, "Vendor,Data", *[f"Company {n},name" for n in range(700)], "a,b,c")
    with pytest.raises(CommandError, match="line 702"):
        run(path, district)
    assert not Vendor.objects.exists()


def test_an_encoding_that_is_none_is_refused(district, tmp_path):
    with pytest.raises(CommandError, match="is no encoding"):
        run(csv_file(tmp_path, "Vendor,Data", "Lumino,name"), district, encoding="klingon")


# The real sheets; what each holds was counted by hand.


@pytest.fixture
def catalogue():
    call_command("load_catalogue", verbosity=0)


def kinds(**where) -> Counter:
    return Counter(RegisterReview.objects.filter(**where).values_list("kind", flat=True))


@pytest.mark.real_inputs
def test_taft90(catalogue):
    taft = make_district("Taft", make_state())
    path = needs.REAL_INPUTS / "samples" / "taft90_il_soppa.csv"
    report = load(taft, path)
    assert (report.notes["rows"], report.notes["data_words"], report.notes["data_words_unread"]) == (4, 15, 1)
    assert Agreement.objects.filter(agency=taft, state="proposed").count() == Vendor.objects.count() == 4
    days = {found.events.get().happened_on.isoformat() for found in Agreement.objects.all()}
    assert days == {"2021-06-14"}  # “June 14, 2021 at 5:00:00 AM”
    codes = Counter(
        code
        for found in Agreement.objects.all()
        for code in found.versions.get().shared_elements.values_list("element__code", flat=True)
    )
    assert codes == {
        "no-student-data": 1,
        "student-cookies": 2,
        "student-other-technical": 2,
        "student-device-id": 2,
        "student-device-kind": 2,
        "student-ip-address": 2,
        "student-masked-data": 2,
    }
    assert kinds(kind="element") == {"element": 1}
    assert load(taft, path).total("created") == 0


@pytest.mark.real_inputs
def test_roe21(catalogue):
    office = Agency.objects.create(
        kind="cooperative", name="Regional Office", slug="roe", state_code="IL", law_profile="us-il"
    )
    path = needs.REAL_INPUTS / "samples" / "roe21_il_data_we_collect.csv"
    report = load(office, path)
    assert (report.notes["rows"], report.notes["data_words_unread"]) == (18, 0)
    draft = Agreement.objects.get().versions.get()
    codes = set(draft.shared_elements.values_list("element__code", flat=True))
    assert len(codes) == 36
    assert {"student-middle-name", "guardian-birth-date", "student-teachers", "student-low-income"} <= codes
    assert Vendor.objects.get().kind == "public_office"
    assert kinds() == {"purpose": 11, "choice": 1, "basis": 1}
    assert load(office, path).total("created") == 0


@pytest.mark.real_inputs
def test_ma_dev_part(catalogue):
    state = make_state("Massachusetts", state_code="MA", law_profile="us-ma")
    path = needs.REAL_INPUTS / "registers" / "ma_dev_part.csv"
    with pytest.raises(Exception, match="line 2, district: found"):
        load(state, path)
    report = load(state, path, create_agencies=True)
    assert report.notes["rows"] == 321
    assert Agency.objects.filter(state=state, nces_id__startswith="25").count() == 52
    assert (Vendor.objects.count(), Agreement.objects.count()) == (170, 377)
    assert Agreement.objects.filter(state="signed").count() == 140
    assert report.notes["rows_about_nobody"] == 5
    assert kinds().keys() == {"name"}
    assert load(state, path, create_agencies=True).total("created") == 0
