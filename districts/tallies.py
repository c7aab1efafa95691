"""What the charts of a district count: companies by group of data, kinds of data by year, ends by quarter."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from .holders import versions_on
from .models import Agency, Agreement, AgreementEvent, Participation, Publication, SharedElement
from .models.versions import VersionQuerySet

QUARTERS = 8  # how far ahead ends are shown one by one
YEARS = 8  # how far back data is counted year by year
MONTHS_OF_A_QUARTER = 3


def in_use(agency: Agency, day: dt.date, today: dt.date) -> VersionQuerySet:
    """Return what was in force for an agency on a day: its own agreements, and those it took part in."""
    took_part = Participation.objects.open_on(day).filter(agreement=OuterRef("agreement"), agency=agency)
    return versions_on(day, today).filter(Q(agreement__agency=agency) | Exists(took_part))


def companies_by_category(agency: Agency, today: dt.date) -> list[tuple[int, str, int]]:
    """Return (category id, its code, companies that may get data of it), most companies first."""
    category = Coalesce("element__same_meaning_as__category", "element__category")
    code = Coalesce("element__same_meaning_as__category__code", "element__category__code")
    return list(
        SharedElement.objects.filter(version__in=in_use(agency, today, today))
        .order_by()
        .values_list(category, code)
        .annotate(companies=Count("version__agreement__vendor", distinct=True))
        .order_by("-companies", code)
    )


def kinds_by_sensitivity(agency: Agency, day: dt.date, today: dt.date) -> Counter[str]:
    """Return how many kinds of data companies could get on a day, by sensitivity."""
    meaning = Coalesce("element__same_meaning_as", "element")
    sensitivity = Coalesce("element__same_meaning_as__sensitivity", "element__sensitivity")
    return Counter(
        dict(
            SharedElement.objects.filter(version__in=in_use(agency, day, today))
            .order_by()
            .values_list(sensitivity)
            .annotate(kinds=Count(meaning, distinct=True))
        )
    )


def has_undated(agency: Agency) -> bool:
    """Tell whether of some agreements only a day is known by which they were in use (baselines.py)."""
    dated = AgreementEvent.objects.filter(
        agreement=OuterRef("pk"), kind=AgreementEvent.Kind.EXECUTED, happened_on__isnull=False
    )
    first = Publication.objects.filter(agreement=OuterRef("pk"), kind=Publication.Kind.BASELINE)
    found = Agreement.objects.concerning(agency).filter(Exists(first), ~Exists(dated), begins_on=None)
    return found.exists()


def years_to_show(first: dt.date | None, today: dt.date) -> list[dt.date]:
    """Return the day each year is counted on, oldest first: its last day, and today for this one."""
    since = max(first.year if first else today.year, today.year - YEARS + 1)
    return [min(dt.date(year, 12, 31), today) for year in range(since, today.year + 1)]


def first_day(agency: Agency, today: dt.date) -> dt.date | None:
    """Return since when the earliest of the versions in use or gone by has counted for an agency."""
    own = Q(version__agreement__agency=agency)
    joined = Q(version__agreement__participations__agency=agency)
    return (
        SharedElement.objects.filter(
            own | joined, version__published_at__isnull=False, version__effective_from__lte=today
        )
        .order_by("version__effective_from")
        .values_list("version__effective_from", flat=True)
        .first()
    )


def ends(agency: Agency, today: dt.date) -> list[dt.date | None]:
    """Return the last day of each agreement in use; None where it has none."""
    return list(
        in_use(agency, today, today)
        .order_by(F("agreement__ends_on"))
        .values_list("agreement__ends_on", flat=True)
    )


def by_quarter(
    days: Iterable[dt.date | None], today: dt.date
) -> tuple[Sequence[tuple[int, int, int]], int, int]:
    """Return ((year, quarter, how many end in it) for this and the next 7), how many later, how many never.

    A quarter is one of the calendar year's, 1 to 4. Days before today are counted in this quarter: the sweep
    that ends those agreements has not come by yet.
    """
    now = _quarter(today)
    counted: Counter[int] = Counter()
    never = 0
    for day in days:
        if day is None:
            never += 1
        else:
            counted[max(_quarter(day), now)] += 1
    shown = [(n // 4, n % 4 + 1, counted[n]) for n in range(now, now + QUARTERS)]
    later = sum(n for quarter, n in counted.items() if quarter >= now + QUARTERS)
    return shown, later, never


def _quarter(day: dt.date) -> int:
    return day.year * 4 + (day.month - 1) // MONTHS_OF_A_QUARTER
