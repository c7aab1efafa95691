"""The pages at the foot of every page, and the links that lead to them."""

import pytest
import textstat
from django.test import Client
from django.utils.html import strip_tags
from django.utils.translation import override

from portal.pages import NAMES
from portal.templatetags.look import PAGES, site_links

HIGHEST_GRADE = 6.0
LOWEST_SPANISH_EASE = 70


def _prose(html: str) -> str:
    main = html.split("<main")[1].split(">", 1)[1].split("</main>")[0]
    for end in ("</p>", "</li>", "</h1>", "</h2>", "</dd>", "</dt>"):
        main = main.replace(end, f". {end}")
    return " ".join(strip_tags(main).replace("..", ".").replace(". .", ".").split())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_a_page_at_the_foot_opens_without_session_user_or_database(
    name: str, prefix: str, client: Client
) -> None:
    response = client.get(f"{prefix}/{name}/")  # no database in this test: a query would fail it
    assert response.status_code == 200
    assert not response.cookies
    assert client.post(f"{prefix}/{name}/").status_code == 405


def test_every_link_of_the_frame_leads_somewhere() -> None:
    assert {key: PAGES[key] for key, url in site_links().items() if not url} == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_at_the_foot_reads_like_grade_six_or_lower(name: str, client: Client) -> None:
    english = _prose(client.get(f"/{name}/").content.decode())
    assert textstat.flesch_kincaid_grade(english) <= HIGHEST_GRADE
    with override("es"):
        spanish = _prose(client.get(f"/es/{name}/").content.decode())
    textstat.set_lang("es")
    try:
        assert textstat.fernandez_huerta(spanish) >= LOWEST_SPANISH_EASE
    finally:
        textstat.set_lang("en")
