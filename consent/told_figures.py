"""Hands the public register what anybody may know of how a piece of news got to families: once, for good."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from districts.models import AgreementVersion, ScopeSchool, ToldFigures

from . import disclosure
from .models import Delivery, Notice
from .progress import ChildClass, PersonClass, classes

# Bounces come within days; letters are posted within weeks, and are waited for.
SETTLED_AFTER = dt.timedelta(days=7)
A_RUN = 25  # notices in one run; each is a look at every child of a district

_OPEN = [Delivery.State.DUE, Delivery.State.LEASED, Delivery.State.PRINTED]


def record_told_figures(*, now: dt.datetime) -> int:
    """Write the figures of notices that are over, each once; return how many are over.

    A notice is over when it went out SETTLED_AFTER ago and no message or letter of it waits. What happens
    later (a late bounce) is not added: a second figure a day later would tell of one person. Whoever is
    withheld from is in no sum.
    """
    over = list(_over(now)[:A_RUN])
    for notice in over:
        _record(notice)
    return len(over)


def _over(now: dt.datetime) -> QuerySet[Notice]:
    written = ToldFigures.objects.filter(publication=OuterRef("publication"), agency=OuterRef("agency"))
    waiting = Delivery.objects.filter(notice=OuterRef("pk"), state__in=_OPEN)
    settled = Notice.objects.filter(publication__isnull=False, fanned_out_at__lte=now - SETTLED_AFTER)
    return (
        settled.exclude(Exists(written))
        .exclude(Exists(waiting))
        .select_related("publication", "agency")
        .order_by("pk")
    )


def _record(notice: Notice) -> None:
    figures = ToldFigures(publication=notice.publication, agency=notice.agency, **figures_of(notice))
    # Where another process was first, its figures stand.
    ToldFigures.objects.bulk_create([figures], ignore_conflicts=True)


def figures_of(notice: Notice) -> dict[str, int | None]:
    """Return the figures of a notice that anybody may know; none where only some schools or children count.

    Sums of a version that is limited to schools, grades or programs would be sums by school, grade, program.
    """
    if _is_limited(notice):
        return {}
    sums = classes(notice)
    people, children = sums["people"], sums["children"]
    told = {
        "accepted": people[PersonClass.ACCEPTED],
        "letters": people[PersonClass.LETTER_OUT],
        "failed": people[PersonClass.FAILED] + people[PersonClass.FAILURE_SEEN],
    }
    everybody = sum(children.values())
    return {
        "people": disclosure.total(sum(told.values())),
        **disclosure.parts(told),
        "children": disclosure.total(everybody),
        "nobody_to_tell": disclosure.part(children[ChildClass.NOBODY_TO_TELL], everybody),
    }


def _is_limited(notice: Notice) -> bool:
    ids = [pk for pk in (notice.version_id, notice.also_version_id) if pk]
    versions = AgreementVersion.objects.filter(pk__in=ids)
    limited = versions.exclude(scope_grades=[], scope_programs=[]).exists()
    return not ids or limited or ScopeSchool.objects.filter(version__in=ids).exists()
