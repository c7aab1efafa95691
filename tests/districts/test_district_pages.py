"""The page of a district and of a school: an honest list that can be narrowed, and whom to ask."""

import datetime as dt
import re
from html import unescape

import brotli
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.models import Agency, AgencyClosure, SharedElement
from tests import factories as f
from tests.districts.listed_cast import (
    GRADE,
    LONG_AGO,
    VOICE,
    complete,
    happened,
    held,
    listed,
    paper,
    published,
)
from tests.districts.test_pages import words_of

pytestmark = pytest.mark.django_db
HOME = "/d/cedar-valley/"
MOST_BYTES = 20 * 1024  # of a page on the wire


@pytest.fixture
def district():
    return f.make_district("Cedar Valley Schools", slug="cedar-valley")


def links(client, path: str) -> dict[str, str]:
    """Return the links of a page's main part: words and where they lead, a chosen one marked with a *."""
    html = client.get(path).content.decode()
    html = html[html.index("<main") : html.index("</main>")]
    found = {}
    for url, more, inside in re.findall(r'<a[^>]*? href="([^"]*)"([^>]*)>(.*?)</a>', html, re.DOTALL):
        said = " ".join(re.sub(r"<[^>]+>", " ", inside).split())
        found[said + ("*" if "aria-current" in more else "")] = unescape(url)
    return found


def test_the_legend_names_only_what_the_list_has_counts_it_and_narrows_by_it(client, district):
    listed(district, "Lumino")
    published(held(district, "Clicked", kind="click_through"))
    turned_down = held(district, "Refused", state="ended")
    happened(turned_down, "declined")
    published(turned_down)
    page = words_of(client, HOME)
    for said in (
        "In use, agreement signed The district signed it. The company may get the data it lists. 1 agreement",
        "Used without a contract Somebody clicked yes to the terms of the company.",
        "Asked, not approved Somebody asked for it. The district said no. 1 agreement",
    ):
        assert said in page
    assert "Proposed, not in use" not in page
    there = links(client, HOME)["Asked, not approved"]
    assert "Refused" in words_of(client, HOME + there)
    assert "Lumino" not in words_of(client, HOME + there)
    assert "Asked, not approved*" in links(client, HOME + there)


def test_what_ended_says_by_when_the_data_must_be_gone(client, district):
    over = held(district, "Over", ends_on=dt.date(2026, 6, 30))
    published(over)
    assert "Ended, data to be deleted by Aug 29, 2026" in words_of(client, HOME)
    unknown = held(district, "Unknown", ends_on=dt.date(2026, 6, 30))
    version = f.make_draft(unknown, [])
    f.add_line(version, "grade", "school_official", kept=SharedElement.Kept.NOT_STATED, kept_days=None)
    version.published_at = timezone.now()
    version.save()
    assert words_of(client, HOME).count("data to be deleted by") == 1


def test_filters_are_links_that_keep_each_other_and_say_how_many(client, district):
    listed(district, "Lumino", VOICE)
    listed(district, "Skylark", GRADE)
    listed(district, "Talker", VOICE, GRADE)
    first = links(client, HOME)
    assert first["You can say no to parts (2)"] == "?choice=1#found"
    both = links(client, HOME + "?choice=1")
    assert both["You can say no to parts (2)*"] == "?choice=1#found"
    assert both["school (1)"] == "?choice=1&data=school#found"
    assert both["Take away: You can say no to parts"] == "?#found"
    page = words_of(client, HOME + "?choice=1&data=school")
    assert "1 of 3 agreements fits what you picked." in page
    assert "Talker" in page
    assert "Skylark" not in page


@pytest.mark.parametrize(
    "unknown", ["choice=2", "kind=club", "data=no-such", "status=", "grade=99", "grade=%00", "x=1"]
)
def test_what_nobody_can_choose_is_left_out(client, district, unknown):
    listed(district, "Lumino", scope_grades=["01"])
    page = words_of(client, f"{HOME}?{unknown}")
    assert "Lumino" in page
    assert "fit what you picked" not in page
    assert "fits what you picked" not in page


def test_where_nothing_fits_the_page_says_what_to_do(client, district):
    listed(district, "Lumino", GRADE)
    page = words_of(client, HOME + "?kind=researcher&choice=1")
    assert "0 of 1 agreements fit what you picked." in page
    assert "Nothing fits all of that. Take one thing away, or show all." in page
    assert {"Take away: Researcher", "Show all"} <= set(links(client, HOME + "?kind=researcher&choice=1"))


def test_a_long_list_has_pages_that_keep_what_was_chosen(client, district):
    for n in range(27):
        listed(district, f"Company {n:02}", VOICE)
    first = links(client, HOME + "?choice=1")
    assert "Company 24" in first
    assert "Company 25" not in first
    assert first["Next page"].startswith("?choice=1&after=")
    second = links(client, HOME + first["Next page"])
    assert {"Company 25", "Company 26"} <= set(second)
    assert second["First page"] == "?choice=1#found"
    assert "Next page" not in second
    assert "Company 00" in links(client, HOME + "?after=nobody")


def test_the_meter_counts_and_leads_to_what_has_gaps(client, district):
    complete(district)
    listed(district, "Gaps")
    assert "1 of 2 agreements has every field filled in." in words_of(client, HOME)
    there = links(client, HOME)["See those with empty fields"]
    page = words_of(client, HOME + there)
    assert "Gaps" in page
    assert "fields are empty." in page
    assert "Whole" not in page


def test_posting_clocks_stand_where_the_law_sets_one_and_nowhere_else(client, district):
    agreement = held(district, "Lumino")
    happened(agreement, "executed", dt.date(2026, 8, 3))
    version = published(agreement, day=dt.date(2026, 8, 4))
    page = words_of(client, HOME)
    assert "The district has 10 working days to post what it signs. Law: 105 ILCS 85/27(c)" in page
    assert "Not posted in full yet. The last day was Aug 17, 2026." in page
    paper(version, dt.datetime(2026, 8, 17, 18, tzinfo=dt.UTC))
    assert "Posted on time. The last day was Aug 17, 2026." in words_of(client, HOME)
    AgencyClosure.objects.create(agency=district, day=dt.date(2026, 8, 10), label="Closed")
    assert "The last day was Aug 18, 2026." in words_of(client, HOME)
    Agency.objects.update(law_profile="us-ny")
    page = words_of(client, HOME)
    assert "Posted" not in page
    assert "working days" not in page


def test_a_district_that_left_an_agreement_of_the_state_says_since_when(client, district):
    agreement = listed(district.state, "State tests")
    agreement.participations.create(
        agency=district, kind="joined", from_on=LONG_AGO, until_on=dt.date(2026, 1, 15)
    )
    assert "The district left on Jan 15, 2026 ." in words_of(client, HOME)


# Whom to ask


def test_who_misses_a_company_can_write_with_a_subject_or_call_or_send_a_letter(client, district):
    assert "The district has not said yet how to reach it." in words_of(client, HOME)
    Agency.objects.filter(pk=district.pk).update(
        contact_email="data@cedar.example", contact_phone="309-555-0147", postal_address="1 School Street"
    )
    found = links(client, HOME)
    subject = "Missing%20from%20the%20list%20of%20Cedar%20Valley%20Schools"
    assert found["Write an email"] == f"mailto:data@cedar.example?subject={subject}"
    assert found["309-555-0147"] == "tel:+13095550147"
    assert "Write to 1 School Street" in words_of(client, HOME)
    assert "<form" not in client.get(HOME).content.decode().split("<main")[1].split("</main>")[0]


def test_the_contact_and_the_way_to_complain_are_named_or_a_gap(client, district):
    assert "The district has not filled this in yet." in words_of(client, HOME)
    Agency.objects.filter(pk=district.pk).update(
        contact_name="Dana Ruiz", contact_title="Privacy officer", complaint_route="Write to the board."
    )
    assert "Ask or complain Dana Ruiz , Privacy officer Write to the board." in words_of(client, HOME)


def test_the_rights_page_says_what_one_may_ask_how_and_where_to_bring_papers(client, district):
    Agency.objects.filter(pk=district.pk).update(postal_address="1 School Street", rights_text="Ask Dana.")
    page = words_of(client, HOME + "rights/")
    assert "Ask Dana." in page
    assert (
        "The school must give it within 45 days. Law: 105 ILCS 85/33(c)(2); 23 Ill. Adm. Code 380.20" in page
    )
    assert "your name, address and phone number" in page
    assert "If you cannot see your child here" in page
    assert "Bring your papers to 1 School Street ." in page
    Agency.objects.filter(pk=district.pk).update(law_profile="us-ny", postal_address="")
    page = words_of(client, HOME + "rights/")
    assert "ILCS" not in page
    assert "34 CFR 99.10" in page
    assert "The district has not filled in where that is." in page


def test_every_page_of_a_district_leads_to_its_own_rights(client, district):
    agreement = listed(district)
    for path in (HOME, f"/agreements/{agreement.public_id}/v1/", f"/companies/{agreement.vendor.slug}/"):
        assert f'<a href="{HOME}rights/">' in client.get(path).content.decode().split("<footer")[1]
    assert '<a href="/rights/">' in client.get("/").content.decode()


# Size and cost


def count(path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("path", ["", "?choice=1&grade=03", "schools/", "schools/{school}/", "rights/"])
def test_ten_agreements_cost_no_more_queries_than_one(district, path):
    schools = [f.make_school(district, name) for name in ("North School", "South School")]
    path = HOME + path.format(school=schools[0].pk)

    def add(n):
        agreement = listed(district, f"Company {n}", VOICE, GRADE, schools=schools[:1], scope_grades=["03"])
        happened(agreement, "executed")
        over = held(district, f"Over {n}", ends_on=dt.date(2026, 6, 30))
        published(over, VOICE)
        f.make_school(district, f"School {n}")

    add(0)
    count(path)
    one = count(path)
    for n in range(1, 10):
        add(n)
    assert count(path) == one


def test_a_full_page_is_small_on_the_wire(client, district):
    lines = [(f"kind-{n}", f"group-{n}", "consent" if n % 2 else "school_official") for n in range(24)]
    f.make_element("fingerprint", "group-0", sensitivity="high")
    grades = ["PK", "KG", *[f"{n:02}" for n in range(1, 13)]]
    for n in range(40):
        vendor = f.make_vendor(
            f"Company number {n} of Cedar Valley", summary=f"What company {n} does for a class."
        )
        agreement = held(district, vendor=vendor, title=f"Agreement {n} about data of students")
        happened(agreement, "executed", dt.date(2026, 8, 3))
        published(agreement, *lines, scope_grades=grades)
    for n in range(12):
        f.make_school(district, f"The {n}th School of Cedar Valley")
    for path in (
        HOME,
        HOME + "?choice=1&data=group-3&grade=03&kind=for_profit&sensitivity=medium&status=in_use",
    ):
        page = client.get(path).content
        assert b"Company number 17" in page
        assert len(brotli.compress(page, quality=5)) <= MOST_BYTES, len(brotli.compress(page, quality=5))
