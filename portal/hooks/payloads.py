"""What is said to a hook: the record of a publication as the API gives it, a test, or a challenge."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import override
from rest_framework.renderers import JSONRenderer

from districts.api.resources import BY_NAME
from portal.watching.things import page_of

from .models import HookCall
from .signing import challenge_of

TYPES = {
    HookCall.Kind.CHALLENGE: "hook.challenge",
    HookCall.Kind.TEST: "hook.test",
    HookCall.Kind.NEWS: "publication.published",
}


def bodies(calls: Sequence[HookCall]) -> dict[int, bytes]:
    """Return the body of each call by its id, JSON in UTF-8: type, timestamp, about, data.

    `timestamp` is when the event was: the same at each try. Two publications that changed nothing else have
    the same `data` for every hook. A fixed number of queries for any number of calls.
    """
    with override("en"):  # addresses without a prefix; sentences come in every language
        records = _records(calls)
        return {call.pk: _body(call, records) for call in calls}


def _records(calls: Sequence[HookCall]) -> dict[int, object]:
    """Return the API's record of each publication, by its id here."""
    wanted = {call.publication_id for call in calls if call.publication_id}
    resource = BY_NAME["publications"]
    rows = list(resource.rows().filter(pk__in=wanted)) if wanted else []
    return {row.pk: resource.serializer(row).data for row in rows}


def _body(call: HookCall, records: dict[int, object]) -> bytes:
    data: object = {}
    moment = call.made_at
    if call.publication is not None:
        data, moment = records[call.publication.pk], call.publication.published_at
    elif call.kind == HookCall.Kind.CHALLENGE:
        data = {"challenge": challenge_of(call)}
    said = {
        "type": TYPES[HookCall.Kind(call.kind)],
        "timestamp": moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "about": {"kind": call.hook.kind or "everything", "public_url": page_of(call.hook, "en")},
        "data": data,
    }
    return bytes(JSONRenderer().render(said))
