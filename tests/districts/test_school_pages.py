"""The pages of a district's schools: what is for all children, and what is for those of one school."""

import datetime as dt
import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.models import Publication
from districts.publish import publish_version
from tests import factories as f
from tests.districts.listed_cast import VOICE, listed
from tests.districts.test_district_pages import HOME, links
from tests.districts.test_pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return f.make_district("Cedar Valley Schools", slug="cedar-valley")


@pytest.fixture
def schools(district):
    return [f.make_school(district, name) for name in ("North School", "South School")]


def test_a_school_shows_what_is_for_all_schools_and_for_its_own_children(client, district, schools):
    north, south = schools
    listed(district, "Everywhere")
    listed(district, "Northern", VOICE, schools=[north])
    listed(district, "Southern", schools=[south])
    page = words_of(client, f"{HOME}schools/{north.pk}/")
    assert "Everywhere" in page
    assert "Northern" in page
    assert "Southern" not in page
    assert "Of 2 agreements in use, you can say no to parts of 1." in page
    there = links(client, HOME + "?choice=1")["North School (1)"]
    assert there == f"{HOME}schools/{north.pk}/?choice=1"
    assert links(client, there)["All agreements of the district"] == HOME + "?choice=1"


def test_the_news_of_a_school_leaves_out_what_is_for_other_schools(client, district, schools):
    north, south = schools
    for school, name in ((north, "Northern"), (south, "Southern")):
        agreement = listed(district, name, schools=[school], day=None)
        made = Publication.objects.create(kind="extended", agreement=agreement, day=f.TODAY)
        made.changes.create(
            position=0, kind="extended", severity="digest", sentences={"en": f"{name} runs on."}
        )
    page = words_of(client, f"{HOME}schools/{north.pk}/")
    assert "Northern runs on." in page
    assert "Southern runs on." not in page


def test_the_feed_of_a_school_tells_what_its_page_narrows_to_and_the_page_names_it(
    client, district, schools, django_assert_num_queries
):
    north, south = schools
    told = {}
    for name, scope in (("Everywhere", []), ("Northern", [north]), ("Southern", [south]), ("Moved", [north])):
        agreement = listed(district, name, schools=scope)
        told[name] = set(agreement.publications.values_list("public_id", flat=True))
    listed(f.make_district(slug="elsewhere"), "Elsewhere")
    with django_assert_num_queries(queries_of_feed(client, north)):
        assert feed(client, north) == told["Everywhere"] | told["Northern"] | told["Moved"]
    draft = f.make_draft(agreement)
    draft.scope_schools.set([south])
    assert told["Moved"] < feed(client, north)  # a draft says nothing
    publish_version(version_id=draft.pk, now=f.NOW)
    moved = set(agreement.publications.values_list("public_id", flat=True))
    assert len(moved) == 2
    assert feed(client, north) == told["Everywhere"] | told["Northern"]
    assert feed(client, south) == told["Everywhere"] | told["Southern"] | moved
    page = client.get(f"{HOME}schools/{north.pk}/").content.decode()
    for kind, written in (("application/atom+xml", "atom"), ("application/feed+json", "json")):
        assert f'<link rel="alternate" type="{kind}"' in page
        assert page.count(f'href="{HOME}schools/{north.pk}/feed.{written}"') == 2
    read = json.loads(client.get(f"/es{HOME}schools/{north.pk}/feed.json").content)
    assert read["title"] == "North School, Cedar Valley Schools"
    assert read["home_page_url"].endswith(f"/es{HOME}schools/{north.pk}/")


def feed(client, school):
    """Return the ids of what a school's feed tells."""
    items = json.loads(client.get(f"{HOME}schools/{school.pk}/feed.json").content)["items"]
    return {uuid.UUID(item["id"]) for item in items}


def queries_of_feed(client, school):
    """Return how many queries the feed takes of a school that has one entry."""
    other = f.make_district(slug="one-entry")
    listed(other, "Only")
    alone = f.make_school(other, "Alone")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/d/one-entry/schools/{alone.pk}/feed.json").status_code == 200
    return len(asked)


def test_another_districts_school_is_nowhere(client, district, schools):
    carols = f.make_school(f.make_district(slug="elsewhere"))
    assert client.get(f"{HOME}schools/{carols.pk}/").status_code == 404
    assert client.get(f"/d/elsewhere/schools/{schools[0].pk}/").status_code == 404
    assert client.get(f"{HOME}schools/{10**30}/").status_code == 404
    assert client.get(f"{HOME}schools/{carols.pk}/feed.atom").status_code == 404
    assert client.get(f"{HOME}schools/{10**30}/feed.atom").status_code == 404


def test_a_school_that_closed_says_so_and_is_on_no_list(client, district, schools):
    type(schools[0]).objects.filter(pk=schools[0].pk).update(ended_on=dt.date(2026, 6, 30))
    listed(district)
    assert "This school closed on Jun 30, 2026 ." in words_of(client, f"{HOME}schools/{schools[0].pk}/")
    assert "North School" not in words_of(client, HOME)
    assert "North School" not in words_of(client, HOME + "schools/")


def test_many_schools_have_a_page_of_their_own_and_it_has_pages(client, district):
    listed(district, "Lumino", VOICE)
    for n in range(102):
        f.make_school(district, f"School {n:03}")
    assert links(client, HOME + "?choice=1")["Pick your school"] == f"{HOME}schools/?choice=1"
    first = links(client, HOME + "schools/?choice=1")
    assert "School 099" in first
    assert "School 100" not in first
    assert first["School 000"].endswith("/?choice=1")
    second = links(client, HOME + "schools/" + first["Next page"])
    assert [name for name in second if name.startswith("School ")] == ["School 100", "School 101"]
    assert second["First page"] == "?choice=1"


def test_the_search_leads_from_a_schools_name_to_its_page(client, district, schools):
    found = links(client, "/search/?q=north+school&kind=school")
    assert found["North School"] == f"{HOME}schools/{schools[0].pk}/"
