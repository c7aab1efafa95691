"""Pages are light: few bytes, few requests, no script, however many agreements a district has."""

import re

import brotli
import pytest
from django.db import connection
from django.test import Client

from bench import state
from districts.models import Vendor
from tests import factories as f
from tests.districts.books import keep_register
from tests.districts.public_addresses import addresses, cached_views, words_only

pytestmark = pytest.mark.django_db

PAGE_BYTES = 20 * 1024  # packed with brotli, as a web server packs while it sends (quality 5)
REQUESTS = 4  # the page, its style, its icons, the site's own icon
LARGEST_DISTRICT = 615  # agreements of the largest register that was looked at

FETCHED = re.compile(
    r'<(?:link[^>]*\brel="(?:stylesheet|icon|preload)"[^>]*\bhref|use[^>]*\bhref'
    r'|(?:img|script|iframe|source|embed|video|audio|input)\b[^>]*\bsrc|object[^>]*\bdata)="([^"#]+)'
)
SCRIPT = re.compile(r"<script|<style|javascript:|\s(?:on[a-z]+|style)=\"")


def weigh(address: str) -> str:
    """Hold a page against the bounds; return it."""
    page = Client().get(address)
    assert page.status_code == 200, address
    assert len(brotli.compress(page.content, quality=5)) <= PAGE_BYTES, address
    html = str(page.content.decode())
    assert 1 + len(set(FETCHED.findall(html))) <= REQUESTS, address
    assert not SCRIPT.search(html), address
    return html


def test_every_page_is_light():
    every = addresses(keep_register())
    pages = [every[name] for name in sorted(cached_views())]
    for address in [*pages, every["districts:search"], every["districts:open_data"], *words_only()]:
        weigh(address)
        weigh(f"/es{address}")


def test_a_script_and_a_fifth_request_would_be_seen():
    assert FETCHED.findall('<link rel="stylesheet" href="/a.css"><script src="/b.js"></script>') == [
        "/a.css",
        "/b.js",
    ]
    assert not FETCHED.findall('<link rel="alternate" href="/feed"><a href="/x">')
    assert SCRIPT.search('<p onclick="x()">')
    assert SCRIPT.search("<script>")


@pytest.fixture
def large():
    """The largest district, beside another: half of its companies serve both."""
    of_state, kinds = state.begin()
    other = f.make_district("Other", state=of_state)
    drafts = state.add_drafts(other, kinds, 40)
    district = f.make_district("Large", state=of_state)
    drafts += state.add_drafts(district, kinds, LARGEST_DISTRICT)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself after a minute
        state.publish(drafts)
        cursor.execute("ANALYZE")
    return district


def test_a_district_with_615_agreements_is_paged_and_light(large):
    first = weigh(f"/d/{large.slug}/")
    assert first.count('href="/agreements/') == 25
    assert f"{LARGEST_DISTRICT} companies and offices may get student data." in first
    seen = [first]
    while onward := re.search(r'rel="next" href="([^"#]+)', seen[-1]):
        seen.append(weigh(f"/d/{large.slug}/{onward.group(1)}"))
    found = {one for page in seen for one in re.findall(r'href="(/agreements/[^"]+)"', page)}
    assert len(found) == LARGEST_DISTRICT
    both = Vendor.objects.order_by("pk").first()
    for address in [
        f"/es/d/{large.slug}/",
        f"/d/{large.slug}/charts/",
        f"/d/{large.slug}/forms/illinois/",
        f"/companies/{both.slug}/",
        "/companies/",
        "/data/",
        "/data/kind-0/",
        "/data/groups/group-0/",
    ]:
        weigh(address)
