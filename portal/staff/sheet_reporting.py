"""What a register sheet would bring, as tables for staff: agreements, and words nobody can place."""

from typing import Any

from django.utils.translation import gettext as _

from districts.models import Agreement, DataElement, RegisterReview
from districts.words import words

LISTED = 100
LINES = 5


def sheet_tables(report: dict[str, Any]) -> dict[str, Any]:
    """Return the tables of a register report, each cut at LISTED, and how many more there are."""
    counts = report["counts"]
    agreements, review = report["agreements"][:LISTED], report["review"][:LISTED]
    found = sum(counts["agreements"][word] for word in ("created", "changed", "unchanged", "ended"))
    return {
        "agreements": _agreements(agreements),
        "more_agreements": max(found - len(agreements), 0),
        "review": _review(review),
        "more_review": max(counts["review"]["created"] - len(review), 0),
        "unread_columns": report["unread_columns"],
        "unread_sheets": report["unread_sheets"],
        "notes": [
            (said, report["notes"][name]) for name, said in _notes().items() if report["notes"].get(name)
        ],
    }


def _agreements(rows: list[dict[str, Any]]) -> dict[str, Any]:
    states = dict(Agreement.State.choices)
    return {
        "caption": _("Agreements in the sheet"),
        "columns": [
            _("Agreement"),
            _("Line"),
            _("Company"),
            _("Status"),
            _("Dates"),
            _("Data"),
            _("To look at"),
        ],
        "rows": [
            [
                row["title"],
                row["line"],
                row["vendor"],
                states.get(row["state"], row["state"]),
                _dates(row),
                row["lines"] or "–",
                row["waiting"] or "–",
            ]
            for row in rows
        ],
    }


def _dates(row: dict[str, Any]) -> str:
    begins, ends = row["term"]
    days = f"{begins or '…'} – {ends or '…'}" if begins or ends else ""
    return "; ".join(filter(None, (days, row["term_note"]))) or "–"


def _review(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the words, each once, with the first lines they stand in."""
    kinds = dict(RegisterReview.Kind.choices)
    labels = _labels({code for row in rows for code in row["might_be"]})
    places: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        places.setdefault((row["kind"], row["words"]), []).append(row)
    return {
        "caption": _("Words that will wait for you"),
        "columns": [_("Words"), _("Line"), _("Column"), _("What they are about"), _("What they may mean")],
        "rows": [
            [
                said,
                ", ".join(str(row["line"]) for row in same[:LINES]) + (" …" if len(same) > LINES else ""),
                same[0]["column"] or "–",
                kinds.get(kind, kind),
                ", ".join(labels.get(code, code) for code in same[0]["might_be"]) or "–",
            ]
            for (kind, said), same in places.items()
        ],
    }


def _labels(codes: set[str]) -> dict[str, str]:
    found = dict(DataElement.objects.filter(code__in=codes).values_list("pk", "code"))
    said = words(elements=found)
    return {code: said.element(pk) or code for pk, code in found.items()}


def _notes() -> dict[str, str]:
    return {
        "rows": _("Rows read"),
        "rows_of_other_agencies": _("Rows about other agencies, left out"),
        "rows_about_nobody": _("Rows that name no company"),
        "without_status": _("New agreements without a status"),
        "turned_down": _("Asked for and not approved"),
        "data_words": _("Words for data understood"),
        "data_words_unread": _("Words for data that will wait for you"),
    }
