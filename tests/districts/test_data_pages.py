"""Who may get a kind of data, or any of a group: today, on a day gone by, and who at another time."""

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.baselines import publish_baselines
from districts.endings import end_agreement
from districts.holders import LISTED
from districts.models import Agreement, AgreementEvent, AgreementVersion, Basis, Vendor
from tests import factories as f

pytestmark = pytest.mark.django_db

ADDRESS = ("home-address", "contact", Basis.SCHOOL_OFFICIAL)
PHONE = ("phone", "contact", Basis.CONSENT)


def publish(version: AgreementVersion) -> AgreementVersion:
    version.published_at = timezone.now()
    version.save()
    return version


def allow(name: str, lines=(ADDRESS,), *, since: dt.date, until: dt.date | None = None, **fields):
    """Publish a signed agreement of a new company that allows the lines from a day on."""
    vendor = f.make_vendor(name, kind=fields.pop("kind", Vendor.Kind.FOR_PROFIT))
    agreement = f.make_agreement(f.make_district(), vendor, begins_on=since, ends_on=until, **fields)
    AgreementEvent.objects.create(agreement=agreement, kind="executed", happened_on=since)
    publish(f.make_draft(agreement, lines, effective_from=since))
    return agreement


def plain(address: str) -> str:
    """Return the words of a page."""
    return " ".join(re.sub(r"<[^>]*>", "", Client().get(address).content.decode()).split())


def parts(address: str) -> tuple[str, str]:
    """Return what a page says of the day asked for, and of other times."""
    page = Client().get(address).content.decode()
    shown, _, other = page.partition("Who could get it ")
    if "Who could get it then" in page:
        shown, _, other = page.partition("Who could get it at another time")
    return shown, other


@pytest.mark.parametrize("address", ["/data/home-address/", "/data/groups/contact/"])
def test_who_may_get_it_why_on_what_ground_since_when_and_whether_one_can_say_no(address):
    allow("Lumino", since=dt.date(2024, 8, 1))
    shown, _ = parts(address)
    for words in (
        "Lumino",
        "teach",
        "34 CFR 99.31(a)(1)",
        "2024-08-01",
        "60 days",
        "You can ask or disagree",
    ):
        assert words in shown, words


def test_it_is_allowed_since_the_first_version_that_had_it():
    agreement = allow("Lumino", since=dt.date(2024, 8, 1))
    publish(f.make_draft(agreement, [ADDRESS, PHONE], effective_from=dt.date(2025, 8, 1)))
    assert "2024-08-01" in parts("/data/home-address/")[0]
    assert "2025-08-01" in parts("/data/phone/")[0]
    assert "2024-08-01" not in parts("/data/phone/")[0]


def test_companies_and_offices_are_counted_once_each_and_apart():
    since = dt.date(2024, 8, 1)
    agreement = allow("Lumino", since=since)
    other = f.make_agreement(f.make_district(), agreement.vendor, begins_on=since, ends_on=None)
    publish(f.make_draft(other, [ADDRESS], effective_from=since))
    allow("State office", since=since, kind=Vendor.Kind.PUBLIC_OFFICE)
    assert "1 company · 1 public office." in parts("/data/home-address/")[0]


def test_a_day_gone_by_shows_who_could_get_it_then():
    allow("Early", since=dt.date(2020, 1, 1), until=dt.date(2021, 6, 30), state="ended")
    allow("Late", since=dt.date(2024, 1, 1))
    shown, other = parts("/data/home-address/?on=2021-06-30")
    assert "Early" in shown
    assert "Late" not in shown
    assert "Late" in other
    now, before = parts("/data/home-address/")
    assert "Late" in now
    assert "Early" not in now
    assert "Early" in before
    assert "Early" not in parts("/data/home-address/?on=2021-07-01")[0]
    assert "Early" not in parts("/data/home-address/?on=2019-12-31")[0]


def test_an_agreement_ended_early_still_stands_on_the_days_before():
    agreement = allow("Lumino", since=dt.date(2020, 1, 1))
    end_agreement(agreement_id=agreement.pk, ends_on=dt.date(2022, 3, 31), now=timezone.now())
    assert "Lumino" in parts("/data/home-address/?on=2022-03-31")[0]
    assert "Lumino" not in parts("/data/home-address/?on=2022-04-01")[0]


def test_what_was_proposed_and_never_signed_could_never_get_it():
    agreement = f.make_agreement(
        f.make_district(),
        f.make_vendor("Never"),
        state="proposed",
        begins_on=dt.date(2020, 1, 1),
        ends_on=None,
    )
    publish(f.make_draft(agreement, [ADDRESS], effective_from=dt.date(2020, 1, 1)))
    end_agreement(agreement_id=agreement.pk, ends_on=dt.date(2022, 3, 31), now=timezone.now())
    for address in ("/data/home-address/", "/data/home-address/?on=2021-01-01"):
        assert "Never" not in Client().get(address).content.decode()


def test_of_an_agreement_whose_first_day_is_not_known_nothing_is_claimed():
    agreement = f.make_agreement(f.make_district(), f.make_vendor("inBloom"), state="ended", ends_on=None)
    Agreement.objects.update(begins_on=None)
    for kind, day in (("executed", None), ("ended", dt.date(2014, 4, 21))):
        AgreementEvent.objects.create(agreement=agreement, kind=kind, happened_on=day)
    publish(f.make_draft(agreement, [ADDRESS], effective_from=None))
    page = Client().get("/data/home-address/?on=2013-11-21").content.decode()
    assert "We know of no agreement that allowed it then." in page
    perhaps = page.partition("Who may have been allowed then")[2]
    assert "inBloom" in perhaps
    assert "The first day is not known." in perhaps
    assert "2014-04-21" in perhaps
    for address in ("/data/home-address/?on=2014-04-22", "/data/home-address/"):
        page = Client().get(address).content.decode()
        assert "Who may have been allowed then" not in page
        assert "inBloom" in page


def test_of_a_list_in_use_before_the_site_opened_the_day_is_said_to_be_the_latest_possible():
    vendor = f.make_vendor("Sheet", kind=Vendor.Kind.FOR_PROFIT)
    agreement = f.make_agreement(f.make_district(), vendor, ends_on=None)
    Agreement.objects.update(begins_on=None)
    f.make_draft(agreement, [ADDRESS], effective_from=None)
    day = dt.date(2026, 8, 1)
    report = publish_baselines(agencies=[agreement.agency], now=timezone.now(), in_use_since=day)
    assert len(report.published) == 1
    assert "Aug 1, 2026 or before" in plain("/data/home-address/")
    before = plain("/data/home-address/?on=2026-07-31").partition("Who may have been allowed then")[2]
    assert "Sheet" in before
    assert "From Aug 1, 2026 or before." in before
    assert "or before" not in plain("/data/phone/")
    publish(f.make_draft(agreement, [ADDRESS, PHONE], effective_from=dt.date(2026, 9, 1)))
    assert "Aug 1, 2026 or before" in plain("/data/home-address/")
    phone = plain("/data/phone/")
    assert "Sep 1, 2026" in phone
    assert "or before" not in phone


def test_what_is_only_proposed_is_said_to_be():
    agreement = f.make_agreement(f.make_district(), f.make_vendor("Maybe"), state="proposed")
    publish(f.make_draft(agreement, [ADDRESS], effective_from=dt.date(2030, 1, 1)))
    for address in ("/data/home-address/", "/data/home-address/?on=2021-01-01"):
        other = parts(address)[1]
        assert "Maybe" in other
        assert "Proposed, not in use" in other


@pytest.mark.parametrize(
    ("until", "newer_from", "last_day"),
    [
        (dt.date(2021, 6, 30), None, "2021-06-30"),
        (None, dt.date(2021, 1, 1), "2020-12-31"),  # the newer version has none of it
        (dt.date(2021, 6, 30), dt.date(2021, 1, 1), "2020-12-31"),
    ],
)
def test_the_days_of_another_time_are_those_on_which_it_was_allowed(until, newer_from, last_day):
    agreement = allow("Early", since=dt.date(2020, 1, 1), until=until, state="ended" if until else "signed")
    if newer_from:
        publish(f.make_draft(agreement, [PHONE], effective_from=newer_from))
    other = parts("/data/home-address/")[1]
    assert "2020-01-01" in other
    assert "Ended" in other
    assert last_day in other


def test_an_older_version_is_shown_on_its_days():
    agreement = allow("Lumino", [ADDRESS, PHONE], since=dt.date(2020, 1, 1))
    publish(f.make_draft(agreement, [PHONE], effective_from=dt.date(2022, 1, 1)))
    assert "Lumino" in parts("/data/home-address/?on=2021-12-31")[0]
    assert "Lumino" not in parts("/data/home-address/?on=2022-01-01")[0]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("tomorrow", "is no day. Enter one like"),
        ("2026-02-30", "is no day. Enter one like"),
        ("\x00", "is no day. Enter one like"),
        ("9" * 5000, "is no day. Enter one like"),
        ("9999-01-01", "Enter a day that is not in the future."),
    ],
)
def test_what_is_no_day_is_said_and_today_is_shown(typed, words):
    allow("Lumino", since=dt.date(2024, 8, 1))
    page = Client().get("/data/home-address/", {"on": typed}).content.decode()
    assert words in page
    assert "<title>Error:" in page
    assert "Who may get it now" in page


def test_a_group_names_each_kind_of_data_and_its_holders():
    allow("Lumino", [PHONE], since=dt.date(2024, 8, 1))
    f.make_element("home-address")
    shown, _ = parts("/data/groups/contact/")
    assert "<dt>What</dt><dd>phone</dd>" in shown
    assert 'href="/data/home-address/"' in shown
    assert Client().get("/data/groups/nonsense/").status_code == 404


def test_related_kinds_of_data_are_of_the_same_group_and_about_the_same_people():
    for code, category, subject in (
        ("home-address", "contact", "student"),
        ("phone", "contact", "student"),
        ("staff-phone", "contact", "staff"),
        ("grade", "school", "student"),
    ):
        f.make_element(code, category, subject=subject)
    page = Client().get("/data/home-address/").content.decode()
    assert 'href="/data/phone/"' in page
    for code in ("staff-phone", "grade"):
        assert f'href="/data/{code}/"' not in page


def test_the_catalogue_can_be_narrowed_to_staff():
    f.make_element("phone")
    f.make_element("staff-phone", subject="staff")
    page = Client().get("/data/?about=staff").content.decode()
    assert "<h1>Data about teachers and school staff</h1>" in page
    assert "/data/staff-phone/" in page
    assert "/data/phone/" not in page
    assert "/data/phone/" in Client().get("/data/?about=nobody").content.decode()


@pytest.mark.parametrize(
    "address", ["/data/home-address/", "/data/groups/contact/", "/data/phone/?on=2025-01-01"]
)
def test_holders_are_paged_by_company_without_a_gap_and_counted_whole_on_each_page(address):
    names = [f"Company {n:02}" for n in range(2 * LISTED + 3)]
    for name in reversed(names):
        allow(name, [PHONE, ADDRESS] if "groups" not in address else [PHONE], since=dt.date(2024, 8, 1))
    seen, pages = [], 0
    where = address
    while where:
        page = Client().get(where).content.decode()
        assert f"{len(names)} companies." in page
        assert ("First page" in page) == (pages > 0)
        seen += re.findall(r"<h3><a [^>]*><bdi>([^<]*)</bdi>", page)
        assert "at another time" not in page.lower()
        follows = re.search(r'rel="next" href="([^"]*)"', page)
        where = address.partition("?")[0] + html.unescape(follows[1]) if follows else ""
        pages += 1
    assert (seen, pages) == (names, 3)
    assert Client().get(address, {"after": "no number"}).status_code == 200
    assert "Company 00" in parts(f"{address.partition('?')[0]}?after=999999999999999999")[0]


def test_what_is_allowed_now_is_not_listed_as_of_another_time_however_much_there_is():
    for n in range(LISTED + 2):
        allow(f"Now {n:02}", since=dt.date(2024, 8, 1))
    allow("Past", since=dt.date(2020, 1, 1), until=dt.date(2021, 6, 30), state="ended")
    _, before = parts("/data/home-address/")
    assert "Past" in before
    assert "Now " not in before


@pytest.mark.parametrize(
    "address", ["/data/groups/contact/", "/data/home-address/?on=2025-01-01", "/data/?about=student"]
)
def test_ten_rows_ask_no_more_than_one(address):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(address).status_code == 200
        return len(asked)

    allow("Company", since=dt.date(2024, 8, 1))
    f.make_element("phone")
    one = queries()
    for n in range(9):
        allow(f"Company {n}", since=dt.date(2024, 8, 1))
        f.make_element(f"thing-{n}")
    assert queries() == one
