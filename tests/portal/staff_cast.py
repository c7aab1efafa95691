"""The cast of the staff tests: Dana and her district, Carol's district and its staff, with rows in each."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from consent.models import Guardian, Guardianship, Hold, Student
from districts.models import Agency, AgreementVersion, Basis, School
from tests import factories


@dataclass(frozen=True)
class Side:
    """One district with its staff, one family, one hold, one agreement with a draft."""

    district: Agency
    staff: Any
    school: School
    sam: Student
    alice: Guardian
    bob: Guardian
    hold: Hold
    draft: AgreementVersion

    @property
    def tie(self) -> Guardianship:
        return Guardianship.objects.get(guardian=self.alice, student=self.sam)


def make_side(name: str, state: Agency, child: str = "Sam") -> Side:
    """Make a district: its child has Alice, who decides, and Bob, who is on hold."""
    district = factories.make_district(name, state)
    school = factories.make_school(district, f"{name} School")
    sam = factories.make_student(district, child, school)
    alice = factories.make_guardian(district, "Alice", [sam], family_name=name)
    bob = factories.make_guardian(district, "Bob", [sam], "father", family_name=name)
    agreement = factories.make_agreement(district, title=f"{name} reading")
    draft = factories.make_draft(agreement, [("home-address", "contact", Basis.CONSENT)])
    return Side(
        district,
        factories.make_staff(district),
        school,
        sam,
        alice,
        bob,
        factories.make_hold(bob, sam),
        draft,
    )


def signed_in(user: Any) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(user)
    return client
