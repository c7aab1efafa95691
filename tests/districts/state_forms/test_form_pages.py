"""The forms of state law as pages and files: each column has its statute; others' forms are not there."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.state_forms import FORMS
from tests import factories as f
from tests.districts.state_forms.agreements import BEGAN, CODES, agreement, bare, district, full, rows_of
from tests.districts.test_pages import publish

pytestmark = pytest.mark.django_db


def test_every_column_of_every_form_has_a_meaning_and_its_statute(client) -> None:
    for form in FORMS:
        of = district(form.law_profile)
        names = [column.name for column in form.columns]
        assert len(names) == len(set(names))
        answer = client.get(f"/d/{of.slug}/forms/{form.code}/columns.csv")
        told = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
        assert [row["column"] for row in told] == [*names, "gaps"]
        assert all(row["meaning"] for row in told)
        law = {"utah": "Utah Code 53E-9-30", "illinois": "105 ILCS 85/", "new-york": "8 NYCRR 121.3(c)"}
        assert all(row["law"].startswith(law[form.code]) for row in told[:-1])
        bare(of)
        assert list(rows_of(of)[0]) == [*names, "gaps"]


def test_a_form_is_there_only_where_the_law_asks_for_it_and_linked_from_the_district(client) -> None:
    utah, ohio = district("us-ut"), district("us-oh")
    assert client.get(f"/d/{ohio.slug}/forms/utah.csv").status_code == 404
    assert client.get(f"/d/{utah.slug}/forms/illinois/").status_code == 404
    assert client.get("/d/nowhere/forms/utah/").status_code == 404
    assert f'href="/d/{utah.slug}/forms/utah/"' in client.get(f"/d/{utah.slug}/").content.decode()
    assert "/forms/" not in client.get(f"/d/{ohio.slug}/").content.decode()
    page = client.get("/open-data/").content.decode()
    assert "/d/…/forms/utah.csv" in page
    assert "/d/…/forms/new-york.csv" not in page


@pytest.mark.parametrize("profile", CODES)
def test_a_form_has_a_page_in_both_languages_that_explains_every_column(client, profile) -> None:
    of = district(profile)
    bare(of)
    for prefix in ("", "/es"):
        page = client.get(f"{prefix}/d/{of.slug}/forms/{CODES[profile]}/")
        assert page.status_code == 200
        assert not page.cookies
        form = next(form for form in FORMS if form.law_profile == profile)
        assert all(column.law in page.content.decode() for column in form.columns)
    english = client.get(f"/d/{of.slug}/forms/{CODES[profile]}/").content.decode()
    assert ("Bare Company" in english) == (profile != "us-ut")
    assert ("7 gaps" in english) == (profile == "us-ny")


def test_the_file_speaks_the_language_of_its_address() -> None:
    of = district("us-ny")
    bare(of)
    assert rows_of(of, "/es")[0]["stored_where"] == "El distrito no ha llenado esto"


def test_no_cell_begins_like_a_formula() -> None:
    version = full(district("us-il"))
    type(version.agreement.vendor).objects.update(legal_name="=HYPERLINK(1)")
    assert rows_of(version.agreement.agency)[0]["operator"] == "'=HYPERLINK(1)"


def test_a_long_form_is_paged_by_key(client) -> None:
    of = district("us-ny")
    for n in range(27):
        publish(f.make_draft(agreement(of, f"Company {n:02}"), effective_from=BEGAN))
    address = f"/d/{of.slug}/forms/new-york/"
    first = client.get(address).content.decode()
    assert "Company 24" in first
    assert "Company 25" not in first
    following = first.split('rel="next" href="')[1].split('"')[0]
    second = client.get(address + following).content.decode()
    assert "Company 25" in second
    assert "Company 24" not in second
    assert 'rel="next"' not in second
    for wrong in ("x", "-1", "²", str(2**63)):
        assert client.get(address, {"after": wrong}).status_code == 404
    assert len(rows_of(of)) == 27


def test_whoever_has_the_file_is_not_sent_it_again(client) -> None:
    of = district("us-ny")
    answer = client.get(f"/d/{of.slug}/forms/new-york.csv")
    known = {"if-none-match": answer["ETag"]}
    assert client.get(f"/d/{of.slug}/forms/new-york.csv", headers=known).status_code == 304
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_version_that_begins_to_count_at_midnight_is_sent_though_nothing_was_written(client, monkeypatch):
    of = district("us-ny")
    now = timezone.now()
    publish(f.make_draft(agreement(of), effective_from=of.today(now) + dt.timedelta(days=1)))
    address = f"/d/{of.slug}/forms/new-york.csv"
    before = client.get(address)
    assert "Lumino Reading" not in before.getvalue().decode()
    monkeypatch.setattr(timezone, "now", lambda: now + dt.timedelta(days=1))
    after = client.get(address, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert "Lumino Reading" in after.getvalue().decode()


@pytest.mark.parametrize("ending", ["/", ".csv"])
@pytest.mark.parametrize("profile", CODES)
def test_ten_agreements_ask_no_more_than_one(profile, ending) -> None:
    of = district(profile)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            answer = Client().get(f"/d/{of.slug}/forms/{CODES[profile]}{ending}")
            assert answer.status_code == 200
            answer.getvalue()
        return len(asked)

    full(of)
    one = queries()
    for _n in range(9):
        full(of)
    assert queries() == one
