"""The search is never stale: whoever changes the register, its entries are what the definition says."""

from threading import Thread

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from districts.models import (
    Agency,
    Agreement,
    AgreementVersion,
    Basis,
    CategoryText,
    DataElement,
    ElementText,
    Product,
    School,
    SearchEntry,
    Vendor,
)
from tests import factories as f

pytestmark = pytest.mark.django_db

DRIFT = """
    (TABLE districts_searchentry EXCEPT TABLE openroll_searchable)
    UNION ALL (TABLE openroll_searchable EXCEPT TABLE districts_searchentry)
"""


def drift() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(DRIFT)
        return cursor.fetchall()


def titles(kind: str) -> set[str]:
    return set(SearchEntry.objects.filter(kind=kind).values_list("title", flat=True))


def notes(kind: str) -> set[str]:
    return set(SearchEntry.objects.filter(kind=kind).values_list("note", flat=True))


@pytest.fixture
def agreement() -> Agreement:
    """A published agreement about a product, with a kind of data that is the district's own."""
    district = f.make_district("Cedar Valley Schools", city="Cedar Valley", zip_code="61301")
    f.make_school(district, "Cedar Ridge School")
    vendor = f.make_vendor("Lumino Reading")
    made = f.make_agreement(district, vendor, title="Reading agreement")
    made.products.add(Product.objects.create(vendor=vendor, name="Lumino Books", slug="books"))
    f.make_element("own-thing", agency=district)
    f.make_draft(made, [("home-address", "contact", Basis.CONSENT), ("own-thing", "contact", Basis.CONSENT)])
    AgreementVersion.objects.update(published_at=timezone.now())
    return made


def test_everything_that_is_public_is_entered(agreement):
    assert drift() == []
    assert titles("agency") >= {"Cedar Valley Schools"}
    assert titles("school") == {"Cedar Ridge School"}
    assert titles("vendor") == {"Lumino Reading"}
    assert titles("product") == {"Lumino Books"}
    assert titles("agreement") == {"Reading agreement"}
    assert titles("element") == {"home address", "own thing"}


def test_a_new_name_is_entered_wherever_it_is_part_of(agreement):
    Vendor.objects.update(name="Clearwave")
    Agency.objects.filter(kind="district").update(name="Pine Hills")
    assert titles("vendor") == {"Clearwave"}
    assert notes("product") == {"Clearwave"}
    assert notes("agreement") == {"Clearwave, Pine Hills"}
    assert notes("school") == {"Pine Hills, Cedar Valley, IL"}
    assert drift() == []


def test_the_languages_are_in_order_by_whatever_plan_they_are_read(agreement):
    element = f.make_element("own-thing")
    for language in ("zh", "ar", "fr", "vi", "pl", "uk", "ur", "tl", "ko"):
        ElementText.objects.create(element=element, language=language, revision=1, label="Own")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute("SET LOCAL enable_indexonlyscan = off")
        cursor.execute(
            "SELECT DISTINCT languages FROM openroll_searchable WHERE kind = 'element' AND object_id = %s",
            [element.pk],
        )
        (languages,) = cursor.fetchone()
    assert languages == sorted(languages)
    assert len(languages) > 9


CHANGES = {
    "an agency renamed": lambda a: Agency.objects.update(name="X", city="Y", zip_code="9"),
    "a school closed": lambda a: School.objects.update(ended_on=f.TODAY),
    "a school gone": lambda a: School.objects.all().delete(),
    "a company renamed": lambda a: Vendor.objects.update(name="X", slug="x", legal_name="Y", summary="Z"),
    "a product renamed": lambda a: Product.objects.update(name="X", summary="Y"),
    "a product no longer used": lambda a: a.products.clear(),
    "a product used as well": lambda a: a.products.add(
        Product.objects.create(vendor=a.vendor, name="More", slug="more")
    ),
    "an agreement renamed": lambda a: Agreement.objects.update(title="X"),
    "an agreement moved": lambda a: Agreement.objects.update(vendor=f.make_vendor("Other")),
    "words of a kind of data": lambda a: ElementText.objects.create(
        element=f.make_element("own-thing"), language="en", revision=2, label="Own"
    ),
    "words of a new language": lambda a: ElementText.objects.create(
        element=f.make_element("own-thing"), language="ar", revision=1, label="Own"
    ),
    "words of a group of data": lambda a: CategoryText.objects.create(
        category=f.make_category("contact"), language="es", revision=2, label="Contacto"
    ),
    "a kind of data renamed": lambda a: DataElement.objects.filter(code="own-thing").update(code="renamed"),
    "a second agreement": lambda a: AgreementVersion.objects.filter(
        pk=f.make_draft(f.make_agreement(a.agency, a.vendor)).pk
    ).update(published_at=timezone.now()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=[name.replace(" ", "-") for name in CHANGES])
def test_whatever_changes_the_entries_follow(agreement, change):
    before = set(SearchEntry.objects.values_list("kind", "object_id", "language", "title", "note", "words"))
    change(agreement)
    assert drift() == []
    after = set(SearchEntry.objects.values_list("kind", "object_id", "language", "title", "note", "words"))
    assert after != before


@pytest.mark.django_db(transaction=True)
def test_a_company_renamed_while_its_agreement_is_published_is_entered_by_its_new_name():
    """Without the locks each transaction would miss what the other one does."""
    vendor = f.make_vendor("Old name")
    agreement = f.make_agreement(f.make_district(), vendor)
    version = f.make_draft(agreement)
    renamed = Thread(target=_in_a_connection_of_its_own, args=(Vendor, vendor.pk, {"name": "New name"}))
    with transaction.atomic():
        AgreementVersion.objects.filter(pk=version.pk).update(published_at=timezone.now())
        renamed.start()
        renamed.join(timeout=1)
        assert renamed.is_alive()  # it waits
    renamed.join(timeout=20)
    assert titles("vendor") == {"New name"}
    assert any(note.startswith("New name,") for note in notes("agreement"))
    assert drift() == []


def _in_a_connection_of_its_own(model, pk: int, values: dict[str, str]) -> None:
    model.objects.filter(pk=pk).update(**values)
    connections.close_all()
