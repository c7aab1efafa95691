"""Finding what is new for all watches at once: one statement, however many addresses and publications."""

import datetime as dt

import structlog
from django.conf import settings
from django.db import connection

from districts.news_feeds import WHOLE

log = structlog.get_logger(__name__)

#: Publications older than this are not looked for any more; no site stands still so long.
LOOKED_BACK = dt.timedelta(days=60)
#: What was being published while a watch was confirmed is news for it, though it began a moment before.
UNDER_WAY = 10  # minutes

# Says what districts/news_feeds.py says, for all watches at once; a test compares the two.
_CONCERNS = """
    SELECT w.id, w.watcher_id, p.id
      FROM portal_watch w JOIN recent p ON w.agreement_id = p.agreement_id
  UNION ALL
    SELECT w.id, w.watcher_id, p.id
      FROM recent p JOIN districts_agreement a ON a.id = p.agreement_id
      JOIN portal_watch w ON w.vendor_id = a.vendor_id
  UNION ALL
    SELECT w.id, w.watcher_id, p.id
      FROM recent p
     CROSS JOIN LATERAL (SELECT a.agency_id FROM districts_agreement a WHERE a.id = p.agreement_id
                          UNION SELECT j.agency_id FROM districts_participation j
                                 WHERE j.agreement_id = p.agreement_id) AS part
      JOIN portal_watch w ON w.agency_id = part.agency_id
  UNION ALL
    SELECT w.id, w.watcher_id, p.id
      FROM recent p JOIN districts_change c ON c.publication_id = p.id
     CROSS JOIN LATERAL jsonb_array_elements_text(
           CASE jsonb_typeof(c.after -> 'elements') WHEN 'array' THEN c.after -> 'elements' ELSE '[]' END
           ) AS listed (code)
      JOIN districts_dataelement e ON e.code = listed.code
      JOIN portal_watch w ON w.element_id = e.id
  UNION ALL
    SELECT w.id, w.watcher_id, named.publication_id
      FROM (SELECT c.publication_id, coalesce(e.same_meaning_as_id, e.id) AS meaning
              FROM recent p JOIN districts_change c ON c.publication_id = p.id
              JOIN districts_dataelement e ON e.id = c.element_id
            UNION
            SELECT p.id, coalesce(e.same_meaning_as_id, e.id)
              FROM recent p JOIN districts_sharedelement s ON s.version_id = p.version_id
              JOIN districts_dataelement e ON e.id = s.element_id
             WHERE EXISTS (SELECT FROM districts_change c
                            WHERE c.publication_id = p.id AND c.kind = ANY (%(whole)s))
           ) AS named
      JOIN districts_dataelement watched ON coalesce(watched.same_meaning_as_id, watched.id) = named.meaning
      JOIN portal_watch w ON w.element_id = watched.id
"""

# The messages of a day and what stands in them come together or not at all.
_GATHER = f"""
    WITH recent AS MATERIALIZED (
        SELECT p.id, p.agreement_id, p.version_id, p.published_at FROM districts_publication p
         WHERE p.published_at >= %(since)s AND p.published_at < %(until)s
           AND EXISTS (SELECT FROM districts_agreementversion v
                        WHERE v.agreement_id = p.agreement_id AND v.published_at IS NOT NULL)
    ), concerns (watch_id, watcher_id, publication_id) AS ({_CONCERNS}), news AS MATERIALIZED (
        SELECT DISTINCT n.watch_id, n.watcher_id, n.publication_id
          FROM concerns n
          JOIN portal_watch w ON w.id = n.watch_id
          JOIN recent p ON p.id = n.publication_id
         WHERE p.published_at >= w.confirmed_at - make_interval(mins => %(under_way)s)
           AND NOT EXISTS (SELECT FROM portal_watchnews t
                            WHERE t.watch_id = n.watch_id AND t.publication_id = n.publication_id)
    ), made AS (
        INSERT INTO portal_watchmail (public_id, watcher_id, kind, state, day, attempts, next_attempt_at)
        SELECT gen_random_uuid(), watcher_id, 'news', 'due', %(day)s, 0, %(now)s
          FROM (SELECT DISTINCT watcher_id FROM news ORDER BY watcher_id) AS each
        ON CONFLICT (watcher_id, day) WHERE kind = 'news' DO NOTHING
        RETURNING id, watcher_id
    ), told AS (
        INSERT INTO portal_watchnews (mail_id, watch_id, publication_id)
        SELECT m.id, n.watch_id, n.publication_id FROM news n JOIN made m ON m.watcher_id = n.watcher_id
        ON CONFLICT (watch_id, publication_id) DO NOTHING
    )
    SELECT count(*) FROM made
"""  # noqa: S608 - no value is put into this text


def gather(*, now: dt.datetime) -> int:
    """Write down the messages of the newest round: what was published before it and not told. Count them.

    A round is a day at the site's hour (WATCH_HOUR, UTC). May run at any time, twice, and beside itself: who
    has a message of the round gets no second one, and what came too late for it stands in the next.
    """
    until = newest_round(now)
    with connection.cursor() as cursor:
        cursor.execute(
            _GATHER,
            {
                "since": until - LOOKED_BACK,
                "until": until,
                "under_way": UNDER_WAY,
                "day": until.date(),
                "now": now,
                "whole": list(WHOLE),
            },
        )
        (made,) = cursor.fetchone()
    if made:
        log.info("watch news gathered", mails=made, day=str(until.date()))
    return int(made)


def newest_round(now: dt.datetime) -> dt.datetime:
    """Return the last moment at which the site's hour struck; `now` itself counts."""
    today = now.astimezone(dt.UTC).replace(hour=settings.WATCH_HOUR, minute=0, second=0, microsecond=0)
    return today if today <= now else today - dt.timedelta(days=1)
