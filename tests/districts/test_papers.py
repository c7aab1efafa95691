"""A PDF put before the public is a PDF, opens for everybody, and runs nothing."""

import zlib
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

from districts.models import AgreementDocument, AgreementOriginal, DocumentText
from districts.papers import PaperRefused, attach_original, attach_public_copy, attach_text, public_text
from districts.pdf_check import LARGEST, PdfProblem, count_pages, problem_of
from districts.pdf_text import text_of_pdf, tidy
from districts.publish import publish_version
from tests import factories
from tests.factories import NOW


def written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def plain_pdf(pages: int = 2) -> bytes:
    writer = PdfWriter()
    for _n in range(pages):
        writer.add_blank_page(200, 200)
    return written(writer)


def with_words(*pages: str) -> bytes:
    """Return a PDF whose pages say something; a line of a page is a line of the text."""
    writer = PdfWriter()
    font = DictionaryObject({NameObject(key): NameObject(f"/{value}") for key, value in FONT.items()})
    for lines in pages:
        page = writer.add_blank_page(400, 400)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        shown = " T* ".join(f"({line}) Tj" for line in lines.split("\n"))
        content = StreamObject()
        content.set_data(f"BT /F1 12 Tf 14 TL 20 380 Td {shown} ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
    return written(writer)


FONT = {"/Type": "Font", "/Subtype": "Type1", "/BaseFont": "Helvetica", "/Encoding": "WinAnsiEncoding"}


def with_script() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(plain_pdf())))
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    return written(writer)


def with_attachment() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(plain_pdf())))
    writer.add_attachment("payload.exe", b"MZ")
    return written(writer)


def locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(plain_pdf())))
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


def in_an_object_stream(objects: bytes, extra: bytes = b"/Filter /FlateDecode", packed: bool = True) -> bytes:
    body = zlib.compress(objects) if packed else objects
    head = b"%PDF-1.7\n5 0 obj\n<< /Type /ObjStm /N 1 /First 4 " + extra
    return head + b" /Length %d >>\nstream\n" % len(body) + body + b"\nendstream\nendobj\n%%EOF"


REFUSED = {
    "a letter": (b"Dear parents", PdfProblem.NOT_A_PDF),
    "a web page that calls itself pdf": (b"<html>%PDF-1.7", PdfProblem.NOT_A_PDF),
    "nothing": (b"", PdfProblem.NOT_A_PDF),
    "a script": (with_script(), PdfProblem.ACTIVE),
    "a file inside": (with_attachment(), PdfProblem.ACTIVE),
    "a password": (locked(), PdfProblem.ENCRYPTED),
    "what was typed, sent away": (
        b"%PDF-1.4\n<< /S /SubmitForm /F (https://x.example) >>",
        PdfProblem.ACTIVE,
    ),
    "a film": (b"%PDF-1.4\n<< /Subtype /Movie >>", PdfProblem.ACTIVE),
    "a program to start": (b"%PDF-1.4\n<< /S /Launch /F (cmd.exe) >>", PdfProblem.ACTIVE),
    "an escaped name": (b"%PDF-1.4\n<< /S /J#61vaScript /J#53 (x) >>", PdfProblem.ACTIVE),
    "a script inside a packed list": (in_an_object_stream(b"1 0 << /S /JavaScript >>"), PdfProblem.ACTIVE),
    "a script inside a list not packed": (
        in_an_object_stream(b"1 0 << /S /JavaScript >>", extra=b"", packed=False),
        PdfProblem.ACTIVE,
    ),
    "a list packed in another way": (
        in_an_object_stream(b"junk", extra=b"/Filter /LZWDecode", packed=False),
        PdfProblem.UNREADABLE,
    ),
    "a list under an escaped name": (
        in_an_object_stream(b"1 0 << /S /JS >>").replace(b"/ObjStm", b"/Obj#53tm"),
        PdfProblem.UNREADABLE,
    ),
    "a head without a body": (b"%PDF-1.4\n" + b"x" * 100, PdfProblem.DAMAGED),
    "no page": (b"%PDF-1.4\n<< /Type /Pages /Count 0 >>\n%%EOF", PdfProblem.DAMAGED),
    "half of it": (plain_pdf()[: len(plain_pdf()) // 2], PdfProblem.DAMAGED),
    "all but its end": (plain_pdf().removesuffix(b"\n").removesuffix(b"%%EOF"), PdfProblem.DAMAGED),
    "a list made to grow": (in_an_object_stream(b" " * 70_000_000), PdfProblem.UNREADABLE),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    data, problem = REFUSED[name]
    assert problem_of(data) == problem


def test_what_is_too_big_is_not_even_looked_into() -> None:
    assert problem_of(b"%PDF-1.7" + b" " * LARGEST) == PdfProblem.TOO_BIG


@pytest.mark.parametrize(
    "data",
    [
        plain_pdf(),
        plain_pdf() + b"\r\n\0",
        in_an_object_stream(b"1 0 << /Type /Page >>"),
        b"%PDF-1.7\n<< /Type /Page /Length 20 >>\nstream\n/JavaScript by chance\nendstream\n%%EOF",
        b"%PDF-1.7\n<< /Type/Page /Title (How to launch a reading app) >>\n%%EOF",
    ],
    ids=["two pages", "something behind it", "packed", "letters of a picture", "a title"],
)
def test_what_is_taken(data: bytes) -> None:
    assert problem_of(data) is None


def test_pages_are_counted() -> None:
    assert count_pages(plain_pdf(3)) == 3
    assert count_pages(b"%PDF-1.7") is None


@pytest.mark.django_db
def test_a_public_copy_is_kept_once_under_its_hash_for_a_published_version_too() -> None:
    draft = factories.make_draft(factories.make_agreement(factories.make_district()))
    publish_version(version_id=draft.pk, now=NOW)
    paper = attach_public_copy(version_id=draft.pk, data=plain_pdf())
    assert attach_public_copy(version_id=draft.pk, data=plain_pdf()) == paper
    assert (paper.pages, paper.size) == (2, len(plain_pdf()))
    assert default_storage.open(paper.file.name).read() == plain_pdf()
    assert AgreementDocument.objects.count() == 1


@pytest.mark.django_db
def test_an_original_lies_in_the_private_storage_only() -> None:
    draft = factories.make_draft(factories.make_agreement(factories.make_district()))
    original = attach_original(version_id=draft.pk, data=plain_pdf())
    assert attach_original(version_id=draft.pk, data=plain_pdf()) == original
    assert not default_storage.exists(original.file.name)
    assert original.file.storage.exists(original.file.name)
    assert not AgreementDocument.objects.exists()


@pytest.mark.django_db
def test_a_refused_paper_leaves_nothing() -> None:
    draft = factories.make_draft(factories.make_agreement(factories.make_district()))
    for attach in (attach_public_copy, attach_original):
        with pytest.raises(PaperRefused) as refused:
            attach(version_id=draft.pk, data=with_script())
        assert refused.value.problem == PdfProblem.ACTIVE
    assert not AgreementDocument.objects.exists()
    assert not AgreementOriginal.objects.exists()


# Words


def test_words_are_read_page_by_page_without_page_numbers():
    data = with_words("1. Data. Names\nand grades.\n1", "Page 2 of 2\n2. Law.")
    assert text_of_pdf(data) == "1. Data. Names\nand grades.\n2. Law."


def test_a_picture_a_wreck_and_a_paper_too_long_have_no_words(monkeypatch):
    assert text_of_pdf(plain_pdf()) == ""
    assert text_of_pdf(b"%PDF-1.7 nothing follows") == ""
    monkeypatch.setattr("districts.pdf_text.MOST_PAGES", 1)
    assert text_of_pdf(with_words("one", "two")) == ""


def test_what_nobody_sees_is_left_out_of_a_text():
    assert tidy("\ufeff a\x00b\r\nc\u00ad\rd\x7f \n") == "\ufeff ab\nc\nd"


@pytest.mark.django_db
def test_words_read_by_a_program_give_way_to_those_the_district_wrote():
    draft = factories.make_draft(factories.make_agreement(factories.make_district()))
    paper = attach_public_copy(version_id=draft.pk, data=with_words("1. Data."))
    assert public_text(paper)[1] == "1. Data."
    written_text = attach_text(document_id=paper.pk, data="\ufeff1. Data, all of it.".encode())
    assert attach_text(document_id=paper.pk, data=b"1. Data, all of it.") == written_text
    assert public_text(paper)[1] == "1. Data, all of it."
    assert [each.origin for each in DocumentText.objects.order_by("pk")] == ["read", "written"]
    assert default_storage.open(written_text.file.name).read() == b"1. Data, all of it."
