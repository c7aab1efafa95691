"""Which dumps stay, which come down, and what anybody is given: whole files, with a hash, or a reason."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import http_date

from districts.dumps import shelf
from districts.dumps.making import make_dump, refresh
from districts.models import AgreementDocument, DocumentWithdrawal, OpenQuestion, Remark
from districts.open_questions import withdraw_question
from districts.tasks import dump_register, forget_withdrawn
from tests import factories as f
from tests.districts.api.register import fill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(settings, tmp_path: Path) -> Path:
    settings.DUMPS_ROOT = tmp_path / "dumps"
    return settings.DUMPS_ROOT


def at(day: int, hour: int = 12, month: int = 9) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=dt.UTC)


def copy(name: str, as_of: dt.datetime, root: Path) -> None:
    """Let the dump of a name lie there once more, as one made at another moment."""
    other = root / as_of.strftime(shelf.NAME_FORMAT)
    shutil.copytree(root / name, other)


def withdraw() -> DocumentWithdrawal:
    paper = AgreementDocument.objects.filter(withdrawal=None).first()
    return DocumentWithdrawal.objects.create(document=paper, reason="A name stood in it.")


KEPT = {
    "nothing": ([], []),
    "one": ([at(1)], [at(1)]),
    "the last of a day": ([at(1, 3), at(1, 11)], [at(1, 11)]),
    "seven days and the first of the month": (
        [at(day) for day in range(2, 20)],
        [at(2), *(at(day) for day in range(13, 20))],
    ),
    "the first of each month, for good": (
        [at(5, month=6), at(6, month=6), at(1, month=7), at(2, month=7), *(at(d) for d in range(1, 12))],
        [at(5, month=6), at(1, month=7), at(1), *(at(d) for d in range(5, 12))],
    ),
    "days on which none was made do not count": (
        [at(1, month=3), at(2, month=3), at(1), at(20)],
        [at(1, month=3), at(2, month=3), at(1), at(20)],
    ),
}


@pytest.mark.parametrize(("made", "stays"), KEPT.values(), ids=[name.replace(" ", "-") for name in KEPT])
def test_the_last_seven_days_and_the_first_of_each_month_are_kept(made, stays) -> None:
    assert shelf.kept(made) == set(stays)


def test_what_is_not_kept_is_thrown_away(root: Path) -> None:
    first = make_dump(now=at(1))
    for day in range(2, 11):
        copy(first.name, at(day), root)
    refresh(now=at(11))
    assert [each.made_at.day for each in shelf.dumps()] == [11, 10, 9, 8, 7, 6, 5, 1]
    assert len(list(root.iterdir())) == 8
    assert shelf.tombstones() == []


def test_a_withdrawal_takes_down_every_dump_that_was_made_before_it_and_says_why(client, root: Path) -> None:
    fill()
    old = make_dump(now=at(1))
    copy(old.name, at(2), root)
    withdraw()
    assert shelf.forget(now=at(3)) == ["20260902T120000Z", "20260901T120000Z"]
    assert shelf.dumps() == []
    left = shelf.tombstones()
    assert [each["name"] for each in left] == ["20260902T120000Z", "20260901T120000Z"]
    assert left[1]["why"] == "A paper or words in it may have been withdrawn after it was made."
    assert [each["sha256"] for each in left[1]["files"]] == [each["sha256"] for each in old.about["files"]]
    assert {path.name for path in root.iterdir()} == {f"{each['name']}{shelf.GONE}" for each in left}
    assert shelf.forget(now=at(3)) == []


def test_words_of_a_question_and_a_remark_that_came_down_take_every_dump_down_too(root: Path) -> None:
    fill()
    for day in (1, 2):
        made = make_dump(now=at(day))
        if day == 1:
            question = OpenQuestion.objects.filter(is_withdrawn=False).first()
            withdraw_question(question_id=question.pk, reason="A child was named.")
        else:
            said = Remark.objects.get(party="company")
            Remark.objects.create(
                agreement=said.agreement,
                party="district",
                answers_to=said,
                takes_down=True,
                text="It named a child.",
                said_on=f.TODAY,
            )
        assert shelf.forget(now=at(3)) == [made.name]
    assert b"We delete after 30 days" not in (make_dump(now=at(4)).folder / "register.sqlite").read_bytes()


def test_after_a_restore_from_a_backup_no_dump_of_what_is_no_more_stands(root: Path) -> None:
    fill()
    made = make_dump(now=at(1))
    about = {**made.about, "withdrawals": made.about["withdrawals"] + 1}
    (made.folder / shelf.MANIFEST).write_text(json.dumps(about))
    assert shelf.forget(now=at(2)) == [made.name]


def test_the_next_hour_makes_a_dump_without_it_though_none_was_due(root: Path) -> None:
    fill()
    refresh(now=at(1, 11))
    withdraw()
    made = refresh(now=at(1, 12))
    assert [each.name for each in shelf.dumps()] == [made.name]
    assert shelf.forget(now=at(1, 13)) == []


def test_a_dump_that_must_come_down_is_served_to_nobody_even_before_the_task_comes(client) -> None:
    fill()
    made = make_dump(now=at(1))
    address = f"/open-data/dumps/{made.name}/register.sqlite"
    assert client.get(address).status_code == 200
    withdraw()
    for _when in ("before", "after"):
        gone = client.get(address)
        assert (gone.status_code, gone["Access-Control-Allow-Origin"]) == (410, "*")
        assert "This copy was taken down." in gone.content.decode()
        assert client.get("/open-data/latest/register.sqlite").status_code == 404
        assert client.get("/open-data/dumps.json").json()["dumps"] == []
        forget_withdrawn()
    assert [each["name"] for each in client.get("/open-data/dumps.json").json()["taken_down"]] == [made.name]
    page = client.get("/open-data/").content.decode()
    assert "Copies that were taken down" in page
    assert "There is no copy yet." in page


def test_the_newest_dump_is_found_without_knowing_its_name(client) -> None:
    fill()
    made = make_dump(now=at(1))
    for about in made.about["files"]:
        lead = client.get(f"/open-data/latest/{about['name']}")
        assert (lead.status_code, lead["Cache-Control"]) == (302, "no-cache")
        assert lead["Location"] == f"/open-data/dumps/{made.name}/{about['name']}"
        answer = client.get(lead["Location"])
        assert b"".join(answer.streaming_content) == (made.folder / about["name"]).read_bytes()
        assert answer["Content-Type"] == about["media_type"]
        assert answer["Content-Length"] == str(about["size"])
        assert answer["ETag"] == f'"{about["sha256"]}"'
        assert answer["Last-Modified"] == http_date(made.made_at.timestamp())
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "publicdomain/zero" in answer["Link"]


def test_whoever_has_the_file_is_not_sent_it_again(client) -> None:
    made = make_dump(now=at(1))
    address = f"/open-data/dumps/{made.name}/register.sqlite"
    first = client.get(address)
    for known in (
        {"if-none-match": first["ETag"]},
        {"if-modified-since": first["Last-Modified"]},
    ):
        again = client.get(address, headers=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200


def test_the_list_is_the_manifests(client, settings) -> None:
    fill()
    made = make_dump(now=at(1))
    listed = client.get("/open-data/dumps.json").json()
    assert listed["dumps"] == [json.loads((made.folder / shelf.MANIFEST).read_text())]
    for about in listed["dumps"][0]["files"]:
        assert client.get(about["url"].removeprefix(settings.SITE_URL)).status_code == 200
    assert listed["latest"]["register.sqlite"] == f"{settings.SITE_URL}/open-data/latest/register.sqlite"
    assert client.get("/es/open-data/dumps.json").json() == listed


@pytest.mark.parametrize(
    "address",
    [
        "dumps/20260901T120000Z/manifest.json",
        "dumps/20260901T120000Z/..",
        "dumps/20260901T120000Z/%2e%2e%2fsecret.txt",
        "dumps/%2e%2e/secret.txt",
        "dumps/20260902T120000Z/register.sqlite",
        "dumps/.making-20260903T120000Z/register.sqlite",
        "latest/manifest.json",
        "latest/secret.txt",
    ],
)
def test_nothing_but_the_files_of_a_whole_dump_can_be_reached(client, root: Path, address) -> None:
    make_dump(now=at(1))
    (root / "secret.txt").write_text("secret")
    (root.parent / "secret.txt").write_text("secret")
    (root / ".making-20260903T120000Z").mkdir()
    (root / ".making-20260903T120000Z" / "register.sqlite").write_text("half")
    assert client.get(f"/open-data/{address}").status_code == 404


def test_a_download_holds_no_transaction_and_asks_for_no_session(client, rf) -> None:
    client.force_login(f.make_user())
    made = make_dump(now=at(1))
    answer = client.get(f"/open-data/dumps/{made.name}/register.sqlite")
    assert not answer.cookies
    with CaptureQueriesContext(connection) as asked:
        b"".join(answer.streaming_content)
    assert len(asked) == 0


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nobody_can_change_a_dump(client, method) -> None:
    assert getattr(client, method)("/open-data/dumps.json").status_code == 405


def test_the_page_says_how_many_of_each_how_big_and_with_which_hash(client, root: Path) -> None:
    fill()
    made = make_dump(now=at(1))
    page = client.get("/open-data/").content.decode()
    for about in made.about["files"]:
        assert about["sha256"] in page
        assert f'href="/open-data/latest/{about["name"]}"' in page
    assert f"<dd>{made.about['records']['elements']}</dd>" in page
    assert "Older copies" not in page
    copy(made.name, at(2), root)
    page = client.get("/open-data/").content.decode()
    assert "Older copies" in page
    assert f"/open-data/dumps/{made.name}/register.csv.zip" in page


def test_the_page_asks_as_much_with_ten_dumps_as_with_one(root: Path) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert Client().get("/open-data/").status_code == 200
        return len(asked)

    made = make_dump(now=at(1))
    one = queries()
    for day in range(2, 11):
        copy(made.name, at(day), root)
    assert queries() == one


def test_the_task_makes_a_dump_where_there_is_none_and_leaves_one_that_is_new() -> None:
    dump_register()
    (made,) = shelf.dumps()
    dump_register()
    assert [each.name for each in shelf.dumps()] == [made.name]
