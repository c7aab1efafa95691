"""Settles ties that wait for review: staff accept a person as a decider, or refuse."""

import datetime as dt
from collections.abc import Collection

import structlog
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from .effective import recompute
from .models import Guardianship

log = structlog.get_logger(__name__)


@transaction.atomic
def settle_review(
    *,
    guardianship_ids: Collection[int],
    accept: bool,
    by: AbstractBaseUser | AnonymousUser,
    now: dt.datetime,
) -> int:
    """Accept or refuse ties that wait for review; others are left alone. Return how many were settled.

    A roster load keeps what staff set. Whoever is accepted enters the audience: a trigger renews
    `entered_at`, and catch_up welcomes.
    """
    waiting = (
        Guardianship.objects.select_for_update(of=("self",))
        .filter(pk__in=guardianship_ids, rights=Guardianship.Rights.REVIEW)
        .select_related("student__agency")
        .order_by("pk")
    )
    ties = list(waiting)
    rights = Guardianship.Rights.DECIDES if accept else Guardianship.Rights.NONE
    Guardianship.objects.filter(pk__in=[tie.pk for tie in ties]).update(
        rights=rights, rights_set_by_staff=True
    )
    for agency in {tie.student.agency for tie in ties}:
        students = [tie.student_id for tie in ties if tie.student.agency_id == agency.pk]
        recompute(student_ids=students, today=agency.today(now))
    log.info("review_settled", by=by.pk, rights=str(rights), ties=[tie.pk for tie in ties])
    return len(ties)
