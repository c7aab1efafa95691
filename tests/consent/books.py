"""One row of everything the private room keeps, for tests that try to break its rules in SQL."""

from dataclasses import dataclass

from consent.models import (
    Attempt,
    Bundle,
    Claim,
    ClaimCode,
    Decision,
    Delivery,
    EffectiveState,
    Fulfilment,
    Guardian,
    LetterRun,
    Notice,
    Objection,
    ObjectionReply,
    ProviderReport,
    Question,
    QuestionVersion,
    RosterLoad,
    Student,
    Voiding,
)
from districts.models import Agency
from tests import factories as f
from tests.consent import answering
from tests.consent.news import catch_up, tell


@dataclass
class Books:
    """What the other rows hang on."""

    district: Agency
    sam: Student
    alice: Guardian
    bob: Guardian
    notice: Notice
    delivery: Delivery
    question: Question
    asked: QuestionVersion
    yes: Decision
    dana: object


def keep_books() -> Books:
    """Make a district in which everything has happened once."""
    district = f.make_district()
    dana = f.make_staff(district)
    sam = f.make_student(district)
    alice = f.make_guardian(district, "Alice", of=[sam])
    notice = tell(district)
    bob = f.make_guardian(district, "Bob", of=[sam], relation="father")
    catch_up()
    f.make_hold(bob, sam)
    RosterLoad.objects.create(agency=district, as_of=f.TODAY, file_sha256="0" * 64, counts={})
    user = f.make_user()
    Claim.objects.create(user=user, guardian=alice, proof="letter_code")
    ClaimCode.objects.create(guardian=alice, digest="d" * 64, expires_at=f.NOW)
    asked = QuestionVersion.objects.get()
    yes = answering.answer(sam, asked, alice, "yes")
    Voiding.objects.create(decision=answering.answer(sam, asked, bob, "no"), reason="No right.")
    EffectiveState.objects.create(student=sam, question=asked.question, answer="yes", covers=asked)
    Fulfilment.objects.create(decision=yes, step="district_acted", done_on=f.TODAY)
    objection = Objection.objects.create(
        student=sam, guardian=alice, agreement=asked.question.agreement, kind="ask"
    )
    ObjectionReply.objects.create(objection=objection, text="It is needed.", replied_by=dana)
    LetterRun.objects.create(agency=district)
    delivery = Delivery.objects.get(notice=notice)
    Delivery.objects.create(
        decision=yes, guardian=alice, about=[sam.pk], channel="email", next_attempt_at=f.NOW
    )
    Bundle.objects.create(message_id="<b@h>")
    Attempt.objects.create(delivery=delivery, n=1, channel="email", result="accepted", message_id="<m@h>")
    ProviderReport.objects.create(message_id="<m@h>", kind="bounced")
    return Books(district, sam, alice, bob, notice, delivery, asked.question, asked, yes, dana)
