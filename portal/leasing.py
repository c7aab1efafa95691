"""Takes rows that are due for one worker: others pass over them until the lease runs out."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet


@transaction.atomic
def lease(due: QuerySet[Any], *, column: str, now: dt.datetime, length: dt.timedelta, most: int) -> list[int]:
    """Lease up to `most` of the rows that are due, those due longest first, and return their ids.

    `column` says when a row is due. A worker that dies leaves its rows to whoever comes after the lease.
    """
    ids = list(
        due.filter(**{f"{column}__lte": now})
        .select_for_update(skip_locked=True)
        .order_by(column, "pk")
        .values_list("pk", flat=True)[:most]
    )
    due.model._default_manager.filter(pk__in=ids).update(**{column: now + length})
    return ids
