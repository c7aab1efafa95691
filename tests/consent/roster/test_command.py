"""manage.py import_roster: what it prints, and how it ends."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from consent.models import Student
from tests.consent.roster import files as r

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def district():
    return r.cedar_valley()


def run(path, *arguments: str) -> str:
    out = io.StringIO()
    call_command("import_roster", str(path), "--agency", "cedar-valley", *arguments, stdout=out)
    return out.getvalue()


def test_it_prints_counts_and_findings_in_words(tmp_path):
    people = [r.student(), r.student("tia"), r.adult("alice", email="alice@")]
    words = run(r.write_roster(tmp_path, people), "--as-of", "2026-09-01")
    assert "cedar-valley, as of 2026-09-01" in words
    assert "students                  2          0          0          0" in words
    assert "no usable e-mail address: users.csv line 4, alice: no_domain" in words
    assert "1 children with nobody to tell" in words


def test_json_has_the_counts_the_findings_and_no_name(tmp_path):
    people = [r.student(givenName="Samuel"), r.adult("alice", givenName="Alice")]
    printed = run(r.write_roster(tmp_path, people), "--json", "--dry-run", "--as-of", "2026-09-01")
    result = json.loads(printed)
    assert (result["created"], result["changed"], result["unchanged"]) == (5, 0, 0)
    assert (result["ended"], result["refused"], result["refusals"]) == (0, 0, [])
    assert result["counts"]["guardianships"]["created"] == 1
    assert result["dry_run"] is True
    assert "Samuel" not in printed
    assert "Alice" not in printed
    assert not Student.objects.exists()


def test_a_refusal_is_an_error_with_every_place_in_words_and_in_json(tmp_path):
    path = r.write_roster(tmp_path, [r.student(status="gone")])
    with pytest.raises(CommandError, match=r"users\.csv, line 2, column status"):
        run(path)
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_roster", str(path), "--agency", "cedar-valley", "--json", stdout=out)
    result = json.loads(out.getvalue())
    assert (result["refused"], result["created"]) == (1, 0)
    assert result["refusals"] == [
        {
            "file": "users.csv",
            "line": 2,
            "column": "status",
            "found": "“gone”",
            "expected": "active, tobedeleted or nothing",
        }
    ]
