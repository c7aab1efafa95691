"""Plain functions that make the cast and what they need; state is built through services where one exists.

The cast, everywhere: Alice and Bob, guardians of Sam; Carol, guardian in another district; Dana, staff of
Sam's district; Ellis, a student who turned 18.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence

from django.contrib.auth import get_user_model

from consent.models import Enrollment, Guardian, Guardianship, Hold, Student
from districts.models import (
    Agency,
    AgencyStaff,
    Agreement,
    AgreementVersion,
    Basis,
    CategoryText,
    ChoiceTerms,
    ChoiceText,
    DataCategory,
    DataElement,
    ElementText,
    Participation,
    Purpose,
    PurposeText,
    School,
    SharedElement,
    Vendor,
)

TODAY = dt.date(2026, 9, 1)
NOW = dt.datetime(2026, 9, 1, 17, 0, tzinfo=dt.UTC)  # noon in Chicago

_next = itertools.count(1)


def make_state(name: str = "Illinois State Board", **fields: object) -> Agency:
    n = next(_next)
    values = {"slug": f"state-{n}", "state_code": "IL", "law_profile": "us-il", **fields}
    return Agency.objects.create(kind=Agency.Kind.STATE, name=name, **values)


def make_district(
    name: str = "Cedar Valley Schools", state: Agency | None = None, **fields: object
) -> Agency:
    n = next(_next)
    values = {"slug": f"district-{n}", "state_code": "IL", "law_profile": "us-il", **fields}
    return Agency.objects.create(kind=Agency.Kind.DISTRICT, name=name, state=state or make_state(), **values)


def make_school(district: Agency, name: str = "Cedar Ridge School", **fields: object) -> School:
    return School.objects.create(agency=district, name=name, **{"roster_id": f"S{next(_next)}", **fields})


def make_vendor(name: str = "Lumino Reading", **fields: object) -> Vendor:
    values = {"slug": f"vendor-{next(_next)}", "kind": Vendor.Kind.FOR_PROFIT, **fields}
    return Vendor.objects.create(name=name, **values)


def make_category(code: str = "contact", label: str = "") -> DataCategory:
    category, made = DataCategory.objects.get_or_create(code=code)
    if made:
        for language in ("en", "es"):
            CategoryText.objects.create(category=category, language=language, revision=1, label=label or code)
    return category


def make_element(code: str = "home-address", category: str = "contact", **fields: object) -> DataElement:
    values = {"subject": "student", "sensitivity": "medium", **fields}
    element, made = DataElement.objects.get_or_create(
        code=code, defaults={"category": make_category(category), **values}
    )
    if made:
        for language in ("en", "es"):
            ElementText.objects.create(
                element=element,
                language=language,
                revision=1,
                label=code.replace("-", " "),
                definition=f"What {code.replace('-', ' ')} is.",
            )
    return element


def make_purpose(code: str = "teach") -> Purpose:
    purpose, made = Purpose.objects.get_or_create(code=code)
    if made:
        for language in ("en", "es"):
            PurposeText.objects.create(purpose=purpose, language=language, revision=1, label=code)
    return purpose


def make_agreement(district: Agency, vendor: Vendor | None = None, **fields: object) -> Agreement:
    """Make a signed agreement with the district's own participation."""
    values = {
        "title": "Reading agreement",
        "state": Agreement.State.SIGNED,
        "begins_on": TODAY - dt.timedelta(days=30),
        "ends_on": TODAY + dt.timedelta(days=700),
        **fields,
    }
    agreement = Agreement.objects.create(agency=district, vendor=vendor or make_vendor(), **values)
    if district.kind == Agency.Kind.DISTRICT:
        Participation.objects.create(
            agreement=agreement, agency=district, kind=Participation.Kind.OWN, from_on=values["begins_on"]
        )
    return agreement


def add_line(
    version: AgreementVersion, code: str = "home-address", basis: str = Basis.CONSENT, **fields: object
) -> SharedElement:
    """Add a complete line to a draft; the element is made in category `contact` unless it exists."""
    category = str(fields.pop("category", "contact"))
    values = {
        "element": make_element(code, category),
        "purpose": make_purpose(),
        "basis": basis,
        "source": SharedElement.Source.SCHOOL_RECORD,
        "kept": SharedElement.Kept.AFTER_AGREEMENT,
        "kept_days": 60,
        **fields,
    }
    return SharedElement.objects.create(version=version, **values)


def add_choice(
    version: AgreementVersion, category: str, basis: str, answer_by: dt.date | None = None
) -> ChoiceTerms:
    """Add the four texts, in both languages, beside a choice of a draft."""
    terms = ChoiceTerms.objects.create(
        version=version,
        category=make_category(category),
        basis=basis,
        answer_by=answer_by or TODAY + dt.timedelta(days=21),
        equal_alternative=True,
    )
    for language in ("en", "es"):
        ChoiceText.objects.create(
            terms=terms,
            language=language,
            if_yes=f"[{language}] The app may use it.",
            if_no=f"[{language}] Your child reads the same book on paper.",
            if_silent=f"[{language}] We follow the law.",
            data_already_sent=f"[{language}] The company deletes it in 60 days.",
        )
    return terms


def make_draft(
    agreement: Agreement,
    lines: Sequence[tuple[str, str, str]] = (("home-address", "contact", Basis.CONSENT),),
    **fields: object,
) -> AgreementVersion:
    """Make a draft that may be published: lines are (element code, category code, basis)."""
    number = agreement.versions.count() + 1
    values = {
        "effective_from": TODAY,
        "sharing_starts_on": TODAY + dt.timedelta(days=30),
        "subcontractors_answer": AgreementVersion.Subcontractors.NONE_STATED,
        **fields,
    }
    version = AgreementVersion.objects.create(agreement=agreement, number=number, **values)
    choices = set()
    for code, category, basis in lines:
        line = add_line(version, code, basis, category=category)
        if line.control != "inform":
            choices.add((category, str(basis)))
    for category, basis in sorted(choices):
        add_choice(version, category, basis)
    return version


def make_student(
    district: Agency, name: str = "Sam", school: School | None = None, grade: str = "03", **fields: object
) -> Student:
    """Make a student enrolled in a school (one is made unless given)."""
    values = {"roster_id": f"st-{next(_next)}", "birth_date": dt.date(2017, 5, 4), **fields}
    programs = values.pop("programs", [])
    student = Student.objects.create(agency=district, shown_name=name, **values)
    Enrollment.objects.create(
        student=student, school=school or make_school(district), grade=grade, programs=programs
    )
    return student


def make_guardian(
    district: Agency,
    name: str = "Alice",
    of: Iterable[Student] = (),
    relation: str = "mother",
    rights: str = "decides",
    **fields: object,
) -> Guardian:
    """Make a guardian who decides for the given students."""
    n = next(_next)
    values = {"roster_id": f"g-{n}", "email": f"{name.lower()}{n}@example.org", "language": "en", **fields}
    guardian = Guardian.objects.create(agency=district, given_name=name, **values)
    for student in of:
        Guardianship.objects.create(guardian=guardian, student=student, relation=relation, rights=rights)
    return guardian


def make_eligible_student(
    district: Agency, name: str = "Ellis", today: dt.date = TODAY, **fields: object
) -> tuple[Student, Guardian]:
    """Make a student who is 18 and the person of their own who decides."""
    student = make_student(district, name, birth_date=dt.date(today.year - 18, 1, 2), grade="12", **fields)
    person = make_guardian(district, name, of=[student], relation="self")
    return student, person


def make_hold(guardian: Guardian, student: Student, today: dt.date = TODAY) -> Hold:
    return Hold.objects.create(
        guardianship=Guardianship.objects.get(guardian=guardian, student=student),
        origin=Hold.Origin.ROSTER,
        evidence="NO CONTACT ALLOWED",
        review_due_on=today + dt.timedelta(days=10),
    )


def make_user(email: str = "") -> object:
    return get_user_model().objects.create_user(email=email or f"user{next(_next)}@example.org")


def make_staff(district: Agency, name: str = "dana") -> object:
    """Make a staff account of one district, with all rights inside it."""
    user = get_user_model().objects.create_user(
        email=f"{name}{next(_next)}@example.org", password="correct horse battery", is_staff=True
    )
    AgencyStaff.objects.create(user=user, agency=district, title="Privacy officer")
    return user
