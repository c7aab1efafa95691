"""Several pieces of news for one person in one message: which deliveries go together, and under which id."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from .leases import ClaimedDelivery
from .mail.message import bundle_message_id, message_id
from .models import Bundle


@dataclass(frozen=True, slots=True)
class Parcel:
    """The deliveries of one person that go out in one message."""

    deliveries: tuple[ClaimedDelivery, ...]
    message_id: str

    @property
    def first(self) -> ClaimedDelivery:
        return self.deliveries[0]


def single(delivery: ClaimedDelivery) -> Parcel:
    """Return the parcel of a delivery that goes alone."""
    return Parcel((delivery,), message_id(delivery.public_id, delivery.n))


@transaction.atomic
def bundled(deliveries: Sequence[ClaimedDelivery]) -> list[Parcel]:
    """Return one parcel per person, a Bundle row recorded for each that holds several deliveries.

    Deliveries that were in a bundle which may have gone out stay together, under its Message-ID.
    """
    known = dict(
        Bundle.objects.filter(pk__in={d.bundle_id for d in deliveries if d.bundle_id}).values_list(
            "pk", "message_id"
        )
    )
    together: dict[tuple[int, int | None], list[ClaimedDelivery]] = defaultdict(list)
    for delivery in sorted(deliveries, key=lambda d: d.id):
        together[delivery.guardian_id, delivery.bundle_id].append(delivery)
    parcels = [
        Parcel(tuple(group), known[bundle_id])
        for (_guardian, bundle_id), group in together.items()
        if bundle_id is not None
    ]
    fresh = [tuple(group) for (_guardian, bundle_id), group in together.items() if bundle_id is None]
    parcels += [single(group[0]) for group in fresh if len(group) == 1]
    return parcels + _new_bundles([group for group in fresh if len(group) > 1])


_PUT_IN = """
    UPDATE consent_delivery d SET bundle_id = u.bundle
      FROM unnest(%s::bigint[], %s::bigint[]) AS u (id, bundle) WHERE d.id = u.id
"""


def _new_bundles(groups: list[tuple[ClaimedDelivery, ...]]) -> list[Parcel]:
    if not groups:
        return []
    rows = Bundle.objects.bulk_create(
        [Bundle(message_id=bundle_message_id(group[0].public_id, group[0].n)) for group in groups]
    )
    pairs = [(d.id, row.pk) for row, group in zip(rows, groups, strict=True) for d in group]
    with connection.cursor() as cursor:
        cursor.execute(_PUT_IN, [[pk for pk, _bundle in pairs], [bundle for _pk, bundle in pairs]])
    return [Parcel(group, row.message_id) for row, group in zip(rows, groups, strict=True)]
