"""A breach: news for every agreement under which the data was held."""

import datetime as dt
from typing import Any

from django.db import transaction

from .models import Agreement, Change, Incident, Publication
from .recording import Fact, lock_agreement, record
from .sentences import event_sentences
from .severity import Case, severity_of
from .standing import told_version


@transaction.atomic
def report_incident(*, incident_id: int, by: Any = None, now: dt.datetime) -> list[Publication]:
    """Make a recorded breach news, now, whether or not the agreement still runs: the data was there.

    It is told for its agreement; where only the company is known, for every agreement of its agency with
    that company. A breach without either stands on the agency's page and makes no message. The same call
    again returns nothing: each agreement hears of it once.
    """
    # Locked: what is told is what stands in the row, and from then on PostgreSQL keeps it so.
    incidents = Incident.objects.select_for_update(of=("self",), no_key=True)
    incident = incidents.select_related("agency", "vendor").get(pk=incident_id)
    made = [_tell(pk, incident, by, now) for pk in _agreements(incident)]
    return [publication for publication in made if publication]


def _agreements(incident: Incident) -> list[int]:
    """Return the ids of the agreements concerned, in the order in which they are locked."""
    if incident.agreement_id:
        return [incident.agreement_id]
    if incident.vendor_id is None:
        return []
    concerned = Agreement.objects.concerning(incident.agency).filter(vendor=incident.vendor_id)
    return list(concerned.exclude(state=Agreement.State.PROPOSED).order_by("pk").values_list("pk", flat=True))


def _tell(agreement_id: int, incident: Incident, by: Any, now: dt.datetime) -> Publication | None:
    agreement = lock_agreement(agreement_id)
    if agreement.publications.filter(incident=incident).exists():
        return None
    today = agreement.agency.today(now)
    said = event_sentences("incident", agency=incident.agency.name, vendor=agreement.vendor.name)
    count = None if incident.count_is_suppressed else incident.students_affected
    after = {
        "elements": sorted(incident.elements.values_list("code", flat=True)),
        "students_affected": count,
        "count_is_suppressed": incident.count_is_suppressed,
    }
    return record(
        kind=Publication.Kind.INCIDENT,
        agreement=agreement,
        incident=incident,
        version=told_version(agreement, today),
        day=today,
        by=by,
        facts=[Fact(Change.Kind.INCIDENT, severity_of(Case.INCIDENT), said, after=after)],
    )
