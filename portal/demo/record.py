"""What else stands in the story's public record: a breach, what others say, a refusal, the signed papers."""

import datetime as dt

from consent.models import Student
from districts import incidents
from districts.clause_readings import Found, record_readings
from districts.declining import decline_agreement
from districts.models import Agreement, DataElement, Incident, Remark, Ruling
from districts.papers import attach_public_copy, attach_text
from districts.withdrawals import withdraw_document

from .pdf import paper
from .story.papers import PAPERS, READ_IN_LUMINO
from .story.turned_down import REASON


def report_breach(agreement: Agreement, now: dt.datetime) -> None:
    """Report a breach at MathPath."""
    incident = Incident.objects.create(
        agency=agreement.agency,
        vendor=agreement.vendor,
        agreement=agreement,
        date_kind=Incident.DateKind.RANGE,
        began_on=now.date() - dt.timedelta(days=52),
        ended_on=now.date() - dt.timedelta(days=49),
        learned_on=now.date() - dt.timedelta(days=20),
        students_affected=41,
        enrollment=Student.objects.filter(agency=agreement.agency).count(),
        description="Someone got into a MathPath account and could see names and quiz scores of 41 students.",
    )
    incident.elements.set(DataElement.objects.filter(code__in=["student-name", "student-assignment-grade"]))
    incidents.report_incident(incident_id=incident.pk, now=now)


def let_others_speak(agreement: Agreement, other: Agreement, today: dt.date) -> None:
    """Enter an order about a company, its reply and the answer; of another, what a reader found wrong."""
    Ruling.objects.create(
        vendor=agreement.vendor,
        kind=Ruling.Kind.ORDER,
        body="Office of the Example Attorney General",
        decided_on=today - dt.timedelta(days=300),
        summary="MathPath must tell schools of a breach within 30 days. It had waited 90.",
        source_url="https://regulator.example/orders/2025-17",
    )
    reply = Remark.objects.create(
        agreement=agreement,
        party=Remark.Party.COMPANY,
        text="We delete quiz answers 30 days after the school year. The page says 60 days.",
        said_on=today - dt.timedelta(days=12),
    )
    Remark.objects.create(
        agreement=agreement,
        party=Remark.Party.DISTRICT,
        answers_to=reply,
        text="The signed paper says 60 days. We asked MathPath to put the shorter time into it.",
        said_on=today - dt.timedelta(days=9),
    )
    Remark.objects.create(
        agreement=other,
        party=Remark.Party.READER,
        text="The page says grades K to 5. My child in grade 6 was asked to sign in, too.",
        said_on=today - dt.timedelta(days=3),
    )


def turn_down(agreement: Agreement, now: dt.datetime) -> None:
    """Let the district refuse what somebody asked for."""
    day = now.date() - dt.timedelta(days=6)
    decline_agreement(agreement_id=agreement.pk, declined_on=day, note=REASON, now=now)


def attach_papers(agreements: dict[str, Agreement], today: dt.date) -> None:
    """Put papers beside their versions, take down what must not stand, read one for its clauses."""
    for each in PAPERS:
        version = agreements[each.company].versions.get(number=each.version)
        data = paper(each.title, each.pages)
        document = attach_public_copy(version_id=version.pk, data=data, redacted=each.redacted)
        if each.redacted:
            attach_text(document_id=document.pk, data=each.words.encode())
        if each.taken_down:
            withdraw_document(document_id=document.pk, reason=each.taken_down)
    newest = agreements["Lumino Reading"].versions.published().latest("number")
    record_readings(
        version_id=newest.pk,
        found={clause: Found(*found) for clause, found in READ_IN_LUMINO.items()},
        reader="Privacy Officer",
        read_on=today - dt.timedelta(days=2),
    )
