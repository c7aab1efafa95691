"""Taking work: deliveries are leased to a worker, or withheld, or turned into letters, a batch at a time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction

from districts.models import Agency, Change

from .models import Delivery, Notice
from .standing import JUDGE, look_up_by_index

LEASE = dt.timedelta(minutes=15)  # longer than a batch may take, see deliver.BATCH_SECONDS


class ClaimedDelivery(NamedTuple):
    """A delivery leased to this worker, with what its message needs. `n` numbers the attempt."""

    id: int
    public_id: str
    notice_id: int | None
    decision_id: int | None
    guardian_id: int
    n: int
    bundle_id: int | None
    is_self: bool
    email: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one claim did. `last_id` is the cursor for the next; `seen` = 0 means that nothing is due."""

    deliveries: tuple[ClaimedDelivery, ...] = ()
    withheld: int = 0
    to_letter: int = 0
    last_id: int = 0

    @property
    def seen(self) -> int:
        return len(self.deliveries) + self.withheld + self.to_letter


# What is claimed is first locked, then judged: told how many there are, the planner reads their ties once for
# all, not once for each.
_LEASE = f"""
    WITH picked AS MATERIALIZED (
        SELECT d.id, d.guardian_id, d.about FROM consent_delivery d WHERE d.id = ANY (%(ids)s)
    ),
    judged AS MATERIALIZED ({JUDGE}),
    planned AS (SELECT j.*, CASE WHEN reason <> '' THEN 'withheld'
                                 WHEN no_address THEN 'due' ELSE 'leased' END AS next FROM judged j),
    moved AS (
        UPDATE consent_delivery d
           SET state = p.next,
               channel = CASE p.next WHEN 'due' THEN 'letter' ELSE d.channel END,
               withheld_because = p.reason,
               about = coalesce(p.students, d.about),
               lease_until = CASE p.next WHEN 'leased' THEN %(lease_until)s::timestamptz END,
               settled_at = CASE p.next WHEN 'withheld' THEN %(now)s::timestamptz END
          FROM planned p
         WHERE d.id = p.id AND d.id = ANY (%(ids)s)
        RETURNING d.id, d.public_id::text, d.notice_id, d.decision_id, d.guardian_id, d.attempts_made + 1,
                  d.bundle_id,
                  EXISTS (SELECT FROM consent_guardianship gs
                           WHERE gs.guardian_id = d.guardian_id AND gs.relation = 'self') AS is_self,
                  p.email, concat_ws(' ', nullif(p.given_name, ''), nullif(p.family_name, '')) AS name,
                  p.language, d.state
    )
    SELECT * FROM moved ORDER BY id
"""  # noqa: S608 - no value is put into this text

# Compared as pairs, so that only the index of what is due, by notice and id, gives the order: the primary key
# would lead through every delivery of earlier years.
_OF_NOTICE = "(d.notice_id, d.id) > (%(notice)s, %(after)s) AND d.notice_id <= %(notice)s"
_RECEIPTS = """d.notice_id IS NULL AND d.id > %(after)s
           AND d.guardian_id IN (SELECT g.id FROM consent_guardian g WHERE g.agency_id = %(agency)s)"""

_DUE = """
    SELECT d.id FROM consent_delivery d
     WHERE {which} AND d.state = 'due' AND d.channel = 'email' AND d.next_attempt_at <= %(now)s
     ORDER BY d.notice_id, d.id LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
"""

# Whole people are taken, not rows, so that two workers never share the news of one person between them.
_DUE_NEWS = """SELECT d.id FROM consent_delivery d JOIN consent_notice n ON n.id = d.notice_id
         WHERE d.guardian_id = g.id AND d.state = 'due' AND d.channel = 'email'
           AND d.next_attempt_at <= %(now)s AND n.agency_id = %(agency)s AND n.severity = 'digest'"""
_PEOPLE = f"""
    SELECT g.id FROM consent_guardian g
     WHERE g.agency_id = %(agency)s AND g.id > %(after)s AND EXISTS ({_DUE_NEWS})
     ORDER BY g.id LIMIT %(limit)s FOR NO KEY UPDATE OF g SKIP LOCKED
"""  # noqa: S608
_THEIR_NEWS = """
    SELECT d.id FROM consent_delivery d JOIN consent_notice n ON n.id = d.notice_id
     WHERE d.guardian_id = ANY (%(people)s) AND d.state = 'due' AND d.channel = 'email'
       AND d.next_attempt_at <= %(now)s AND n.agency_id = %(agency)s AND n.severity = 'digest'
     ORDER BY d.id FOR UPDATE OF d SKIP LOCKED
"""


@transaction.atomic
def claim(
    *, notice_id: int | None, agency: Agency | None = None, after_id: int, limit: int, now: dt.datetime
) -> Claimed:
    """Lease up to `limit` due e-mail deliveries of a notice past a worker's cursor.

    Without a notice: receipts of the agency. Keyset, so that drained rows are not read again, and SKIP
    LOCKED, so that workers never wait for each other. Whoever is no longer entitled is withheld with the
    reason, whoever has no address any more gets a letter; `about` shrinks to
    the children still decided for.
    """
    if agency is None:
        assert notice_id is not None, "receipts are claimed per agency"
        agency = Notice.objects.select_related("agency").get(pk=notice_id).agency
    which = _RECEIPTS if notice_id is None else _OF_NOTICE
    values = {"notice": notice_id, "agency": agency.pk, "after": after_id, "limit": limit}
    return _claimed(_DUE.format(which=which), values, agency, now, after_id)


@transaction.atomic
def claim_news(*, agency: Agency, after_id: int, limit: int, now: dt.datetime) -> Claimed:
    """Lease all due daily news of up to `limit` people of an agency; the cursor is a guardian's id."""
    values: dict[str, Any] = {"agency": agency.pk, "after": after_id, "limit": limit, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, values)
        people = [row[0] for row in cursor.fetchall()]
    if not people:
        return Claimed(last_id=after_id)
    claimed = _claimed(_THEIR_NEWS, {**values, "people": people}, agency, now, after_id)
    return Claimed(claimed.deliveries, claimed.withheld, claimed.to_letter, last_id=people[-1])


def take_back_stale(*, now: dt.datetime) -> int:
    """Make deliveries due again whose worker let its lease run out. Returns how many.

    Their bundle and attempt number stay, so that a message which did go out goes out again as the same one.
    """
    return Delivery.objects.filter(state=Delivery.State.LEASED, lease_until__lt=now).update(
        state=Delivery.State.DUE, lease_until=None, next_attempt_at=now
    )


@dataclass(frozen=True, slots=True)
class Work:
    """A pile of deliveries that are due: of one notice, the daily news of an agency, or its receipts."""

    agency_id: int
    notice_id: int | None
    is_news: bool


def due_work(*, now: dt.datetime) -> Sequence[Work]:
    """Return the piles with anything due by e-mail, what asks for an answer and receipts first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT g.agency_id, CASE WHEN n.severity <> 'digest' THEN n.id END,
                      coalesce(n.severity = 'digest', false), coalesce(n.severity, %s)
                 FROM consent_delivery d
                 JOIN consent_guardian g ON g.id = d.guardian_id
                 LEFT JOIN consent_notice n ON n.id = d.notice_id
                WHERE d.state = 'due' AND d.channel = 'email' AND d.next_attempt_at <= %s
                ORDER BY 4, 1, 2""",
            [Change.Severity.ANSWER_NEEDED, now],
        )
        return [Work(agency, notice, is_news) for agency, notice, is_news, _severity in cursor.fetchall()]


def _claimed(due: str, values: dict[str, Any], agency: Agency, now: dt.datetime, after_id: int) -> Claimed:
    values = {**values, "now": now, "day": agency.today(now), "lease_until": now + LEASE}
    with connection.cursor() as cursor:
        cursor.execute(due, values)
        ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return Claimed(last_id=after_id)
        look_up_by_index(cursor)
        cursor.execute(_LEASE, {**values, "ids": ids})
        rows = cursor.fetchall()
    leased = tuple(ClaimedDelivery._make(row[:-1]) for row in rows if row[-1] == Delivery.State.LEASED)
    withheld = sum(row[-1] == Delivery.State.WITHHELD for row in rows)
    return Claimed(
        deliveries=leased, withheld=withheld, to_letter=len(rows) - len(leased) - withheld, last_id=ids[-1]
    )
