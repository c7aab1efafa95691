"""A district's list in a frame: any site may show it, and nobody can be tricked by it."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as f
from tests.districts.test_charts import ADDRESS, allow

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    district = f.make_district()
    allow(district, "Lumino", [ADDRESS])
    return district


def test_any_site_may_frame_the_list_and_no_other_page(district):
    framed = Client().get(reverse("districts:embedded", args=[district.slug]))
    assert "X-Frame-Options" not in framed.headers
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    whole = Client().get(reverse("districts:district", args=[district.slug]))
    assert whole.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in whole.headers["Content-Security-Policy"]


def test_there_is_nothing_to_press_or_fill_in_and_no_script_and_no_cookie(district):
    framed = Client().get(reverse("districts:embedded", args=[district.slug]))
    page = framed.content.decode()
    assert "Lumino" in page
    assert not re.search(r"<(script|form|input|button|iframe)\b", page)
    assert "script-src" not in framed.headers["Content-Security-Policy"]
    assert not framed.cookies


def test_its_links_open_the_whole_window_but_for_the_pages_of_the_list(district):
    for _ in range(26):
        allow(district, "", [ADDRESS], vendor=f.make_vendor())
    page = Client().get(reverse("districts:embedded", args=[district.slug])).content.decode()
    assert '<base target="_top">' in page
    [onward] = re.findall(r'<a [^>]*rel="next"[^>]*>', page)
    assert 'target="_self"' in onward
    address = html.unescape(re.search(r'href="([^"]+)"', onward).group(1))
    rest = Client().get(reverse("districts:embedded", args=[district.slug]) + address).content.decode()
    assert rest.count("<li>") == 2
    assert 'rel="next"' not in rest


def test_the_line_to_copy_is_whole_and_safe(district, settings):
    type(district).objects.filter(pk=district.pk).update(name='Oak "& <b>Elm</b>')
    page = Client().get(reverse("districts:how_to_embed", args=[district.slug])).content.decode()
    line = html.unescape(re.search(r"<code[^>]*>(.*?)</code>", page, re.DOTALL).group(1))
    source, title = re.fullmatch(
        r'<iframe src="([^"]+)" title="([^"]+)" width="100%" height="600" loading="lazy"></iframe>', line
    ).groups()
    assert source == settings.SITE_URL + reverse("districts:embedded", args=[district.slug])
    assert html.unescape(title).endswith('Oak "& <b>Elm</b>')


@pytest.mark.parametrize("name", ["embedded", "how_to_embed"])
def test_a_district_that_is_not_here_is_not_found(name):
    assert Client().get(reverse(f"districts:{name}", args=["nowhere"])).status_code == 404
