"""The page of a product: found by the search and in the data, with the agreements that name it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.finding import find
from districts.models import Product, Vendor
from tests import factories as f
from tests.districts.api.register import get
from tests.districts.company_cast import agree
from tests.districts.test_company_page import html_of, words_of

pytestmark = pytest.mark.django_db

BOOKS = "/companies/lumino/books/"


@pytest.fixture
def lumino() -> Vendor:
    return f.make_vendor("Lumino", slug="lumino")


@pytest.fixture
def books(lumino: Vendor) -> Product:
    """A product that one of two agreements names."""
    product = Product.objects.create(vendor=lumino, name="Lumino Books", slug="books", summary="Reads aloud.")
    agree(lumino, "Cedar Valley").agreement.products.add(product)
    agree(lumino, "Elm Grove")
    return product


def test_a_product_shows_the_agreements_that_name_it_and_says_of_how_many_nobody_knows(books):
    page = words_of(BOOKS)
    assert "The company that runs it: Lumino" in page
    assert "There is 1 agreement here. 1 is in use today." in page
    assert "Data label" in page
    assert "Elm Grove" not in page
    assert "1 agreement with this company does not name a product." in page


def test_a_product_and_its_company_lead_to_each_other_and_to_its_other_products(books, lumino):
    Product.objects.create(vendor=lumino, name="Lumino Math", slug="math")
    assert f'href="{BOOKS}"' in html_of("/companies/lumino/")
    page = html_of(BOOKS)
    assert 'href="/companies/lumino/"' in page
    assert 'href="/companies/lumino/math/"' in page


def test_the_search_and_the_data_lead_to_the_page_of_the_product(books, client, settings):
    (found,) = find(typed="lumino books", language="en", kinds=("product",)).groups["product"]
    assert found.reference == "lumino/books"
    assert f'href="{BOOKS}"' in client.get("/search/?q=lumino+books").content.decode()
    record = get(f"products/{books.pk}")
    assert record["public_url"] == settings.SITE_URL + BOOKS


def test_a_product_or_company_with_a_new_address_is_found_at_it(books, lumino):
    Vendor.objects.filter(pk=lumino.pk).update(slug="lumino-learning")
    Product.objects.filter(pk=books.pk).update(slug="reader")
    (found,) = find(typed="lumino books", language="en", kinds=("product",)).groups["product"]
    assert found.reference == "lumino-learning/reader"


def test_the_longest_address_a_product_can_have_is_entered(books, lumino):
    Vendor.objects.filter(pk=lumino.pk).update(slug="v" * 80)
    Product.objects.filter(pk=books.pk).update(slug="p" * 80)
    (found,) = find(typed="lumino books", language="en", kinds=("product",)).groups["product"]
    assert found.reference == f"{'v' * 80}/{'p' * 80}"


def test_a_product_of_a_company_nobody_has_heard_of_has_no_page(client):
    secret = f.make_vendor("Secret Startup", slug="secret")
    Product.objects.create(vendor=secret, name="Secret product", slug="thing")
    f.make_draft(f.make_agreement(f.make_district(), secret))
    assert client.get("/companies/secret/thing/").status_code == 404
    assert client.get("/companies/secret/nothing/").status_code == 404


def test_a_product_of_another_company_is_not_found_below_this_one(books, client):
    other = f.make_vendor("Other", slug="other")
    agree(other, "Oak Park")
    assert client.get("/companies/other/books/").status_code == 404


def test_ten_agreements_ask_no_more_than_one(books, lumino):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(BOOKS).status_code == 200
        return len(queries)

    count()
    one = count()
    for n in range(9):
        agree(lumino, f"District {n}").agreement.products.add(books)
    assert count() <= one
