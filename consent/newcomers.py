"""Whoever enters an audience later gets one welcome message, never the old notices one by one."""

# ruff: noqa: S608 - the statements are put together from the constants of this room

import datetime as dt

import structlog
from django.db import connection, transaction

from districts.models import Agency, Change

from . import audience, locks
from .windows import hours_of, send_time

log = structlog.get_logger(__name__)

MARGIN_MINUTES = 10
BATCH = 100_000  # people; each batch reads the whole scope once, so few are better


def catch_up(*, now: dt.datetime) -> int:
    """Welcome the newcomers of every agency. Return how many people were given a welcome message.

    A newcomer is a person with rights over a child in scope who was not told of it: a new tie, a child
    enrolled, promoted or come back, a hold lifted, a review accepted, the student who turned 18. One welcome
    notice per agency and day, one delivery per person; it tells of everything in force that concerns the
    child. Looks only at ties that entered since the last look, so it is cheap when nothing is new; what it
    finds is checked against the deliveries themselves, so that nobody is told twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOOKED_UNTIL, [MARGIN_MINUTES])
        [looked_until] = cursor.fetchone()
        cursor.execute(_AGENCIES_TO_LOOK_AT, {"now": now})
        agencies = Agency.objects.in_bulk([agency for (agency,) in cursor.fetchall()])
    people, unsettled = 0, []
    for agency in agencies.values():
        welcomed, later = _welcome(agency, now)
        people += welcomed
        if later:
            unsettled.append(agency.pk)
    with connection.cursor() as cursor:
        cursor.execute(_MARK_LOOKED_AT, {"now": now, "looked_until": looked_until, "unsettled": unsettled})
    return people


def _welcome(agency: Agency, now: dt.datetime) -> tuple[int, int]:
    """Welcome the newcomers of one agency, BATCH people to a transaction.

    Return how many, and how many wait for tomorrow's welcome because today's has already left for them.
    """
    _choose(agency, now)
    people, later, after = 0, 0, 0
    while (up_to := _end_of_batch(after, BATCH)) is not None:
        welcomed, left = _welcome_batch(agency, now, after, up_to)
        people, later, after = people + welcomed, later + left, up_to
    return people, later


@transaction.atomic
def _choose(agency: Agency, now: dt.datetime) -> None:
    """Set down, for this connection only, whose ties have to be looked at."""
    locks.roster_lock(agency.pk, shared=True)
    with connection.cursor() as cursor:
        cursor.execute(_CHOOSE, {"agency": agency.pk, "now": now})
        cursor.execute("CREATE INDEX ON catch_up_candidates (guardian_id); ANALYZE catch_up_candidates")


@transaction.atomic
def _welcome_batch(agency: Agency, now: dt.datetime, after: int, up_to: int) -> tuple[int, int]:
    locks.catch_up_lock(agency.pk)
    with connection.cursor() as cursor:
        cursor.execute(_PREPARE)
        cursor.execute(
            _WELCOME,
            {
                "agency": agency.pk,
                "today": agency.today(now),
                "after": after,
                "up_to": up_to,
                "severity": Change.Severity.TELL_NOW,
                "first_attempt": send_time(now, hours_of(agency), Change.Severity.TELL_NOW),
            },
        )
        notice, people, later = cursor.fetchone()
        if notice is not None:
            cursor.execute(_COUNT_AUDIENCE, {"notice": notice})
            log.info("welcomed", agency=agency.pk, notice=notice, people=people, later=later)
    return people, later


def _end_of_batch(after: int, batch: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_END_OF_BATCH, [after, batch])
        return cursor.fetchone()[0]


# Every row stamped before this moment is visible now: a transaction that is still open began, and stamps,
# after it. The margin is for sessions we may not see.
_LOOKED_UNTIL = """
    SELECT least(clock_timestamp() - make_interval(mins => %s),
                 (SELECT min(xact_start) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()))
"""

# The hashes of a whole district should fit into memory.
_PREPARE = "SET LOCAL work_mem = '64MB'"

# Agencies that told anybody anything, and from when on ties have to be looked at.
_WATCHED = """
    SELECT a.id AS agency_id, (%(now)s::timestamptz AT TIME ZONE a.time_zone)::date AS today,
           coalesce(c.looked_until, told.first_at) AS since,
           coalesce(c.looked_on, told.first_day) AS looked_on
      FROM districts_agency a
      JOIN (SELECT n.agency_id, min(n.fan_out_started_at) AS first_at, min(n.day) AS first_day
              FROM consent_notice n WHERE n.fan_out_started_at IS NOT NULL AND n.publication_id IS NOT NULL
             GROUP BY n.agency_id) told ON told.agency_id = a.id
      LEFT JOIN consent_catchup c ON c.agency_id = a.id
"""

# Ties that may be new: they entered, or their child did, or had the birthday.
_CANDIDATES = """
    SELECT gs.id AS guardianship_id, s.agency_id
      FROM consent_guardianship gs
      JOIN consent_student s ON s.id = gs.student_id
      JOIN watched w ON w.agency_id = s.agency_id
     WHERE gs.entered_at > (SELECT min(since) FROM watched) AND gs.entered_at > w.since
    UNION
    SELECT gs.id, s.agency_id
      FROM consent_enrollment e
      JOIN consent_student s ON s.id = e.student_id
      JOIN watched w ON w.agency_id = s.agency_id
      JOIN consent_guardianship gs ON gs.student_id = s.id
     WHERE e.entered_at > (SELECT min(since) FROM watched) AND e.entered_at > w.since
    UNION
    SELECT gs.id, s.agency_id
      FROM consent_student s
      JOIN watched w ON w.agency_id = s.agency_id
      JOIN consent_guardianship gs ON gs.student_id = s.id AND gs.relation = 'self'
     WHERE s.eligible_on > (SELECT min(least(looked_on, today - 1)) FROM watched)
       AND s.eligible_on > least(w.looked_on, w.today - 1) AND s.eligible_on <= w.today
"""

_AGENCIES_TO_LOOK_AT = f"""
    WITH watched AS MATERIALIZED ({_WATCHED})
    SELECT DISTINCT agency_id FROM ({_CANDIDATES}) candidates ORDER BY agency_id
"""

_CHOOSE = f"""
    DROP TABLE IF EXISTS pg_temp.catch_up_candidates;
    CREATE TEMPORARY TABLE catch_up_candidates AS
    WITH watched AS MATERIALIZED (SELECT * FROM ({_WATCHED}) w WHERE w.agency_id = %(agency)s)
    SELECT c.guardianship_id, gs.guardian_id
      FROM ({_CANDIDATES}) c JOIN consent_guardianship gs ON gs.id = c.guardianship_id
"""

_END_OF_BATCH = """
    SELECT max(guardian_id) FROM (SELECT DISTINCT guardian_id FROM catch_up_candidates
                                   WHERE guardian_id > %s ORDER BY guardian_id LIMIT %s) batch
"""

# The notices that say what is shared with this district's families now or soon: of agreements that run,
# without those whose content a newer version in force has replaced.
_STANDING_NOTICES = f"""
    SELECT n.id, n.version_id, p.agreement_id, n.fan_out_started_at, part.scope_day
      FROM consent_notice n
      JOIN districts_publication p ON p.id = n.publication_id AND p.kind IN ('version', 'baseline', 'joined')
      JOIN districts_agreementversion v ON v.id = n.version_id
      JOIN districts_agreement ag ON ag.id = p.agreement_id AND ag.state = 'signed'
       AND (ag.ends_on IS NULL OR ag.ends_on >= %(today)s)
      JOIN LATERAL (
           SELECT {audience.nearest_day("%(today)s::date")} AS scope_day FROM districts_participation part
            WHERE part.agreement_id = p.agreement_id AND part.agency_id = n.agency_id
              AND (part.until_on IS NULL OR part.until_on > %(today)s)
            ORDER BY part.from_on LIMIT 1) part ON true
     WHERE n.agency_id = %(agency)s AND n.fanned_out_at IS NOT NULL
       AND NOT EXISTS (
           SELECT FROM consent_notice n2
             JOIN districts_publication p2 ON p2.id = n2.publication_id
             JOIN districts_agreementversion v2 ON v2.id = n2.version_id
            WHERE n2.agency_id = n.agency_id AND p2.agreement_id = p.agreement_id
              AND n2.fanned_out_at IS NOT NULL AND p2.kind IN ('version', 'baseline', 'joined')
              AND v2.number > v.number AND v2.effective_from <= %(today)s)
"""

# A tie missed a notice if no delivery of it told this person of this child, and no later welcome did (one
# that was withheld, or left this child out, told nothing). So who left and came back is welcomed only if
# something was told meanwhile: a roster file that lacks half the families for a day sends no flood.
_WELCOME = f"""
    WITH standing AS MATERIALIZED ({_STANDING_NOTICES}),
    newcomers AS MATERIALIZED (
        SELECT e.guardianship_id, e.guardian_id, e.student_id,
               array_agg(DISTINCT n.agreement_id) AS agreements
          FROM catch_up_candidates c
          JOIN consent_entitled(%(today)s) e ON e.guardianship_id = c.guardianship_id
          JOIN consent_guardianship gs ON gs.id = e.guardianship_id
         CROSS JOIN standing n
         CROSS JOIN LATERAL consent_in_scope(n.version_id, n.scope_day) s
          LEFT JOIN LATERAL (
               SELECT d.id FROM consent_delivery d
                WHERE d.notice_id = n.id AND d.guardian_id = e.guardian_id
                  AND d.state <> 'withheld' AND e.student_id = ANY (d.about) LIMIT 1) d ON true
          LEFT JOIN LATERAL (
               SELECT d.state FROM consent_delivery d
                 JOIN consent_notice w ON w.id = d.notice_id AND w.publication_id IS NULL
                WHERE gs.welcomed_at IS NOT NULL
                  AND d.guardian_id = e.guardian_id AND e.student_id = ANY (d.about)
                ORDER BY d.id DESC LIMIT 1) welcome ON true
         WHERE c.guardian_id > %(after)s AND c.guardian_id <= %(up_to)s
           AND s.student_id = e.student_id AND s.agency_id = %(agency)s
         GROUP BY e.guardianship_id, e.guardian_id, e.student_id
        HAVING bool_or(
            d.id IS NULL
            AND NOT coalesce(welcome.state <> 'withheld' AND gs.welcomed_at >= n.fan_out_started_at
                             AND n.agreement_id = ANY (gs.welcomed_to), false))),
    welcome AS (
        INSERT INTO consent_notice (agency_id, welcome_day, day, severity, is_generic, fan_out_started_at)
        SELECT %(agency)s, %(today)s, %(today)s, %(severity)s, false, clock_timestamp()
         WHERE EXISTS (SELECT FROM newcomers)
        ON CONFLICT (agency_id, welcome_day) WHERE publication_id IS NULL
        DO UPDATE SET welcome_day = EXCLUDED.welcome_day
        RETURNING id),
    written AS (
        INSERT INTO consent_delivery (notice_id, guardian_id, about, channel, next_attempt_at)
        SELECT welcome.id, p.guardian_id, p.about, {audience.CHANNEL}, %(first_attempt)s
          FROM welcome
         CROSS JOIN (SELECT guardian_id, array_agg(student_id ORDER BY student_id) AS about
                       FROM newcomers GROUP BY guardian_id) p
          JOIN consent_guardian g ON g.id = p.guardian_id
        ON CONFLICT (notice_id, guardian_id) DO UPDATE
           SET about = ARRAY(SELECT DISTINCT unnest(consent_delivery.about || EXCLUDED.about) ORDER BY 1)
         WHERE consent_delivery.state = 'due'
        RETURNING guardian_id, xmax = 0 AS is_new),
    marked AS (
        UPDATE consent_guardianship gs SET welcomed_at = clock_timestamp(), welcomed_to = n.agreements
          FROM newcomers n JOIN written USING (guardian_id)
         WHERE gs.id = n.guardianship_id)
    SELECT (SELECT id FROM welcome), (SELECT count(*) FROM written WHERE is_new),
           (SELECT count(DISTINCT guardian_id) FROM newcomers) - (SELECT count(*) FROM written)
"""

_COUNT_AUDIENCE = """
    UPDATE consent_notice
       SET fanned_out_at = clock_timestamp(),
           audience = (SELECT count(*) FROM consent_delivery d WHERE d.notice_id = %(notice)s)
     WHERE id = %(notice)s
"""

# Never past the start of a fan-out still under way: its people are looked at once more when it is done.
_MARK_LOOKED_AT = f"""
    INSERT INTO consent_catchup (agency_id, looked_until, looked_on)
    SELECT w.agency_id,
           least(%(looked_until)s, (SELECT min(n.fan_out_started_at) FROM consent_notice n
                                  WHERE n.agency_id = w.agency_id AND n.fanned_out_at IS NULL)),
           w.today
      FROM ({_WATCHED}) w WHERE w.agency_id <> ALL (%(unsettled)s)
    ON CONFLICT (agency_id) DO UPDATE
       SET looked_until = EXCLUDED.looked_until, looked_on = EXCLUDED.looked_on
"""
