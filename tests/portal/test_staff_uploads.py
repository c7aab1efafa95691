"""A file is checked first, and exactly the file that was shown is applied."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from consent.models import RosterLoad, Student
from districts.models import Agency
from portal.models import Upload
from portal.staff import uploading
from portal.tasks import resume_uploads, work_on_upload
from tests import factories
from tests.consent.roster import files
from tests.portal.staff_cast import signed_in

pytestmark = pytest.mark.django_db
Roster = Callable[..., SimpleUploadedFile]


@pytest.fixture
def district() -> Agency:
    return files.cedar_valley()


@pytest.fixture
def dana(district: Agency) -> Client:
    return signed_in(factories.make_staff(district))


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    """Return a function that makes a roster zip as a browser hands it in."""

    def roster(*users: dict[str, str], name: str = "roster.zip") -> SimpleUploadedFile:
        rows = users or (files.student(), files.student("noah"), files.adult("alice"))
        folder = files.write_roster(tmp_path / f"export{len(list(tmp_path.iterdir()))}", rows)
        return SimpleUploadedFile(name, files.zipped(folder).read_bytes())

    return roster


def hand_in(dana: Client, file: SimpleUploadedFile, **more: str) -> Upload:
    answer = dana.post(reverse("staff:upload_roster"), {"file": file, **more})
    assert answer.status_code == 302, answer.context["form"].errors
    return Upload.objects.latest("pk")


def page_of(dana: Client, upload: Upload) -> Any:
    return dana.get(reverse("staff:upload", args=[upload.public_id]))


def words(page: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def press(dana: Client, upload: Upload, sha256: str = "") -> None:
    dana.post(reverse("staff:upload", args=[upload.public_id]), {"sha256": sha256 or upload.sha256})
    upload.refresh_from_db()


def test_a_roster_is_first_only_looked_at(dana: Client, roster: Roster) -> None:
    upload = hand_in(dana, roster())
    assert upload.state == "checked"
    assert not Student.objects.exists()
    page = page_of(dana, upload)
    counts = {row[0]: row[1] for row in page.context["counts"]["rows"]}
    assert counts["Students"] == 2
    assert counts["Guardians"] == 1
    assert "1 child has nobody to tell" in words(page)
    assert upload.file.startswith("uploads/")
    assert "roster" not in upload.file  # a random name


def test_on_confirmation_exactly_that_file_is_loaded_by_that_person_and_then_thrown_away(
    dana: Client, roster: Roster
) -> None:
    upload = hand_in(dana, roster())
    press(dana, upload)
    assert upload.state == "applied"
    assert Student.objects.count() == 2
    load = RosterLoad.objects.get()
    assert load.loaded_by == upload.handed_in_by
    assert upload.file == ""
    page_of(dana, upload)
    press(dana, upload)  # pressed twice
    assert RosterLoad.objects.count() == 1


def test_a_kept_file_that_is_not_the_one_shown_is_not_loaded(dana: Client, roster: Roster) -> None:
    upload = hand_in(dana, roster())
    press(dana, upload, sha256="0" * 64)
    assert upload.state == "checked"
    other = roster(files.student("mallory")).read()
    storages["private"].delete(upload.file)
    storages["private"].save(upload.file, ContentFile(other))
    press(dana, upload)
    assert upload.state == "refused"
    assert not Student.objects.exists()
    assert "not the one you handed in" in words(page_of(dana, upload))


def test_a_refused_file_shows_where_it_is_wrong_and_changes_nothing(dana: Client, roster: Roster) -> None:
    users = [files.student(), files.student("noah", grades="x" * 200, school="NOWHERE")]
    upload = hand_in(dana, roster(*users))
    assert upload.state == "refused"
    page = page_of(dana, upload)
    [row, *_more] = page.context["refusals"]["rows"]
    assert row[0] == "users.csv"
    assert row[1] == 3
    assert "Load exactly this file" not in words(page)
    press(dana, upload)
    assert upload.state == "refused"


def test_a_file_that_is_no_roster_is_refused_in_words(dana: Client) -> None:
    upload = hand_in(dana, SimpleUploadedFile("letter.zip", b"Dear parents"))
    assert "a file that is no zip" in words(page_of(dana, upload))


def test_a_file_that_breaks_the_importer_is_not_tried_for_ever(
    dana: Client, roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(uploading.load.__globals__["LOADERS"], "roster", breaks)
    upload = hand_in(dana, roster())
    assert upload.state == "refused"
    assert "The file broke the reader." in words(page_of(dana, upload))


def test_staff_say_what_the_file_is(dana: Client, roster: Roster, district: Agency) -> None:
    upload = hand_in(dana, roster(), as_of="2026-08-20", many_endings="on")
    assert upload.options == {"as_of": "2026-08-20", "month_first": False, "many_endings": True}
    press(dana, upload)
    assert RosterLoad.objects.get().as_of.isoformat() == "2026-08-20"


def test_a_file_thrown_away_is_gone_and_changed_nothing(dana: Client, roster: Roster) -> None:
    upload = hand_in(dana, roster())
    dana.post(reverse("staff:drop_upload", args=[upload.public_id]))
    upload.refresh_from_db()
    assert (upload.state, upload.file) == ("dropped", "")
    assert not Student.objects.exists()


def test_the_file_itself_is_deleted_after_the_commit(
    dana: Client, roster: Roster, django_capture_on_commit_callbacks: Any
) -> None:
    upload = hand_in(dana, roster())
    kept = upload.file
    assert storages["private"].exists(kept)
    with django_capture_on_commit_callbacks(execute=True):
        press(dana, upload)
    assert not storages["private"].exists(kept)


def test_a_big_file_is_worked_on_by_a_task_and_the_page_says_so(
    dana: Client,
    roster: Roster,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setattr(uploading, "AT_ONCE", 10)
    asked: list[int] = []
    monkeypatch.setattr(work_on_upload, "delay", asked.append)
    with django_capture_on_commit_callbacks(execute=True):
        upload = hand_in(dana, roster())
    assert asked == [upload.pk]
    assert upload.state == "checking"
    waiting = dana.get(reverse("staff:upload", args=[upload.public_id]) + "?watch=1")
    assert waiting.headers["Refresh"] == "5"
    assert "Stop reloading" in words(waiting)
    work_on_upload(upload.pk)
    assert "Load exactly this file" in words(page_of(dana, upload))


def test_a_lost_task_is_made_good_by_the_sweep(
    dana: Client, roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "AT_ONCE", 10)
    upload = hand_in(dana, roster())
    resume_uploads()
    upload.refresh_from_db()
    assert upload.state == "checked"
    press(dana, upload)
    assert upload.state == "applying"
    resume_uploads()
    assert Student.objects.count() == 2


def test_what_nobody_confirms_is_thrown_away_after_a_day(dana: Client, roster: Roster) -> None:
    upload = hand_in(dana, roster())
    uploading.drop_old(now=upload.handed_in_at + uploading.KEPT / 2)
    upload.refresh_from_db()
    assert upload.state == "checked"
    uploading.drop_old(now=upload.handed_in_at + uploading.KEPT * 1.1)
    upload.refresh_from_db()
    assert upload.state == "dropped"


def test_the_report_that_is_kept_names_nobody(dana: Client, roster: Roster) -> None:
    users = [files.student("s1", name="Mateo"), files.adult("g1", "s1", name="Wilhelmina", email="w@x.")]
    upload = hand_in(dana, roster(*users))
    kept = str(upload.report)
    assert "g1" in kept  # its address would take no mail
    assert "Wilhelmina" not in kept
    assert "w@x" not in kept


def test_an_inventory_fills_the_draft_after_its_dry_run(dana: Client, district: Agency) -> None:
    draft = factories.make_draft(factories.make_agreement(district))
    factories.make_element("bus-stop")
    sheet = SimpleUploadedFile("inventory.csv", b"code,purpose\nbus-stop,teach\n")
    fields = {"file": sheet, "basis": "school_official", "source": "school_record", "kept": "school_year"}
    dana.post(reverse("staff:inventory", args=[draft.pk]), fields)
    upload = Upload.objects.get()
    assert upload.state == "checked", upload.report
    assert draft.shared_elements.count() == 1
    assert page_of(dana, upload).context["counts"]["rows"] == [["Lines of the draft", 1, 0, 0, 0]]
    press(dana, upload)
    assert set(draft.shared_elements.values_list("element__code", flat=True)) == {"home-address", "bus-stop"}


def test_an_inventory_with_unknown_words_is_refused_with_their_lines(dana: Client, district: Agency) -> None:
    draft = factories.make_draft(factories.make_agreement(district))
    sheet = SimpleUploadedFile("inventory.csv", b"code,basis\nno-such-thing,school_official\n")
    dana.post(reverse("staff:inventory", args=[draft.pk]), {"file": sheet})
    upload = Upload.objects.get()
    assert upload.state == "refused"
    assert page_of(dana, upload).context["refusals"]["rows"][0][1] == 2
