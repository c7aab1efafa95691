"""What of the register was written since a cursor: whoever follows it holds the present register."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from ..models import RegisterStamp
from .resource import Resource
from .resources import BY_NAME


def written_since(cursor: tuple[int, int], limit: int) -> tuple[list[dict[str, Any]], tuple[int, int], bool]:
    """Return the objects written after a cursor, each as it is now; the next cursor; whether more waits.

    An object that is written again moves to the end, so that a client who follows on sees its last state,
    also one that began before. A fixed number of queries for each resource concerned.
    """
    version, stamp = cursor
    after = Q(version=version, id__gt=stamp) | Q(version__gt=version)
    # The plain bound beside the pair lets PostgreSQL begin in the index where the client stands.
    stamps = list(
        RegisterStamp.objects.filter(after, version__gte=version).order_by("version", "id")[: limit + 1]
    )
    more = len(stamps) > limit
    stamps = stamps[:limit]
    records = _records(stamps)
    entries = [
        {
            "resource": each.resource,
            "id": BY_NAME[each.resource].kind.read(each.key),
            "removed": (each.resource, each.key) not in records,
            "record": records.get((each.resource, each.key)),
        }
        for each in stamps
    ]
    return entries, (stamps[-1].version, stamps[-1].pk) if stamps else cursor, more


def _records(stamps: Iterable[RegisterStamp]) -> dict[tuple[str, str], Any]:
    """Return the records of what is public now, by resource and id."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for each in stamps:
        wanted[each.resource].append(each.key)
    return {
        (name, str(record["id"])): record
        for name, keys in wanted.items()
        for record in _of(BY_NAME[name], keys)
    }


def _of(resource: Resource, keys: list[str]) -> Any:
    rows = resource.rows().filter(**{f"{resource.key}__in": [resource.kind.read(key) for key in keys]})
    return resource.serializer(rows, many=True).data
