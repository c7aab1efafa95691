"""Takes a new agreement into the register: what it begins with, and the district's own part in it."""

import datetime as dt

from django.db import transaction

from .models import Agency, Agreement, AgreementEvent, Participation
from .recording import lock_agreement


@transaction.atomic
def register_agreement(*, agreement_id: int, now: dt.datetime) -> None:
    """Record how an agreement begins; a signed one of a district gets the district's own participation.

    It takes part from the first day of the term, or from today where that is not known. Doing it twice
    changes nothing.
    """
    agreement = lock_agreement(agreement_id)
    if agreement.state != Agreement.State.SIGNED:
        if not agreement.events.exists():
            AgreementEvent.objects.create(agreement=agreement, kind=AgreementEvent.Kind.PROPOSED)
        return
    if not agreement.events.filter(kind=AgreementEvent.Kind.EXECUTED).exists():
        AgreementEvent.objects.create(agreement=agreement, kind=AgreementEvent.Kind.EXECUTED)
    if agreement.agency.kind == Agency.Kind.DISTRICT:
        Participation.objects.get_or_create(
            agreement=agreement,
            agency=agreement.agency,
            kind=Participation.Kind.OWN,
            defaults={"from_on": agreement.begins_on or agreement.agency.today(now)},
        )
