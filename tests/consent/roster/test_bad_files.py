"""Broken, hostile and misspelt files are refused, with the place and what was expected."""

import csv
import struct
import zipfile

import pytest

from consent.roster import opening
from tests import factories as f
from tests.consent.roster import files as r

pytestmark = pytest.mark.django_db

HEADER = ",".join(r.USERS_1_1)


@pytest.fixture(autouse=True)
def district():
    return r.cedar_valley()


@pytest.fixture
def roster(tmp_path):
    return r.write_roster(tmp_path / "roster", [r.student(), r.adult("alice")])


def spoil(roster, name: str, old: bytes, new: bytes):
    file = roster / name
    text = file.read_bytes()
    assert old in text
    file.write_bytes(text.replace(old, new, 1))
    return roster


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("givenName", "GivenName"),
        ("orgSourcedIds", "orgSourcedId"),
        ("email", "e-mail"),
        ("status", "Status"),
    ],
)
def test_a_misspelt_header_names_what_was_found_and_expected(roster, right, wrong):
    path = spoil(roster, "users.csv", right.encode(), wrong.encode())
    assert r.refusal_of(path) == (
        f"users.csv, line 1, column {wrong}: found “{wrong}”, expected the header “{right}”"
    )


def test_a_missing_header_and_a_doubled_one_are_named(roster):
    path = spoil(roster, "users.csv", b"familyName", b"xyz")
    assert r.refusal_of(path).endswith("found nothing, expected the header “familyName”")
    path = spoil(roster, "users.csv", b"xyz", b"familyName")
    path = spoil(roster, "users.csv", b"middleName", b"familyName")
    assert "column familyName: found two columns of this name" in r.refusal_of(path)


def test_another_encoding_is_refused_with_its_line(roster):
    path = spoil(roster, "users.csv", b"Alice", "Peña".encode("latin-1"))
    assert r.refusal_of(path) == "users.csv, line 3: found the byte 0xf1, expected text in UTF-8"


def test_utf_16_is_named(roster):
    file = roster / "users.csv"
    file.write_text(file.read_text(), encoding="utf-16")
    assert r.refusal_of(roster) == "users.csv, line 1: found UTF-16, expected UTF-8"


def test_a_nul_byte_is_refused(roster):
    assert "line 3: found a NUL byte" in r.refusal_of(spoil(roster, "users.csv", b"Alice", b"Al\0ice"))


def test_a_huge_cell_and_a_line_without_end_are_refused(roster):
    long = b"x" * (csv.field_size_limit() + 1)
    path = spoil(roster, "users.csv", b"Alice", long)
    assert "line 3: found field larger than field limit" in r.refusal_of(path)
    path = spoil(roster, "users.csv", long, b"x" * 2_000_000)
    assert "line 3: found a line that does not end" in r.refusal_of(path)


def test_an_open_quotation_mark_is_refused(roster):
    assert "line 3: found" in r.refusal_of(spoil(roster, "users.csv", b"Alice", b'"Alice'))


def test_a_row_with_a_cell_too_many_is_refused(roster):
    path = spoil(roster, "users.csv", b"Alice,", b"Alice,,")
    assert r.refusal_of(path) == "users.csv, line 3: found 19 cells, expected 18, as in the header"


def test_lines_are_counted_where_a_cell_goes_over_several(tmp_path):
    people = [r.student(middleName="two\nlines"), r.student("tia", status="gone", middleName="a\nb")]
    path = r.write_roster(tmp_path, people)
    assert "users.csv, line 4, column status: found “gone”" in r.refusal_of(path)


def test_an_id_on_two_lines_is_refused(tmp_path):
    path = r.write_roster(tmp_path, [r.student(), r.adult("alice"), r.adult("alice", of="")])
    assert r.refusal_of(path) == (
        "users.csv, line 4, column sourcedId: found “alice”, expected an id that stands on one line only"
    )


@pytest.mark.parametrize("name", ["orgs.csv", "users.csv"])
def test_a_missing_file_is_named(roster, name):
    (roster / name).unlink()
    assert r.refusal_of(roster).startswith(f"{name}: found no such file")


def test_an_empty_file_is_refused(roster):
    (roster / "users.csv").write_bytes(b"")
    assert "users.csv, line 1: found an empty file" in r.refusal_of(roster)


def test_cells_too_long_for_their_column_are_refused(tmp_path):
    path = r.write_roster(tmp_path, [r.student("s" * 81)])
    assert "line 2, column sourcedId: found “sss" in r.refusal_of(path)
    path = r.write_roster(tmp_path, [r.student(grades="third grade")])
    assert "column grades: found “third grade”, expected at most 8 characters" in r.refusal_of(path)


def test_all_wrong_cells_are_listed_up_to_a_hundred_and_counted(tmp_path):
    path = r.write_roster(tmp_path, [r.student(f"s{n}", status="gone") for n in range(250)])
    with pytest.raises(r.RosterRefused) as refused:
        r.load(path)
    assert (len(refused.value.refusals), refused.value.total) == (100, 250)


@pytest.mark.parametrize("file", ["users.csv", "classes.csv"])
def test_a_header_that_says_social_security_number_refuses_even_an_unread_column(roster, file):
    with (roster / file).open("a") as stream:
        stream.write("" if file == "users.csv" else "sourcedId,title,teacherSSN\n")
    if file == "users.csv":
        spoil(roster, file, b",password", b",SSN")
    assert "expected no column with Social Security numbers" in r.refusal_of(roster)


@pytest.mark.parametrize("column", ["sourcedId", "identifier", "username", "userIds", "agentSourcedIds"])
def test_social_security_numbers_in_any_id_refuse_and_are_not_repeated(tmp_path, column):
    cell = "{SIS:123-12-1234}" if column == "userIds" else "123-12-1234"
    words = r.refusal_of(r.write_roster(tmp_path, [r.student(**{column: cell})]))
    assert f"users.csv, line 2, column {column}" in words
    assert "1234" not in words


def test_possible_social_security_numbers_refuse_unless_the_format_is_declared(tmp_path, district):
    people = [r.student(f"12345678{n}") for n in range(1, 5)]
    path = r.write_roster(tmp_path, people)
    assert "4 of 4 nine-digit ids" in r.refusal_of(path)
    district.roster_id_format = r"\d{9}"
    district.save()
    assert r.load(path).counts["students"].created == 4


def test_a_truncated_zip_is_refused(roster):
    path = r.zipped(roster)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "found a file that is no zip, or a damaged one" in r.refusal_of(path)


def test_a_zip_whose_content_is_damaged_is_refused(roster):
    path = r.zipped(roster)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("users.csv")
    data = bytearray(path.read_bytes())
    name_length, extra_length = struct.unpack("<HH", data[info.header_offset + 26 : info.header_offset + 30])
    begin = info.header_offset + 30 + name_length + extra_length
    data[begin + 40 : begin + 60] = b"\xff" * 20
    path.write_bytes(data)
    assert "found a damaged zip" in r.refusal_of(path)


@pytest.mark.parametrize("name", ["../users.csv", "/etc/users.csv", "a/../../users.csv", "C:\\users.csv"])
def test_a_path_that_leaves_the_zip_is_refused(tmp_path, roster, name):
    path = r.zipped(roster)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "x")
    assert "expected a file inside the zip" in r.refusal_of(path)


def test_a_link_in_a_zip_and_one_out_of_the_folder_are_refused(tmp_path, roster):
    path = r.zipped(roster)
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("relations_extra.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "found a link" in r.refusal_of(path)
    outside = r.write(tmp_path / "outside", "demographics.csv", [{"sourcedId": "sam", "birthDate": ""}])
    (roster / "demographics.csv").symlink_to(outside)
    assert "found a link to outside" in r.refusal_of(roster)


def test_a_zip_made_to_grow_is_refused_before_it_is_unpacked(roster):
    path = r.zipped(roster)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("enrollments.csv", b"\0" * (40 * 1024 * 1024))
    assert "found a zip made to grow when unpacked" in r.refusal_of(path)


def test_a_zip_with_two_exports_side_by_side_is_refused_and_a_nested_copy_is_not_read(tmp_path, roster):
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for folder in ("north", "south"):
            for file in roster.iterdir():
                archive.write(file, f"{folder}/{file.name}")
    assert "two.zip: found users.csv in north and south, expected one export" in r.refusal_of(path)
    with zipfile.ZipFile(path, "w") as archive:
        for folder in ("", "old/"):
            for file in roster.iterdir():
                archive.write(file, f"{folder}{file.name}")
    assert r.load(path).counts["students"].created == 1


def test_too_many_and_too_big_files_are_refused(roster, monkeypatch):
    monkeypatch.setattr(opening, "LARGEST", 300)
    assert "expected at most" in r.refusal_of(roster)
    monkeypatch.setattr(opening, "MANY_MEMBERS", 1)
    assert "found “2”, expected at most 1 files" in r.refusal_of(r.zipped(roster)).replace(
        "found 2", "found “2”"
    )


def test_a_zip_with_a_password_or_two_files_of_a_name_is_refused(roster):
    path = r.zipped(roster)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("USERS.csv", HEADER)
    assert "found two files of this name" in r.refusal_of(path)


def test_nothing_at_the_path_is_refused(tmp_path):
    assert "found nothing there" in r.refusal_of(tmp_path / "missing")
    assert f.TODAY
