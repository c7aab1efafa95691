"""By when the data of an agreement that is over must be deleted, as far as the agreement tells."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from .models import Promise, SharedElement

_Kept = SharedElement.Kept


@dataclass(frozen=True)
class Kept:
    """How long the lines of a version are kept, in sum; days are counted from the agreement's last day."""

    lines: int
    dated: int
    last_date: dt.date | None
    most_days: int | None


def delete_by(ends_on: dt.date, kept: Kept | None, promised_days: int | None) -> dt.date | None:
    """Return the last day to delete all of it, or None where the agreement sets none.

    The lines count where every one of them has a day; else the company's promise for the whole does.
    """
    if kept and kept.lines and kept.lines == kept.dated:
        days = [kept.last_date] if kept.last_date else []
        if kept.most_days is not None:
            days.append(ends_on + dt.timedelta(days=kept.most_days))
        return max(days)
    return None if promised_days is None else ends_on + dt.timedelta(days=promised_days)


def deletion_days(ended: Mapping[int, dt.date]) -> dict[int, dt.date]:
    """Return the last day to delete, by version, given its agreement's last day: two queries."""
    if not ended:
        return {}
    kept, promised = _kept(ended), _promised(ended)
    days = {pk: delete_by(last, kept.get(pk), promised.get(pk)) for pk, last in ended.items()}
    return {pk: day for pk, day in days.items() if day}


def _kept(versions: Iterable[int]) -> dict[int, Kept]:
    with_days = Q(kept=_Kept.AFTER_AGREEMENT)
    rows = (
        SharedElement.objects.filter(version__in=versions)
        .order_by()
        .values_list("version_id")
        .annotate(
            lines=Count("pk"),
            dated=Count("pk", filter=with_days | Q(kept=_Kept.DATE)),
            last_date=Max("kept_until", filter=Q(kept=_Kept.DATE)),
            most_days=Max("kept_days", filter=with_days),
        )
    )
    return {version: Kept(*sums) for version, *sums in rows}


def _promised(versions: Iterable[int]) -> dict[int, int]:
    rows = Promise.objects.filter(
        version__in=versions, code=Promise.Code.DELETION, answer=Promise.Answer.YES, days__isnull=False
    )
    return {version: days for version, days in rows.values_list("version_id", "days") if days is not None}
