"""How questions, answers and sharing read on a family's page. No queries: it only turns values into words."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from districts.models import Basis

from .access import ChildSeat
from .informed import Shared
from .open_questions import Asked
from .words import inside, kept_words, status_words

_RANK = {"high": 0, "medium": 1, "low": 2}
NAMED = 3  # more kinds of data than this, and a title names their group instead


def question_title(body: dict[str, Any], child: ChildSeat | None = None) -> str:
    """Return a question as a parent would ask it: company, child, data. Two children, two titles."""
    values = {"company": body["agreement"]["company"], "what": question_subject(body)}
    if child is None:
        return _("Can %(company)s get this: %(what)s?") % values
    if child.is_self:
        return _("Can %(company)s get this about you: %(what)s?") % values
    values["child"] = child.student.shown_name
    return _("Can %(company)s get this about %(child)s: %(what)s?") % values


def question_subject(body: dict[str, Any]) -> str:
    """Return what a question is about as it reads inside a sentence: “bus stop, bus rides taken”."""
    labels = list(dict.fromkeys(line["label"] for line in body["lines"]))
    return ", ".join(
        inside(word) for word in (labels if len(labels) <= NAMED else [body["question"]["label"]])
    )


def facts(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the four lines: what, why, who sees it, until when."""
    lines = body["lines"]
    return [
        (_("What"), _once(_what(line) for line in lines)),
        (_("Why"), _once(line["purpose"]["label"] for line in lines)),
        (
            _("Who sees it"),
            _once([body["agreement"]["company"], *(r for line in lines for r in line["recipients"])]),
        ),
        (_("Until when"), _once(kept_words(line["kept"]) for line in lines)),
    ]


def question_card(asked: Asked, child: ChildSeat) -> dict[str, Any]:
    """Return what `_question_card.html` needs of one question about one child."""
    body, texts = asked.body, asked.body["texts"]
    name = child.student.shown_name
    said = facts(body)
    if asked.was_asked_before and asked.new_elements:
        labels = [line["label"] for line in body["lines"] if asked.is_new(line)]
        said.insert(0, (_("What is new"), _once(labels)))
    return {
        "id": f"q-{asked.question_version.pk}-{child.student.pk}-{asked.guardian_id}",
        "title": question_title(body, child),
        "company": body["agreement"]["company"],
        "what": question_subject(body),
        "sensitivity": worst(body["lines"]),
        "due": asked.last_day,
        "facts": said,
        "if_yes": texts["if_yes"],
        "if_no": texts["if_no"],
        "if_silent": texts["if_silent"],
        "already_sent": texts["data_already_sent"],
        "action": child.address("consent:answer"),
        "yes": yes_words(child),
        "no": no_words(child),
        "hidden": hidden(asked),
        "more_url": reverse("districts:agreement", args=[body["agreement"]["id"]]),
        "ask_url": child.address("consent:object", body["agreement"]["id"]),
        "name": name,
    }


def yes_words(child: ChildSeat) -> str:
    """Return the words of Yes; an eligible student is asked about themself."""
    if child.is_self:
        return _("Yes, allow it for me")
    return _("Yes, allow it for %(child)s") % {"child": child.student.shown_name}


def no_words(child: ChildSeat) -> str:
    """Return the words of No, of equal weight."""
    if child.is_self:
        return _("No, do not allow it for me")
    return _("No, do not allow it for %(child)s") % {"child": child.student.shown_name}


def hidden(asked: Asked) -> list[tuple[str, str]]:
    """Return what the form carries so that a stale page is refused, not merged."""
    return [
        ("question_version", str(asked.question_version.pk)),
        ("shown", asked.sha256),
        ("replaces", str(asked.tip.pk) if asked.tip else ""),
    ]


def answer_row(asked: Asked, child: ChildSeat) -> dict[str, Any]:
    """Return one given answer for `_answer_rows.html`, with the button that changes it."""
    standing = asked.standing
    assert standing is not None
    said_yes = standing.answer == "yes"
    note = status_words(asked.steps, asked.body["agreement"]["company"])
    if asked.is_contested:
        note += " " + _("Another parent gave a different answer. In this district a no counts.")
    return {
        "company": asked.body["agreement"]["company"],
        "data": asked.body["question"]["label"],
        "state": standing.answer,
        "words": _("You said yes") if said_yes else _("You said no"),
        "date": child.seat.agency.today(standing.decided_at),
        "note": note,
        "receipt_url": reverse("consent:receipt", args=[standing.public_id]),
        "action": child.address("consent:answer"),
        "button": _("Change to no") if said_yes else _("Change to yes"),
        "hidden": [*hidden(asked), ("answer", "no" if said_yes else "yes")],
    }


def shared_row(shared: Shared, child: ChildSeat, today: dt.date) -> dict[str, Any]:
    """Return what is shared without asking, with the way to ask or disagree; never a dead button."""
    agreement = shared.version.agreement
    return {
        "company": agreement.vendor.name,
        "data": _once(_what(line) for line in shared.lines),
        "state": "school",
        "words": _("The law lets the school decide"),
        "since": shared.starts_on if shared.starts_on <= today else None,
        "starts": shared.starts_on if shared.starts_on > today else None,
        "note": _once(line["purpose"]["label"] for line in shared.lines),
        "why_url": child.address("consent:object", agreement.public_id),
    }


def worst(lines: Sequence[dict[str, Any]]) -> str:
    """Return the highest sensitivity of some lines."""
    return min((line["sensitivity"] for line in lines), key=_RANK.__getitem__, default="low")


def ground_words(basis: str) -> str:
    """Return the legal ground the district names for sharing without asking."""
    return _("The district says: %(ground)s. Ask or say you disagree.") % {"ground": Basis(basis).label}


def _what(line: dict[str, Any]) -> str:
    return f"{line['label']} ({line['detail']})" if line["detail"] else str(line["label"])


def _once(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(word for word in words if word))
