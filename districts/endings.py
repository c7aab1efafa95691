"""How an agreement's term changes: it ends early, runs longer, or runs out while nobody looks."""

import datetime as dt
import logging
from typing import Any

from django.db import transaction

from .models import Agreement, AgreementEvent, Change, Publication
from .recording import Fact, lock_agreement, record
from .sentences import event_sentences
from .severity import Case, severity_of
from .standing import agreement_state, must_be_signed, told_version

log = logging.getLogger(__name__)


class AlreadyEnded(Exception):
    """The agreement has ended, or its end on another day was announced today already."""


class NoSuchTerm(Exception):
    """The day makes no sense for this agreement: an end that is no earlier, an extension that is no later."""


@transaction.atomic
def end_agreement(
    *,
    agreement_id: int,
    ends_on: dt.date,
    note: str = "",
    source_url: str = "",
    by: Any = None,
    now: dt.datetime,
) -> Publication:
    """End an agreement before its time; `ends_on` is the last day of the term, past or still to come.

    An end that is to come is told now; the sweep closes the agreement when the day has passed, without
    telling it again. The same call again returns what was recorded. Raises AlreadyEnded, NoSuchTerm.
    """
    agreement = lock_agreement(agreement_id)
    today = agreement.agency.today(now)
    ended = agreement.publications.filter(kind=Publication.Kind.ENDED)
    if agreement.ends_on == ends_on and (told := ended.first()):
        return told
    if agreement_state(agreement, today) == Agreement.State.ENDED or ended.filter(day=today).exists():
        raise AlreadyEnded(agreement_id)
    if agreement.ends_on and ends_on >= agreement.ends_on:
        raise NoSuchTerm(f"agreement {agreement_id} runs until {agreement.ends_on} anyway")
    if agreement.begins_on and ends_on < agreement.begins_on:
        raise NoSuchTerm(f"agreement {agreement_id} begins on {agreement.begins_on}")
    was_signed = agreement.state == Agreement.State.SIGNED
    before = agreement.ends_on
    agreement.ends_on = ends_on
    if ends_on < today or not was_signed:
        agreement.state = Agreement.State.ENDED
    agreement.save(update_fields=["ends_on", "state"])
    AgreementEvent.objects.create(
        agreement=agreement,
        kind=AgreementEvent.Kind.TERMINATED,
        happened_on=ends_on,
        note=note,
        source_url=source_url,
    )
    case = Case.ENDED if was_signed else Case.NOT_IN_USE
    return _record_term(agreement, Publication.Kind.ENDED, Change.Kind.ENDED, case, before, today, by)


@transaction.atomic
def extend_agreement(
    *, agreement_id: int, ends_on: dt.date | None, note: str = "", by: Any = None, now: dt.datetime
) -> Publication:
    """Let a signed agreement run longer; `ends_on` is its new last day, None if it has none.

    The same call again returns what was recorded. Raises NotSigned, NoSuchTerm.
    """
    agreement = lock_agreement(agreement_id)
    today = agreement.agency.today(now)
    must_be_signed(agreement, today)
    before = agreement.ends_on
    if before == ends_on:
        told = agreement.publications.filter(kind=Publication.Kind.EXTENDED).first()
        if told is None:
            raise NoSuchTerm(f"agreement {agreement_id} runs until {before} already")
        return told
    if before is None or (ends_on is not None and ends_on < before):
        raise NoSuchTerm(f"agreement {agreement_id} would not run longer than {before}")
    agreement.ends_on = ends_on
    agreement.save(update_fields=["ends_on"])
    AgreementEvent.objects.create(
        agreement=agreement, kind=AgreementEvent.Kind.EXTENDED, happened_on=today, note=note
    )
    return _record_term(
        agreement, Publication.Kind.EXTENDED, Change.Kind.EXTENDED, Case.EXTENDED, before, today, by
    )


def expire_due(now: dt.datetime) -> list[Publication]:
    """End every signed agreement whose last day has passed at its agency, and make it news.

    The daily sweep; each agreement in a transaction of its own, so that it may stop anywhere and run again.
    Ends that were announced ahead are not told a second time.
    """
    # Nowhere on earth is it later than one day after the day in UTC.
    latest = now.astimezone(dt.UTC).date() + dt.timedelta(days=1)
    due = Agreement.objects.filter(state=Agreement.State.SIGNED, ends_on__lt=latest).order_by("pk")
    made = [_expire(pk, now) for pk in due.values_list("pk", flat=True)]
    return [publication for publication in made if publication]


@transaction.atomic
def _expire(agreement_id: int, now: dt.datetime) -> Publication | None:
    agreement = lock_agreement(agreement_id)
    today = agreement.agency.today(now)
    last_day = agreement.ends_on
    if agreement.state != Agreement.State.SIGNED or last_day is None or last_day >= today:
        return None
    agreement.state = Agreement.State.ENDED
    agreement.save(update_fields=["state"])
    log.info("agreement %s ran out on %s", agreement.pk, last_day)
    announced = agreement.events.filter(kind=AgreementEvent.Kind.TERMINATED, happened_on=last_day)
    if announced.exists():
        return None
    AgreementEvent.objects.create(agreement=agreement, kind=AgreementEvent.Kind.ENDED, happened_on=last_day)
    return _record_term(
        agreement, Publication.Kind.EXPIRED, Change.Kind.ENDED, Case.ENDED, last_day, today, None
    )


def _record_term(
    agreement: Agreement,
    kind: Publication.Kind,
    change: Change.Kind,
    case: Case,
    before: dt.date | None,
    today: dt.date,
    by: Any,
) -> Publication:
    """Record that the last day is another one, or has passed."""
    names = {"agency": agreement.agency.name, "vendor": agreement.vendor.name}
    if agreement.ends_on is None:
        said = event_sentences("extended_open", **names)
    else:
        said = event_sentences(kind.value, **names, day=agreement.ends_on)
    days = [{"ends_on": day and str(day)} for day in (before, agreement.ends_on)]
    return record(
        kind=kind,
        agreement=agreement,
        version=told_version(agreement, today),
        day=today,
        by=by,
        facts=[Fact(change, severity_of(case), said, before=days[0], after=days[1])],
    )
