"""Staff take a public paper or text down with a public reason, and enter which clauses were found."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from districts.models import AgreementVersion, ClauseReading, DocumentWithdrawal, TextWithdrawal
from districts.papers import attach_public_copy, public_text
from districts.publish import publish_version
from tests import factories as f
from tests.districts.test_papers import plain_pdf, with_script
from tests.portal.staff_cast import signed_in

pytestmark = pytest.mark.django_db

WHY = {"reason": "A student was named in it.", "is_sure": "on"}


@pytest.fixture
def version() -> AgreementVersion:
    vendor = f.make_vendor("Lumino Reading", slug="lumino")
    draft = f.make_draft(f.make_agreement(f.make_district(), vendor), summary="Ann Smith asked for it.")
    publish_version(version_id=draft.pk, now=f.NOW)
    return draft


@pytest.fixture
def dana(version):
    return signed_in(f.make_staff(version.agreement.agency))


def pages_of(version: AgreementVersion) -> list[str]:
    paper = version.documents.first() or attach_public_copy(version_id=version.pk, data=plain_pdf())
    return [
        reverse("staff:public_parts", args=[version.pk]),
        reverse("staff:clauses", args=[version.pk]),
        reverse("staff:withdraw_words", args=[version.pk, "summary"]),
        reverse("staff:withdraw_paper", args=[paper.public_id]),
    ]


def test_another_district_finds_none_of_it_and_can_take_nothing_down(version):
    carol = signed_in(f.make_staff(f.make_district("Other"), "carol"))
    for address in pages_of(version):
        assert carol.get(address).status_code == 404
        assert carol.post(address, WHY).status_code in (404, 405)
    assert not TextWithdrawal.objects.exists()
    assert not DocumentWithdrawal.objects.exists()


def test_looking_takes_nothing_down(version, dana):
    for address in pages_of(version):
        assert dana.get(address).status_code == 200
    version.refresh_from_db()
    assert version.summary
    assert not DocumentWithdrawal.objects.exists()


def test_a_text_comes_down_with_its_reason_and_only_then(version, dana):
    address = reverse("staff:withdraw_words", args=[version.pk, "summary"])
    assert dana.post(address, {"reason": WHY["reason"]}).status_code == 422
    assert dana.post(address, {"reason": " ", "is_sure": "on"}).status_code == 422
    assert dana.post(address, WHY).status_code == 302
    version.refresh_from_db()
    assert version.summary == ""
    assert WHY["reason"] in dana.get(reverse("staff:public_parts", args=[version.pk])).content.decode()
    assert dana.get(address).status_code == 404
    for field in ("published_at", "number", "nothing"):
        assert dana.get(reverse("staff:withdraw_words", args=[version.pk, field])).status_code == 404


def test_a_paper_comes_down(version, dana):
    address = pages_of(version)[-1]
    assert dana.post(address, WHY).status_code == 302
    assert DocumentWithdrawal.objects.get().reason == WHY["reason"]
    assert dana.post(address, WHY).status_code == 404


def test_a_draft_has_nothing_public(version, dana):
    draft = f.make_draft(version.agreement)
    assert dana.get(reverse("staff:public_parts", args=[draft.pk])).status_code == 404
    assert dana.get(reverse("staff:clauses", args=[draft.pk])).status_code == 404


def test_what_a_reader_found_stands_on_the_public_page(version, dana, client):
    address = reverse("staff:clauses", args=[version.pk])
    given = {"reader": "Privacy officer", "read_on": "2026-08-30", "answer-il-deletion": "yes"}
    assert dana.post(address, given).status_code == 422  # a clause that is there stands somewhere
    given |= {"place-il-deletion": "4.2", "answer-il-breach-costs": "no"}
    assert dana.post(address, {**given, "read_on": "2999-01-01"}).status_code == 422
    assert dana.post(address, given).status_code == 302
    assert dana.post(address, given).status_code == 302  # the same again is not another reading
    assert ClauseReading.objects.count() == 2
    page = client.get(f"/agreements/{version.agreement.public_id}/v1/").content.decode()
    assert "Section 4.2" in page
    assert "It is not there" in page
    assert "Read by Privacy officer on Aug 30, 2026" in page


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_the_words_of_a_paper_can_be_handed_in_and_need_a_paper(version, dana):
    files = {"texts": [upload("lumino.txt", b"1. Data.\n\n2. Law.")]}
    page = dana.post(reverse("staff:papers"), files)
    assert page.context["left"] == [
        ["lumino.txt", "This agreement has no public copy yet. Attach the PDF first."]
    ]
    files = {"public": [upload("lumino.pdf", plain_pdf())], "redacted": "section 7 (prices)", **files}
    for file in (*files["public"], *files["texts"]):
        file.seek(0)
    page = dana.post(reverse("staff:papers"), files)
    assert (page.status_code, page.context["left"]) == (200, [])
    paper = version.documents.get()
    assert paper.redacted_provisions == "section 7 (prices)"
    assert public_text(paper)[1] == "1. Data.\n\n2. Law."


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"a\0b", b"%PDF-1.7", b"<html>", b"  ", b"x" * 2_500_000])
def test_what_is_no_plain_text_is_refused_whatever_it_is_called(version, dana, data):
    attach_public_copy(version_id=version.pk, data=plain_pdf())
    page = dana.post(reverse("staff:papers"), {"texts": [upload("lumino.txt", data)]})
    assert len(page.context["left"]) == 1
    assert page.status_code == 422


def test_a_refused_file_is_said_loudly(version, dana):
    page = dana.post(reverse("staff:papers"), {"public": [upload("lumino.pdf", with_script())]})
    assert page.status_code == 422
    assert "1 file was NOT attached." in page.content.decode()
