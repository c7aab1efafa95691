"""`manage.py load_catalogue`: what it prints, as words and as JSON."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from districts.models import DataElement
from tests.districts.small_catalogue import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def run(*args: str) -> str:
    out = StringIO()
    call_command("load_catalogue", *args, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_prints_counts_and_the_sentence_of_the_page(folder):
    said = run("--folder", str(folder.path))
    assert "elements: 3 created, 0 changed, 0 unchanged" in said
    assert "2 data points, of 1 kinds" in said


@pytest.mark.django_db
def test_the_command_gives_its_counts_as_json(folder):
    told = json.loads(run("--folder", str(folder.path), "--json", "--dry-run"))
    assert told["created"] > 0
    assert (told["changed"], told["unchanged"], told["ended"], told["refused"]) == (0, 0, 0, 0)
    assert (told["refusals"], told["dry_run"]) == ([], True)
    assert not DataElement.objects.exists()


@pytest.mark.django_db
def test_the_command_gives_its_refusals_as_json_and_fails(folder):
    folder.replace("crosswalk.csv", "ndpa.1,phone", "ndpa.1,fax")
    out = StringIO()
    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("load_catalogue", "--json", folder=folder.path, stdout=out)
    told = json.loads(out.getvalue())
    assert told["refused"] == 1
    assert told["refusals"][0] == {
        "file": "crosswalk.csv",
        "line": 4,
        "column": "element",
        "found": "fax",
        "expected": "the code of an element",
    }
