"""What the offices of the 2013 story do: draft, tell, export, enroll."""

import csv
import datetime as dt
import io
import re
import zipfile
from pathlib import Path

from django.core.management import call_command

from consent import deliver, exports, notify
from consent.models import (
    Enrollment,
    Guardian,
    Guardianship,
    Notice,
    Student,
)
from districts.models import (
    Agency,
    Agreement,
    AgreementVersion,
    Basis,
    ChoiceTerms,
    ChoiceText,
    DataCategory,
    Purpose,
    SharedElement,
    Vendor,
)

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
ROSTER = SHARED / "oneroster" / "inbloom_il_daybreak"
INVENTORY = SHARED / "inbloom_inventory_384.csv"
DAY = dt.date(2013, 11, 21)
STARTS = dt.date(2013, 12, 15)  # the day on which sharing starts
NOW = dt.datetime(2013, 11, 21, 18, 0, tzinfo=dt.UTC)  # noon in Chicago


def make_statewide_draft(daybreak: Agency) -> AgreementVersion:
    """Draft the statewide agreement: 384 data points, opt in for health, inform only for the rest."""
    inbloom = Vendor.objects.create(name="inBloom", slug="inbloom", kind="non_profit")
    agreement = Agreement.objects.create(
        agency=daybreak.state,
        vendor=inbloom,
        title="Illinois Shared Learning Environment",
        kind=Agreement.Kind.GENERAL_OFFER,
        state=Agreement.State.SIGNED,
        begins_on=dt.date(2013, 1, 1),
        ends_on=dt.date(2016, 12, 31),
    )
    version = AgreementVersion.objects.create(
        agreement=agreement,
        number=1,
        effective_from=DAY,
        sharing_starts_on=STARTS,
        subcontractors_answer=AgreementVersion.Subcontractors.NONE_STATED,
    )
    call_command(
        "import_inventory",
        str(INVENTORY),
        f"--version={version.pk}",
        f"--basis={Basis.CONSENT}",
        "--purpose=store-data",
        "--source=school_record",
        "--kept=after_agreement",
        "--kept-days=60",
        verbosity=0,
    )
    add_choices(version)
    return version


def add_choices(version: AgreementVersion) -> None:
    """Put the four texts beside every choice of a draft that has none."""
    for category in DataCategory.objects.filter(elements__shared_in__version=version).distinct():
        terms, made = ChoiceTerms.objects.get_or_create(
            version=version,
            category=category,
            basis=Basis.CONSENT,
            defaults={"answer_by": dt.date(2013, 12, 12), "equal_alternative": True},
        )
        for language in ("en", "es") if made else ():
            ChoiceText.objects.create(
                terms=terms,
                language=language,
                if_yes="It is kept in the store.",
                if_no="The school keeps it. Nothing changes in class.",
                if_silent="We count it as no.",
                data_already_sent="Nothing was sent yet.",
            )


def tell(now: dt.datetime = NOW) -> None:
    """Do what the schedule does: announce, fan out, deliver."""
    notify.announce(now=now)
    for notice_id in notify.unfinished():
        notify.fan_out(notice_id, now=now)
    for notice in Notice.objects.all():
        deliver.deliver(notice_id=notice.pk, now=now)


def told(notice: Notice) -> dict[str, int]:
    """Count a notice's people by channel."""
    mail = notice.deliveries.filter(channel="email", state="sent").count()
    return {"mail": mail, "letter": notice.deliveries.filter(channel="letter", state="due").count()}


def exported(district: Agency, agreement: Agreement) -> set[str]:
    """Return the roster ids of children for whom any health element is permitted."""
    out = io.BytesIO()
    exports.export_choices(agency=district, agreement=agreement, today=STARTS, out=out)
    rows = csv.DictReader(io.StringIO(out.getvalue().decode()))
    column = next(name for name in rows.fieldnames if re.search("student", name))
    return {row[column] for row in rows}


def filtered_students(district: Agency, agreement: Agreement, folder: Path) -> set[str]:
    """Return the student ids of the roster the company gets."""
    source, target = folder / "in.zip", folder / "out.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for name in ("orgs.csv", "users.csv"):
            archive.write(ROSTER / name, name)
    call_command(
        "filter_roster",
        str(source),
        str(target),
        f"--agreement={agreement.public_id}",
        "--agency=IL-DAYBREAK",
        f"--as-of={STARTS}",
        verbosity=0,
    )
    with zipfile.ZipFile(target) as archive:
        users = csv.DictReader(io.TextIOWrapper(archive.open("users.csv"), "utf-8-sig"))
        return {row["sourcedId"] for row in users if row.get("role") == "student"}


def add_voice(draft: AgreementVersion) -> None:
    """Add one new category to a draft: voice recordings."""
    from districts.models import DataElement

    SharedElement.objects.create(
        version=draft,
        element=DataElement.objects.get(code="student-voice-recording"),
        purpose=Purpose.objects.get(code="store-data"),
        basis=Basis.CONSENT,
        source="student",
        kept="after_agreement",
        kept_days=30,
    )
    draft.sharing_starts_on = dt.date(2014, 2, 1)
    draft.effective_from = dt.date(2013, 12, 21)
    draft.save()
    add_choices(draft)
    draft.choice_terms.update(answer_by=dt.date(2014, 1, 20))


def enroll_later(district: Agency) -> tuple[Student, Guardian]:
    """Enroll a child with one parent after everything was told."""
    school = district.schools.first()
    child = Student.objects.create(
        agency=district, roster_id="late-1", shown_name="Late", birth_date=dt.date(2006, 1, 1)
    )
    Enrollment.objects.create(student=child, school=school, grade="02")
    parent = Guardian.objects.create(agency=district, roster_id="late-p", email="late@example.org")
    Guardianship.objects.create(guardian=parent, student=child, relation="mother", rights="decides")
    return child, parent
