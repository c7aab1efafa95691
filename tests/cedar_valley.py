"""Cedar Valley: a district whose register and families fill every page, published and announced for real."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.utils import timezone
from pypdf import PdfWriter

from consent import decide, notify, shown
from consent.models import Claim, Decision, Guardian, QuestionVersion, Student
from districts.blacking_out import black_out
from districts.clause_readings import Found, record_readings
from districts.discussion import announce_hearing, cancel_hearing, open_comments
from districts.incidents import report_incident
from districts.models import (
    Agency,
    Agreement,
    AgreementVersion,
    Basis,
    Incident,
    Promise,
    Publication,
    Subcontractor,
    ToldFigures,
    Vendor,
    VendorOwnership,
)
from districts.open_questions import answer_question, count_refusal, publish_question
from districts.owners import change_owner
from districts.papers import attach_public_copy, attach_text
from districts.publish import publish_version
from districts.withdrawals import withdraw_document, withdraw_text
from tests import factories as f

GRADE = ("grade", "school", Basis.SCHOOL_OFFICIAL)
VOICE = ("voice-recording", "voice", Basis.CONSENT)
PHOTO = ("class-photo", "pictures", Basis.ELECTIVE_OUT)


WORDS = """1. Data. The company may use names, grades and recordings of children who read aloud.

2. Deletion. The company deletes all data in 90 days after the agreement ends.

3. Law. The law of Illinois counts."""


def blank_pdf(pages: int) -> bytes:
    """Return a PDF with so many empty pages."""
    writer, out = PdfWriter(), BytesIO()
    for _n in range(pages):
        writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


@dataclass
class Town:
    """The district, its company Lumino Reading, and Alice, who decides for Sam."""

    now: dt.datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        state = f.make_state()
        self.district: Agency = f.make_district(
            "Cedar Valley Schools",
            state,
            slug="cedar-valley",
            city="Cedar Valley",
            zip_code="61301",
            contact_name="Dana Ruiz",
            contact_email="data@cedar.example",
            contact_phone="309-555-0147",
        )
        self.today = self.district.today(self.now)
        self.school = f.make_school(self.district, "Cedar Ridge School")
        self.sam: Student = f.make_student(self.district, "Sam", self.school)
        self.alice: Guardian = f.make_guardian(self.district, "Alice", of=[self.sam])
        self.lumino: Vendor = f.make_vendor(
            "Lumino Reading",
            slug="lumino-reading",
            legal_name="Lumino Reading, Inc.",
            summary="Reading aloud with an app.",
            business_address="12 Oak Street, Peoria, IL",
        )
        self.agreement: Agreement = f.make_agreement(
            self.district,
            self.lumino,
            begins_on=self.today - dt.timedelta(days=400),
            ends_on=self.today + dt.timedelta(days=300),
        )
        self.first: Publication = self._publish([GRADE, VOICE], is_baseline=True)
        notify.announce(now=self.now)
        self.second: Publication = self._publish([GRADE, VOICE, PHOTO])
        notify.announce(now=self.now)

    def _publish(self, lines: list[Any], *, is_baseline: bool = False) -> Publication:
        """Publish a draft: what was in use before this site opened, or news with time to answer."""
        day = self.today if is_baseline else self.today + dt.timedelta(days=60)
        draft = f.make_draft(
            self.agreement,
            effective_from=self.today,
            sharing_starts_on=None if is_baseline else day,
            subcontractors_answer=AgreementVersion.Subcontractors.LISTED,
            signer_title="Superintendent",
            lines=[],
        )
        for code, category, basis in lines:
            f.add_line(draft, code, basis, category=category, recipients=["Clearwave Speech"])
            if basis != Basis.SCHOOL_OFFICIAL:
                f.add_choice(draft, category, basis, self.today + dt.timedelta(days=21))
        Subcontractor.objects.create(version=draft, name="Clearwave Speech", role="Hears the reading")
        Promise.objects.create(version=draft, code=Promise.Code.NO_SALE, answer="yes", clause="4.2")
        Promise.objects.create(version=draft, code=Promise.Code.NO_ADVERTISING, answer="no")
        return publish_version(version_id=draft.pk, now=self.now, baseline=is_baseline)

    def something_happens(self) -> None:
        """Let a breach be reported, and the company change hands."""
        incident = Incident.objects.create(
            agency=self.district,
            vendor=self.lumino,
            agreement=self.agreement,
            learned_on=self.today,
            description="A laptop was lost.",
            students_affected=12,
        )
        incident.elements.add(f.make_element("grade", "school"))
        report_incident(incident_id=incident.pk, now=self.now)
        owner = f.make_vendor("Big Media", slug="big-media")
        held = VendorOwnership.objects.create(vendor=self.lumino, owner=owner, since=self.today)
        change_owner(ownership_id=held.pk, now=self.now)

    def talks_in_public(self) -> dict[str, object]:
        """Let a proposal be open for comments, with one hearing to come and one cancelled."""
        agreement = f.make_agreement(
            self.district, self.lumino, state="proposed", title="Reading aloud, again"
        )
        publish_version(version_id=f.make_draft(agreement).pk, now=self.now)
        open_comments(
            agreement_id=agreement.pk,
            opens_on=self.today,
            closes_on=self.today + dt.timedelta(days=20),
            how_to_take_part="Write to data@cedar.example.\n\nEvery letter is read to the board.",
            now=self.now,
        )
        for days in (8, 15):
            hearing = announce_hearing(
                agreement_id=agreement.pk,
                starts_at=self.now + dt.timedelta(days=days),
                ends_at=self.now + dt.timedelta(days=days, hours=2),
                place="Cedar Ridge School, 4 Oak Street, room 12",
                online_url="https://meet.cedar.example/12",
                note="Interpreters for Spanish.",
                now=self.now,
            )
        cancel_hearing(hearing_id=hearing.pk, reason="The school is closed.", now=self.now)
        for days, words in ((40, "Who hears the recordings?"), (9, "Why is [it] needed?")):
            name, text = black_out(["[it]"] if "[it]" in words else [], "Parents for Privacy", words)
            question = publish_question(
                agreement=agreement,
                kind="question",
                shown_name=name,
                text=text,
                asked_on=self.today - dt.timedelta(days=days),
                is_blacked_out=text != words,
            )
        answer_question(question_id=question.pk, text="To hear how a child reads.", now=self.now)
        count_refusal(agreement=agreement, reason="private", now=self.now)
        return {"proposal": agreement.public_id}

    def hands_in_papers(self) -> dict[str, object]:
        """Let both versions have a paper with its words, a third paper come down, and clauses be read."""
        first, second = self.first.version, self.second.version
        papers = []
        for version, pages, words in ((first, 1, WORDS), (second, 2, WORDS.replace("90 days", "60 days"))):
            data = blank_pdf(pages)
            papers.append(attach_public_copy(version_id=version.pk, data=data, redacted="section 7 (prices)"))
            attach_text(document_id=papers[-1].pk, data=words.encode())
        gone = attach_public_copy(version_id=second.pk, data=blank_pdf(3))
        withdraw_document(document_id=gone.pk, reason="A student was named in it.")
        withdraw_text(version_id=second.pk, field="signer_title", reason="It named a person.")
        found = {"il-deletion": Found("yes", "2, page 1"), "il-breach-costs": Found("no")}
        record_readings(version_id=second.pk, found=found, reader="Privacy officer", read_on=self.today)
        ToldFigures.objects.create(
            publication=self.second, agency=self.district, people=1240, accepted=1105, letters=120, failed=15
        )
        return {"paper": papers[-1].public_id, "gone": gone.public_id}

    def asked(self, category: str) -> QuestionVersion:
        asked = QuestionVersion.objects.filter(
            question__agreement=self.agreement, question__category__code=category
        )
        return asked.latest("number")

    def answers(self, category: str, answer: str, decider: Guardian | None = None) -> Decision:
        """Record an answer as the page of a guardian would post it."""
        question = self.asked(category)
        return decide.record(
            student_id=self.sam.pk,
            question_version_id=question.pk,
            decider_id=(decider or self.alice).pk,
            answer=answer,
            shown_sha256=shown.sha256_of(shown.what_is_shown(question, "en")),
            replaces_id=None,
            language="en",
            by_user=None,
            now=timezone.now(),
        )

    def addresses(self) -> Mapping[str, object]:
        """Return what the paths of its pages are filled with."""
        return {
            "agreement": self.agreement.public_id,
            "change": self.second.public_id,
            "school": self.school.pk,
            "student": self.sam.public_id,
        }


def user_of(guardian: Guardian) -> Any:
    """Return the account of a guardian whose mailbox is tied to them."""
    user = f.make_user()
    Claim.objects.create(user=user, guardian=guardian, proof=Claim.Proof.LETTER_CODE)
    return user
