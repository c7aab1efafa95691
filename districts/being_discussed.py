"""What is being discussed in public of an agreement, and of a district, as its pages show it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connections, router
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from . import published
from .discussion import last_day
from .models import Agency, Agreement, CommentWindow, Hearing
from .standing import agreement_state

#: So many windows and hearings stand on a district's page; the calendar has all of them.
ON_A_DISTRICTS_PAGE = 5


@dataclass(frozen=True)
class Window:
    """A comment window as it stands on a day; `state` is coming, open or closed.

    `closes_on` is the last day as it stands now; each change is (day of it, new last day, public reason).
    """

    opens_on: dt.date
    first_closes_on: dt.date
    closes_on: dt.date
    how: str
    state: str
    changes: list[tuple[dt.date, dt.date, str]]


@dataclass(frozen=True)
class Meeting:
    """A hearing with its day and zone; `cancelled` is the public reason, empty unless it is cancelled."""

    day: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    place: str
    online_url: str
    note: str
    zone: str
    cancelled: str
    cancelled_on: dt.date | None
    is_over: bool


@dataclass(frozen=True)
class Discussion:
    """Everything a page shows of an agreement's public discussion; windows and meetings oldest first."""

    url: str
    is_draft: bool
    windows: list[Window]
    meetings: list[Meeting]
    today: dt.date

    @property
    def window(self) -> Window | None:
        """Return the one that matters most: open, else the next, else the last that closed."""
        order = {"open": 0, "coming": 1, "closed": 2}
        return min(reversed(self.windows), key=lambda each: order[each.state], default=None)

    @property
    def coming(self) -> list[Meeting]:
        """Return the hearings that are not over, those cancelled too: somebody may still set out."""
        return [each for each in self.meetings if not each.is_over]


def discussion_of(agreement: Agreement, now: dt.datetime) -> Discussion:
    """Return the public discussion of an agreement: three queries."""
    agency = agreement.agency
    today = agency.today(now)
    hearings = agreement.hearings.select_related("cancellation").order_by("starts_at", "pk")
    return Discussion(
        url=reverse("districts:discussion", args=[agreement.public_id]),
        is_draft=agreement_state(agreement, today) == Agreement.State.PROPOSED,
        windows=[
            _window(each, agency, today) for each in agreement.comment_windows.prefetch_related("changes")
        ],
        meetings=[_meeting(each, agency, now) for each in hearings],
        today=today,
    )


def happened(discussion: Discussion) -> list[dict[str, Any]]:
    """Return what was opened, held, moved or cancelled so far, as `_history.html` shows it."""
    rows: list[dict[str, Any]] = []
    for window in discussion.windows:
        rows.append(_row(window.opens_on, opened_sentence(window.first_closes_on)))
        for day, until, reason in window.changes:
            rows.append(_row(day, moved_sentence(until), reason))
    for meeting in discussion.meetings:
        if meeting.cancelled_on is None:
            rows.append(_row(meeting.day, _("Public hearing."), meeting.place))
        else:
            rows.append(_row(meeting.cancelled_on, cancelled_sentence(meeting.day), meeting.cancelled))
    return [row for row in rows if row["date"] <= discussion.today]


def opened_sentence(until: dt.date) -> str:
    """Return that comments opened, and the last day as said at first."""
    return _("Public comments opened, until %(day)s.") % {"day": _day(until)}


def to_open_sentence(first: dt.date, until: dt.date) -> str:
    """Return on which days to come comments will be taken."""
    said = _("Public comments open on %(first)s, until %(day)s.")
    return said % {"first": _day(first), "day": _day(until)}


def moved_sentence(until: dt.date) -> str:
    """Return which day the last one is now."""
    return _("Public comments now close on %(day)s.") % {"day": _day(until)}


def announced_sentence(day: dt.date) -> str:
    """Return on which day a hearing will be."""
    return _("Public hearing on %(day)s.") % {"day": _day(day)}


def cancelled_sentence(day: dt.date) -> str:
    """Return that the hearing of a day does not take place."""
    return _("The public hearing of %(day)s was cancelled.") % {"day": _day(day)}


def in_order(*histories: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of several histories as one, the oldest first; what has no day stands before them."""
    rows = [row for history in histories for row in history]
    return sorted(rows, key=lambda row: row["date"] or dt.date.min)


def discussed_in(agency: Agency, now: dt.datetime) -> list[dict[str, Any]]:
    """Return where people of a district can have their say now: open windows, then hearings to come.

    Three queries at most, one where there is nothing, as a rule; ON_A_DISTRICTS_PAGE of each at most. The
    calendar has them all.
    """
    if not _any_in(agency, now):
        return []
    concerning = Agreement.objects.concerning(agency)
    windows = windows_of(concerning).open_on(agency.today(now)).order_by("last_day", "pk")
    hearings = hearings_of(concerning).filter(starts_at__gt=now, cancellation=None)
    return [
        {"agreement": each.agreement, "url": _page(each.agreement), "until": each.last_day}
        for each in windows[:ON_A_DISTRICTS_PAGE]
    ] + [
        {
            "agreement": each.agreement,
            "url": _page(each.agreement),
            "at": each.starts_at,
            "zone": each.agreement.agency.time_zone,
        }
        for each in hearings.order_by("starts_at", "pk")[:ON_A_DISTRICTS_PAGE]
    ]


# What cannot be open any more is found out by the two queries that follow.
_ANY = """
WITH concerned AS MATERIALIZED (
    SELECT id FROM districts_agreement WHERE agency_id = %(agency)s
    UNION SELECT agreement_id FROM districts_participation WHERE agency_id = %(agency)s
)
SELECT EXISTS (SELECT FROM concerned JOIN districts_commentwindow w ON w.agreement_id = concerned.id)
    OR EXISTS (SELECT FROM concerned JOIN districts_hearing h ON h.agreement_id = concerned.id
                WHERE h.starts_at > %(now)s)
"""


def _any_in(agency: Agency, now: dt.datetime) -> bool:
    """Return whether an agency's agreements have any comment window, or a hearing to come."""
    with connections[router.db_for_read(CommentWindow)].cursor() as cursor:
        cursor.execute(_ANY, {"agency": agency.pk, "now": now})
        return bool(cursor.fetchone()[0])


def windows_of(agreements: QuerySet[Agreement]) -> Any:
    """Return the comment windows of those agreements that are public."""
    rows = CommentWindow.objects.filter(agreement__in=_public(agreements))
    return rows.select_related("agreement__vendor", "agreement__agency")


def hearings_of(agreements: QuerySet[Agreement]) -> Any:
    """Return the hearings about those agreements that are public, cancelled ones too."""
    rows = Hearing.objects.filter(agreement__in=_public(agreements))
    return rows.select_related("agreement__vendor", "agreement__agency", "cancellation")


def _public(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    return published.agreements().filter(pk__in=agreements.values("pk"))


def _page(agreement: Agreement) -> str:
    return reverse("districts:discussion", args=[agreement.public_id])


def _day(day: dt.date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


def _row(day: dt.date, said: str, more: str = "") -> dict[str, Any]:
    return {"date": day, "text": f"{said} {more}".strip()}


def _window(window: CommentWindow, agency: Agency, today: dt.date) -> Window:
    until = last_day(window)
    state = "coming" if window.opens_on > today else "open" if until >= today else "closed"
    return Window(
        opens_on=window.opens_on,
        first_closes_on=window.closes_on,
        closes_on=until,
        how=window.how_to_take_part,
        state=state,
        changes=[
            (agency.today(each.recorded_at), each.closes_on, each.reason) for each in window.changes.all()
        ],
    )


def _meeting(hearing: Hearing, agency: Agency, now: dt.datetime) -> Meeting:
    cancellation = getattr(hearing, "cancellation", None)
    return Meeting(
        day=agency.today(hearing.starts_at),
        starts_at=hearing.starts_at,
        ends_at=hearing.ends_at,
        place=hearing.place,
        online_url=hearing.online_url,
        note=hearing.note,
        zone=agency.time_zone,
        cancelled=cancellation.reason if cancellation else "",
        cancelled_on=agency.today(cancellation.recorded_at) if cancellation else None,
        is_over=(hearing.ends_at or hearing.starts_at) <= now,
    )
