"""Each list of the admin asks the database as often for ten rows as for one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consent.models import LetterRun, Objection
from consent.notify import announce, fan_out
from districts.models import Agency, AgencyStaff, Incident, Product
from districts.publish import publish_version
from portal.models import User
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def family(district: Agency, n: int) -> Any:
    child = factories.make_student(district, f"Sam{n}")
    return child, factories.make_guardian(district, f"Alice{n}", [child])


def hold(district: Agency, n: int) -> None:
    child, guardian = family(district, n)
    factories.make_hold(guardian, child)


def notice(district: Agency, n: int) -> None:
    family(district, n)
    publish_version(version_id=factories.make_draft(factories.make_agreement(district)).pk, now=NOW)
    for pk in announce(now=NOW):
        fan_out(pk, now=NOW)


def objection(district: Agency, n: int) -> None:
    child, guardian = family(district, n)
    agreement = factories.make_agreement(district)
    Objection.objects.create(student=child, guardian=guardian, agreement=agreement, kind="ask", text="?")


def incident(district: Agency, n: int) -> None:
    Incident.objects.create(
        agency=district,
        vendor=factories.make_vendor(f"V{n}"),
        agreement=factories.make_agreement(district),
        learned_on=TODAY,
        description="x",
    )


def account(district: Agency, n: int) -> None:
    user = User.objects.create_user(f"staff{n}@example.org", is_staff=True)
    AgencyStaff.objects.create(user=user, agency=district)


ROWS: dict[str, Callable[[Agency, int], Any]] = {
    "districts_agency": lambda district, n: factories.make_district(f"D{n}"),
    "districts_school": lambda district, n: factories.make_school(district),
    "districts_vendor": lambda district, n: factories.make_vendor(f"V{n}"),
    "districts_product": lambda district, n: Product.objects.create(
        vendor=factories.make_vendor(f"V{n}"), name=f"P{n}", slug=f"p{n}"
    ),
    "districts_incident": incident,
    "districts_datacategory": lambda district, n: factories.make_category(f"c{n}"),
    "districts_purpose": lambda district, n: factories.make_purpose(f"p{n}"),
    "districts_dataelement": lambda district, n: factories.make_element(f"e{n}", f"c{n}", agency=district),
    "districts_agreement": lambda district, n: factories.make_agreement(district, title=f"A{n}"),
    "districts_agreementversion": lambda district, n: factories.make_draft(
        factories.make_agreement(district)
    ),
    "districts_sharedelement": lambda district, n: factories.make_draft(factories.make_agreement(district)),
    "districts_choiceterms": lambda district, n: factories.make_draft(factories.make_agreement(district)),
    "consent_student": family,
    "consent_guardian": family,
    "consent_guardianship": family,
    "consent_hold": hold,
    "consent_objection": objection,
    "consent_notice": notice,
    "consent_delivery": notice,
    "consent_letterrun": lambda district, n: LetterRun.objects.create(agency=district),
    "portal_user": account,
}


@pytest.mark.parametrize("model", ROWS)
def test_ten_rows_cost_as_many_queries_as_one(model: str, client: Any) -> None:
    district = factories.make_district()
    client.force_login(User.objects.create_superuser("runs@example.org", "correct horse battery"))
    counts = []
    for rows in (range(1), range(1, 10)):
        for n in rows:
            ROWS[model](district, n)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(reverse(f"admin:{model}_changelist"))
        counts.append((len(queries), len(page.context["cl"].result_list)))
    (for_one, one), (for_ten, ten) = counts
    assert one < ten
    assert for_ten == for_one
