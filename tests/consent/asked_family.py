"""A family that is asked about the home address, and how its page posts an answer."""

from consent import decide, shown
from consent.models import (
    Decision,
    Delivery,
    EffectiveState,
    Guardian,
    QuestionVersion,
    Shown,
    Student,
)
from consent.questions import open_questions
from districts.models import Agency, Agreement, Basis
from tests import factories as f
from tests.consent.answering import freeze

ADDRESS = ("home-address", "contact", Basis.CONSENT)
PHONE = ("phone", "contact", Basis.CONSENT)


class Family:
    """Sam with Alice and Bob, and a district that asks about the home address."""

    def __init__(self, lines=(ADDRESS,), **version_fields) -> None:
        self.district: Agency = f.make_district()
        self.sam: Student = f.make_student(self.district)
        self.alice: Guardian = f.make_guardian(self.district, "Alice", of=[self.sam])
        self.bob: Guardian = f.make_guardian(self.district, "Bob", of=[self.sam], relation="father")
        self.agreement: Agreement = f.make_agreement(self.district)
        self.publish(lines, **version_fields)

    def publish(self, lines, **fields) -> None:
        open_questions(freeze(f.make_draft(self.agreement, lines=lines, **fields)).pk)

    @property
    def asked(self) -> QuestionVersion:
        return QuestionVersion.objects.filter(question__agreement=self.agreement).latest("number")

    def post(self, answer: str = "yes", decider: Guardian | None = None, **changes) -> Decision:
        """Answer as the page of a guardian would post it."""
        asked = changes.pop("asked", None) or self.asked
        values = {
            "student_id": self.sam.pk,
            "question_version_id": asked.pk,
            "decider_id": (decider or self.alice).pk,
            "answer": answer,
            "shown_sha256": shown.sha256_of(shown.what_is_shown(asked, "en")),
            "replaces_id": None,
            "language": "en",
            "by_user": None,
            "now": f.NOW,
            **changes,
        }
        return decide.record(**values)


def ledger() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Decision, Delivery, EffectiveState, Shown))


NOTHING = (0, 0, 0, 0)
