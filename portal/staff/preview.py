"""A draft as a parent of one school would see it: the family pages' own cards, nothing stored."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.models import QuestionVersion
from consent.presenting import facts, ground_words, question_title, worst
from consent.questions import kind_of, line_keys
from consent.rules import Control as RuleControl
from consent.rules import last_day
from consent.shown import TEXTS, describe_lines
from districts.models import AgreementVersion, CategoryText, ChoiceTerms, Control, School, control_of

CHILD = "Alex"  # stands for any child


@dataclass(frozen=True)
class ParentView:
    """What a parent of a school sees: questions, what is shared without asking, and what stays as it was."""

    concerned: bool
    questions: list[dict[str, Any]]
    shared: list[dict[str, Any]]
    standing: list[str]


def parent_view(version: AgreementVersion, school: School, language: str) -> ParentView:
    """Return the page of a parent who has answered everything asked before."""
    limited_to = set(version.scope_schools.values_list("pk", flat=True))
    if limited_to and school.pk not in limited_to:
        return ParentView(False, [], [], [])
    lines = list(
        version.shared_elements.exclude(element__subject="staff")
        .select_related("element__category", "element__same_meaning_as", "purpose")
        .order_by("element__category__position", "element__code", "pk")
    )
    described = describe_lines(lines, language)
    groups: dict[tuple[int, str], list[dict[str, Any]]] = {}
    controls = {}
    for line in lines:
        key = kind_of(line)
        groups.setdefault(key, []).append(described[line.pk])
        controls[key] = line.control
    labels = _category_labels({category for category, _basis in groups}, language)
    new = _new_kinds(version)
    questions, shared, standing = [], [], []
    for key, group in groups.items():
        body = _body(version, labels.get(key[0], ""), group)
        if controls[key] == Control.INFORM:
            shared.append(_shared_row(version, key[1], body))
        elif key in new:
            questions.append(_card(version, key, body, language))
        else:
            standing.append(question_title(body))
    return ParentView(True, questions, shared, standing)


def _body(version: AgreementVersion, label: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the part of what will be shown that the cards are drawn from; see consent.shown."""
    return {
        "agreement": {"company": version.agreement.vendor.name, "title": version.agreement.title},
        "question": {"label": label},
        "lines": lines,
    }


def _card(
    version: AgreementVersion, key: tuple[int, str], body: dict[str, Any], language: str
) -> dict[str, Any]:
    terms = (
        ChoiceTerms.objects.filter(version=version, category=key[0], basis=key[1])
        .prefetch_related("texts")
        .first()
    )
    texts = {text.language: text for text in terms.texts.all()} if terms else {}
    text = texts.get(language) or texts.get("en")
    if_yes, if_no, if_silent, already_sent = (getattr(text, name, "") for name in TEXTS)
    return {
        "id": f"q-{key[0]}-{key[1]}",
        "title": question_title(body),
        "sensitivity": worst(body["lines"]),
        "due": _due(version, key[1], terms),
        "facts": facts(body),
        "if_yes": if_yes,
        "if_no": if_no,
        "if_silent": if_silent,
        "already_sent": already_sent,
        "action": reverse("staff:preview", args=[version.pk]),
        "yes": _("Yes, allow it for %(child)s") % {"child": CHILD},
        "no": _("No, do not allow it for %(child)s") % {"child": CHILD},
        "hidden": [],
    }


def _due(version: AgreementVersion, basis: str, terms: ChoiceTerms | None) -> dt.date | None:
    """Return the last day of a family that is told today."""
    agency = version.agreement.agency
    return last_day(
        RuleControl(control_of(basis)),
        terms.answer_by if terms else None,
        told_on=agency.today(timezone.now()),
        window=agency.notice_window_days,
    )


def _shared_row(version: AgreementVersion, basis: str, body: dict[str, Any]) -> dict[str, Any]:
    what, why = facts(body)[0][1], facts(body)[1][1]
    return {
        "company": version.agreement.vendor.name,
        "data": what,
        "state": "school",
        "words": ground_words(basis),
        "since": version.effective_from,
        "note": why,
    }


def _new_kinds(version: AgreementVersion) -> set[tuple[int, str]]:
    """Return the categories and grounds whose question brings a line that it does not cover now."""
    asked = (
        QuestionVersion.objects.filter(question__agreement=version.agreement_id)
        .order_by("question", "-number")
        .distinct("question")
        .values_list("question__category", "question__basis", "covers")
    )
    covered = {(category, basis): set(covers) for category, basis, covers in asked}
    return {kind for kind, keys in line_keys(version.pk).items() if set(keys) - covered.get(kind, set())}


def _category_labels(ids: set[int], language: str) -> dict[int, str]:
    labels: dict[int, str] = {}
    rows = CategoryText.objects.filter(category__in=ids, language__in={language, "en"}).order_by("revision")
    own: set[int] = set()
    for row in rows:
        if row.language == language:
            own.add(row.category_id)
        elif row.category_id in own:
            continue
        labels[row.category_id] = row.label
    return labels
