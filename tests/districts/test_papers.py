"""A PDF put before the public is a PDF, opens for everybody, and runs nothing."""

import zlib
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from districts.models import AgreementDocument, AgreementOriginal
from districts.papers import PaperRefused, attach_original, attach_public_copy
from districts.pdf_check import LARGEST, PdfProblem, count_pages, problem_of
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
        in_an_object_stream(b"1 0 << /Type /Catalog >>"),
        b"%PDF-1.7\n<< /Length 20 >>\nstream\n/JavaScript by chance\nendstream\n",
        b"%PDF-1.7\n<< /Title (How to /Launch a reading app) >>".replace(b"/Launch", b"launch"),
    ],
    ids=["two pages", "packed", "letters of a picture", "a title"],
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
