"""Lays out how a piece of news got to families: rounded sums per district, and what they do not say."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from .models import ToldFigures


def told_columns() -> list[str]:
    """Return the heads of the columns, in the order of a row."""
    return [
        _("District"),
        _("People written to"),
        _("Taken by mail servers"),
        _("Letters sent"),
        _("Failed"),
        _("Students concerned"),
        _("Of these, nobody to tell"),
    ]


def told_rows(figures: Iterable[ToldFigures]) -> list[list[str]]:
    """Return one row per district that has any figure; load `agency`."""
    return [
        [
            each.agency.name,
            *map(
                _said,
                (
                    each.people,
                    each.accepted,
                    each.letters,
                    each.failed,
                    each.children,
                    each.nobody_to_tell,
                ),
            ),
        ]
        for each in figures
        if each.says_something
    ]


def _said(figure: int | None) -> str:
    return _("about %(n)s") % {"n": figure} if figure is not None else _("not shown")
