"""Plain functions that make questions and answers for the tests of this room."""

import datetime as dt
import hashlib
import itertools

from django.utils import timezone

from consent.models import Decision, Guardian, Question, QuestionVersion, Shown, Student
from districts.models import Agency, Agreement, AgreementVersion, Basis
from tests import factories as f

_next = itertools.count(1)


def freeze(version: AgreementVersion) -> AgreementVersion:
    """Publish a draft without telling anybody; the trigger stamps the time."""
    AgreementVersion.objects.filter(pk=version.pk).update(published_at=timezone.now())
    version.refresh_from_db()
    return version


def make_question(
    agreement: Agreement,
    covers: list[list[str]],
    category: str = "contact",
    basis: str = Basis.CONSENT,
    answer_by: dt.date | None = None,
) -> list[QuestionVersion]:
    """Make a question with one question version per list of lines, each of a published version."""
    question = Question.objects.create(agreement=agreement, category=f.make_category(category), basis=basis)
    made, seen = [], set()
    for number, keys in enumerate(covers, start=1):
        version = freeze(f.make_draft(agreement, lines=()))
        made.append(
            QuestionVersion.objects.create(
                question=question,
                number=number,
                version=version,
                covers=keys,
                new=[key for key in keys if key not in seen],
                answer_by=answer_by,
            )
        )
        seen |= set(keys)
    return made


def make_shown() -> Shown:
    body = f'{{"n":{next(_next)}}}'
    return Shown.objects.create(sha256=hashlib.sha256(body.encode()).hexdigest(), body=body)


def answer(
    student: Student,
    question_version: QuestionVersion,
    decider: Guardian,
    given: str,
    replaces: Decision | None = None,
    shown: Shown | None = None,
) -> Decision:
    """Append an answer to the ledger directly, as history left it."""
    return Decision.objects.create(
        student=student,
        question=question_version.question,
        question_version=question_version,
        decider=decider,
        answer=given,
        shown=shown or make_shown(),
        replaces=replaces,
    )


def make_district_with(rule: str = Agency.DecisionRule.MOST_PROTECTIVE) -> Agency:
    return f.make_district(decision_rule=rule)
