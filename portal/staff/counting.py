"""Counts as tables: an audience by school, language and channel; a notice by what became of it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from consent.models import Delivery, Notice
from consent.progress import ChildClass, PersonClass, classes
from districts.models import Agency

from .drafts import Audience

Table = dict[str, Any]


def audience_tables(audiences: Iterable[Audience]) -> list[tuple[Agency, list[Table]]]:
    """Return, per district, whom a draft concerns, as tables for `_table.html`."""
    return [(each.agency, _tables(each)) for each in audiences]


def _tables(audience: Audience) -> list[Table]:
    found = audience.preview
    return [
        {
            "caption": _("By school"),
            "columns": [_("School"), _("People told"), _("Children"), _("Nobody to tell")],
            "rows": [[row.name, row.people, row.children, row.nobody_to_tell] for row in found.by_school],
        },
        {
            "caption": _("By language"),
            "columns": [_("Language"), _("People told")],
            "rows": [[language_name(code), n] for code, n in sorted(found.by_language.items())],
        },
        {
            "caption": _("By channel"),
            "columns": [_("Channel"), _("People told")],
            "rows": [[Delivery.Channel(code).label, n] for code, n in sorted(found.by_channel.items())],
        },
    ]


def language_name(code: str) -> str:
    """Return a language's name for staff; the district's main ones where a family stated none."""
    if not code:
        return _("Not stated: the district’s languages")
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def person_words(one: PersonClass) -> str:
    """Return what became of the duty to reach a person."""
    return {
        PersonClass.PLANNED: _("On the way"),
        PersonClass.ACCEPTED: _("Accepted by mail servers"),
        PersonClass.LETTER_OUT: _("Letter handed over or posted"),
        PersonClass.FAILED: _("Failed, to be seen by you"),
        PersonClass.FAILURE_SEEN: _("Failed and seen"),
        PersonClass.WITHHELD: _("Withheld (hold, left, turned 18)"),
    }[one]


def child_words(one: ChildClass) -> str:
    """Return why there is an answer for a child, or none."""
    return {
        ChildClass.ANSWERED: _("Answered"),
        ChildClass.TOLD_AND_SILENT: _("Told and silent"),
        ChildClass.PLANNED: _("Message on the way"),
        ChildClass.ALL_CHANNELS_FAILED: _("All ways to reach the family failed"),
        ChildClass.WITHHELD: _("Withheld"),
        ChildClass.NOBODY_TO_TELL: _("Nobody to tell"),
    }[one]


def _machines_are_busy(notice: Notice) -> bool:
    """Tell whether messages wait for a worker; letters wait for staff."""
    waiting = Delivery.objects.filter(notice=notice, state__in=["due", "leased"], channel="email")
    return waiting.exists()


def progress_of(notice: Notice, today: Any) -> dict[str, Any]:
    """Return how far a notice has come: two tables whose sums are the audience and the children in scope."""
    sums = classes(notice, today=today)
    people, children = sums["people"], sums["children"]
    done = sum(people.values()) - people[PersonClass.PLANNED]
    return {
        "notice": notice,
        "people": sum(people.values()),
        "children": sum(children.values()),
        "done": done,
        "is_over": notice.fanned_out_at is not None and not _machines_are_busy(notice),
        "tables": [
            {
                "caption": _("People to tell"),
                "columns": [_("What became of it"), _("People")],
                "rows": [
                    *[[person_words(one), people[one]] for one in PersonClass],
                    [_("All together"), sum(people.values())],
                ],
            },
            {
                "caption": _("Children in scope"),
                "columns": [_("Where it stands"), _("Children")],
                "rows": [
                    *[[child_words(one), children[one]] for one in ChildClass],
                    [_("All together"), sum(children.values())],
                ],
            },
        ],
    }
