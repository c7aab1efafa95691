"""Exactly what stands before a family when it answers a question, as data: the page and the proof are one.

The body names no person. It is built for any number of question versions in a fixed number of queries, is
hashed as canonical JSON, and is stored once for all who saw the same, only when somebody answers.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Model

from districts.models import (
    AgreementVersion,
    CategoryText,
    ChoiceText,
    ElementText,
    PurposeText,
    SharedElement,
)

from .models import QuestionVersion, Shown
from .questions import kind_of

FALLBACK = "en"
TEXTS = ("if_yes", "if_no", "if_silent", "data_already_sent")

Body = dict[str, Any]


def what_is_shown(question_version: QuestionVersion, language: str) -> Body:
    """Return what a question version shows in one language."""
    return bodies([question_version.pk], language)[question_version.pk]


def canonical(body: Mapping[str, Any]) -> str:
    """Return the one way to write a body down: sorted keys, no spaces."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256_of(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a body's canonical JSON in hex."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def store(body: Mapping[str, Any]) -> Shown:
    """Keep a body under its hash, once; return its row."""
    sha256 = sha256_of(body)
    Shown.objects.bulk_create([Shown(sha256=sha256, body=canonical(body))], ignore_conflicts=True)
    return Shown.objects.get(sha256=sha256)


def bodies(question_version_ids: Collection[int], language: str) -> dict[int, Body]:
    """Return what each question version shows in one language, in a fixed number of queries."""
    asked = list(
        QuestionVersion.objects.filter(pk__in=question_version_ids).select_related(
            "question__agreement__vendor", "question__category", "version"
        )
    )
    version_of = _standing_versions(asked)
    lines = _lines(set(version_of.values()), language)
    texts = _choice_texts(set(version_of.values()), language)
    numbers = dict(
        AgreementVersion.objects.filter(pk__in=set(version_of.values())).values_list("pk", "number")
    )
    categories = _texts(CategoryText, "category_id", {qv.question.category_id for qv in asked}, language)
    made = {}
    for qv in asked:
        question, version_id = qv.question, version_of[qv.pk]
        key = (version_id, question.category_id, question.basis)
        made[qv.pk] = {
            "agreement": {
                "id": str(question.agreement.public_id),
                "title": question.agreement.title,
                "version": numbers[version_id],
                "company": question.agreement.vendor.name,
            },
            "question": {
                "id": str(question.public_id),
                "version": qv.number,
                "basis": question.basis,
                "control": str(question.control),
                "category": question.category.code,
                "label": _label(categories.get(question.category_id), question.category.code),
            },
            "answer_by": qv.answer_by.isoformat() if qv.answer_by else None,
            "language": language,
            "lines": lines.get(key, []),
            "texts": texts.get(key, dict.fromkeys(TEXTS, "")),
        }
    return made


def _standing_versions(asked: Iterable[QuestionVersion]) -> dict[int, int]:
    """Return, per question version, the agreement version whose words stand for it.

    A question version stands for its own agreement version and all later ones that changed none of its
    lines; the words (how long data is kept, the four texts) are those of the newest of them.
    """
    asked = list(asked)
    published: dict[int, list[tuple[int, int]]] = {}
    for agreement_id, number, pk in (
        AgreementVersion.objects.published()
        .filter(agreement__in={qv.question.agreement_id for qv in asked})
        .values_list("agreement_id", "number", "pk")
    ):
        published.setdefault(agreement_id, []).append((number, pk))
    begins: dict[int, list[int]] = {}
    for question_id, number in QuestionVersion.objects.filter(
        question__in={qv.question_id for qv in asked}
    ).values_list("question_id", "version__number"):
        begins.setdefault(question_id, []).append(number)
    standing = {}
    for qv in asked:
        next_begins = min((n for n in begins[qv.question_id] if n > qv.version.number), default=None)
        standing[qv.pk] = max(
            (number, pk)
            for number, pk in [
                *published.get(qv.question.agreement_id, []),
                (qv.version.number, qv.version_id),
            ]
            if number >= qv.version.number and (next_begins is None or number < next_begins)
        )[1]
    return standing


def describe_lines(shared: Collection[SharedElement], language: str) -> dict[int, Body]:
    """Return, per line of an agreement, what it says in one language, in three queries.

    The lines come with their element, what it stands for, its category and their purpose.
    """
    elements = _texts(ElementText, "element_id", {line.element_id for line in shared}, language)
    purposes = _texts(PurposeText, "purpose_id", {line.purpose_id for line in shared}, language)
    described = {}
    for line in shared:
        words = elements.get(line.element_id)
        purpose = purposes.get(line.purpose_id) if line.purpose_id else None
        described[line.pk] = {
            "element": line.element.code,
            "meaning": (line.element.same_meaning_as or line.element).code,
            "label": _label(words, line.element.code),
            "definition": words["definition"] if words else "",
            "about": line.element.subject,
            "sensitivity": line.element.sensitivity,
            "purpose": {
                "code": line.purpose.code if line.purpose else "",
                "label": _label(purpose, line.purpose.code if line.purpose else ""),
            },
            "source": line.source,
            "detail": line.detail,
            "recipients": sorted(line.recipients),
            "kept": {
                "rule": line.kept,
                "days": line.kept_days,
                "until": line.kept_until.isoformat() if line.kept_until else None,
            },
        }
    return described


def _lines(version_ids: Collection[int], language: str) -> dict[tuple[int, int, str], list[Body]]:
    shared = list(
        SharedElement.objects.filter(version__in=version_ids)
        .select_related("element__category", "element__same_meaning_as", "purpose")
        .order_by("element__category__position", "element__code", "purpose__code", "detail", "pk")
    )
    described = describe_lines(shared, language)
    grouped: dict[tuple[int, int, str], list[Body]] = {}
    for line in shared:
        key = (line.version_id, *kind_of(line))
        grouped.setdefault(key, []).append(described[line.pk])
    return grouped


def _choice_texts(version_ids: Collection[int], language: str) -> dict[tuple[int, int, str], Body]:
    """Return the district's four texts per version, category and basis."""
    found: dict[tuple[int, int, str], Body] = {}
    rows = ChoiceText.objects.filter(terms__version__in=version_ids, language__in={language, FALLBACK})
    for text in rows.select_related("terms"):
        key = (text.terms.version_id, text.terms.category_id, text.terms.basis)
        if text.language == language or key not in found:
            found[key] = {name: getattr(text, name) for name in TEXTS}
    return found


def _texts(
    model: type[Model], owner: str, ids: Collection[int | None], language: str
) -> dict[int, dict[str, str]]:
    """Return the newest words per owner, in the language or else in English, in one query."""
    rows = (
        model._default_manager.filter(
            **{f"{owner}__in": set(ids) - {None}, "language__in": {language, FALLBACK}}
        )
        .order_by(owner, "language", "-revision")
        .distinct(owner, "language")
        .values(owner, "language", "label", "definition")
    )
    found: dict[int, dict[str, str]] = {}
    for row in rows:
        if row["language"] == language or row[owner] not in found:
            found[row[owner]] = row
    return found


def _label(words: Mapping[str, str] | None, code: str) -> str:
    return words["label"] if words else code
