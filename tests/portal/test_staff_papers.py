"""PDFs of agreements, many at once: matched by name, public copies and originals apart, the rest listed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from districts.models import Agency, AgreementDocument, AgreementOriginal, AgreementVersion
from districts.publish import publish_version
from portal.staff.papers import Matcher
from tests import factories
from tests.districts.test_papers import plain_pdf, with_script
from tests.factories import NOW
from tests.portal.staff_cast import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> Agency:
    return factories.make_district()


@pytest.fixture
def lumino(district: Agency) -> AgreementVersion:
    vendor = factories.make_vendor("Lumino Reading", slug="lumino")
    return factories.make_draft(factories.make_agreement(district, vendor, title="Lumino data agreement"))


def pdf(name: str, data: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or plain_pdf(), content_type="application/pdf")


NAMES = [
    "lumino.pdf",
    "Lumino.PDF",
    "Lumino Reading.pdf",
    "lumino_reading_signed_2025.pdf",
    "Lumino data agreement.pdf",
    "lumino-DPA-v2-redacted.pdf",
]


@pytest.mark.parametrize("name", NAMES)
def test_people_name_files_in_many_ways(name: str, district: Agency, lumino: AgreementVersion) -> None:
    assert Matcher(district).match(name).version == lumino


def test_a_paper_belongs_to_the_newest_published_version(district: Agency, lumino: AgreementVersion) -> None:
    publish_version(version_id=lumino.pk, now=NOW)
    factories.make_draft(lumino.agreement)
    assert Matcher(district).match("lumino.pdf").version == lumino


def test_copies_and_originals_go_apart_and_what_fits_nowhere_is_listed(
    district: Agency, lumino: AgreementVersion
) -> None:
    other = factories.make_vendor("Skylark", slug="skylark")
    for title in ("Skylark one", "Skylark two"):
        factories.make_draft(factories.make_agreement(district, other, title=title))
    elsewhere = factories.make_vendor("Hidden", slug="hidden")
    factories.make_draft(factories.make_agreement(factories.make_district("Other"), elsewhere))
    files = {
        "public": [pdf("lumino.pdf"), pdf("skylark.pdf"), pdf("nobody.pdf"), pdf("hidden.pdf")],
        "originals": [pdf("lumino-original.pdf", plain_pdf(3))],
    }
    page = signed_in(factories.make_staff(district)).post(reverse("staff:papers"), files)
    assert AgreementDocument.objects.get().version == lumino
    assert AgreementOriginal.objects.get().version == lumino
    assert [name for name, _where in page.context["attached"]] == ["lumino.pdf", "lumino-original.pdf"]
    assert page.context["left"] == [
        ["skylark.pdf", "It may belong to several agreements."],
        ["nobody.pdf", "No agreement has this name."],
        ["hidden.pdf", "No agreement has this name."],  # another district's: as if it did not exist
    ]


def test_a_refused_paper_says_what_to_do(district: Agency, lumino: AgreementVersion) -> None:
    dana: Client = signed_in(factories.make_staff(district))
    files = {"public": [pdf("lumino.pdf", with_script())], "originals": [pdf("lumino.pdf", b"no pdf")]}
    page = dana.post(reverse("staff:papers"), files)
    assert page.context["left"] == [
        ["lumino.pdf", "It holds scripts, forms or files inside. Print it to a new PDF."],
        ["lumino.pdf", "It is no PDF. Save it as PDF and try again."],
    ]
    assert not AgreementDocument.objects.exists()
    nothing = dana.post(reverse("staff:papers"), {"csrfmiddlewaretoken": "x"})
    assert nothing.context["form"].errors == {"public": ["Choose at least one file."]}
