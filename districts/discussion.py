"""What a district does to have an agreement talked about in public: open comments, hold a hearing."""

import datetime as dt
from typing import TypeVar

from django.db import IntegrityError, transaction

from .models import Agreement, CommentWindow, CommentWindowChange, Hearing, HearingCancellation
from .recording import broken_constraint

Row = TypeVar("Row", CommentWindow, Hearing)


class NotPublic(Exception):
    """Nobody can read the agreement yet: publish a version first, also of a proposal."""


class DoesNotFit(Exception):
    """The day is before the first one, or over; or the hearing is cancelled already, or over."""


def open_comments(
    *, agreement_id: int, opens_on: dt.date, closes_on: dt.date, how_to_take_part: str, now: dt.datetime
) -> CommentWindow:
    """Let anybody comment on a public agreement from one day to another, both included.

    Raises NotPublic; DoesNotFit where the days are in the wrong order or all of them are over.
    """
    if opens_on > closes_on or closes_on < _today(agreement_id, now):
        raise DoesNotFit
    return _discussed(
        CommentWindow(
            agreement_id=agreement_id,
            opens_on=opens_on,
            closes_on=closes_on,
            how_to_take_part=how_to_take_part.strip(),
        )
    )


@transaction.atomic
def move_end(*, window_id: int, closes_on: dt.date, reason: str, now: dt.datetime) -> CommentWindowChange:
    """Let comments end on another day, today at the earliest. What was said before stays on the page.

    Raises DoesNotFit where the day is over, is before the first one, or is the last one already.
    """
    # Locked by its agreement: two people who move it at once do so one after the other.
    window = CommentWindow.objects.select_related("agreement__agency").get(pk=window_id)
    Agreement.objects.select_for_update(no_key=True).get(pk=window.agreement_id)
    today = window.agreement.agency.today(now)
    if closes_on < max(window.opens_on, today) or closes_on == last_day(window):
        raise DoesNotFit
    return CommentWindowChange.objects.create(window=window, closes_on=closes_on, reason=reason.strip())


def announce_hearing(
    *,
    agreement_id: int,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None = None,
    place: str = "",
    online_url: str = "",
    note: str = "",
    now: dt.datetime,
) -> Hearing:
    """Announce a public meeting about an agreement, at a place, online, or both.

    Raises NotPublic; DoesNotFit where it would be over, or end before it begins.
    """
    if starts_at <= now or (ends_at is not None and ends_at <= starts_at):
        raise DoesNotFit
    return _discussed(
        Hearing(
            agreement_id=agreement_id,
            starts_at=starts_at,
            ends_at=ends_at,
            place=place.strip(),
            online_url=online_url,
            note=note.strip(),
        )
    )


def cancel_hearing(*, hearing_id: int, reason: str, now: dt.datetime) -> HearingCancellation:
    """Say in public that a hearing does not take place. Raises DoesNotFit if it is over or cancelled."""
    hearing = Hearing.objects.get(pk=hearing_id)
    if hearing.starts_at <= now:
        raise DoesNotFit
    try:
        with transaction.atomic():
            return HearingCancellation.objects.create(hearing=hearing, reason=reason.strip())
    except IntegrityError as error:
        if broken_constraint(error) == "districts_hearingcancellation_hearing_id_key":
            raise DoesNotFit from error
        raise


def last_day(window: CommentWindow) -> dt.date:
    """Return the last day on which comments are taken: what the newest change says. Prefetch `changes`."""
    changes = list(window.changes.all())
    return changes[-1].closes_on if changes else window.closes_on


def _today(agreement_id: int, now: dt.datetime) -> dt.date:
    return Agreement.objects.select_related("agency").get(pk=agreement_id).agency.today(now)


def _discussed(row: Row) -> Row:
    """Save a row; turn the rule that only public agreements are discussed into NotPublic."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if broken_constraint(error) == "only_a_public_agreement_is_discussed":
            raise NotPublic from error
        raise
    return row
