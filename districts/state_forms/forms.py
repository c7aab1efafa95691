"""The forms: which law profile asks for each, its columns with their places in the law, its rows."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Agency
from . import illinois, new_york, utah
from .reading import Reading, read

Text = Any  # a text that is translated when it is shown
Row = dict[str, str]


@dataclass(frozen=True)
class Column:
    """A column: its name in the file, what it means, and the place in the law that asks for it."""

    name: str
    meaning: Text
    law: str


@dataclass(frozen=True)
class Form:
    """A form. `rows_of` makes rows of an agreement, where an empty value is a gap; some are printed."""

    code: str
    law_profile: str
    title: Text
    about: Text
    columns: tuple[Column, ...]
    rows_of: Callable[[Reading], Iterator[Row]]
    is_printed: bool

    def rows(
        self, agency: Agency, today: dt.date, *, after: int = 0, limit: int | None = None
    ) -> Iterator[tuple[Reading, Row]]:
        """Yield the rows of a district's agreements in use, each with the agreement it is of."""
        for reading in read(agency, today, after=after, limit=limit):
            for row in self.rows_of(reading):
                yield reading, row


def columns_of(module: Any) -> tuple[Column, ...]:
    """Return the columns a module lists."""
    return tuple(Column(*each) for each in module.COLUMNS)


FORMS = (
    Form(
        "utah",
        "us-ut",
        gettext_lazy("List of all data that is shared (Utah)"),
        gettext_lazy("Utah law asks for this list. It has one row for each kind of data and each recipient."),
        columns_of(utah),
        utah.rows,
        is_printed=False,
    ),
    Form(
        "illinois",
        "us-il",
        gettext_lazy("List of companies (Illinois)"),
        gettext_lazy("Illinois law asks for this list. It has one row for each agreement in use."),
        columns_of(illinois),
        illinois.rows,
        is_printed=True,
    ),
    Form(
        "new-york",
        "us-ny",
        gettext_lazy("More facts about each contract (New York)"),
        gettext_lazy("New York rules ask for these facts. There is one sheet for each agreement in use."),
        columns_of(new_york),
        new_york.rows,
        is_printed=True,
    ),
)


def forms_for(agency: Agency) -> list[Form]:
    """Return the forms that an agency's law profile asks for."""
    return [form for form in FORMS if form.law_profile == agency.law_profile]


def form_of(agency: Agency, code: str) -> Form | None:
    """Return a form by its code, if the agency's law profile asks for it."""
    return next((form for form in forms_for(agency) if form.code == code), None)


def said(value: str) -> str:
    """Return a value as it stands in a file: a gap is said, it is never left blank."""
    return value or _("The district has not filled this in")
