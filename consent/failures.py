"""Deliveries that reached nobody: staff see them, and say that they did."""

from collections.abc import Collection

import structlog
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet

from .models import Delivery

log = structlog.get_logger(__name__)


def failed(agency_id: int) -> QuerySet[Delivery]:
    """Return the deliveries of an agency that failed and that nobody has seen yet, the oldest first."""
    rows = Delivery.objects.filter(guardian__agency=agency_id, state=Delivery.State.FAILED)
    return rows.select_related("guardian", "notice__publication__agreement").order_by("pk")


def mark_seen(*, agency_id: int, delivery_ids: Collection[int], by: AbstractBaseUser) -> int:
    """Record that staff saw these failures. Return how many it is new for; those of others are left alone."""
    seen = failed(agency_id).filter(pk__in=delivery_ids).select_related(None).order_by()
    count = seen.update(state=Delivery.State.FAILURE_SEEN)
    log.info("failures_seen", agency=agency_id, by=by.pk, deliveries=count)
    return count
