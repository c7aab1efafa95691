"""Staff hand in a register sheet: what it would do is shown, exactly that is done, words are settled."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from districts.models import Agency, Agreement, RegisterReview
from portal.models import Upload
from tests import factories
from tests.districts.register.sheets import listed, make_words
from tests.portal.staff_cast import signed_in

pytestmark = pytest.mark.django_db

SHEET = b'District,Vendor,Status,Data\n,Lumino,Approved,"name, glorp"\nElm Grove,Skyhost,Approved,name\n'


@pytest.fixture
def district() -> Agency:
    return make_words()


@pytest.fixture
def dana(district: Agency) -> Client:
    return signed_in(factories.make_staff(district))


def hand_in(dana: Client, content: bytes = SHEET, name: str = "apps.csv", **more: str) -> Upload:
    fields = {"file": SimpleUploadedFile(name, content), "state": "proposed", "encoding": "utf-8", **more}
    answer = dana.post(reverse("staff:upload_register"), fields)
    assert answer.status_code == 302, answer.context["form"].errors
    return Upload.objects.latest("pk")


def page_of(dana: Client, upload: Upload) -> Any:
    return dana.get(reverse("staff:upload", args=[upload.public_id]))


def words(page: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def press(dana: Client, upload: Upload) -> None:
    dana.post(reverse("staff:upload", args=[upload.public_id]), {"sha256": upload.sha256})
    upload.refresh_from_db()


def test_a_sheet_is_first_only_looked_at(dana: Client) -> None:
    upload = hand_in(dana)
    assert upload.state == "checked", upload.report
    assert not Agreement.objects.exists()
    page = page_of(dana, upload)
    assert [row[0] for row in page.context["sheet"]["agreements"]["rows"]] == ["Lumino"]
    assert "glorp" in [row[0] for row in page.context["sheet"]["review"]["rows"]]
    assert "Rows about other agencies, left out: 1" in words(page)


def test_exactly_what_was_shown_is_done_and_only_to_the_own_agency(dana: Client, district: Agency) -> None:
    factories.make_district("Elm Grove", district.state)
    upload = hand_in(dana)
    press(dana, upload)
    assert upload.state == "applied"
    assert listed(district) == {"Lumino": ["student-name"]}
    assert set(Agreement.objects.values_list("agency", flat=True)) == {district.pk}
    assert "Say what they mean" in words(page_of(dana, upload))


def test_a_register_that_changed_since_is_not_loaded_over(dana: Client, district: Agency) -> None:
    first, second = hand_in(dana), hand_in(dana)
    press(dana, first)
    press(dana, second)
    assert second.state == "refused"
    assert "The register changed since the file was checked" in words(page_of(dana, second))
    assert Agreement.objects.count() == 1


def test_a_states_staff_can_not_write_into_its_districts(district: Agency) -> None:
    board = signed_in(factories.make_staff(district.state))
    sheet = f"District,Vendor,Data\n{district.name},Lumino,name\n{district.state.name},Skyhost,name\n"
    press(board, hand_in(board, sheet.encode()))
    assert {found.agency: found.title for found in Agreement.objects.all()} == {district.state: "Skyhost"}


def test_a_file_that_is_no_sheet_is_refused_with_its_place(dana: Client) -> None:
    upload = hand_in(dana, b"%PDF-1.7", name="apps.csv")
    assert upload.state == "refused"
    assert page_of(dana, upload).context["refusals"]["rows"][0][3] == "a PDF"


def test_a_windows_file_is_read_when_staff_say_so(dana: Client) -> None:
    content = "Vendor,Data\nAcadémie,name\n".encode("cp1252")
    assert hand_in(dana, content).state == "refused"
    assert hand_in(dana, content, encoding="cp1252").state == "checked"


def test_staff_say_what_words_mean(dana: Client, district: Agency) -> None:
    press(dana, hand_in(dana, basis="school_official"))
    listing = dana.get(reverse("staff:reviews"))
    assert "glorp" in words(listing)
    asked = RegisterReview.objects.get(kind="element")
    address = reverse("staff:review", args=[asked.pk])
    assert "line 2, Data" in words(dana.get(address))
    assert "glorp" in words(dana.get(address))
    assert dana.post(address, {"outcome": "means"}).status_code == 422
    answer = dana.post(address, {"outcome": "means", "meaning": "student-phone"}, follow=True)
    assert "Settled in 1 place." in words(answer)
    assert listed(district)["Lumino"] == ["student-name", "student-phone"]
    assert dana.get(address).status_code == 404  # settled
    assert "None." in words(dana.get(reverse("staff:reviews")))


def test_words_wait_on_the_page_of_today(dana: Client) -> None:
    press(dana, hand_in(dana))
    assert "2 entries of register sheets to look at" in words(dana.get(reverse("staff:today")))


def test_the_list_takes_as_many_queries_for_many_words_as_for_one(
    dana: Client, district: Agency, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        RegisterReview.objects.create(
            agency=district, kind="name", words=str(n), words_sha256=str(n), file="r.csv", line=n
        )
    with django_assert_max_num_queries(8):
        dana.get(reverse("staff:reviews"))
