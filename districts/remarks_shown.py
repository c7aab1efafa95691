"""What is said against the districts' texts, with the answers, as the pages show it."""

from collections.abc import Iterable
from typing import Any

from .models import Agreement, Remark


def threads(agreements: Iterable[Agreement]) -> dict[int, list[dict[str, Any]]]:
    """Return the remarks about each agreement in the order of their days, answers below them, in one query.

    Words that came down are not given out: what is left of them is who spoke, when, and why they are gone.
    """
    held = {agreement.pk: agreement for agreement in agreements}
    found = list(Remark.objects.filter(agreement__in=held).order_by("said_on", "pk"))
    answers: dict[int, list[Remark]] = {}
    for remark in found:
        if remark.answers_to_id:
            answers.setdefault(remark.answers_to_id, []).append(remark)
    begun: dict[int, list[dict[str, Any]]] = {pk: [] for pk in held}
    for remark in found:
        if remark.answers_to_id is None:
            shown = _shown(remark, answers)
            shown["district"] = held[remark.agreement_id].agency.name
            shown["answers"] = [_shown(one, answers) for one in answers.get(remark.pk, [])]
            begun[remark.agreement_id].append(shown)
    return begun


def _shown(remark: Remark, answers: dict[int, list[Remark]]) -> dict[str, Any]:
    gone = next((one for one in answers.get(remark.pk, []) if one.takes_down), None)
    return {
        "party": remark.party,
        "said_on": remark.said_on,
        "text": "" if gone else remark.text,
        "is_gone": gone is not None,
        # An answer's own reason stands beside it; that of words that begin is the answer below them.
        "reason": gone.text if gone and remark.answers_to_id else "",
        "takes_down": remark.takes_down,
    }
