"""A district with one child, two guardians and one agreement, which is published, told and answered."""

import datetime as dt

from consent import permitted
from consent.models import Attempt, Delivery, Guardian, Notice, QuestionVersion, Student
from consent.questions import open_questions
from districts.models import Agency, AgreementVersion, Basis, Publication
from tests import factories as f
from tests.consent.answering import freeze

LAST_DAY = f.TODAY + dt.timedelta(days=21)  # of the factories' choice
AFTER = LAST_DAY + dt.timedelta(days=1)
OFFICIAL = ("grade", "school", Basis.SCHOOL_OFFICIAL)
ADDRESS = ("home-address", "contact", Basis.CONSENT)
PHONE = ("phone", "contact", Basis.CONSENT)
PHOTO = ("photo", "picture", Basis.DIRECTORY)


class World:
    """A district with Sam, Alice and Bob, and one agreement."""

    def __init__(self, *lines, rule: str = Agency.DecisionRule.MOST_PROTECTIVE) -> None:
        self.district = f.make_district(decision_rule=rule)
        self.school = f.make_school(self.district)
        self.sam = f.make_student(self.district, school=self.school)
        self.alice = f.make_guardian(self.district, "Alice", of=[self.sam])
        self.bob = f.make_guardian(self.district, "Bob", of=[self.sam], relation="father")
        self.agreement = f.make_agreement(self.district)
        self.version = self.publish(*lines)

    def publish(self, *lines, recipients=(), answer_by=LAST_DAY, **fields) -> AgreementVersion:
        draft = f.make_draft(self.agreement, lines=lines, **{"sharing_starts_on": f.TODAY, **fields})
        draft.choice_terms.update(answer_by=answer_by)
        draft.shared_elements.update(recipients=list(recipients))
        self.version = freeze(draft)
        open_questions(draft.pk)
        return self.version

    def question(self, code: str = "contact", basis: str = Basis.CONSENT) -> QuestionVersion:
        return QuestionVersion.objects.filter(
            question__agreement=self.agreement, question__category__code=code, question__basis=basis
        ).latest("number")

    def whys(self, today: dt.date = f.TODAY) -> dict[str, str]:
        """Return why each element is (not) permitted about Sam."""
        codes = {line.pk: line.element.code for line in self._lines(today)}
        return {
            codes[v.line_id]: v.why
            for v in permitted.verdicts(agreement_id=self.agreement.pk, today=today)
            if v.student_id == self.sam.pk
        }

    def recipients(self, today: dt.date = f.TODAY) -> set[str]:
        return {
            name
            for v in permitted.verdicts(agreement_id=self.agreement.pk, today=today)
            for name in v.recipients
        }

    def _lines(self, today: dt.date):
        version = permitted.version_in_force(self.agreement.pk, today)
        return version.shared_elements.select_related("element") if version else []

    def tell(
        self,
        guardian: Guardian,
        state: str = "sent",
        kind: str = "version",
        told_at: dt.datetime = f.NOW,
        about: Student | None = None,
    ) -> Delivery:
        """Tell a guardian of the newest version, as far as `state`; the message arrives at `told_at`."""
        publication, _ = Publication.objects.get_or_create(
            kind=kind,
            agreement=self.agreement,
            version=self.version if kind == "version" else None,
            day=f.TODAY,
        )
        notice, _ = Notice.objects.get_or_create(
            publication=publication,
            agency=self.district,
            defaults={"severity": "answer_needed", "day": f.TODAY},
        )
        return self._deliver(notice, guardian, state, told_at, about or self.sam)

    def welcome(self, guardian: Guardian, told_at: dt.datetime = f.NOW) -> Delivery:
        notice, _ = Notice.objects.get_or_create(
            agency=self.district, welcome_day=f.TODAY, defaults={"severity": "tell_now", "day": f.TODAY}
        )
        return self._deliver(notice, guardian, "sent", told_at, self.sam)

    def _deliver(
        self, notice: Notice, guardian: Guardian, state: str, told_at: dt.datetime, about: Student
    ) -> Delivery:
        posted = state in {"printed", "posted"}
        delivery = Delivery.objects.create(
            notice=notice,
            guardian=guardian,
            about=[about.pk],
            state=state,
            channel="letter" if posted else "email",
            withheld_because="left" if state == "withheld" else "",
            next_attempt_at=f.NOW,
            settled_at=told_at if state in {"sent", "posted"} else None,
            lease_until=f.NOW if state == "leased" else None,
        )
        Attempt.objects.create(
            delivery=delivery,
            n=1,
            channel=delivery.channel,
            message_id=f"<{delivery.public_id}@host>",
            result="posted" if posted else "accepted",
        )
        return delivery
