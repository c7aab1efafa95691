"""Feeds and calendars: what changes, for anybody, without an account."""

import uuid
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from . import published
from .addresses import absolute, page
from .calendars import CALENDAR, calendar_of
from .discussion_news import discussed
from .feed_formats import ATOM, JSON_FEED, Entry, Heading, atom, json_feed
from .finding import LONGEST, key_of, plain
from .models import Agency, Agreement, DataElement, Publication
from .news_feeds import (
    LONGEST_FEED,
    About,
    about,
    entries,
    of_agreement,
    of_data,
    of_district,
    of_everything,
    of_school,
    of_search,
    of_vendor,
)
from .open_data import open_data
from .words import FALLBACK, subject_words, words


@open_data
@require_safe
def everything(request: HttpRequest, kind: str) -> HttpResponse:
    """Serve the news of the whole register."""
    title = _("What changed in student data")
    return _feed(request, kind, title, page("home"), of_everything(), Agreement.objects.all())


@open_data
@require_safe
def district(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Serve the news of a district."""
    agency = get_object_or_404(Agency, slug=slug)
    news, talk = of_district(agency), Agreement.objects.concerning(agency)
    return _feed(request, kind, agency.name, page("district", slug), news, talk)


@open_data
@require_safe
def school(request: HttpRequest, slug: str, pk: int, kind: str) -> HttpResponse:
    """Serve the news of what may concern the children of a school."""
    found = get_object_or_404(published.schools().select_related("agency"), agency__slug=slug, pk=pk)
    title = f"{found.name}, {found.agency.name}"
    return _feed(request, kind, title, page("school", slug, pk), of_school(found))


@open_data
@require_safe
def vendor(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Serve the news of a company."""
    found = get_object_or_404(published.vendors(), slug=slug)
    news, talk = of_vendor(found), Agreement.objects.filter(vendor=found)
    return _feed(request, kind, found.name, page("vendor", slug), news, talk)


@open_data
@require_safe
def agreement(request: HttpRequest, public_id: uuid.UUID, kind: str) -> HttpResponse:
    """Serve the news of one agreement, all its versions together."""
    found = get_object_or_404(published.agreements().select_related("vendor"), public_id=public_id)
    title = f"{found.vendor.name}: {found.title}"
    news, talk = of_agreement(found), Agreement.objects.filter(pk=found.pk)
    return _feed(request, kind, title, page("agreement", public_id), news, talk)


@open_data
@require_safe
def search(request: HttpRequest, kind: str) -> HttpResponse:
    """Serve the news of whatever answers to the words of a search; without words there is no such feed."""
    typed = plain(request.GET.get("q", ""))[:LONGEST]
    key = key_of(typed)
    if not key:
        raise Http404
    query = f"?{urlencode({'q': typed})}"
    title = _("Search for “%(q)s”") % {"q": typed}
    news = of_search(key, get_language() or FALLBACK)
    return _feed(request, kind, title, page("search") + query, news, query=query)


@open_data
@require_safe
def element(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Serve the news of who may get a kind of data."""
    found = get_object_or_404(published.elements(), code=code)
    label = words(elements=[found.pk]).element(found.pk) or found.code
    title = _("Who may get this? %(what)s") % {"what": label}
    one = about([found])
    return _feed(request, kind, title, page("element", code), of_data(one), about=one)


@open_data
@require_safe
def subject(request: HttpRequest, subject: str, kind: str) -> HttpResponse:
    """Serve the news of who may get data about students, about families, or about teachers and staff."""
    if subject not in DataElement.Subject.values:
        raise Http404
    these = about(published.elements().filter(subject=subject))
    home = f"{page('data')}?about={subject}"
    return _feed(request, kind, subject_words(subject), home, of_data(these), about=these)


@open_data
@require_safe
def district_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve a district's ends and deadlines as a calendar."""
    agency = get_object_or_404(Agency, slug=slug)
    return _calendar(agency.name, Agreement.objects.concerning(agency))


@open_data
@require_safe
def vendor_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve the ends and deadlines of a company's agreements, each with whose agreement it is."""
    found = get_object_or_404(published.vendors(), slug=slug)
    return _calendar(found.name, Agreement.objects.filter(vendor=found), names_agencies=True)


@open_data
@require_safe
def agreement_calendar(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Serve one agreement's end and deadlines as a calendar."""
    found = get_object_or_404(published.agreements().select_related("vendor"), public_id=public_id)
    name = f"{found.vendor.name}: {found.title}"
    return _calendar(name, Agreement.objects.filter(pk=found.pk), names_agencies=True)


def _calendar(name: str, agreements: QuerySet[Agreement], *, names_agencies: bool = False) -> HttpResponse:
    calendar = calendar_of(name, agreements, names_agencies=names_agencies)
    return HttpResponse(calendar, content_type=CALENDAR)


def _feed(
    request: HttpRequest,
    kind: str,
    title: str,
    home: str,
    news: QuerySet[Publication],
    talk: QuerySet[Agreement] | None = None,
    about: About | None = None,
    query: str = "",
) -> HttpResponse:
    """Return publications, and what was said in public of the agreements in `talk`, the newest first."""
    found: list[Entry] = [*entries(news, about), *(discussed(talk, LONGEST_FEED) if talk is not None else [])]
    found = sorted(found, key=lambda entry: entry.at, reverse=True)[:LONGEST_FEED]
    said = _("New agreements and what changed in them.")
    heading = Heading(title, said, home, absolute(request.path + query), get_language() or "en")
    write, media_type = (atom, ATOM) if kind == "atom" else (json_feed, JSON_FEED)
    response = HttpResponse(write(heading, found), content_type=media_type)
    if found:
        response["Last-Modified"] = http_date(found[0].at.timestamp())
    return response
