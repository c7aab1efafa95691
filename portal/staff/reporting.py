"""What an importer reports, as tables and sentences for staff."""

from typing import Any

from django.utils.translation import gettext as _

from .sheet_reporting import sheet_tables

WORDS = ("created", "changed", "unchanged", "ended")
LISTED = 50


def report_tables(report: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of a report: counts per kind of row, refusals, and what staff should look at."""
    refusals = report.get("refusals", [])
    return {
        "failed": bool(report.get("failed")),
        "file_changed": bool(report.get("changed") is True),
        "counts": _counts(report),
        "refusals": {
            "caption": _("What is wrong with the file"),
            "columns": [_("File"), _("Line"), _("Column"), _("Found"), _("Expected")],
            "rows": [
                [r["file"], r["line"] or "–", r["column"] or "–", r["found"], r["expected"]] for r in refusals
            ],
        }
        if refusals
        else None,
        "more_refusals": max(int(report.get("refused", 0)) - len(refusals), 0),
        "notes": [
            (words, report["notes"][name])
            for name, words in _notes().items()
            if report.get("notes", {}).get(name)
        ],
        "added": report.get("added", [])[:LISTED],
        "published": bool(report.get("published")),
        "otherwise": bool(report.get("otherwise")),
        "sheet": sheet_tables(report) if "agreements" in report else None,
        "relation_words": report.get("unknown_relation_words", []),
        "addresses": _addresses(report),
        "nobody": report.get("nobody_to_tell", {}).get("count", 0),
        "nobody_ids": report.get("nobody_to_tell", {}).get("listed", [])[:LISTED],
        "as_of": report.get("as_of", ""),
    }


def _counts(report: dict[str, Any]) -> dict[str, Any] | None:
    tallies = report.get("counts")
    if tallies is None and "identifiers" in report:
        tallies = {"lines": {word: report.get(word, 0) for word in WORDS}}
    if not tallies:
        return None
    kinds = {
        "schools": _("Schools"),
        "students": _("Students"),
        "guardians": _("Guardians"),
        "guardianships": _("Ties of guardians to students"),
        "holds": _("Holds"),
        "enrollments": _("Enrollments"),
        "lines": _("Lines of drafts") if "agreements" in report else _("Lines of the draft"),
        "agencies": _("Agencies"),
        "vendors": _("Companies"),
        "products": _("Products"),
        "agreements": _("Agreements"),
        "review": _("Words to look at"),
    }
    order = {kind: place for place, kind in enumerate(kinds)}  # JSON keeps none
    return {
        "caption": _("What it changes"),
        "columns": [_("Rows"), _("New"), _("Changed"), _("Unchanged"), _("Ended")],
        "rows": [
            [kinds.get(kind, kind), *[tally.get(word, 0) for word in WORDS]]
            for kind, tally in sorted(tallies.items(), key=lambda each: order.get(each[0], len(order)))
        ],
    }


def _addresses(report: dict[str, Any]) -> dict[str, Any] | None:
    found = report.get("unusable_addresses", {})
    if not found.get("count"):
        return None
    return {
        "caption": _("E-mail addresses that no mail server would take: %(n)s") % {"n": found["count"]},
        "columns": [_("Number in the roster"), _("Line"), _("Problem")],
        "rows": [[bad["roster_id"], bad["line"], bad["problem"]] for bad in found["listed"][:LISTED]],
    }


def _notes() -> dict[str, str]:
    return {
        "students_without_school": _("Students without a school"),
        "students_of_other_districts": _("Students of other districts, left out"),
        "adults_without_child": _("Adults without a child here, left out"),
        "links_to_nobody": _("Links to people who are not in the file, left out"),
        "links_to_people_without_rights": _("Links to teachers and other staff, left out"),
        "supplement_rows_about_nobody": _("Rows of the supplement about nobody in the file"),
        "supplement_rows_about_people_without_rights": _("Rows of the supplement about staff"),
    }
