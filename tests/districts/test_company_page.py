"""The page of a company over districts: terms side by side, nothing merged, small and cheap however many."""

import re

import brotli
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from districts.models import Promise, Subcontractor, Vendor, VendorOwnership
from districts.side_by_side import PAGE_SIZE
from tests import factories as f
from tests.districts.company_cast import agree, agree_with_many

pytestmark = pytest.mark.django_db

PAGE_OF_LUMINO = "/companies/lumino/"
MOST_BYTES = 20 * 1024  # brotli


@pytest.fixture
def lumino() -> Vendor:
    return f.make_vendor("Lumino Reading", slug="lumino", business_address="12 Oak Street, Peoria, IL")


def html_of(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return response.content.decode()


def words_of(path: str) -> str:
    """Return the words of a page's main part, tags taken out."""
    html = html_of(path)
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(strip_tags(main.replace("<", " <")).split())


def rows_of(path: str) -> list[str]:
    """Return the words of each row of the table."""
    found = re.findall(r'<tr role="row"><th role="rowheader".*?</tr>', html_of(path), re.S)
    return [" ".join(strip_tags(row.replace("<", " <")).split()) for row in found]


def count(path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(path).status_code == 200
    return len(queries)


def test_terms_of_districts_stand_side_by_side_and_are_never_mixed(lumino):
    first = agree(lumino, "Cedar Valley", 30)
    second = agree(lumino, "Elm Grove", 365, subcontractors_answer="not_filled_in")
    page = words_of(PAGE_OF_LUMINO)
    assert "The shortest time until data is deleted is 30 days ( Cedar Valley )." in page
    assert "The longest is 365 days ( Elm Grove )." in page
    cedar, elm, *_labels = rows_of(PAGE_OF_LUMINO)
    assert cedar.startswith("Cedar Valley Cedar Valley terms In use, agreement signed 30 days after")
    assert "The company says there are none." in cedar
    assert "365 days after the agreement ends" in elm
    assert "30 days" not in elm
    assert elm.endswith("The district has not filled this in yet.")
    html = html_of(PAGE_OF_LUMINO)
    for version in (first, second):  # both are whole on the page, since they are few
        assert f'id="label-{version.pk}"' in html


def test_who_has_filled_in_nothing_is_said_so_once(lumino):
    agree(lumino, "Cedar Valley", 30)
    version = f.make_draft(f.make_agreement(f.make_district("Oak Park"), lumino), ())
    version.subcontractors_answer = "not_filled_in"
    version.published_at = timezone.now()
    version.save()
    (oak,) = [row for row in rows_of(PAGE_OF_LUMINO) if row.startswith("Oak Park")]
    assert oak.count("The district has not filled this in yet.") == 1


def test_only_times_of_one_kind_are_compared(lumino):
    agree(lumino, "Cedar Valley", 30)
    other = f.make_draft(f.make_agreement(f.make_district("Elm Grove"), lumino), [])
    f.add_line(other, "grade", kept="school_year", kept_days=None)
    f.add_line(other, "name", kept_days=5)
    type(other).objects.filter(pk=other.pk).update(published_at=f.NOW)
    page = words_of(PAGE_OF_LUMINO)
    assert "shortest" not in page
    assert "Until the end of the school year" in page


FIVE = [
    ("yes", "Not allowed", "Promised"),
    ("no", "Allowed", "Not promised"),
    ("unclear", "The agreement is not clear", "Not clear"),
    ("not_stated", "The agreement does not say", "The agreement does not say"),
    ("not_entered", "The district has not filled this in yet.", "Not filled in"),
]


def test_the_five_answers_are_kept_apart_for_each_agreement(lumino):
    codes = Promise.Code.values[:5]
    version = f.make_draft(f.make_agreement(f.make_district("Cedar Valley"), lumino))
    for code, (answer, _whole, _beside) in zip(codes, FIVE, strict=True):
        Promise.objects.create(version=version, code=code, answer=answer, reader="Dana Ruiz", read_on=f.TODAY)
    type(version).objects.filter(pk=version.pk).update(published_at=f.NOW)
    html = html_of(PAGE_OF_LUMINO)
    asked = html[html.index('<ul class="rows rows--ask">') :]
    shown = [" ".join(strip_tags(li.replace("<", " <")).split()) for li in asked.split("<li>")[1:6]]
    for row, (_answer, whole, _beside) in zip(shown, FIVE, strict=True):
        assert whole in row
    assert [row.endswith("Read by Dana Ruiz on Sep 1, 2026.") for row in shown] == [True] * 4 + [False]
    agree(lumino, "Elm Grove")
    cedar, elm = rows_of(PAGE_OF_LUMINO)[:2]
    for code, (_answer, _whole, beside) in zip(codes[:4], FIVE, strict=False):
        assert f"{beside} (1) {Promise.Code(code).label}" in cedar
    assert "Not filled in (9) The company says there are none." in cedar
    assert (
        "Does not sell the data" not in elm
    )  # below “What the company promises” it would read like a promise


def test_other_companies_come_with_the_data_they_see(lumino):
    version = f.make_draft(f.make_agreement(f.make_district(), lumino), [], subcontractors_answer="listed")
    f.add_line(version, "voice-recording", recipients=["Clearwave  Speech"])
    f.add_line(version, "grade", recipients=["Gradebook Sync"])
    Subcontractor.objects.create(version=version, name="Clearwave Speech", role="Hears the reading")
    Subcontractor.objects.create(version=version, name="Northrack Hosting")
    type(version).objects.filter(pk=version.pk).update(published_at=f.NOW)
    page = words_of(PAGE_OF_LUMINO)
    assert "Clearwave Speech Hears the reading voice recording Northrack" in page
    assert "Northrack Hosting The district has not filled in which data it sees." in page
    assert "Gradebook Sync It is named with the data, not in the list of other companies. grade" in page


def test_why_this_company_and_who_decided_are_said_or_a_gap(lumino):
    agree(lumino, "Cedar Valley", why_this_company="Out of three, the teachers chose it.")
    page = words_of(PAGE_OF_LUMINO)
    assert "Why this company Out of three, the teachers chose it." in page
    assert "Who decided The district has not filled this in yet." in page
    assert "Kind of company For profit Name in contracts The district has not filled this in yet." in page
    assert "Business address 12 Oak Street, Peoria, IL" in page


def test_the_whole_chain_of_owners_is_there_with_its_days_and_ends_in_a_circle(lumino):
    media, fund = f.make_vendor("Big Media"), f.make_vendor("Far Fund")
    VendorOwnership.objects.create(vendor=lumino, owner=media, since=f.TODAY)
    VendorOwnership.objects.create(vendor=media, owner=fund, source_url="https://office.example/9")
    VendorOwnership.objects.create(vendor=fund, owner=lumino, until=f.TODAY)
    agree(lumino, "Cedar Valley")
    page = words_of(PAGE_OF_LUMINO)
    chain = page[page.index("Who owns it") :]
    assert "Big Media Since Sep 1, 2026 ." in chain
    assert "Far Fund , owner of Big Media The first day is not known. Source" in chain
    assert "Lumino Reading , owner of Far Fund The first day is not known. Until Sep 1, 2026 ." in chain


def test_every_agreement_of_hundreds_is_reached_once_also_when_one_comes_between(lumino):
    agree_with_many(lumino, 60, lines=1)
    seen, path = [], PAGE_OF_LUMINO
    while path:
        html = html_of(path)
        seen += re.findall(r'<span class="cat"><a href="/agreements/([0-9a-f-]+)/v1/"', html)
        following = re.search(r'rel="next" href="([^"#]+)', html)
        path = following and PAGE_OF_LUMINO + following.group(1).replace("&amp;", "&")
        if len(seen) == PAGE_SIZE:
            agree(lumino, "Aardvark")  # before what was read already
    assert len(seen) == len(set(seen)) == 60
    assert "Show its agreement" in html_of(PAGE_OF_LUMINO)


@pytest.mark.parametrize("after", ["x", "00000000-0000-0000-0000-000000000000", "\x00"])
def test_a_place_that_is_none_begins_anew(lumino, after):
    agree(lumino, "Cedar Valley")
    response = Client().get(PAGE_OF_LUMINO, {"after": after})
    assert response.status_code == 200
    assert b"Cedar Valley" in response.content


def test_naming_a_district_shows_its_whole_label(lumino):
    agree_with_many(lumino, 30, lines=2)
    agree(lumino, "Cedar Valley")
    assert 'class="label"' not in html_of(PAGE_OF_LUMINO)
    page = html_of(PAGE_OF_LUMINO + "?district=cedar+val")
    assert page.count('class="label"') == 1
    assert "We found no agreement with a district called “nowhere”." in words_of(
        PAGE_OF_LUMINO + "?district=nowhere"
    )


def test_a_company_in_377_agreements_has_a_small_page(lumino):
    agree_with_many(lumino, 377)
    page = html_of(PAGE_OF_LUMINO).encode()
    assert b"There are 377 agreements here." in page
    assert len(brotli.compress(page)) <= MOST_BYTES
    assert len(page) < 100_000


def test_ten_agreements_ask_no_more_than_one_and_other_companies_cost_nothing(lumino):
    agree(lumino, "Cedar Valley")
    count(PAGE_OF_LUMINO)
    one = count(PAGE_OF_LUMINO)
    agree_with_many(lumino, 9)
    ten = count(PAGE_OF_LUMINO)
    assert ten <= one
    agree_with_many_of_others()
    assert count(PAGE_OF_LUMINO) == ten
    agree(lumino, "Elm Grove")
    assert count(PAGE_OF_LUMINO) == ten


def agree_with_many_of_others() -> None:
    for n in range(3):
        agree(f.make_vendor(f"Other {n}"), f"Elsewhere {n}")
