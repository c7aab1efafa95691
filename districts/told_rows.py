"""Lays out how a piece of news got to families: rounded sums per district, and what they do not say."""

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from .models import ToldFigures

Told = tuple[str, list[tuple[str, str]]]


def told_rows(figures: Iterable[ToldFigures]) -> list[Told]:
    """Return (district, [(what, how many), …]) for each district with any figure; load `agency`."""
    return [
        (
            each.agency.name,
            [
                (_("People written to"), _said(each.people)),
                (_("Taken by mail servers"), _said(each.accepted)),
                (_("Letters sent"), _said(each.letters)),
                (_("Failed"), _said(each.failed)),
                (_("Students concerned"), _said(each.children)),
                (_("Of these, nobody to tell"), _said(each.nobody_to_tell)),
            ],
        )
        for each in figures
        if each.says_something
    ]


def _said(figure: int | None) -> str:
    if figure is None:
        return _("not shown")
    return _("about %(n)s") % {"n": number_format(figure, force_grouping=True)}
