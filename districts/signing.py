"""A proposed agreement is signed: it is in force, and families are told, in one step."""

import datetime as dt
from typing import Any

from django.db import transaction

from .drafts import open_draft
from .models import Agency, Agreement, AgreementEvent, Participation, Publication
from .publish import publish_version
from .recording import lock_agreement


class NotProposed(Exception):
    """The agreement is signed already, or is over."""


@transaction.atomic
def sign_agreement(
    *,
    agreement_id: int,
    begins_on: dt.date,
    ends_on: dt.date | None,
    effective_from: dt.date | None = None,
    sharing_starts_on: dt.date | None = None,
    by: Any = None,
    now: dt.datetime,
) -> Publication | None:
    """Sign a proposed agreement and publish its draft, so that none is in force untold.

    Where the proposal was published and no draft is open, a copy of it is published. The two days are
    filled into the draft where given; `effective_from` is `begins_on` if the draft has none. An agreement
    without any version is only signed, and None returned: its first version will be the news. A district's
    own part begins with the term.

    Raises NotProposed; PublishRefused, and then nothing is signed.
    """
    agreement = lock_agreement(agreement_id)
    if agreement.state != Agreement.State.PROPOSED:
        raise NotProposed(agreement_id)
    agreement.state, agreement.begins_on, agreement.ends_on = Agreement.State.SIGNED, begins_on, ends_on
    agreement.save(update_fields=["state", "begins_on", "ends_on"])
    AgreementEvent.objects.create(
        agreement=agreement, kind=AgreementEvent.Kind.EXECUTED, happened_on=agreement.agency.today(now)
    )
    if agreement.agency.kind == Agency.Kind.DISTRICT:
        Participation.objects.get_or_create(
            agreement=agreement,
            agency=agreement.agency,
            until_on=None,
            defaults={"kind": Participation.Kind.OWN, "from_on": begins_on},
        )
    if not agreement.versions.exists():
        return None
    draft = open_draft(agreement.pk)
    draft.effective_from = effective_from or draft.effective_from or begins_on
    draft.sharing_starts_on = sharing_starts_on or draft.sharing_starts_on
    draft.save(update_fields=["effective_from", "sharing_starts_on"])
    return publish_version(version_id=draft.pk, by=by, now=now)
