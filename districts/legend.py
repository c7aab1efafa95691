"""How an agreement stands for families of a district on a day: one word of a short legend for each.

Said twice, in Python for one agreement and in SQL for a list that is filtered and counted by it; a test
holds the two together.
"""

import datetime as dt
from enum import StrEnum

from .models import Agreement
from .standing import agreement_state

_Kind, _State = Agreement.Kind, Agreement.State


class Status(StrEnum):
    """The legend, in the order in which a list shows it. Every agreement is exactly one of these."""

    IN_USE = "in_use"
    NO_CONTRACT = "no_contract"
    COMING = "coming"
    PROPOSED = "proposed"
    NOT_APPROVED = "not_approved"
    ENDED = "ended"
    HISTORY = "history"


#: Data may be shared under these today.
IN_USE = (Status.IN_USE, Status.NO_CONTRACT)


def status_of(agreement: Agreement, today: dt.date, *, counts: bool = True) -> Status:
    """Return how an agreement stands for the agency that holds it; one query where it is over.

    `counts` is false where no published version has taken effect yet.
    """
    state = agreement_state(agreement, today)
    if agreement.kind == _Kind.RECONSTRUCTION:
        return Status.HISTORY
    if state == _State.ENDED:
        turned_down = Agreement.objects.turned_down().filter(pk=agreement.pk)
        return Status.NOT_APPROVED if turned_down.exists() else Status.ENDED
    if state == _State.PROPOSED:
        return Status.PROPOSED
    if not counts or (agreement.begins_on and agreement.begins_on > today):
        return Status.COMING
    return Status.NO_CONTRACT if agreement.kind == _Kind.CLICK_THROUGH else Status.IN_USE


#: The same in SQL, of an agreement `a` for the agency %(agency)s on the day %(today)s, with its newest
#: version `n` (`counts`: one has taken effect), its `event`s, and what the agency's `part` in somebody
#: else's agreement adds: it ends when the agency leaves, and begins when it joins.
STATUS_SQL = """
CASE WHEN a.kind = 'reconstruction' THEN 'history'
     WHEN a.state = 'ended' AND event.declined AND NOT event.executed THEN 'not_approved'
     WHEN a.state = 'ended' OR a.ends_on < %(today)s THEN 'ended'
     WHEN a.state = 'proposed' THEN 'proposed'
     WHEN a.agency_id <> %(agency)s AND part.is_open IS NOT TRUE AND part.left_on IS NOT NULL THEN 'ended'
     WHEN a.agency_id <> %(agency)s AND part.is_open IS NOT TRUE OR a.begins_on > %(today)s
          OR n.counts IS NOT TRUE THEN 'coming'
     WHEN a.kind = 'click_through' THEN 'no_contract'
     ELSE 'in_use' END"""
