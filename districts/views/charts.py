"""A district's register in charts: each one a table whose numbers are drawn too."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import tallies
from ..charts import Chart, chart
from ..models import Agency, DataElement
from ..page_cache import cached_page
from ..words import words

_Sensitivity = DataElement.Sensitivity


@require_safe
@cached_page()
def charts(request: HttpRequest, slug: str) -> HttpResponse:
    """Show which data goes to how many companies, how sensitive it was over the years, and what ends when."""
    agency = get_object_or_404(Agency, slug=slug)
    today = agency.today(timezone.now())
    drawn = [_categories(agency, today), _sensitivity(agency, today), _ends(agency, today)]
    return render(
        request,
        "districts/charts.html",
        {
            "district": agency,
            "district_url": reverse("districts:district", args=[slug]),
            "section": "companies",
            "charts": [each for each in drawn if each.bars],
        },
    )


def _categories(agency: Agency, today: dt.date) -> Chart:
    counted = tallies.companies_by_category(agency, today)
    texts = words(categories=(pk for pk, _code, _companies in counted))
    return chart(
        "groups",
        _("How many companies may get each group of data"),
        (_("Group of data"), _("Companies")),
        [
            (texts.category(pk) or code, reverse("districts:category", args=[code]), [companies])
            for pk, code, companies in counted
        ],
    )


def _sensitivity(agency: Agency, today: dt.date) -> Chart:
    levels = (_Sensitivity.HIGH, _Sensitivity.MEDIUM, _Sensitivity.LOW)
    days = tallies.years_to_show(tallies.first_day(agency, today), today)
    counted = [(day, tallies.kinds_by_sensitivity(agency, day, today)) for day in days]
    return chart(
        "sensitivity",
        _("How many kinds of data companies could get, at the end of each year"),
        (_("Year"), *(str(level.label) for level in levels)),
        [
            (_("Today") if day == today else str(day.year), "", [of_day[level] for level in levels])
            for day, of_day in counted
            if of_day.total()
        ],
        _("Some agreements began before the day we know. They count from that day.")
        if tallies.has_undated(agency)
        else "",
    )


def _ends(agency: Agency, today: dt.date) -> Chart:
    days = tallies.ends(agency, today)
    shown, later, never = tallies.by_quarter(days, today)
    months = (_("January to March"), _("April to June"), _("July to September"), _("October to December"))
    rows = [
        (_("%(months)s %(year)d") % {"months": months[quarter - 1], "year": year}, "", [n])
        for year, quarter, n in shown
    ]
    if later:
        rows.append((_("Later"), "", [later]))
    if never:
        rows.append((_("No last day is set"), "", [never]))
    return chart(
        "ends",
        _("When the agreements in use end"),
        (_("Months"), _("Agreements that end")),
        rows if any(days) else [],
    )
