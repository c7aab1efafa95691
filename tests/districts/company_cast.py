"""A company with agreements in many districts, published for the tests of its pages."""

import datetime as dt
from typing import Any

from django.utils import timezone

from districts.models import (
    Agency,
    Agreement,
    AgreementVersion,
    Basis,
    Participation,
    Product,
    Promise,
    Remark,
    Ruling,
    SharedElement,
    Subcontractor,
    Vendor,
)
from tests import factories as f
from tests.cedar_valley import Town

GRADE = ("grade", "school", Basis.SCHOOL_OFFICIAL)


def publish(version: AgreementVersion) -> AgreementVersion:
    """Make a draft public as the database knows it."""
    version.published_at = timezone.now()
    version.save()
    return version


def agree(vendor: Vendor, district: str, days: int = 60, **fields: Any) -> AgreementVersion:
    """Publish an agreement of a new district that keeps one kind of data for some days after its end."""
    agency = f.make_district(district, f.make_state() if not Agency.objects.exists() else _a_state())
    agreement = f.make_agreement(
        agency, vendor, begins_on=dt.date(2020, 1, 1), ends_on=dt.date(2099, 1, 1), title=f"{district} terms"
    )
    draft = f.make_draft(agreement, [GRADE], effective_from=dt.date(2020, 1, 1), **fields)
    draft.shared_elements.update(kept_days=days)
    return publish(draft)


def _a_state() -> Agency:
    return Agency.objects.filter(kind="state").order_by("pk").first()


def agree_with_many(vendor: Vendor, count: int, lines: int = 12) -> None:
    """Publish many agreements at once, each with lines, promises and other companies, like a state's list."""
    state = f.make_state()
    agencies = Agency.objects.bulk_create(
        Agency(
            kind="district",
            name=f"District number {n:03}",
            slug=f"many-{n}",
            state=state,
            state_code="IL",
            law_profile="us-il",
        )
        for n in range(count)
    )
    agreements = Agreement.objects.bulk_create(
        Agreement(agency=agency, vendor=vendor, title=f"Agreement of {agency.name}", state="signed")
        for agency in agencies
    )
    Participation.objects.bulk_create(
        Participation(agreement=each, agency=each.agency, kind="own", from_on=f.TODAY) for each in agreements
    )
    versions = AgreementVersion.objects.bulk_create(
        AgreementVersion(
            agreement=each, number=1, effective_from=f.TODAY, subcontractors_answer="listed", cost="$5"
        )
        for each in agreements
    )
    elements = [f.make_element(f"kind-{n}", "school") for n in range(lines)]
    SharedElement.objects.bulk_create(
        SharedElement(
            version=version,
            element=element,
            purpose=f.make_purpose(),
            basis=Basis.SCHOOL_OFFICIAL,
            kept="after_agreement",
            kept_days=30 + version.pk % 7,
            recipients=["Clearwave Speech"],
        )
        for version in versions
        for element in elements
    )
    answers = Promise.Answer.values
    Promise.objects.bulk_create(
        Promise(
            version=version,
            code=code,
            answer=answers[(n + at) % len(answers)],
            reader="Dana",
            read_on=f.TODAY,
        )
        for at, version in enumerate(versions)
        for n, code in enumerate(Promise.Code.values)
    )
    Subcontractor.objects.bulk_create(
        Subcontractor(version=version, name=f"Helper {version.pk % 11}") for version in versions
    )
    AgreementVersion.objects.filter(pk__in=[version.pk for version in versions]).update(
        published_at=timezone.now()
    )


def others_speak(town: Town) -> Product:
    """Let a court and an office decide about Lumino, and it and a reader speak; return a product of it."""
    agreement, day = town.agreement, town.today
    product = Product.objects.create(
        vendor=town.lumino, name="Lumino Books", slug="lumino-books", summary="Reads aloud."
    )
    agreement.products.add(product)
    order = {"vendor": town.lumino, "kind": "order", "body": "Trade Office", "decided_on": day}
    source = "https://office.example/orders/17"
    Ruling.objects.create(**order, summary="It must delete old voices.", source_url=source)
    wrong = Ruling.objects.create(**order, summary="About another company.", source_url=source)
    Ruling.objects.create(**order | {"kind": "taken_back"}, summary="Wrong company.", replaces=wrong)
    said = {"agreement": agreement, "said_on": day}
    reply = Remark.objects.create(**said, party="company", text="We delete after 30 days.")
    Remark.objects.create(**said, party="district", answers_to=reply, text="The paper says 60.")
    Remark.objects.create(**said, party="reader", text="The date is wrong.")
    named = Remark.objects.create(**said, party="reader", text="My son Sam was named.")
    Remark.objects.create(
        **said, party="district", answers_to=named, takes_down=True, text="A child was named."
    )
    return product
