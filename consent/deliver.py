"""Delivering: claim a batch, hand it over outside any transaction, mark it; resume what waits."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from districts.models import Agency, Change

from .bundles import Parcel, bundled, single
from .leases import Claimed, ClaimedDelivery, Work, claim, claim_news, due_work, take_back_stale
from .mail import exit as mail_exit
from .mail.build import Builder, language_of
from .mail.exit import Outgoing
from .mail.facts import acted_on
from .models import Notice
from .outcomes import mark
from .windows import hours_of, is_open

__all__ = ["Outcome", "claim", "deliver", "resume"]

log = structlog.get_logger(__name__)

BATCH = 500
BATCH_SECONDS = 600.0  # well below the lease of 15 minutes, so that a batch is marked before it ends
RUN_SECONDS = 1200.0  # well below the hour after which Redis would hand the task out again


@dataclass(frozen=True)
class Outcome:
    """What a run did, counted by word (sent, deferred, postponed, to_letter, withheld).

    `is_finished`: nothing that is due now is left; else the next run goes on.
    """

    counts: Counter[str] = field(default_factory=Counter)
    is_finished: bool = True

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.counts + other.counts, self.is_finished and other.is_finished)


class _Clock:
    """The time given at the start, going on as real time does."""

    def __init__(self, now: dt.datetime) -> None:
        self._now, self._began = now, time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def now(self) -> dt.datetime:
        return self._now + dt.timedelta(seconds=self.seconds)


def deliver(*, notice_id: int, now: dt.datetime) -> Outcome:
    """Send what is due of one notice (with other daily news of its agency, where it is daily news).

    May run in several workers at once, and again: who has been sent a message is not due any more.
    """
    notice = Notice.objects.only("agency_id", "severity").get(pk=notice_id)
    is_news = notice.severity == Change.Severity.DIGEST
    return _deliver_pile(Work(notice.agency_id, None if is_news else notice_id, is_news), _Clock(now))


def resume(*, now: dt.datetime) -> Outcome:
    """Send whatever is due: retries, daily news whose hour has come, receipts, what dead workers left."""
    clock = _Clock(now)
    if stale := take_back_stale(now=now):
        log.warning("leases ran out", deliveries=stale)
    outcome = Outcome()
    for work in due_work(now=now):
        if clock.seconds > RUN_SECONDS:
            return outcome + Outcome(is_finished=False)
        outcome += _deliver_pile(work, clock)
    return outcome


def _deliver_pile(work: Work, clock: _Clock) -> Outcome:
    agency = Agency.objects.get(pk=work.agency_id)
    waits_for_its_hours = _waits_for_its_hours(work)
    builder = Builder(agency, now=clock.now)
    counts: Counter[str] = Counter()
    cursor = 0
    while clock.seconds < RUN_SECONDS:
        if waits_for_its_hours and not is_open(clock.now, hours_of(agency)):
            return Outcome(counts)
        claimed = _claim(work, agency, after_id=cursor, now=clock.now)
        if not claimed.seen:
            return Outcome(counts)
        cursor = claimed.last_id
        counts += Counter(withheld=claimed.withheld, to_letter=claimed.to_letter)
        done = _send(claimed.deliveries, work, builder, clock)
        counts += done
        if done["postponed"] and done["postponed"] == len(claimed.deliveries):
            log.warning("mail server takes nothing", agency=agency.pk, postponed=done["postponed"])
            return Outcome(counts, is_finished=False)
    return Outcome(counts, is_finished=False)


def _waits_for_its_hours(work: Work) -> bool:
    """Tell whether a pile is only information, which goes out in the agency's send window."""
    if work.notice_id is None:
        return work.is_news  # else receipts: their readers have just answered
    severity = Notice.objects.values_list("severity", flat=True).get(pk=work.notice_id)
    return severity != Change.Severity.ANSWER_NEEDED


def _claim(work: Work, agency: Agency, *, after_id: int, now: dt.datetime) -> Claimed:
    if work.is_news:
        return claim_news(agency=agency, after_id=after_id, limit=BATCH, now=now)
    return claim(notice_id=work.notice_id, agency=agency, after_id=after_id, limit=BATCH, now=now)


def _send(deliveries: Sequence[ClaimedDelivery], work: Work, builder: Builder, clock: _Clock) -> Counter[str]:
    if not deliveries:
        return Counter()
    parcels = bundled(deliveries) if work.is_news else [single(delivery) for delivery in deliveries]
    acted = acted_on({delivery.decision_id for delivery in deliveries if delivery.decision_id})
    outgoing = [_outgoing(parcel, builder, acted) for parcel in parcels]
    handed = mail_exit.hand_over(outgoing, agency=builder.agency, now=clock.now, seconds=BATCH_SECONDS)
    counts = mark(handed, {delivery.id: delivery for delivery in deliveries}, now=clock.now)
    log.info("batch", agency=builder.agency.pk, notice=work.notice_id, **counts)
    return counts


def _outgoing(parcel: Parcel, builder: Builder, acted: set[int]) -> Outgoing:
    first = parcel.first
    language = language_of(first.language, builder.agency)
    notices = [delivery.notice_id for delivery in parcel.deliveries if delivery.notice_id]
    return Outgoing(
        deliveries=tuple(delivery.id for delivery in parcel.deliveries),
        message=(
            builder.of_notices(
                notices,
                language=language,
                is_student=all(delivery.is_self for delivery in parcel.deliveries),
            )
            if notices
            else builder.of_receipt(language=language, has_acted=first.decision_id in acted)
        ),
        name=first.name,
        email=first.email,
        message_id=parcel.message_id,
        token=first.public_id,
    )
