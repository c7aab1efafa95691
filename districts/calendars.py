"""Calendars of ends, deadlines and public hearings, of any set of agreements, as iCalendar (RFC 5545).

Ends and deadlines are whole days. A hearing has its hours, in UTC: every calendar shows them in its own zone.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from . import published
from .addresses import page
from .being_discussed import hearings_of, windows_of
from .models import Agreement, AgreementVersion, ChoiceTerms, Hearing
from .words import words

CALENDAR = "text/calendar; charset=utf-8"
# How long a hearing is held to be where its end was not announced.
USUAL_HEARING = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Date:
    """One day of the calendar; `uid` stays the same when the day moves."""

    uid: str
    day: dt.date
    title: str
    url: str
    stamp: dt.datetime


def calendar_of(name: str, agreements: QuerySet[Agreement], *, names_agencies: bool = False) -> bytes:
    """Return when agreements end and sharing begins, until when to answer or comment, and the hearings.

    `names_agencies`: each date says whose agreement it is, where they are of many agencies.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Openroll//Agreements and deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("%(name)s: agreements and deadlines") % {"name": name})
    for date in sorted(
        dates(agreements, names_agencies=names_agencies), key=lambda each: (each.day, each.uid)
    ):
        event = Event()
        event.add("uid", date.uid)
        event.add("dtstamp", date.stamp)
        event.add("dtstart", date.day)
        event.add("dtend", date.day + dt.timedelta(days=1))
        event.add("summary", date.title)
        event.add("url", date.url)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    for hearing in hearings_of(agreements).order_by("starts_at", "pk"):
        calendar.add_component(_hearing(hearing))
    return bytes(calendar.to_ical())


def dates(agreements: QuerySet[Agreement], *, names_agencies: bool = False) -> Iterator[Date]:
    """Yield the days of those that are public: five queries for any number of them."""
    yield from _comment_days(agreements)
    newest = list(_newest_versions(agreements))
    for version in newest:
        for date in _of_agreement(version):
            yield _named(date, version) if names_agencies else date
    terms = ChoiceTerms.objects.filter(version__in=newest, answer_by__isnull=False).select_related("category")
    by_version = {version.pk: version for version in newest}
    said = words(categories=(each.category_id for each in terms))
    for each in terms:
        version = by_version[each.version_id]
        what = {"company": version.agreement.vendor.name, "group": said.category(each.category_id)}
        date = Date(
            f"answer-{version.agreement.public_id}-{each.category.code}-{each.basis}",
            each.answer_by or dt.date.max,
            _("Last day to answer: %(company)s, %(group)s") % what,
            _page(version),
            _stamp(version),
        )
        yield _named(date, version) if names_agencies else date


def _named(date: Date, version: AgreementVersion) -> Date:
    return replace(date, title=f"{date.title} ({version.agreement.agency.name})")


def _comment_days(agreements: QuerySet[Agreement]) -> Iterator[Date]:
    for window in windows_of(agreements).with_last_day():
        yield Date(
            f"comments-{window.agreement.public_id}-{window.pk}",
            window.last_day,
            _("Last day to comment: %(company)s") % {"company": window.agreement.vendor.name},
            page("discussion", window.agreement.public_id),
            window.recorded_at,
        )


def _hearing(hearing: Hearing) -> Event:
    """Return a hearing as an event; one that is cancelled stays, so that calendars strike it out."""
    cancellation = getattr(hearing, "cancellation", None)
    event = Event()
    event.add("uid", f"hearing-{hearing.public_id}")
    event.add("dtstamp", cancellation.recorded_at if cancellation else hearing.recorded_at)
    event.add("sequence", 1 if cancellation else 0)
    event.add("status", "CANCELLED" if cancellation else "CONFIRMED")
    event.add("dtstart", hearing.starts_at.astimezone(dt.UTC))
    event.add("dtend", (hearing.ends_at or hearing.starts_at + USUAL_HEARING).astimezone(dt.UTC))
    event.add("summary", _("Public hearing: %(company)s") % {"company": hearing.agreement.vendor.name})
    if where := hearing.place or hearing.online_url:
        event.add("location", where)
    if said := "\n".join(
        filter(None, (cancellation and cancellation.reason, hearing.online_url, hearing.note))
    ):
        event.add("description", said)
    event.add("url", page("discussion", hearing.agreement.public_id))
    return event


def _newest_versions(agreements: QuerySet[Agreement]) -> Iterator[AgreementVersion]:
    public = published.agreements().filter(pk__in=agreements.values("pk"))
    return (
        published.versions()
        .filter(agreement__in=public.exclude(state=Agreement.State.PROPOSED))
        .exclude(agreement__kind=Agreement.Kind.RECONSTRUCTION)
        .exclude(agreement__in=Agreement.objects.turned_down())
        .select_related("agreement__vendor", "agreement__agency")
        .order_by("agreement_id", "-number")
        .distinct("agreement_id")
        .iterator()
    )


def _of_agreement(version: AgreementVersion) -> Iterator[Date]:
    agreement = version.agreement
    company = {"company": agreement.vendor.name}
    if agreement.ends_on:
        title = _("Last day of the agreement with %(company)s") % company
        yield Date(f"end-{agreement.public_id}", agreement.ends_on, title, _page(version), _stamp(version))
    if version.sharing_starts_on:
        title = _("Sharing with %(company)s may start") % company
        yield Date(
            f"start-{agreement.public_id}", version.sharing_starts_on, title, _page(version), _stamp(version)
        )


def _page(version: AgreementVersion) -> str:
    return page("agreement_version", version.agreement.public_id, version.number)


def _stamp(version: AgreementVersion) -> dt.datetime:
    """Return when the version was published: the calendar reads the same however often it is asked for."""
    assert version.published_at is not None
    return version.published_at
