"""Calendars of ends and deadlines, of any set of agreements, as iCalendar (RFC 5545). Days are whole days."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from . import published
from .addresses import page
from .models import Agreement, AgreementVersion, ChoiceTerms
from .words import words

CALENDAR = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Date:
    """One day of the calendar; `uid` stays the same when the day moves."""

    uid: str
    day: dt.date
    title: str
    url: str
    stamp: dt.datetime


def calendar_of(name: str, agreements: QuerySet[Agreement], *, names_agencies: bool = False) -> bytes:
    """Return when agreements end, when sharing begins, and until when families may answer.

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
    return bytes(calendar.to_ical())


def dates(agreements: QuerySet[Agreement], *, names_agencies: bool = False) -> Iterator[Date]:
    """Yield the days of those that are public: four queries for any number of them."""
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
