"""The PDF library: named in one module, loaded late, and missed without harm."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from consent import pdf
from consent.letters import print_letters
from consent.models import LetterRun
from tests import factories as f
from tests.architecture.source import ROOMS, dotted, imports, modules
from tests.consent.mail import messages
from tests.consent.mail.situation import NOON, standing, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return messages.make_district(postal_address="12 Main Street\nCedar Valley, IL 60000")


@pytest.fixture
def sam(district):
    return f.make_student(district, "Samuel-Theodore")


def with_no_email(district, sam, name="Alice", **fields):
    return f.make_guardian(district, name, of=[sam], **{"email": "", **fields})


def test_without_pango_printing_says_what_to_install_and_everything_else_runs(
    district, sam, tmp_path, monkeypatch
) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")")
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    with_no_email(district, sam)
    told(district)
    with pytest.raises(pdf.PdfUnavailableError, match="install libpango"):
        print_letters(agency_id=district.pk, now=NOON)
    assert standing() == {"Alice": "due/letter"}
    assert not LetterRun.objects.exists()


def test_the_pdf_libraries_are_named_where_they_are_used_and_loaded_only_when_a_page_is_made() -> None:
    users = {dotted(path) for path in modules(*ROOMS) if "weasyprint" in set(imports(path))}
    assert users == {"consent.pdf"}
    readers = {dotted(path) for path in modules(*ROOMS) if "pypdf" in set(imports(path))}
    assert readers == {"consent.pdf", "districts.pdf_text", "portal.demo.pdf"}
    loaded = "import django, sys; django.setup(); import consent.tasks, consent.letters, portal.urls;"
    done = subprocess.run(
        [sys.executable, "-c", loaded + "print({'weasyprint', 'pypdf'} & sys.modules.keys())"],
        cwd=Path(settings.BASE_DIR),
        capture_output=True,
        text=True,
        check=True,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": ""},
    )
    assert done.stdout.strip() == "set()"
