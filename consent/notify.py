"""From a publication to the people concerned: one notice per district, one delivery per person."""

# ruff: noqa: S608 - the statements are put together from the constants of this room

import datetime as dt

import structlog
from django.db import connection, transaction

from . import audience, locks
from .fanning import fan_out
from .models import Notice
from .newcomers import catch_up
from .questions import open_questions_of

__all__ = ["announce", "catch_up", "fan_out", "unfinished"]

log = structlog.get_logger(__name__)


@transaction.atomic
def announce(*, now: dt.datetime) -> list[int]:
    """Make the notices of every publication that waits, and the questions of its version before them.

    Return the ids of the notices made: one per publication and district concerned. A publication for the
    public page only makes none, and is marked all the same; that of an agreement only proposed goes on
    waiting. `now` gives each district's calendar day. May run at any time, twice, or beside itself.
    """
    locks.announcing_lock()
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        waiting = cursor.fetchall()
        if not waiting:
            return []
        publications = [publication for publication, _version in waiting]
        open_questions_of([version for _publication, version in waiting if version])
        cursor.execute(_MAKE_NOTICES, {"publications": publications, "now": now})
        made = sorted(notice for (notice,) in cursor.fetchall())
        cursor.execute(_MARK_ANNOUNCED, [publications])
    log.info("announced", publications=publications, notices=made)
    return made


def unfinished(*, made_before: dt.datetime | None = None) -> list[int]:
    """Return the ids of notices whose people are not all written down, oldest first; all, or the old ones."""
    notices = Notice.objects.filter(fanned_out_at=None, publication__isnull=False)
    if made_before is not None:
        notices = notices.filter(made_at__lt=made_before)
    return list(notices.order_by("pk").values_list("pk", flat=True))


# A version of which nobody is told (a proposal, history) asks nothing: what is told later asks it all.
_WAITING = """
    SELECT a.publication_id,
           CASE WHEN p.kind = 'baseline'
                  OR EXISTS (SELECT FROM districts_change ch
                              WHERE ch.publication_id = p.id AND ch.severity <> 'public_only')
                THEN p.version_id END
      FROM consent_announcement a
      JOIN districts_publication p ON p.id = a.publication_id
      JOIN districts_agreement ag ON ag.id = p.agreement_id
     WHERE a.announced_at IS NULL AND ag.state <> 'proposed'
     ORDER BY a.publication_id
"""

_MARK_ANNOUNCED = """
    UPDATE consent_announcement SET announced_at = clock_timestamp() WHERE publication_id = ANY (%s)
"""

# Joining and leaving concern that district; everything else each district that takes part, or takes part
# from a later day on. An agreement that is over concerns those that took part to its end.
_CONCERNED = f"""
    SELECT DISTINCT ON (p.id, part.agency_id)
           p.id AS publication_id, p.kind, p.agreement_id, p.version_id, p.incident_id,
           part.agency_id, local.day, {audience.nearest_day("local.day")} AS scope_day
      FROM districts_publication p
      JOIN districts_agreement ag ON ag.id = p.agreement_id
      JOIN districts_participation part ON part.agreement_id = p.agreement_id
      JOIN districts_agency d ON d.id = part.agency_id
     CROSS JOIN LATERAL (SELECT (%(now)s::timestamptz AT TIME ZONE d.time_zone)::date AS day) local
     WHERE p.id = ANY (%(publications)s)
       AND CASE WHEN p.kind IN ('joined', 'left') THEN part.id = p.participation_id
                WHEN part.until_on IS NULL THEN true
                WHEN p.kind = 'incident' THEN true  -- the data was there, whoever has left since
                WHEN p.kind IN ('ended', 'expired') THEN part.until_on >= least(ag.ends_on, p.day)
                ELSE part.until_on > local.day END
       -- Who joined after this publication is told all of it by the joining, and not twice.
       AND (p.kind IN ('joined', 'left') OR NOT EXISTS (
            SELECT FROM districts_publication j
             WHERE j.participation_id = part.id AND j.kind = 'joined' AND j.id > p.id))
     ORDER BY p.id, part.agency_id, part.from_on DESC
"""

# The version whose scope counts: the published one, else the one in force, else the newest.
_VERSION = """
    coalesce(c.version_id, (
        SELECT v.id FROM districts_agreementversion v
         WHERE v.agreement_id = c.agreement_id AND v.published_at IS NOT NULL
         ORDER BY v.effective_from <= c.scope_day DESC NULLS LAST, v.number DESC LIMIT 1))
"""

# A second version whose children are concerned too. Of what happens to an agreement: the version in force,
# where a newer one is told already. Of a version that covers fewer children: the one before it, whose
# families hear that it ends for them; but not by a message that asks others for an answer.
_ALSO = """
    nullif(CASE WHEN c.kind NOT IN ('version', 'baseline') THEN (
                     SELECT v2.id FROM districts_agreementversion v2
                      WHERE v2.agreement_id = c.agreement_id AND v2.published_at IS NOT NULL
                        AND v2.effective_from <= c.scope_day ORDER BY v2.number DESC LIMIT 1)
                WHEN s.severity <> 'answer_needed' AND s.is_narrower THEN (
                     SELECT v2.id FROM districts_agreementversion v2
                      WHERE v2.agreement_id = c.agreement_id AND v2.published_at IS NOT NULL
                        AND v2.number < v.number ORDER BY v2.number DESC LIMIT 1) END, v.id)
"""

# Severities from the most to the least urgent: the notice has the most urgent of its changes.
_SEVERITIES = "ARRAY['answer_needed', 'tell_now', 'digest', 'public_only']::text[]"

_MAKE_NOTICES = f"""
    INSERT INTO consent_notice
           (publication_id, agency_id, severity, is_generic, day, version_id, also_version_id, scope_day)
    SELECT c.publication_id, c.agency_id, s.severity,
           coalesce(v.scope_programs <> '{{}}', false)
           OR EXISTS (SELECT FROM districts_change ch JOIN districts_dataelement e ON e.id = ch.element_id
                       WHERE ch.publication_id = c.publication_id AND e.sensitive_kind <> '')
           OR EXISTS (SELECT FROM districts_sharedelement se
                        JOIN districts_dataelement e ON e.id = se.element_id
                       WHERE se.version_id = v.id AND e.sensitive_kind <> '')
           OR EXISTS (SELECT FROM districts_incident_elements ie
                        JOIN districts_dataelement e ON e.id = ie.dataelement_id
                       WHERE ie.incident_id = c.incident_id AND e.sensitive_kind <> ''),
           c.day, v.id, {_ALSO}, c.scope_day
      FROM ({_CONCERNED}) c
      LEFT JOIN districts_agreementversion v ON v.id = {_VERSION}
     CROSS JOIN LATERAL (
           SELECT CASE WHEN c.kind = 'baseline' THEN 'digest' ELSE
                  ({_SEVERITIES})[min(array_position({_SEVERITIES}, ch.severity::text))] END AS severity,
                  bool_or(ch.kind = 'scope_narrowed') AS is_narrower
             FROM districts_change ch WHERE ch.publication_id = c.publication_id) s
     WHERE s.severity <> 'public_only'
     ORDER BY c.publication_id, c.agency_id
    ON CONFLICT DO NOTHING
    RETURNING id
"""
