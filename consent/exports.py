"""The list of what is permitted, child by child and element by element, streamed by PostgreSQL itself.

It says only what may be shared on the day: what starts later is not in it yet. A child whose family said No,
one out of scope, one unknown and one whose parent is barred are all simply not in it; so the file may be
handed on.
"""

import datetime as dt
from typing import Protocol

from django.db import connection, transaction

from districts.models import Agency, Agreement, AgreementVersion

from . import effective, permitted
from .state_locks import lock_states_of_agencies

COLUMNS = [
    "agreement",
    "version",
    "student",
    "element",
    "purpose",
    "detail",
    "recipients",
    "basis",
    "sharing_starts_on",
]


class Sink(Protocol):
    """Whatever takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""


_COPY = """
COPY (
    SELECT %(agreement_code)s, %(version_number)s, s.roster_id, e.code, coalesce(p.code, ''), line.detail,
           array_to_string(v.recipients, '; '), line.basis, v.starts_on
      FROM ({verdicts}) v
      JOIN consent_student s ON s.id = v.student_id
      JOIN districts_sharedelement line ON line.id = v.line_id
      JOIN districts_dataelement e ON e.id = line.element_id
      LEFT JOIN districts_purpose p ON p.id = line.purpose_id
     WHERE v.permitted AND e.subject <> 'staff'
     ORDER BY s.roster_id, e.code, p.code, line.detail, line.id
) TO STDOUT WITH (FORMAT csv)
"""


def export_choices(*, agency: Agency, agreement: Agreement | None = None, today: dt.date, out: Sink) -> int:
    """Write what is permitted about the agency's students to `out` as CSV in UTF-8; return the rows.

    Of one agreement, or of all that are in force for the agency. A header stands first; memory stays flat.
    """
    out.write((",".join(COLUMNS) + "\n").encode())
    return sum(
        _export_version(agency, version, today, out)
        for version in versions_in_force(agency, agreement, today)
    )


@transaction.atomic
def moment_between_answers(agency: Agency) -> dt.datetime:
    """Return a moment of PostgreSQL's clock before which every answer of the agency is committed.

    An export begun after it holds all answers given until then, so staff can say "acted on" by it.
    """
    lock_states_of_agencies([agency.pk])
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment


def versions_in_force(agency: Agency, agreement: Agreement | None, today: dt.date) -> list[AgreementVersion]:
    """Return the versions in force of the agreements an agency takes part in on a day."""
    versions = AgreementVersion.objects.in_force_on(today).filter(
        agreement__participations__in=agency.participations.open_on(today)
    )
    if agreement is not None:
        versions = versions.filter(agreement=agreement)
    return list(versions.select_related("agreement").order_by("agreement__title", "agreement_id").distinct())


@transaction.atomic
def _export_version(agency: Agency, version: AgreementVersion, today: dt.date, out: Sink) -> int:
    asked = permitted.statement(agreement_id=version.agreement_id, today=today, agency_id=agency.pk)
    if asked is None:
        return 0
    named = {
        "agreement_code": str(version.agreement.public_id),
        "version_number": asked.version.number,
    }
    with effective.fit_for_a_district(), connection.cursor() as cursor:
        with cursor.copy(_COPY.replace("{verdicts}", asked.sql), asked.parameters | named) as copy:
            for block in copy:
                out.write(block)
        return int(cursor.rowcount)
