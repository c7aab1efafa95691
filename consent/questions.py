"""Which questions a published version opens, and exactly which lines each one covers."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from districts.models import BASES_WITH_A_CHOICE, AgreementVersion, ChoiceTerms, SharedElement

from .models import Question, QuestionVersion

Kind = tuple[int, str]
"""A category's id and a basis: what makes a question inside an agreement."""


def line_keys(version_id: int) -> dict[Kind, list[str]]:
    """Return the line keys of a version per category and basis that leaves a choice, sorted."""
    return _line_keys_of([version_id]).get(version_id, {})


def line_key(*, meaning_id: int, purpose_id: int | None, detail: str, recipient: str) -> str:
    """Return the key of one line for one recipient; the recipient '' is the company itself.

    Two lines with one key are the same thing to a family: an element with another code but the same
    meaning is not new, a new free-text detail is.
    """
    detail, recipient = tidy(detail), tidy(recipient)
    told = hashlib.sha1(detail.encode(), usedforsecurity=False).hexdigest()[:8] if detail else ""
    return f"{meaning_id}|{purpose_id or ''}|{told}|{recipient}"


def tidy(words: str) -> str:
    """Return words without stray spaces, which would look like something new."""
    return " ".join(words.split())


#: What `kind_of` and `keys_of` read of a line, for select_related.
LINE = ("element__same_meaning_as",)


def kind_of(line: SharedElement) -> Kind:
    """Return what makes the question of a line; a re-coded element stays in its meaning's category."""
    return line.element.meaning_category_id, line.basis


def keys_of(line: SharedElement) -> dict[str, str]:
    """Return a line's key per recipient, the company itself ('') first."""
    return {
        recipient: line_key(
            meaning_id=line.element.meaning_id,
            purpose_id=line.purpose_id,
            detail=line.detail,
            recipient=recipient,
        )
        for recipient in ("", *filter(str.strip, line.recipients))
    }


def open_questions(version_id: int) -> None:
    """Make the questions of a published version and what each covers. May run any number of times."""
    open_questions_of([version_id])


@transaction.atomic
def open_questions_of(version_ids: Sequence[int]) -> None:
    """Make the questions of several published versions, older ones first; drafts are left alone.

    A question gets a new version only when what it covers, or its last day, has changed; `new` is what the
    version before did not cover, so a line that went and came back is new again. The caller holds the
    announcing lock, so that "before" is certain.
    """
    versions = list(
        AgreementVersion.objects.published().filter(pk__in=version_ids).order_by("agreement_id", "number")
    )
    if not versions:
        return
    questions = _questions_of({version.agreement_id for version in versions})
    asked = _asked_before(questions)
    planned = _plan(versions, _line_keys_of([version.pk for version in versions]), asked)
    missing = {key for key, _version in planned} - set(questions)
    if missing:
        Question.objects.bulk_create(
            [Question(agreement_id=a, category_id=c, basis=b) for a, c, b in sorted(missing)],
            ignore_conflicts=True,
        )
        questions = _questions_of({version.agreement_id for version in versions})
    for key, row in planned:
        row.question = questions[key]
    QuestionVersion.objects.bulk_create([row for _key, row in planned], ignore_conflicts=True)


Key = tuple[int, int, str]
"""The ids of agreement and category, and the basis: what a question is unique by."""


@dataclass
class _Asked:
    """How a question stood last."""

    number: int = 0
    version_number: int = 0
    answer_by: dt.date | None = None
    covers: list[str] = field(default_factory=list)


def _plan(
    versions: list[AgreementVersion], lines: dict[int, dict[Kind, list[str]]], asked: dict[Key, _Asked]
) -> list[tuple[Key, QuestionVersion]]:
    """Return the question versions to make; those of a version already asked are left out."""
    terms = ChoiceTerms.objects.filter(version__in=versions)
    answer_by = {(t.version_id, t.category_id, t.basis): t.answer_by for t in terms}
    planned = []
    for version in versions:
        here = {(version.agreement_id, *kind) for kind in lines.get(version.pk, {})}
        for key in sorted(here | {key for key in asked if key[0] == version.agreement_id}):
            kind, past = key[1:], asked[key]
            covers = lines.get(version.pk, {}).get(kind, [])
            new = [line for line in covers if line not in past.covers]
            # What asks nothing anew and names no day leaves the day that was named.
            day = answer_by.get((version.pk, *kind)) or (past.answer_by if covers and not new else None)
            if version.number <= past.version_number or (covers, day) == (past.covers, past.answer_by):
                continue
            row = QuestionVersion(
                number=past.number + 1, version=version, answer_by=day, covers=covers, new=new
            )
            asked[key] = _Asked(row.number, version.number, day, covers)
            planned.append((key, row))
    return planned


def _questions_of(agreement_ids: Collection[int]) -> dict[Key, Question]:
    questions = Question.objects.filter(agreement__in=agreement_ids)
    return {(q.agreement_id, q.category_id, q.basis): q for q in questions}


def _asked_before(questions: dict[Key, Question]) -> dict[Key, _Asked]:
    key_of = {question.pk: key for key, question in questions.items()}
    asked: dict[Key, _Asked] = defaultdict(_Asked)
    rows = QuestionVersion.objects.filter(question__in=key_of).order_by("number")
    for question_id, number, version_number, answer_by, covers in rows.values_list(
        "question", "number", "version__number", "answer_by", "covers"
    ):
        asked[key_of[question_id]] = _Asked(number, version_number, answer_by, covers)
    return asked


def _line_keys_of(version_ids: Sequence[int]) -> dict[int, dict[Kind, list[str]]]:
    keys: dict[int, dict[Kind, set[str]]] = defaultdict(lambda: defaultdict(set))
    lines = SharedElement.objects.filter(version__in=version_ids, basis__in=BASES_WITH_A_CHOICE)
    for line in lines.select_related(*LINE, "element"):
        keys[line.version_id][kind_of(line)].update(keys_of(line).values())
    return {
        version_id: {kind: sorted(lines) for kind, lines in kinds.items()}
        for version_id, kinds in keys.items()
    }
