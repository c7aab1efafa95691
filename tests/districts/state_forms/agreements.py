"""Districts under a law profile, an agreement of which all is known, and one of which nothing is."""

import csv
import datetime as dt
import io

from django.test import Client

from districts.law import Basis
from districts.models import AgreementDocument, AgreementEvent, AgreementVersion, Product, Promise
from tests import factories as f
from tests.districts.test_pages import publish

GAP = "The district has not filled this in"
BEGAN, ENDS = dt.date(2020, 1, 1), dt.date(2099, 1, 1)
CODES = {"us-ut": "utah", "us-il": "illinois", "us-ny": "new-york"}


def district(profile: str, name: str = "Cedar Valley Schools", **fields: object):
    return f.make_district(name, law_profile=profile, **fields)


def agreement(of, name: str = "Lumino Reading", **fields: object):
    return f.make_agreement(of, f.make_vendor(name), begins_on=BEGAN, ends_on=ENDS, **fields)


def rows_of(of, address: str = "", **headers: str) -> list[dict[str, str]]:
    """Return the rows of a district's form."""
    answer = Client().get(f"{address}/d/{of.slug}/forms/{CODES[of.law_profile]}.csv")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode(), newline="")))


def full(of) -> AgreementVersion:
    """Publish an agreement in which nothing that a form asks is missing."""
    found = agreement(of)
    vendor = found.vendor
    type(vendor).objects.filter(pk=vendor.pk).update(
        legal_name="Lumino Reading, Inc.", business_address="12 Oak Street\nPeoria, IL 61602"
    )
    found.products.add(Product.objects.create(vendor=vendor, name="Reader", slug="reader"))
    AgreementEvent.objects.create(agreement=found, kind="executed", happened_on=dt.date(2019, 12, 1))
    version = f.make_draft(
        found,
        [("voice", "voice", Basis.SCHOOL_OFFICIAL)],
        effective_from=BEGAN,
        subcontractors_answer="listed",
        signer_title="Superintendent",
        checked_on=dt.date(2026, 1, 5),
    )
    version.shared_elements.update(recipients=["Clearwave"])
    version.subcontractors.create(name="Clearwave", role="Hears the reading")
    for code, days in (("encryption", None), ("deletion", 60)):
        Promise.objects.create(version=version, code=code, answer="yes", days=days, clause="4.2")
    publish(version)
    AgreementDocument.objects.create(
        version=version, file="a.pdf", sha256="0" * 64, size=1, redacted_provisions="Prices"
    )
    return version


def bare(of, passes_on_to: str = "") -> AgreementVersion:
    """Publish an agreement of which nothing is known but its one line, and perhaps who gets something."""
    version = f.make_draft(
        agreement(of, "Bare Company"), lines=[], effective_from=BEGAN, subcontractors_answer="not_filled_in"
    )
    version.shared_elements.create(element=f.make_element("grade", "school"), basis=Basis.REQUIRED_BY_LAW)
    if passes_on_to:
        version.subcontractors.create(name=passes_on_to)
    publish(version)
    return version
