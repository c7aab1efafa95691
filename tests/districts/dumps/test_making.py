"""A dump holds the public register as the API tells it, in three files that say the same, or is not there."""

import csv
import datetime as dt
import io
import json
import sqlite3
import threading
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.models import Student
from districts.dumps import making, shelf
from districts.dumps.formats import FILES, sha256_of
from districts.dumps.making import LOCK, is_due, make_dump, refresh
from districts.dumps.tables import tables
from districts.models import School, Vendor
from tests import factories as f
from tests.districts.api.register import fill, read_lists
from tests.districts.dumps import reading
from tests.districts.dumps.reading import csv_rows, json_records, records_of, sqlite_rows

pytestmark = pytest.mark.django_db

EVIL = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture(autouse=True)
def root(settings, tmp_path: Path) -> Path:
    settings.DUMPS_ROOT = tmp_path / "dumps"
    return settings.DUMPS_ROOT


def at(day: int, hour: int = 12, month: int = 9) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=dt.UTC)


def test_all_three_files_hold_the_apis_own_records_row_for_row() -> None:
    fill()
    made = make_dump(now=f.NOW)
    asked = read_lists(limit=100)
    assert len(asked) > 30
    assert {name for name, _key in asked} == set(tables())
    assert json_records(made.folder) == asked
    assert records_of(csv_rows(made.folder)) == asked
    assert records_of(sqlite_rows(made.folder)) == asked
    assert csv_rows(made.folder) == sqlite_rows(made.folder)


def test_texts_of_every_shape_come_back_as_they_were() -> None:
    shapes = [EVIL, "+1 309", "-x", "@x", "\tx", "'=x", "''@", "'Olu", 'a,"b"\nc\r\nd', "é 学 🙂", "", "'"]
    for number, text in enumerate(shapes):
        f.make_district(f"District {number}", rights_text=text)
    made = make_dump(now=f.NOW)
    for records in (json_records(made.folder), records_of(csv_rows(made.folder))):
        found = {r["name"]: r["rights_text"] for (name, _id), r in records.items() if name == "agencies"}
        assert [found[f"District {number}"] for number in range(len(shapes))] == shapes


def test_no_cell_begins_like_a_formula() -> None:
    f.make_district(EVIL, rights_text="@SUM(1)")
    made = make_dump(now=f.NOW)
    with zipfile.ZipFile(made.folder / "register.csv.zip") as packed:
        for name in packed.namelist():
            if name.endswith(".csv"):
                for row in csv.reader(io.StringIO(packed.read(name).decode(), newline="")):
                    assert [cell for cell in row if cell[:1] in set("=+-@\t\r") and cell] == [], name


def test_counts_and_hashes_are_those_of_the_files() -> None:
    fill()
    about = make_dump(now=f.NOW).about
    folder = shelf.find(about["name"]).folder
    assert [each["name"] for each in about["files"]] == list(FILES)
    for each in about["files"]:
        assert each["sha256"] == sha256_of(folder / each["name"])
        assert each["size"] == (folder / each["name"]).stat().st_size
    rows = sqlite_rows(folder)
    assert about["rows"] == {name: len(lines) for name, lines in rows.items()}
    assert about["records"] == {name: len(rows[name]) for name in tables()}


def test_each_file_ends_with_a_mark_and_one_that_was_cut_off_is_seen() -> None:
    fill()
    made = make_dump(now=f.NOW)
    said = {key: made.about[key] for key in ("name", "records", "rows", "register_version")}
    with zipfile.ZipFile(made.folder / "register.csv.zip") as packed:
        assert packed.namelist()[0] == "dictionary.csv"
        assert packed.namelist()[-1] == "end.json"
        end = json.loads(packed.read("end.json"))
        assert said.items() <= end.items()
        assert {each["name"]: each["rows"] for each in end["files"]} == {
            f"{name}.csv": number for name, number in made.about["rows"].items()
        }
    assert said.items() <= reading.json_lines(made.folder)[-1]["end"].items()
    database = sqlite3.connect(made.folder / "register.sqlite")
    assert said.items() <= json.loads(database.execute("SELECT * FROM about").fetchone()[0]).items()
    database.close()
    for name, error in (("register.csv.zip", zipfile.BadZipFile), ("register.jsonl.gz", EOFError)):
        whole = (made.folder / name).read_bytes()
        (made.folder / name).write_bytes(whole[: len(whole) * 9 // 10])
        with pytest.raises(error):
            (csv_rows if "csv" in name else json_records)(made.folder)


def test_the_sqlite_file_can_not_be_written_and_names_its_columns() -> None:
    made = make_dump(now=f.NOW)
    path = made.folder / "register.sqlite"
    assert path.stat().st_mode & 0o222 == 0
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    told = set(database.execute('SELECT "table", "column" FROM dictionary'))
    database.close()
    assert told == {(table.name, column.name) for table in reading.every_table() for column in table.columns}


def test_no_table_has_two_columns_of_one_name() -> None:
    for table in reading.every_table():
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names)), table.name


def test_every_column_is_explained() -> None:
    silent = [
        f"{table.name}.{column.name}"
        for table in reading.every_table()
        for column in table.columns
        if not column.meaning
    ]
    assert silent == []


def test_what_is_not_public_is_in_no_file(root: Path) -> None:
    fill()
    made = make_dump(now=f.NOW)
    assert "secret" not in json.dumps(list(json_records(made.folder).values())).lower()
    assert b"secret" not in (made.folder / "register.sqlite").read_bytes().lower()


def test_it_is_read_by_the_public_role_alone(monkeypatch) -> None:
    monkeypatch.setitem(vars(making.RESOURCES[0]), "rows", lambda: Student.objects.all())
    with pytest.raises(Exception, match="permission denied"):
        make_dump(now=f.NOW)


@pytest.mark.parametrize("broken", ["rename", "fsync"])
def test_a_dump_that_fails_leaves_the_last_good_one_and_no_remains(root: Path, monkeypatch, broken) -> None:
    good = make_dump(now=at(1))
    monkeypatch.setattr(making.os, broken, lambda *args: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        make_dump(now=at(2))
    assert [path.name for path in root.iterdir()] == [good.name]
    assert [each.name for each in shelf.dumps()] == [good.name]


def test_what_a_killed_worker_left_is_never_taken_for_a_dump_and_cleared_next_time(root: Path) -> None:
    (root / f"{shelf.UNFINISHED}-20260901T120000Z").mkdir(parents=True)
    (root / "20260830T120000Z").mkdir()  # no manifest in it: not ours
    assert shelf.dumps() == []
    made = make_dump(now=at(2))
    assert {path.name for path in root.iterdir()} == {made.name, "20260830T120000Z"}


def test_memory_does_not_grow_with_the_register() -> None:
    district = f.make_district()

    def peak(schools: int) -> int:
        School.objects.bulk_create(
            School(agency=district, name=f"School {n}" + "x" * 100, roster_id=f"{schools}-{n}")
            for n in range(schools)
        )
        tracemalloc.start()
        make_dump(now=f.NOW + dt.timedelta(seconds=schools))
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)  # what is kept for good: serializers, the document
    few = peak(1500)
    assert peak(4000) < few + 1_500_000  # bytes; 4,000 rows held at once are 8 MB


def test_ten_records_cost_as_many_queries_as_one() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            make_dump(now=f.NOW + dt.timedelta(seconds=Vendor.objects.count()))
        return len(asked)

    first = fill()
    one = queries()
    for n in range(9):
        f.make_vendor(f"Company {n}")
        draft = f.make_draft(f.make_agreement(first.agreement.agency))
        type(draft).objects.filter(pk=draft.pk).update(published_at=f.NOW)
    assert queries() == one


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_dump_and_what_is_read_is_one_state_of_the_register() -> None:
    """As in production: connections of their own, and somebody who writes meanwhile."""
    district = f.make_district("Before")
    seen: list[object] = []
    rows = making._read

    def slowly(resource, table):
        if resource.name == "schools":  # agencies were read: now somebody writes, and another worker begins
            other = threading.Thread(target=meanwhile)
            other.start()
            other.join()
        return rows(resource, table)

    def meanwhile() -> None:
        f.make_school(district, "Too late")
        seen.append(make_dump(now=f.NOW + dt.timedelta(minutes=1)))
        for name in ("default", "public"):
            making.connections[name].close()

    making._read = slowly
    try:
        made = make_dump(now=f.NOW)
    finally:
        making._read = rows
    assert seen == [None]
    assert made.about["records"]["schools"] == 0
    assert School.objects.count() == 1


def test_it_is_made_once_a_night_however_often_it_is_looked_for() -> None:
    assert is_due(at(1, 3))
    assert refresh(now=at(1, 3))
    assert [refresh(now=at(1, hour)) for hour in (4, 9)] == [None, None]
    assert refresh(now=at(1, 10))
    assert [refresh(now=at(1, 11)), refresh(now=at(2, 9))] == [None, None]
    assert refresh(now=at(2, 11))
    assert [each.made_at for each in shelf.dumps()] == [at(2, 11), at(1, 10)]


def test_the_command_makes_one_and_prints_what_it_holds(capsys) -> None:
    fill()
    call_command("dump_register")
    said = capsys.readouterr().out
    made = shelf.dumps()[0]
    assert f"{made.about['records']['elements']} elements" in said
    assert all(each["sha256"] in said for each in made.about["files"])


@pytest.mark.django_db(transaction=True)
def test_the_command_says_that_another_dump_is_being_made() -> None:
    held = threading.Event()
    done = threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            held.set()
            done.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(20)
        with pytest.raises(CommandError, match="Another dump is being made"):
            call_command("dump_register", verbosity=0)
    finally:
        done.set()
        holder.join()
