"""A proposed agreement is not approved: it is over before it was signed, and the register says so."""

import datetime as dt
from typing import Any

from django.db import transaction

from .models import Agreement, AgreementEvent, Change, Publication
from .recording import Fact, lock_agreement, record
from .sentences import event_sentences
from .severity import Case, severity_of
from .signing import NotProposed


@transaction.atomic
def decline_agreement(
    *, agreement_id: int, declined_on: dt.date, note: str = "", by: Any = None, now: dt.datetime
) -> Publication | None:
    """Record that an agency did not approve what somebody asked for; families get no message.

    What was public as a proposal says so on its page and in the feeds; else None is returned, and a version
    may be published later, with no data in it. Raises NotProposed.
    """
    agreement = lock_agreement(agreement_id)
    if agreement.state != Agreement.State.PROPOSED:
        raise NotProposed(agreement_id)
    agreement.state = Agreement.State.ENDED
    agreement.save(update_fields=["state"])
    AgreementEvent.objects.create(
        agreement=agreement, kind=AgreementEvent.Kind.DECLINED, happened_on=declined_on, note=note
    )
    newest = agreement.versions.published().order_by("-number").first()
    if newest is None:
        return None
    names = {"agency": agreement.agency.name, "vendor": agreement.vendor.name}
    said = event_sentences("declined", **names, day=declined_on)
    return record(
        kind=Publication.Kind.ENDED,
        agreement=agreement,
        version=newest,
        day=agreement.agency.today(now),
        by=by,
        facts=[Fact(Change.Kind.ENDED, severity_of(Case.NOT_IN_USE), said)],
    )
