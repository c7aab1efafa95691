"""The search page: whatever is public is found by anybody's words, and nothing else is."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.models import AgreementVersion, Basis, ElementText, Product
from districts.spelling import renew_words
from tests import factories as f

pytestmark = pytest.mark.django_db


def publish(version: AgreementVersion) -> AgreementVersion:
    version.published_at = timezone.now()
    version.save()
    return version


@pytest.fixture
def register() -> None:
    """Cedar Valley with a school, a company with a product under a published agreement, two kinds of data."""
    district = f.make_district("Cedar Valley Schools", slug="cedar-valley", city="Peñasco", zip_code="61301")
    f.make_school(district, "St. Mary’s School")
    vendor = f.make_vendor("Google", slug="google", legal_name="Alphabet Inc.")
    product = Product.objects.create(vendor=vendor, name="Google Classroom", slug="classroom")
    agreement = f.make_agreement(district, vendor, title="Classroom tools 2026")
    agreement.products.add(product)
    publish(f.make_draft(agreement))
    for code, english, spanish in (
        ("student-ssn", "Social Security number", "Número de Seguro Social"),
        ("birth-date", "Birth date", "Fecha de nacimiento"),
    ):
        element = f.make_element(code)
        for language, label in (("en", english), ("es", spanish)):
            ElementText.objects.create(element=element, language=language, revision=2, label=label)
    renew_words()


def found(typed: str, prefix: str = "", **more: str) -> dict[str, list[str]]:
    """Return what the page shows: the names under each heading's id."""
    page = Client().get(f"{prefix}/search/", {"q": typed, **more}).content.decode()
    groups = re.findall(r'<section aria-labelledby="(\w+)">(.*?)</section>', page, re.DOTALL)
    return {kind: re.findall(r"<strong><bdi>(.*?)</bdi>", text) for kind, text in groups}


@pytest.mark.parametrize(
    ("typed", "kind", "name"),
    [
        ("cedar", "agency", "Cedar Valley Schools"),
        ("CEDAR VALLEY SCHOOL DISTRICT", "agency", "Cedar Valley Schools"),
        ("penasco", "agency", "Cedar Valley Schools"),
        ("Peñasco", "agency", "Cedar Valley Schools"),
        ("61301", "agency", "Cedar Valley Schools"),
        ("cedar valey", "agency", "Cedar Valley Schools"),
        ("st marys", "school", "St. Mary’s School"),
        ("St. Mary's", "school", "St. Mary’s School"),
        ("goo", "vendor", "Google"),
        ("alphabet", "vendor", "Google"),
        ("vendor google", "vendor", "Google"),
        ("operator", "vendor", "Google"),
        ("gogle", "vendor", "Google"),
        ("classroom", "product", "Google Classroom"),
        ("app", "product", "Google Classroom"),
        ("gogle clasroom", "product", "Google Classroom"),
        ("gogel clasroom", "product", "Google Classroom"),
        ("socal securty", "element", "Social Security number"),
        ("google cedar", "agreement", "Classroom tools 2026"),
        ("classroom tools contract", "agreement", "Classroom tools 2026"),
        ("SSN", "element", "Social Security number"),
        ("Who may get my child's birth date?", "element", "Birth date"),
        ("DOB", "element", "Birth date"),
    ],
)
def test_a_thing_is_found_by_the_words_people_have_for_it(register, typed, kind, name):
    assert name in found(typed).get(kind, [])


def test_what_is_quite_like_the_words_leaves_out_what_is_less_so(register):
    publish(f.make_draft(f.make_agreement(f.make_district(), f.make_vendor("Google Class"))))
    assert found("gogle clasroom") == {"product": ["Google Classroom"]}


@pytest.mark.parametrize("typed", ["SSN", "seguro social", "numero de seguro", "social security"])
def test_data_is_found_in_the_language_of_the_page(register, typed):
    assert found(typed, "/es")["element"] == ["Número de Seguro Social"]


def test_a_language_without_words_of_its_own_is_served_in_english(register):
    assert found("ssn", "/ar")["element"] == ["Social Security number"]


def test_the_newest_words_are_found_and_the_old_ones_are_not(register):
    element = f.make_element("birth-date")
    ElementText.objects.create(element=element, language="en", revision=3, label="Day of birth")
    assert found("day of birth")["element"] == ["Day of birth"]
    assert "Birth date" not in found("birth date").get("element", [])


def test_what_begins_with_the_words_stands_before_what_holds_them(register):
    for name in ("A google thing", "Zeta google", "Googlers"):
        publish(f.make_draft(f.make_agreement(f.make_district(), f.make_vendor(name))))
    assert found("google")["vendor"] == ["Google", "Googlers", "A google thing", "Zeta google"]


def test_nothing_of_a_draft_is_found(register):
    vendor = f.make_vendor("Secretco")
    agreement = f.make_agreement(f.make_district(), vendor, title="Secretive contract")
    agreement.products.add(Product.objects.create(vendor=vendor, name="Secretware", slug="secret"))
    own = f.make_element("secretdata", agency=agreement.agency)
    f.make_draft(agreement, [(own.code, "contact", Basis.SCHOOL_OFFICIAL)])
    assert found("secret") == {}
    publish(agreement.versions.get())
    assert found("secret") == {
        "vendor": ["Secretco"],
        "product": ["Secretware"],
        "element": ["secretdata"],
        "agreement": ["Secretive contract"],
    }


@pytest.mark.parametrize("typed", ["", " ", "%", "'", "_", "\x00", "“”", "\x01\x1f"])
def test_words_without_a_letter_are_asked_for_again(register, typed):
    page = Client().get("/search/", {"q": typed}).content.decode()
    assert "Enter a name or a word." in page
    assert "<title>Error:" in page


@pytest.mark.parametrize(
    "typed",
    ["100% g_o", "go\x00ogle", "a'b\"c\\d", ":* & | ! <-> ( )x", "x" * 10_000, "x " * 5_000, "ñ" * 10_000,
     "日本語", "<script>alert(1)</script>", "🙂 g"],
)  # fmt: skip
def test_odd_words_do_no_harm(register, typed):
    response = Client().get("/search/", {"q": typed})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


def test_a_long_text_is_cut_and_the_page_says_so(register):
    assert "first 100 letters" in Client().get("/search/", {"q": "google " * 2000}).content.decode()


def test_where_nothing_is_found_the_page_says_what_one_can_do(register):
    page = Client().get("/search/", {"q": "qqqqqqq"}).content.decode()
    assert "We found nothing for “qqqqqqq”" in page
    assert "Check the spelling, or type fewer words." in page


def test_without_words_there_is_a_box_and_no_complaint(register):
    page = Client().get("/search/").content.decode()
    assert 'role="search"' in page
    assert "Error:" not in page


def test_a_long_list_is_walked_by_links_and_nothing_is_missed_or_shown_twice(register):
    district = f.make_district()
    for n in range(60):
        f.make_school(district, f"Oak {'School' if n % 2 else 'Hill Oak'} {n % 7}")
        f.make_school(district, f"Old Oak {n}")
    address, seen, pages = "/search/?q=oak&kind=school", [], 0
    while address:
        page = Client().get(address).content.decode()
        seen += re.findall(r"<strong><bdi>(.*?)</bdi>", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"/search/{following.group(1).replace('&amp;', '&')}" if following else ""
        pages += 1
    assert len(seen) == 120
    assert pages == 5
    assert len({name for name in seen if name.startswith("Old")}) == 60
    assert seen == sorted(seen, key=lambda name: (not name.startswith("Oak"), name.lower()))


@pytest.mark.parametrize(
    "after", ["1.1", "9.9.x", "1.x.y", "2.99999999999999999999.a", "1.².", "\x00", "2.1.\x00"]
)
def test_a_broken_place_in_a_list_begins_anew_or_ends(register, after):
    assert Client().get("/search/", {"q": "google", "kind": "vendor", "after": after}).status_code == 200


def test_filters_are_links_that_keep_the_words(register):
    page = Client().get("/search/", {"q": "google"}).content.decode()
    assert 'href="?q=google&amp;kind=vendor"' in page
    assert set(found("google", kind="vendor")) == {"vendor"}
    assert set(found("google", kind="nonsense")) == set(found("google"))


def test_the_first_page_leads_to_the_search(client, register):
    assert 'action="/search/"' in client.get("/").content.decode()
    assert client.get("/", {"q": "cedar valley"}).headers["Location"] == "/search/?q=cedar+valley"


def queries(address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("address", ["/search/?q=oak", "/search/?q=oak&kind=school", "/search/?q=okak"])
def test_ten_rows_ask_no_more_than_one(register, address):
    f.make_school(f.make_district(), "Oak School")
    one = queries(address)
    for n in range(9):
        f.make_school(f.make_district("Oak district"), f"Oak School {n}")
    assert queries(address) == one
