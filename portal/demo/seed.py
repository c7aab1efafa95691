"""Fills an empty site with the story: register, families, messages, answers. Uses the product's own verbs."""

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction

from consent import decide, notify, shown
from consent.models import Guardian, QuestionVersion, Student
from districts import endings, publish, spelling
from districts.models import (
    Agency,
    AgencyStaff,
    Agreement,
    AgreementEvent,
    AgreementVersion,
    Crosswalk,
    Purpose,
    SharedElement,
    Subcontractor,
    Vendor,
    VendorOwnership,
)

from . import record
from .registry import Registrar
from .story import classroom, discussion, inbloom, offices, services, statewide, turned_down
from .story.families import write_roster
from .story.shapes import Company

STAFF_PASSWORD = "open-roll-demo"  # noqa: S105 - printed by `manage.py demo_people`; the demo only
STAFF = [
    ("dana@cedar-valley.example", "cedar-valley", "Privacy Officer", False),
    ("marta@millbrook.example", "millbrook", "Privacy Officer", False),
    ("iris@illinois.example", "illinois", "Data Agreements", False),
    ("admin@openroll.example", None, "Runs this site", True),
]
OFFICE = {
    "contact_name": "Dana Whitlock",
    "contact_title": "Privacy Officer",
    "contact_phone": "309-555-0147",
    "contact_email": "privacy@cedar-valley.example",
    "postal_address": "1 School Street, Cedar Valley, IL 61301",
    "complaint_route": (
        "Write to the Privacy Officer. You get an answer in 30 days. You may also write to the state board."
    ),
    "rights_text": (
        "You may see, copy and fix what schools and companies have about your child. Ask the Privacy Officer."
    ),
    "interpreters_are_free": True,
}


def is_empty() -> bool:
    """Return whether nothing has been put into the site yet."""
    return not Agency.objects.exists()


@transaction.atomic
def fill(*, now: dt.datetime, say: Callable[[str], None] = lambda line: None) -> None:
    """Fill the site with the story as of `now`. Messages become due and go out by the running workers."""
    say("Agencies and staff")
    make_agencies()
    registrar = Registrar(now)
    say("inBloom, from public sources")
    reconstruct_inbloom(now)
    say("Companies and agreements as they stood before this site opened")
    stories = (classroom, services, offices, statewide, turned_down)
    companies = [company for story in stories for company in story.COMPANIES]
    agreements = {company.name: registrar.sign(company) for company in companies}
    for company in companies:
        write_history(registrar, company, agreements[company.name])
    announce(now)
    say("Families")
    load_families(now.date())
    notify.catch_up(now=now)
    say("What is new today")
    for company in companies:
        write_news(registrar, company, agreements[company.name])
    record.report_breach(agreements["MathPath"], now)
    record.let_others_speak(agreements["MathPath"], agreements["Lumino Reading"], now.date())
    record.turn_down(agreements[turned_down.FACEGATE.name], now)
    endings.expire_due(now)
    announce(now)
    say("The signed papers")
    record.attach_papers(agreements, now.date())
    say("A proposal that is discussed in public")
    discussion.talk_about(agreements["ScanPass"], now)
    say("Two parents who disagree")
    disagree(agreements["PictureDay"], now)
    spelling.renew_words()


def announce(now: dt.datetime) -> None:
    """Turn what was published into notices and duties; the workers send them."""
    notify.announce(now=now)
    for notice_id in notify.unfinished():
        notify.fan_out(notice_id, now=now)


def disagree(agreement: Agreement, now: dt.datetime) -> None:
    """Let Alice say Yes and Bob say No about Mateo's school photo: the district's rule settles it."""
    asked = QuestionVersion.objects.select_related("question").get(question__agreement=agreement)
    mateo = Student.objects.get(agency=agreement.agency, roster_id="1001")
    for roster_id, language, answer in (("2001", "en", "yes"), ("2002", "es", "no")):
        decide.record(
            student_id=mateo.pk,
            question_version_id=asked.pk,
            decider_id=Guardian.objects.get(agency=agreement.agency, roster_id=roster_id).pk,
            answer=answer,
            shown_sha256=shown.sha256_of(shown.what_is_shown(asked, language)),
            replaces_id=None,
            language=language,
            by_user=None,
            now=now,
        )


def make_agencies() -> None:
    """Make two states, two districts, their offices and staff."""
    illinois = Agency.objects.create(
        kind="state",
        name="Illinois State Board of Education",
        slug="illinois",
        state_code="IL",
        law_profile="us-il",
    )
    connecticut = Agency.objects.create(
        kind="state",
        name="Connecticut State Library Service",
        slug="connecticut",
        state_code="CT",
        law_profile="us-ct",
        time_zone="America/New_York",
    )
    Agency.objects.create(
        kind="district",
        name="Cedar Valley School District",
        slug="cedar-valley",
        state=illinois,
        state_code="IL",
        law_profile="us-il",
        city="Cedar Valley",
        zip_code="61301",
        **OFFICE,
    )
    Agency.objects.create(
        kind="district",
        name="Millbrook Public Schools",
        slug="millbrook",
        state=connecticut,
        state_code="CT",
        law_profile="us-ct",
        time_zone="America/New_York",
        city="Millbrook",
        zip_code="06468",
        contact_name="Marta Vance",
        contact_title="Privacy Officer",
        contact_phone="203-555-0119",
    )
    for email, slug, title, is_superuser in STAFF:
        user = get_user_model().objects.create_user(
            email=email, password=STAFF_PASSWORD, is_staff=True, is_superuser=is_superuser
        )
        if slug:
            AgencyStaff.objects.create(user=user, agency=Agency.objects.get(slug=slug), title=title)


def write_history(registrar: Registrar, company: Company, agreement: Agreement) -> None:
    """Publish what was already so before families came: earlier versions and long-running agreements."""
    for edition in company.editions:
        if edition.effective > -60 or edition.choices:
            break
        version = registrar.draft(agreement, edition)
        registrar.publish(version, edition, baseline=company.in_use_before_this_site)
    registrar.take_part(company, agreement)


def write_news(registrar: Registrar, company: Company, agreement: Agreement) -> None:
    """Publish what is new, and what families can answer, now that families are on the roster."""
    for edition in company.editions[agreement.versions.count() :]:
        version = registrar.draft(agreement, edition)
        if not edition.left_as_draft:
            publish.publish_version(version_id=version.pk, now=registrar.now)
    registrar.sell(company, agreement)


def load_families(today: dt.date) -> None:
    """Load the rosters of both districts through the importer."""
    for slug in ("cedar-valley", "millbrook"):
        with tempfile.TemporaryDirectory() as folder:
            write_roster(Path(folder), slug, today)
            call_command("import_roster", folder, f"--agency={slug}", f"--as-of={today}", verbosity=0)


def reconstruct_inbloom(now: dt.datetime) -> None:
    """Put the history of inBloom into the register: 384 data points, each fact with its source."""
    vendors = {
        slug: Vendor.objects.create(slug=slug, **{k: v for k, v in facts.items() if v})
        for slug, facts in inbloom.VENDORS.items()
    }
    VendorOwnership.objects.create(
        vendor=vendors["wireless-generation"],
        owner=vendors["news-corp"],
        since=inbloom.OWNERSHIP_SINCE,
        source_url=inbloom.OWNERSHIP_SOURCE,
    )
    agreement = Agreement.objects.create(
        agency=Agency.objects.get(slug="illinois"),
        vendor=vendors["inbloom"],
        title="inBloom student data store",
        kind=Agreement.Kind.RECONSTRUCTION,
        state=Agreement.State.ENDED,
        term_note="The days of signing and ending of the contract are not known here.",
    )
    for kind, day, note, source in inbloom.EVENTS:
        AgreementEvent.objects.create(
            agreement=agreement, kind=kind, happened_on=day, note=note, source_url=source
        )
    version = AgreementVersion.objects.create(
        agreement=agreement,
        number=1,
        standing_note=inbloom.STANDING_NOTE,
        summary=inbloom.SUMMARY,
        subcontractors_answer=AgreementVersion.Subcontractors.LISTED,
    )
    Subcontractor.objects.create(
        version=version,
        name="Wireless Generation",
        role="Built the software. Owned by News Corp at the time.",
    )
    reported: dict[int, list[str]] = {}
    for element, identifier in (
        Crosswalk.objects.filter(scheme="inbloom")
        .order_by("identifier")
        .values_list("element_id", "identifier")
    ):
        reported.setdefault(element, []).append(identifier)
    purpose = Purpose.objects.get(code="store-data")
    SharedElement.objects.bulk_create(
        SharedElement(
            version=version,
            element_id=element,
            purpose=purpose,
            basis="school_official",
            source=SharedElement.Source.SCHOOL_RECORD,
            kept=SharedElement.Kept.NOT_FILLED_IN,
            reported_as=identifiers,
        )
        for element, identifiers in reported.items()
    )
    publish.publish_version(version_id=version.pk, now=now)
