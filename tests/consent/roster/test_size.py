"""A load of many rows asks the database as often, and takes as much memory, as one of few."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.models import Student
from tests.consent.roster import files as r

pytestmark = pytest.mark.django_db

PROJECT = Path(__file__).resolve().parents[3]
MEGABYTE = 1024 * 1024


def many(children: int) -> list[r.Row]:
    """Return so many children with a parent each."""
    rows = []
    for n in range(children):
        rows.append(r.student(f"child-{n}", grades=f"{n % 12 + 1:02}"))
        rows.append(r.adult(f"parent-{n}", of=f"child-{n}"))
    return rows


def queries_of(path: Path) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        r.load(path)
    return len(asked)


def test_the_number_of_queries_does_not_grow_with_the_file(tmp_path):
    r.cedar_valley()
    extras = [r.extra("child-0", "parent-0", contactRestrictions="no contact")]
    small = r.write_roster(tmp_path / "small", many(2), extras=extras)
    large = r.write_roster(tmp_path / "large", many(400), extras=extras)
    few = queries_of(small)
    r.load(r.write_roster(tmp_path / "none", [r.student()]))
    assert queries_of(large) == few
    assert Student.objects.filter(ended_on=None).count() == 400


@pytest.mark.slow
def test_two_hundred_thousand_rows_need_no_more_memory_than_two_thousand(tmp_path):
    small = r.write_roster(tmp_path / "small", many(1_000))
    large = r.write_roster(tmp_path / "large", many(100_000))
    command = [sys.executable, "-m", "tests.consent.roster.in_a_child"]
    names = [connection.settings_dict["NAME"], str(small), str(large)]
    done = subprocess.run(command + names, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    first, second = json.loads(done.stdout)
    assert (first["guardianships"], second["guardianships"]) == (1_000, 100_000)
    assert second["peak"] - first["peak"] < 8 * MEGABYTE
