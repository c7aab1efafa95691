"""The catalogue: all kinds of data, and who may get one of them or a group, now or on a day gone by."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import published
from ..contents import NO_STUDENT_DATA
from ..filters import address
from ..holders import Held, held, holders, means, of_category
from ..models import Crosswalk, DataCategory, DataElement
from ..other_times import other_times
from ..page_cache import cached_page
from ..words import Words, known_words, subject_words, words
from .reuse import feed_links

RELATED = 12  # other kinds of data of the same group
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


@require_safe
@cached_page("about")
def data(request: HttpRequest) -> HttpResponse:
    """Show the whole catalogue by group, or only what is about students, families or staff."""
    about = request.GET.get("about", "")
    about = about if about in DataElement.Subject.values else ""
    known = DataElement.objects.catalogued()
    elements = list(
        (known.filter(subject=about) if about else known)
        .select_related("category")
        .order_by("category__position", "code")
    )
    texts = words(elements=(e.pk for e in elements), categories=(e.category_id for e in elements))
    groups: dict[int, dict[str, Any]] = {}
    for element in elements:
        group = groups.setdefault(
            element.category_id,
            {
                "code": element.category.code,
                "label": texts.category(element.category_id),
                "definition": texts.categories[element.category_id].definition,
                "elements": [],
            },
        )
        group["elements"].append({"element": element, "label": texts.element(element.pk)})
    points = Crosswalk.objects.filter(scheme="inbloom").aggregate(
        points=Count("pk"), kinds=Count("element", distinct=True)
    )
    return render(
        request,
        "districts/data.html",
        {
            "groups": list(groups.values()),
            "inbloom": points,
            "total": len(elements),
            "about": about,
            "heading": subject_words(about),
            "feeds": feed_links("subject_feed", about) if about else [],
            "filters": [(one, about_link(one)) for one in ("", *DataElement.Subject.values)],
            "section": "data",
        },
    )


def about_link(about: str) -> str:
    """Return what a link to one kind of people is called."""
    return {"student": _("Students"), "family": _("Families"), "staff": _("Teachers and school staff")}.get(
        about, _("All")
    )


@require_safe
@cached_page()
def element(request: HttpRequest, code: str) -> HttpResponse:
    """Answer one question: who may get this?"""
    found = get_object_or_404(published.elements().select_related("category", "agency"), code=code)
    related = list(
        DataElement.objects.catalogued()
        .filter(category=found.category_id, subject=found.subject)
        .exclude(pk=found.pk)
        .order_by("code")[:RELATED]
    )
    when = _when(request)
    some = held(means(found), when["day"], when["today"], _after(request))
    texts = known_words(
        elements=[found.pk, *(one.pk for one in related)],
        categories=[found.category_id],
        purposes=(line.purpose_id for line in some.lines),
    )
    return render(
        request,
        "districts/element.html",
        {
            **when,
            **_held(some, texts, when, _after(request)),
            "element": found,
            "is_none": found.code == NO_STUDENT_DATA,
            "text": texts.elements.get(found.pk),
            "category": texts.category(found.category_id),
            "related": [(one.code, texts.element(one.pk)) for one in related],
            "prohibitions": found.prohibitions.all(),
            "feeds": feed_links("element_feed", code),
            "record": reverse("api:element", args=[code]),
            "crumbs": [
                (_("Data"), reverse("districts:data")),
                (
                    texts.category(found.category_id),
                    reverse("districts:category", args=[found.category.code]),
                ),
                (texts.element(found.pk) or found.code, None),
            ],
        },
    )


@require_safe
@cached_page()
def category(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the question for a whole group: who may get any of this?"""
    found = get_object_or_404(DataCategory, code=code)
    when = _when(request)
    some = held(of_category(found), when["day"], when["today"], _after(request))
    elements = list(DataElement.objects.catalogued().filter(category=found).order_by("code"))
    texts = known_words(
        elements=[*(one.pk for one in elements), *(line.element_id for line in some.lines)],
        categories=[found.pk],
        purposes=(line.purpose_id for line in some.lines),
    )
    return render(
        request,
        "districts/category.html",
        {
            **when,
            **_held(some, texts, when, _after(request)),
            "label": texts.category(found.pk) or found.code,
            "definition": getattr(texts.categories.get(found.pk), "definition", ""),
            "elements": [(one.code, texts.element(one.pk)) for one in elements],
            "crumbs": [
                (_("Data"), reverse("districts:data")),
                (texts.category(found.pk) or found.code, None),
            ],
        },
    )


def _held(some: Held, texts: Words, when: Mapping[str, Any], after: int | None) -> dict[str, Any]:
    """Return what `_holders.html` shows; agreements of another time stand on the first page alone."""
    on = {"on": when["day"].isoformat() if when["is_past"] else ""}
    return {
        "holders": holders(some, texts),
        "companies": some.companies,
        "offices": some.offices,
        "first_url": address(on) if after else "",
        "next_url": address(on, after=str(some.next_after)) if some.next_after else "",
        **(other_times(some.beside, when["day"], when["today"]) if not after else {}),
        "more_before": some.more_beside and not after,
        "section": "data",
    }


def _after(request: HttpRequest) -> int | None:
    """Return the line after which the page begins: what is no number of one begins the list."""
    typed = request.GET.get("after", "")
    return int(typed) if _NUMBER.fullmatch(typed) else None


def _when(request: HttpRequest) -> dict[str, Any]:
    """Return the day asked about; what is no day, or is still to come, is an error and means today."""
    today = timezone.localdate()
    typed = request.GET.get("on", "").strip()
    day: dt.date | None = today
    try:
        day = parse_date(typed) if typed else today
    except ValueError:
        day = None
    problem = ""
    if day is None:
        problem = _("“%(typed)s” is no day. Enter one like %(day)s.") % {
            "typed": typed[:20],
            "day": today.isoformat(),
        }
    elif day > today:
        problem = _("Enter a day that is not in the future.")
    return {
        "today": today,
        "day": today if problem or day is None else day,
        "is_past": not problem and day is not None and day < today,
        "typed_day": day.isoformat() if day and typed else "",
        "errors": [(problem, "on")] if problem else [],
    }
