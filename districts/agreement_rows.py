"""A page of a district's list of agreements in the words families read: a fixed number of queries."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connections, router
from django.urls import reverse
from django.utils.translation import gettext as _

from .agreement_facts import MUST_BE_FILLED
from .clocks import clocks
from .deletion import deletion_days
from .legend import Status
from .listing import Listed
from .models import Agency, Agreement
from .saying import posting_words, status_mark


@dataclass(frozen=True)
class Row:
    """One agreement in the words families read; `id` is its public id."""

    id: str
    name: str
    title: str
    url: str
    summary: str
    marks: tuple[tuple[str, str], ...]
    begins_on: dt.date | None
    ends_on: dt.date | None
    left_on: dt.date | None
    posting: str
    missing: int


class _Agreement(NamedTuple):
    pk: int
    agency_id: int
    public_id: uuid.UUID
    title: str
    begins_on: dt.date | None
    ends_on: dt.date | None
    vendor: str
    summary: str


_AGREEMENTS = """
SELECT a.id, a.agency_id, a.public_id, a.title, a.begins_on, a.ends_on, v.name, v.summary
  FROM districts_agreement a JOIN districts_vendor v ON v.id = a.vendor_id WHERE a.id = ANY (%s)
"""


def agreement_rows(agency: Agency, listed: Sequence[Listed], today: dt.date) -> list[Row]:
    """Return what `_agreement_list.html` shows of each agreement, in their order."""
    with connections[router.db_for_read(Agreement)].cursor() as cursor:
        cursor.execute(_AGREEMENTS, [[each.agreement_id for each in listed]])
        found = {row[0]: _Agreement._make(row) for row in cursor}
    rows = [(found[each.agreement_id], each) for each in listed]
    days = deletion_days(
        {
            each.version_id: agreement.ends_on
            for agreement, each in rows
            if each.status is Status.ENDED and agreement.ends_on and agreement.ends_on < today
        }
    )
    running = clocks(agency, (one for one, each in rows if each.status in MUST_BE_FILLED), today)
    return [
        Row(
            id=str(agreement.public_id),
            name=agreement.vendor,
            title=agreement.title,
            url=reverse("districts:agreement", args=[agreement.public_id]),
            summary=agreement.summary,
            marks=_marks(each, days.get(each.version_id)),
            begins_on=None if each.status is Status.NOT_APPROVED else agreement.begins_on,
            ends_on=None if each.status is Status.NOT_APPROVED else agreement.ends_on,
            left_on=each.left_on if each.status is Status.ENDED else None,
            posting=posting_words(running[agreement.pk]) if agreement.pk in running else "",
            missing=each.missing,
        )
        for agreement, each in rows
    ]


def _marks(each: Listed, delete_by: dt.date | None) -> tuple[tuple[str, str], ...]:
    marks = [status_mark(each.status, delete_by)]
    if each.has_choice:
        marks.append(("choice", _("You can say no to parts")))
    if each.is_new:
        marks.append(("added", _("New")))
    return tuple(marks)
