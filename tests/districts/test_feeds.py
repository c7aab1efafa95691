"""Feeds and calendars: what changed, for anybody, with ids that stay."""

import json
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from districts.publish import publish_version
from tests import factories as f
from tests.cedar_valley import Town
from tests.districts.api.register import fill, stamp_now

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def two_districts() -> Town:
    """Make Cedar Valley, and another district with news of its own."""
    town = Town()
    town.something_happens()
    other = f.make_agreement(f.make_district("Far Away Schools", slug="far-away"), f.make_vendor("Other Inc"))
    publish_version(version_id=f.make_draft(other, [("bus-stop", "travel", "school_official")]).pk, now=f.NOW)
    stamp_now()
    return town


@pytest.fixture
def town():
    return two_districts()


FEEDS = ["/changes/feed", "/d/cedar-valley/feed", "/companies/lumino-reading/feed", "/data/class-photo/feed"]
FEEDS += ["/data/about/student/feed"]


def items(address, **headers):
    return json.loads(Client().get(f"{address}.json", headers=headers).content)["items"]


def test_each_feed_tells_what_its_page_is_about(town):
    whole = {item["title"] for item in items("/changes/feed")}
    assert any("Other Inc" in title for title in whole)
    for address in FEEDS[1:3]:
        titles = [item["title"] for item in items(address)]
        assert titles
        assert not any("Other Inc" in title for title in titles)
    assert [item["id"] for item in items("/data/bus-stop/feed")] == [
        f"urn:uuid:{each.public_id}"
        for each in f.Agreement.objects.get(vendor__name="Other Inc").publications.all()
    ]


def test_a_kind_of_datas_feed_tells_only_what_concerns_it(town):
    told = items("/data/class-photo/feed")
    assert f"urn:uuid:{town.second.public_id}" in {item["id"] for item in told}
    assert f"urn:uuid:{town.first.public_id}" not in {item["id"] for item in told}
    added = next(item for item in told if item["id"].endswith(str(town.second.public_id)))
    assert "class photo" in added["content_text"]
    assert "voice" not in added["content_text"]


def test_the_feed_of_data_about_staff_tells_who_may_get_that_and_nothing_about_children(town, client):
    f.make_element("staff-phone", "staff-contact", subject="staff")
    both = f.make_agreement(f.make_district("Oak", slug="oak"), f.make_vendor("Payroll Inc"))
    lines = [("staff-phone", "contact", "school_official"), ("bus-stop", "travel", "school_official")]
    publication = publish_version(version_id=f.make_draft(both, lines).pk, now=f.NOW)
    stamp_now()
    [told] = items("/data/about/staff/feed")
    assert told["id"] == f"urn:uuid:{publication.public_id}"
    assert "staff phone" in told["content_text"]
    assert "bus stop" not in told["content_text"]
    assert told["id"] in {item["id"] for item in items("/data/about/student/feed")}
    assert json.loads(client.get("/data/about/staff/feed.json").content)["title"] == (
        "Data about teachers and school staff"
    )
    assert client.get("/data/about/nobody/feed.atom").status_code == 404


@pytest.mark.parametrize("address", FEEDS)
def test_both_ways_of_writing_hold_the_same_entries_in_the_language_of_the_address(town, address, settings):
    for prefix, language in (("", "en"), ("/es", "es")):
        read = json.loads(Client().get(f"{prefix}{address}.json").content)
        tree = ElementTree.fromstring(Client().get(f"{prefix}{address}.atom").content)
        assert read["language"] == language == tree.get("{http://www.w3.org/XML/1998/namespace}lang")
        assert read["feed_url"] == f"{settings.SITE_URL}{prefix}{address}.json"
        entries = tree.findall(f"{ATOM}entry")
        assert [item["id"] for item in read["items"]] == [each.findtext(f"{ATOM}id") for each in entries]
        assert [item["title"] for item in read["items"]] == [
            each.findtext(f"{ATOM}title") for each in entries
        ]
        for item in read["items"]:
            page = item["url"].removeprefix(settings.SITE_URL)
            assert page.startswith(f"{prefix}/changes/")
            assert Client().get(page).status_code == 200


def test_the_same_news_has_the_same_id_in_every_feed_and_language(town):
    for address in FEEDS[1:]:
        assert {item["id"] for item in items(address)} <= {item["id"] for item in items("/changes/feed")}
    assert {i["id"] for i in items("/changes/feed")} == {i["id"] for i in items("/es/changes/feed")}


@pytest.mark.parametrize("address", [*(f"{feed}.atom" for feed in FEEDS), "/d/cedar-valley/dates.ics"])
def test_a_feed_that_has_nothing_new_is_not_sent_again(town, address):
    first = Client().get(address)
    assert first.status_code == 200
    assert first["Access-Control-Allow-Origin"] == "*"
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert len([query for query in asked if query["sql"].startswith("SELECT")]) == 1
    if "Last-Modified" in first:
        seen = {"if-modified-since": first["Last-Modified"]}
        assert Client().get(address, headers=seen).status_code == 304
    town.lumino.name = "Lumino Learning"
    town.lumino.save()
    stamp_now()
    assert Client().get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_pages_name_their_feeds(town, client):
    for page, feed in (
        ("/d/cedar-valley/", "/d/cedar-valley/feed"),
        ("/companies/lumino-reading/", "/companies/lumino-reading/feed"),
        ("/data/class-photo/", "/data/class-photo/feed"),
        ("/data/?about=staff", "/data/about/staff/feed"),
        ("/open-data/", "/changes/feed"),
    ):
        text = client.get(page).content.decode()
        for kind, written in (("application/atom+xml", "atom"), ("application/feed+json", "json")):
            assert f'<link rel="alternate" type="{kind}"' in text
            assert f'href="{feed}.{written}"' in text


def test_what_is_not_public_is_in_no_feed(client):
    fill()
    stamp_now()
    assert "Secret" not in client.get("/changes/feed.json").content.decode()
    assert client.get("/companies/secret-startup/feed.atom").status_code == 404
    assert client.get("/data/secret-habit/feed.atom").status_code == 404
    assert client.get("/d/nowhere/feed.atom").status_code == 404
    assert client.post("/changes/feed.atom").status_code == 405


def test_a_feed_without_news_is_a_feed_and_stays_the_same(client):
    f.make_district("New District", slug="new")
    first, again = client.get("/d/new/feed.atom"), client.get("/d/new/feed.atom")
    assert first.content == again.content
    assert ElementTree.fromstring(first.content).findtext(f"{ATOM}updated") == "2013-01-01T00:00:00+00:00"


def test_the_calendar_has_each_end_start_and_deadline_on_its_day(town, client):
    calendar = Calendar.from_ical(client.get("/d/cedar-valley/dates.ics").content)
    days = {
        str(event["uid"]): (event["dtstart"].dt, str(event["summary"])) for event in calendar.walk("VEVENT")
    }
    end = days[f"end-{town.agreement.public_id}"]
    assert end == (town.agreement.ends_on, "Last day of the agreement with Lumino Reading")
    assert any("Last day to answer: Lumino Reading" in title for _day, title in days.values())
    assert any("Sharing with Lumino Reading may start" in title for _day, title in days.values())
    spanish = client.get("/es/d/cedar-valley/dates.ics").content.decode()
    assert "Lumino Reading" in spanish
    assert "Last day" not in spanish


def days_of(address):
    calendar = Calendar.from_ical(Client().get(address).content)
    return {
        str(event["uid"]): (event["dtstart"].dt, str(event["summary"])) for event in calendar.walk("VEVENT")
    }


def test_a_companys_and_an_agreements_calendar_have_the_districts_days_and_say_whose_they_are(town):
    districts = days_of("/d/cedar-valley/dates.ics")
    one = f"/agreements/{town.agreement.public_id}/dates.ics"
    assert len(districts) > 2
    assert days_of(one) == days_of("/companies/lumino-reading/dates.ics")
    assert {
        uid: (day, f"{title} (Cedar Valley Schools)") for uid, (day, title) in districts.items()
    } == days_of(one)
    far = f.make_agreement(f.make_district("Far Off", slug="far-off"), town.lumino)
    publish_version(version_id=f.make_draft(far).pk, now=f.NOW)
    both = days_of("/companies/lumino-reading/dates.ics")
    assert both[f"end-{far.public_id}"][1] == "Last day of the agreement with Lumino Reading (Far Off)"
    assert days_of(one).keys() < both.keys()
    for page, address in (("/companies/lumino-reading/", "/companies/lumino-reading/dates.ics"),
                          (f"/agreements/{town.agreement.public_id}/v1/", one)):  # fmt: skip
        assert f'href="{address}"' in Client().get(page).content.decode()


def test_a_calendar_of_what_is_not_public_is_not_there(client):
    fill()
    draft = f.make_draft(f.make_agreement(f.make_district(slug="x"), f.make_vendor("Not Yet"))).agreement
    assert client.get("/companies/secret-startup/dates.ics").status_code == 404
    assert client.get(f"/agreements/{draft.public_id}/dates.ics").status_code == 404
    assert b"Not Yet" not in client.get("/d/x/dates.ics").content


def queries(address):
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    "address",
    [
        "/changes/feed.atom",
        "/d/cedar-valley/feed.json",
        "/d/cedar-valley/dates.ics",
        "/data/about/student/feed.json",
        "/search/feed.atom?q=company",
        "/search/feed.json?q=cedar",
    ],
)
def test_ten_entries_cost_as_many_queries_as_one(address):
    district = f.make_district(slug="cedar-valley")
    counts = []
    for n in range(10):
        agreement = f.make_agreement(district, f.make_vendor(f"Company {n}"))
        publish_version(version_id=f.make_draft(agreement).pk, now=f.NOW)
        counts.append(queries(address))
    assert counts[0] == counts[-1]


def test_ten_agreements_of_a_company_cost_its_calendar_as_many_queries_as_one():
    vendor = f.make_vendor(slug="one")
    counts = []
    for _n in range(10):
        agreement = f.make_agreement(f.make_district(), vendor)
        publish_version(version_id=f.make_draft(agreement).pk, now=f.NOW)
        counts.append(queries("/companies/one/dates.ics"))
    assert counts[0] == counts[-1]


def ids(address):
    return {item["id"] for item in items(address)}


def test_an_agreements_feed_tells_its_own_news_only(town):
    address = f"/agreements/{town.agreement.public_id}/feed"
    own = {f"urn:uuid:{each.public_id}" for each in town.agreement.publications.all()}
    assert ids(address) == own != ids("/changes/feed")
    page = Client().get(f"/agreements/{town.agreement.public_id}/v1/").content.decode()
    assert page.count(f'href="{address}.atom"') == 2  # in the head for programs, at the foot for people
    assert '<link rel="alternate" type="application/atom+xml"' in page
    draft = f.make_draft(f.make_agreement(town.district, f.make_vendor("Not Yet"))).agreement
    assert Client().get(f"/agreements/{draft.public_id}/feed.atom").status_code == 404
