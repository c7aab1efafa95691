"""Feeds of searches: the news of whatever answers to the words."""

import json

import pytest
from django.test import Client

from districts.models import Product
from tests import factories as f
from tests.districts.api.register import fill, stamp_now
from tests.districts.test_feeds import two_districts

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return two_districts()


def search_ids(words, **data):
    return {
        item["id"]
        for item in json.loads(Client().get("/search/feed.json", {"q": words, **data}).content)["items"]
    }


@pytest.mark.parametrize(
    ("words", "hers", "others"),
    [
        ("lumino", True, False),  # a company
        ("OTHER inc", False, True),
        ("Lumino Aloud", True, False),  # a product
        ("bus stop", False, True),  # a kind of data
        ("cedar valley", True, False),  # an agency that holds it
        ("Far Away Schools", False, True),
        ("illinois cooperative", True, False),  # an agency that takes part in it
        ("qqqqq", False, False),
        ("lumnio", False, False),  # what the page would guess is not what was asked for
        ("agreements", True, True),  # the kind of thing: all of it, as on the page
    ],
)
def test_a_searchs_feed_tells_the_news_of_what_answers_to_the_words(town, words, hers, others):
    product = Product.objects.create(vendor=town.lumino, name="Lumino Aloud")
    town.agreement.products.add(product)
    f.Participation.objects.create(
        agreement=town.agreement,
        agency=f.make_district("Illinois Cooperative", slug="coop"),
        kind="joined",
        from_on=town.today,
    )
    own = {f"urn:uuid:{each.public_id}" for each in town.agreement.publications.all()}
    found = search_ids(words)
    assert (own <= found) is hers or (not hers and not own & found)
    other = f.Agreement.objects.get(vendor__name="Other Inc").publications.get()
    assert (f"urn:uuid:{other.public_id}" in found) is others


def test_a_search_finds_no_draft_and_without_words_has_no_feed(client):
    fill()
    stamp_now()
    assert not search_ids("Secret Startup")
    for query in ("", "?q=", "?q=%25%25", "?q=%00"):
        assert client.get(f"/search/feed.atom{query}").status_code == 404


def test_a_searchs_feed_says_which_search_it_is_and_its_page_names_it(town, client, settings):
    read = json.loads(client.get("/es/search/feed.json", {"q": " lumino  reading "}).content)
    assert read["feed_url"] == f"{settings.SITE_URL}/es/search/feed.json?q=lumino+reading"
    assert read["home_page_url"] == f"{settings.SITE_URL}/es/search/?q=lumino+reading"
    assert "lumino reading" in read["title"]
    for words in ("lumino+reading", "nothing+yet"):  # what is not there yet can be waited for
        page = client.get(f"/search/?q={words}").content.decode()
        assert page.count(f'href="/search/feed.atom?q={words}"') == 2
    assert "feed.atom" not in client.get("/search/").content.decode()


def test_two_searches_have_two_tags(town, client):
    first = client.get("/search/feed.atom", {"q": "lumino"})
    again = client.get("/search/feed.atom", {"q": "other"}, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
